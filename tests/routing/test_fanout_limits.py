"""The time limit of a stack holds for every mount of the routers inside, and for the application itself."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette

from asgi_stack import Stack
from asgi_stack.routing import HostRouter, PathRouter
from asgi_stack.testing import ManualClock, Recorder
from asgi_stack.types import ASGIApp, Receive, Scope, Send
from tests.helpers import STARTED, WHOLE, Server
from tests.routing.lives import failure

LIMIT = 5


def taking(seconds: float, *, to_stop: float = 0) -> Starlette:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        await asyncio.sleep(seconds)
        yield
        await asyncio.sleep(to_stop)

    return Starlette(lifespan=lifespan)


def hanging_at(phase: str) -> Starlette:
    return taking(1000) if phase == "startup" else taking(0, to_stop=1000)


async def live(app: ASGIApp, **options: Any) -> Server:
    """Serve a lifespan in no time at all."""
    server = Server(ignore={"C11"}, **options)
    with ManualClock().drive_loop() as clock:
        task = asyncio.create_task(server.run(app))
        for _ in range(40):
            await clock.elapse(1)
        assert task.done(), "it takes for ever"
        await task
    return server


INSIDE = {
    "itself": lambda app: app,
    "mount": lambda app: PathRouter({"/": Recorder(), "/a": app}),
    "mount of a mount": lambda app: HostRouter({"*": PathRouter({"/a": app})}),
    "stack in a mount": lambda app: PathRouter({"/a": Stack().wrap(app)}),
    "mount in a stack in a mount": lambda app: PathRouter({"/a": Stack().wrap(PathRouter({"/b": app}))}),
}
inside = pytest.mark.parametrize("inside", INSIDE.values(), ids=INSIDE)


@inside
@pytest.mark.parametrize("phase", ["startup", "shutdown"])
async def test_what_takes_too_long_fails_and_is_named(inside: Any, phase: str) -> None:
    server = await live(Stack([], lifespan_timeout=LIMIT).wrap(inside(hanging_at(phase))))

    assert failure(server.sent, phase).endswith("TimeoutError: it took longer than 5 s.")
    assert isinstance(server.error, TimeoutError)


@inside
async def test_what_is_in_time_starts_and_stops(inside: Any) -> None:
    async def serving() -> None:
        await asyncio.sleep(10)  # which is no part of it

    app = Stack([], lifespan_timeout=LIMIT).wrap(inside(taking(4, to_stop=4)))

    assert (await live(app, serving=serving)).sent == WHOLE


async def test_the_limit_is_for_each_mount_and_not_for_all_together() -> None:
    router = PathRouter({f"/{number}": taking(4, to_stop=4) for number in range(3)})

    assert (await live(Stack([], lifespan_timeout=LIMIT).wrap(router))).sent == WHOLE


async def test_a_stack_inside_may_have_a_limit_of_its_own() -> None:
    inner = Stack([], lifespan_timeout=9).wrap(taking(8))

    assert (await live(Stack([], lifespan_timeout=LIMIT).wrap(PathRouter({"/": inner})))).sent == WHOLE


async def test_the_others_are_stopped_where_one_takes_too_long() -> None:
    first = Recorder()
    await live(Stack([], lifespan_timeout=LIMIT).wrap(PathRouter({"/": first, "/a": taking(1000)})))

    assert first.sent == WHOLE


async def test_an_application_that_still_sends_when_its_time_is_over_is_too_late() -> None:
    async def stubborn(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await asyncio.sleep(1000)
        finally:
            await send(STARTED)

    server = await live(Stack([], lifespan_timeout=LIMIT).wrap(stubborn))

    assert server.sent[-1]["type"].endswith(".failed")
