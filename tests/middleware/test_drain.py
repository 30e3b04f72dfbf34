"""What `DrainMiddleware` says and does while the process drains, and what begins it."""

import asyncio
import logging
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from asgi_stack import ConfigurationError, Layer, OptionError, Stack
from asgi_stack.draining import Drain
from asgi_stack.middleware import (
    BasicAuthMiddleware,
    DrainMiddleware,
    HealthMiddleware,
    HTTPSRedirectMiddleware,
    IPFilterMiddleware,
    TrustedHostMiddleware,
)
from asgi_stack.testing import ASGIClient, Recorder, http_scope, websocket_scope
from tests.helpers import Sent, Server, call


async def ask(path: str, app: Any, **parts: Any) -> Sent:
    return await call(app, http_scope(path, **parts))


def drained(inner: Any = None, **options: Any) -> DrainMiddleware:
    return DrainMiddleware(inner or Recorder(body=b"inner"), **options)


@pytest.mark.parametrize("path", ["/", "/livez", "/readyz"])
async def test_while_it_drains_connections_are_closed(path: str) -> None:
    drain = Drain()
    inner = Recorder(headers=[(b"connection", b"keep-alive")])
    app = drained(HealthMiddleware(inner), drain=drain)
    before = (await ask(path, app)).headers.get("connection")
    drain.start()

    assert before != "close"
    assert (await ask(path, app)).headers.get_list("connection") == ["close"]


async def test_while_it_drains_a_field_connection_in_capitals_is_replaced_too() -> None:
    drain = Drain()
    app = drained(Recorder(headers=[(b"Connection", b"keep-alive")]), drain=drain)
    drain.start()

    assert (await ask("/", app)).headers.get_list("connection") == ["close"]


async def test_a_response_that_starts_after_the_drain_closes_too() -> None:
    drain = Drain()

    async def start() -> None:
        drain.start()

    app = drained(Recorder(on={"request": start}), drain=drain)

    assert (await ask("/", app)).headers["connection"] == "close"


@pytest.mark.parametrize("version", ["2", "3"])
async def test_the_field_connection_is_for_http_1_alone(version: str) -> None:
    drain = Drain()
    drain.start()

    assert "connection" not in (await ask("/", drained(drain=drain), http_version=version)).headers


@pytest.mark.parametrize("scope", [http_scope(), websocket_scope()], ids=["http", "websocket"])
async def test_the_layers_inside_can_wait_for_the_drain(scope: Any) -> None:
    inner, drain = Recorder(), Drain()
    await call(drained(inner, drain=drain), scope)

    assert inner.scope["asgi_stack.drain"] is drain


async def test_a_stream_that_waits_for_the_drain_ends() -> None:
    drain = Drain()

    async def stream(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await scope["asgi_stack.drain"].wait()
        await send({"type": "http.response.body", "body": b"bye"})

    streaming = asyncio.create_task(ask("/", drained(stream, drain=drain)))
    await asyncio.sleep(0)
    drain.start()

    assert (await streaming).body == b"bye"


async def test_the_end_of_the_lifespan_wakes_all_that_wait_and_a_new_one_serves() -> None:
    drain, seen = Drain(), []
    drain.start()

    async def look() -> None:
        seen.append(drain.draining)
        waiting.append(asyncio.create_task(drain.wait()))
        await asyncio.sleep(0)

    waiting: list[Any] = []
    await Server(serving=look).run(Stack([Layer(DrainMiddleware, drain=drain)]).wrap(Recorder()))
    await waiting[0]

    assert seen == [False]


STATUS = Stack([DrainMiddleware, HealthMiddleware])


async def status(client: ASGIClient) -> tuple[int, str | None]:
    response = await client.get("/readyz")
    return response.status, response.headers.get("connection")


async def test_the_end_of_one_lifespan_of_several_drains_nobody() -> None:
    app = STATUS.wrap(Recorder())
    async with ASGIClient(app) as first:
        async with ASGIClient(app):
            pass

        assert await status(first) == (200, None)


async def test_a_lifespan_that_begins_late_does_not_take_a_drain_back() -> None:
    drain = Drain()
    app = Stack([Layer(DrainMiddleware, drain=drain), HealthMiddleware]).wrap(Recorder())
    async with ASGIClient(app) as first:
        drain.start()
        async with ASGIClient(app):
            pass

        assert await status(first) == (503, "close")


async def test_a_drain_that_the_end_of_the_last_lifespan_began_is_over_with_it() -> None:
    app = STATUS.wrap(Recorder())
    async with ASGIClient(app), ASGIClient(app):
        pass

    assert await status(ASGIClient(app)) == (200, None)


@pytest.fixture
def told() -> Iterator[list[int]]:
    """What the handler of SIGTERM that was there before has got."""
    got: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: got.append(number))
    yield got
    signal.signal(signal.SIGTERM, before)


def hearing(drain: Drain) -> Any:
    return Stack([Layer(DrainMiddleware, drain=drain, drain_on_sigterm=True)]).wrap(Recorder())


async def test_it_drains_with_sigterm_where_that_is_asked_for(told: list[int]) -> None:
    drain, seen = Drain(), []

    async def stop() -> None:
        signal.raise_signal(signal.SIGTERM)
        seen.append(drain.draining)

    await Server(serving=stop).run(hearing(drain))

    assert (told, seen) == ([signal.SIGTERM], [True])


def test_outside_of_the_main_thread_it_starts_without_the_signal_and_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = Server()
    thread = threading.Thread(target=lambda: asyncio.run(server.run(hearing(Drain()))))
    thread.start()
    thread.join()

    assert server.log == ["startup.complete", "shutdown.complete"]
    assert [
        (record.levelno, record.name) for record in caplog.records if "drain_on_sigterm" in record.msg
    ] == [(logging.WARNING, "asgi_stack.drain")]


def test_an_option_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(OptionError, match=r"drain=True is not usable\. Give a Drain"):
        drained(drain=True)


REFUSING = [
    Layer(TrustedHostMiddleware, allowed_hosts=["a.example"]),
    Layer(HTTPSRedirectMiddleware, host="a.example"),
    Layer(IPFilterMiddleware, allow=["10.0.0.0/8"]),
    Layer(BasicAuthMiddleware, users=lambda: {"ada": "x"}),
]


@pytest.mark.parametrize("inner", REFUSING, ids=lambda layer: layer.name)
def test_a_stack_has_it_outside_of_what_refuses_the_hook(inner: Any) -> None:
    with pytest.raises(
        ConfigurationError, match=f"outside of {inner.name}.*knows neither hosts nor passwords"
    ):
        Stack([inner, DrainMiddleware]).wrap(Recorder())


def test_a_stack_has_it_outside_of_the_probe_that_tells_of_the_drain() -> None:
    with pytest.raises(
        ConfigurationError, match=r"inside of DrainMiddleware.*readiness is over when the drain"
    ):
        Stack([HealthMiddleware, DrainMiddleware]).wrap(Recorder())
