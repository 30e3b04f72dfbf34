"""The lifespans behind a router: each in its own task, started in order and stopped in reverse."""

import asyncio
import logging
from typing import Any

import pytest
from django.core.asgi import get_asgi_application

from asgi_stack import Stack
from asgi_stack.routing import HostRouter, PathRouter, ProtocolRouter
from asgi_stack.testing import Recorder, http_scope
from asgi_stack.types import ASGIApp, Receive, Scope, Send
from tests.helpers import SHUTDOWN, STARTUP, Server, call, declining
from tests.routing.lives import WHOLE, lives, mounted, records

# --- order and tasks


async def test_applications_are_started_in_order_and_stopped_in_reverse() -> None:
    server = Server()
    await server.run(mounted(lives(server, "a"), lives(server, "b")))

    assert server.log == ["+a", "+b", "startup.complete", "-b", "-a", "shutdown.complete"]


async def test_each_application_lives_in_one_task_of_its_own() -> None:
    tasks: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for answer in WHOLE:
            await receive()
            tasks.append(asyncio.current_task())
            await send(answer)

    async def other(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    await Server().run(mounted(app, other))

    first, second, third, fourth = tasks
    assert (first, second) == (fourth, third)
    assert len({first, second, asyncio.current_task()}) == 3


async def test_each_application_is_given_messages_of_its_own() -> None:
    one, two = Recorder(), Recorder()
    server = Server()
    await server.run(mounted(one, two))

    assert (one.received, two.received) == ([STARTUP, SHUTDOWN], [STARTUP, SHUTDOWN])
    assert one.received[0] is not two.received[0]


@pytest.mark.parametrize(
    "make",
    [
        lambda app: PathRouter({"/a": app, "/b": app}),
        lambda app: HostRouter({"a.example": app, "*": app}),
        lambda app: ProtocolRouter(http=app, websocket=app),
    ],
)
async def test_an_application_that_is_mounted_twice_lives_once(make: Any) -> None:
    app = Recorder()
    await Server().run(make(app))

    assert len(app.calls) == 1


async def test_an_application_in_several_nested_routers_lives_once_and_all_see_its_state() -> None:
    api = Recorder(state={"db": "open"})
    site, shop = PathRouter({"/api": api}), Stack().wrap(PathRouter({"/api": api, "/": Recorder()}))
    outer = HostRouter({"site.example": site, "shop.example": shop})
    seen: list[Any] = []

    async def requests() -> None:
        for host in ("site", "shop"):
            await call(outer, http_scope(f"http://{host}.example/api"))
            seen.append(api.scope["state"])

    await Server(serving=requests).run(outer)

    assert [call.scope["type"] for call in api.calls] == ["lifespan", "http", "http"]
    assert seen == [{"db": "open"}, {"db": "open"}]


async def test_a_message_that_nobody_knows_passes() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.odd"})

    server = Server(ignore={"C20"})  # nobody knows it: that is the point

    assert await server.run(mounted(app)) == [{"type": "lifespan.odd"}, *WHOLE]


# --- declining


async def test_django_declines_at_debug_and_the_others_live(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = Server()
    sent = await server.run(PathRouter({"/": get_asgi_application(), "/api": lives(server, "api")}))

    assert (sent, server.log[0]) == (WHOLE, "+api")
    assert [(level, text[:41]) for level, text in records(caplog)] == [
        (logging.DEBUG, "mount '/' (ASGIHandler) has no lifespan: ")
    ]


async def returning(scope: Scope, receive: Receive, send: Send) -> None: ...


async def asking(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()


@pytest.mark.parametrize(
    ("app", "level", "text"),
    [
        (declining, logging.INFO, "mount '/0' (declining) has no lifespan: ValueError: no lifespan here"),
        (
            returning,
            logging.INFO,
            "mount '/0' (returning) returned from its lifespan without an answer: it has none.",
        ),
        (
            asking,
            logging.WARNING,
            "mount '/0' (asking) returned from its lifespan without an answer: it has none.",
        ),
    ],
)
async def test_who_declines_is_served_without_a_lifespan(
    caplog: pytest.LogCaptureFixture, app: ASGIApp, level: int, text: str
) -> None:
    caplog.set_level(logging.DEBUG)

    assert await Server().run(mounted(app)) == WHOLE
    assert records(caplog) == [(level, text)]
