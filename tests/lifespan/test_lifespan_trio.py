"""On trio, as with Hypercorn's worker: what does not work says so in one sentence at the start."""

import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import trio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from asgi_stack import Layer, Stack
from asgi_stack.draining import Drain
from asgi_stack.errors import EventLoopError
from asgi_stack.middleware import DrainMiddleware, HealthMiddleware, RequestGuardMiddleware
from asgi_stack.routing import PathRouter
from asgi_stack.testing import Recorder, http_scope
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.helpers import NO_STATE, WHOLE, Server, failure
from tests.middleware import cases

ENDS = "needs asyncio, and the server runs another library's event loop."


@asynccontextmanager
async def pool() -> AsyncGenerator[dict[str, str]]:
    await trio.lowlevel.checkpoint()
    yield {"pool": "open"}


@asynccontextmanager
async def workers() -> AsyncGenerator[None]:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.sleep_forever)
        yield
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def inside(app: object) -> AsyncGenerator[dict[str, str]]:
    async with pool() as state:
        yield {"inside": state["pool"]}


async def show(request: Request) -> JSONResponse:
    return JSONResponse(request.scope["state"])


def served(app: ASGIApp, *requests: Scope, scope: Scope | None = None) -> tuple[Server, list[list[Message]]]:
    """What a lifespan on trio, and the requests in it, were answered."""
    answers: list[list[Message]] = []

    async def serving() -> None:
        answers.extend([await asked(app, request) for request in requests])

    server = Server(scope, serving=serving, lint=False)
    trio.run(server.run, app)
    return server, answers


async def asked(app: ASGIApp, request: Scope) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(request, receive, send)
    return sent


@pytest.mark.parametrize("scope", [None, NO_STATE], ids=["state", "no state"])
def test_contexts_and_the_lifespan_of_the_application_work(scope: Any) -> None:
    app = Stack([DrainMiddleware, HealthMiddleware], lifespan=[pool, workers]).wrap(
        Starlette(routes=[Route("/", show)], lifespan=inside)
    )
    state = {} if scope else {"state": {"pool": "open", "inside": "open"}}
    server, answers = served(app, {**http_scope(), **state}, scope=scope)

    assert server.sent == WHOLE
    assert answers[0][1]["body"] == b'{"pool":"open","inside":"open"}'


def test_a_nursery_that_crashes_while_serving_comes_out_as_its_own_group() -> None:
    @asynccontextmanager
    async def crashing() -> AsyncGenerator[None]:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(crash)
            yield

    async def crash() -> None:
        raise RuntimeError("worker died")

    server = Server(serving=trio.sleep_forever, lint=False)
    with pytest.RaisesGroup(RuntimeError):
        trio.run(server.run, Stack([], lifespan=[pool, crashing]).wrap(Recorder(lifespan="decline")))


def test_a_websocket_function_that_asks_on_and_on_declines() -> None:
    async def asking(scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            await receive()

    assert served(Stack().wrap(asking))[0].sent == WHOLE


@pytest.mark.parametrize("case", cases.CASES.values(), ids=cases.CASES)
def test_every_middleware_in_the_box_works_there(case: cases.Case) -> None:
    app = Stack([Layer(case.factory, **case.options)]).wrap(Recorder(body=b"inner"))
    server, (answer,) = served(app, http_scope(**case.request))

    assert (server.sent, answer[-1]["body"]) == (WHOLE, b"inner")


def test_probes_without_checks_are_answered() -> None:
    app = Stack([DrainMiddleware, HealthMiddleware]).wrap(Recorder())
    _, answers = served(app, *(http_scope(path) for path in ("/livez", "/readyz", "/startupz")))

    assert [answer[0]["status"] for answer in answers] == [200, 200, 200]


def test_a_request_that_is_refused_with_its_body_unread_ends_the_connection() -> None:
    refused = http_scope("/%2e%2e/", method="POST", headers={"content-length": "3"})
    _, (answer,) = served(Stack([RequestGuardMiddleware]).wrap(Recorder()), refused)

    assert (answer[0]["status"], (b"connection", b"close") in answer[0]["headers"]) == (400, True)


async def ping() -> None: ...


CANNOT: dict[str, tuple[ASGIApp, str]] = {
    "time limit": (Stack([], lifespan=[pool], lifespan_timeout=5).wrap(Recorder()), "lifespan_timeout"),
    "time limit alone": (Stack([], lifespan_timeout=5).wrap(Recorder()), "lifespan_timeout"),
    "router": (PathRouter({"/": Starlette()}), "a router"),
    "router in a stack": (Stack().wrap(PathRouter({"/": Starlette()})), "a router"),
    "checks": (
        Stack([Layer(HealthMiddleware, checks={"db": ping})]).wrap(Recorder()),
        "HealthMiddleware: checks",
    ),
    "streams": (
        Stack([Layer(DrainMiddleware, close_after=5)]).wrap(Recorder()),
        "DrainMiddleware: close_after",
    ),
}


@pytest.mark.parametrize(("app", "what"), CANNOT.values(), ids=CANNOT)
def test_what_needs_asyncio_refuses_the_start_with_one_sentence(app: Any, what: str) -> None:
    server, _ = served(app)

    assert failure(server.sent).endswith(f"{what} {ENDS}")
    assert isinstance(server.error, EventLoopError)


@pytest.mark.parametrize("asks", ["wait", "probe"])
def test_without_a_lifespan_whoever_needs_asyncio_is_told_as_well(asks: str) -> None:
    health = HealthMiddleware(Recorder(), checks={"db": ping})

    async def ask() -> None:
        await (Drain().wait() if asks == "wait" else asked(health, http_scope("/readyz")))

    with pytest.raises(EventLoopError, match=ENDS):
        trio.run(ask)


def test_a_drain_is_seen_by_who_looks_at_it() -> None:
    seen: list[bool] = []

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(KeyError):
            seen.append(scope["asgi_stack.drain"].draining)

    app = Stack([Layer(DrainMiddleware, drain_path="/drain", drain_clients=["127.0.0.1"])]).wrap(look)
    _, answers = served(app, http_scope("/drain"), http_scope("/"))

    assert (answers[0][1]["body"], seen) == (b"draining\n", [True])
