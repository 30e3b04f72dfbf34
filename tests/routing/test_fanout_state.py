"""The state of each application behind a router: its own, and laid over the server's."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from asgi_stack import Stack
from asgi_stack.routing import HostRouter, PathRouter, ProtocolRouter
from asgi_stack.testing import Recorder, http_scope, lifespan_scope
from asgi_stack.testing.lint import Lint
from asgi_stack.types import ASGIApp, Scope
from tests.helpers import Server, call
from tests.routing.lives import WHOLE, mounted

# --- state


def request(url: str = "/0", **extra: Any) -> Scope:
    return {**http_scope(url), **extra}


async def states(router: ASGIApp, *requests: Scope, scope: Scope | None = None) -> Server:
    """A lifespan in which *requests* are served."""

    async def serving() -> None:
        for each in requests:
            await call(router, each)

    server = Server(scope, serving=serving)
    await server.run(router)
    return server


@pytest.mark.parametrize(
    "make",
    [
        lambda app: PathRouter({"/0": app}),
        lambda app: PathRouter({"/": app}),
        lambda app: HostRouter({"testserver": app}),
        lambda app: HostRouter({"*": app}),
        lambda app: ProtocolRouter(http=app),
    ],
)
async def test_requests_have_the_state_of_their_application_over_that_of_the_server(make: Any) -> None:
    app = Recorder(state={"db": 1})
    await states(make(app), request(state={"db": 0, "x": 0}))

    assert app.scope["state"] == {"db": 1, "x": 0}


async def test_two_applications_may_call_theirs_the_same() -> None:
    one, two = Recorder(state={"db": 1}), Recorder(state={"db": 2})
    server = await states(mounted(one, two), request("/0", state={}), request("/1", state={"x": 0}))

    assert (one.scope["state"], two.scope["state"]) == ({"db": 1}, {"db": 2, "x": 0})
    assert server.scope["state"] == {}


async def test_where_the_server_has_no_state_requests_have_that_of_the_application() -> None:
    app = Recorder(state={"db": 1})
    await states(mounted(app), request(), scope={"type": "lifespan", "asgi": {"version": "3.0"}})

    assert app.scope["state"] == {"db": 1}


async def test_the_state_of_a_request_is_a_copy_and_the_scope_of_the_server_is_untouched() -> None:
    app = Recorder(state={"db": 1})
    given = request(state={"db": 0})
    router = mounted(app)

    async def serving() -> None:
        await call(router, given)
        app.scope["state"]["mine"] = 1
        await call(router, given)

    await Server(serving=serving).run(router)

    assert (app.scope["state"], given["state"]) == ({"db": 1}, {"db": 0})


async def test_an_application_sees_what_contexts_outside_gave_and_leaves_it_to_them() -> None:
    app = Recorder(state={"mine": 1})

    @asynccontextmanager
    async def outside() -> AsyncGenerator[dict[str, Any]]:
        yield {"flags": "old"}

    router = mounted(app)
    stacked = Stack([], lifespan=[outside]).wrap(router)
    seen: list[Any] = []

    async def serving() -> None:
        seen.append(dict(app.scope["state"]))
        await call(router, request(state={"flags": "new"}))

    await Server(serving=serving).run(stacked)

    assert seen == [{"flags": "old", "mine": 1}]
    assert app.scope["state"] == {"flags": "new", "mine": 1}


@pytest.mark.parametrize("lifespan", ["complete", "decline"])
async def test_an_application_that_adds_nothing_gets_the_scope_as_it_came(lifespan: Any) -> None:
    app = Recorder(lifespan=lifespan)
    given = request()
    await states(PathRouter({"/": app}), given, scope=lifespan_scope(state={"pool": 1}))

    assert app.scope is given


async def test_after_the_lifespan_its_state_is_gone() -> None:
    app = Recorder(state={"db": 1})
    router = mounted(app)
    await Server().run(router)
    await call(router, scope := request(state={}))

    assert app.scope["state"] is scope["state"]


async def test_a_router_may_live_again() -> None:
    app = Recorder(state={"db": 1})
    router = Lint(mounted(app))
    first = await Server().run(router)

    assert await Server(lifespan_scope()).run(router) == first == WHOLE
