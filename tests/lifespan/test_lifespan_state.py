"""Lifespan: the state that contexts give, on servers with state, without it, and without lifespan."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette

from asgi_stack import HeaderMiddleware, Layer, Stack
from asgi_stack.testing import Recorder, http_scope, lifespan_scope, websocket_scope
from asgi_stack.types import Receive, Scope, Send
from tests.helpers import (
    NO_STATE,
    STARLETTES,
    WHOLE,
    Opener,
    Server,
    call,
    declining,
    failure,
    records,
    two_layers_and_a_context,
)

# --- state


async def test_what_contexts_give_is_in_the_servers_own_state_while_it_serves() -> None:
    server = Server()
    seen: list[Any] = []

    async def serving() -> None:
        seen.append((id(server.scope["state"]), dict(server.scope["state"])))

    state: dict[str, Any] = {"theirs": 0}
    server = Server(lifespan_scope(state=state), serving=serving)
    stack = Stack(
        [Layer(Opener, opens=server.context("a", {"db": 1}))], lifespan=[server.context("b", {"q": 2})]
    )
    await server.run(stack.wrap(declining))

    assert seen == [(id(state), {"theirs": 0, "db": 1, "q": 2})]


async def test_the_inner_application_gets_the_state_of_the_contexts_and_adds_its_own() -> None:
    seen: list[Any] = []
    recorder = Recorder(state={"inner": 2})

    async def serving() -> None:
        seen.append(dict(recorder.scope["state"]))

    server = Server(serving=serving)
    sent = await server.run(Stack([], lifespan=[server.context("a", {"db": 1})]).wrap(recorder))

    assert recorder.scope is server.scope
    assert (seen, sent) == ([{"db": 1, "inner": 2}], WHOLE)


async def test_the_same_key_twice_fails_the_start_and_names_both() -> None:
    server = Server()
    first = Layer(Opener, opens=server.context("a", {"db": 1}))
    sent = await server.run(Stack([first], lifespan=[server.context("b", {"db": 1})]).wrap(declining))

    text = "lifespan context b: ValueError: the key 'db' is in the state already, from layer 1 of 1, Opener."
    assert failure(sent) == text
    assert server.log[-3:] == ["-b", "-a", "startup.failed"]


async def test_a_key_that_the_server_has_already_fails_the_start() -> None:
    server = Server(lifespan_scope(state={"db": 0}))
    sent = await server.run(Stack([], lifespan=[server.context("a", {"db": 1})]).wrap(declining))

    assert "the key 'db' is in the state already, from outside of this stack." in failure(sent)
    assert server.scope["state"] == {"db": 0}


async def test_an_inner_application_that_overwrites_our_key_fails_the_start() -> None:
    server = Server()
    inner = Recorder(state={"db": 2})
    sent = await server.run(Stack([], lifespan=[server.context("a", {"db": 1})]).wrap(inner))

    assert failure(sent) == (
        "the inner application: the key 'db' is in the state already, from lifespan context a."
    )
    assert server.log == ["+a", "-a", "startup.failed"]


async def test_an_inner_application_that_overwrites_our_key_and_declines_fails_the_start_too() -> None:
    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["db"] = 2

    server = Server()
    sent = await server.run(Stack([], lifespan=[server.context("a", {"db": 1})]).wrap(inner))

    assert [message["type"] for message in sent] == ["lifespan.startup.failed"]


async def test_an_inner_application_may_overwrite_what_is_not_ours() -> None:
    server = Server(lifespan_scope(state={"db": 1}))

    assert await server.run(Stack().wrap(Recorder(state={"db": 2}))) == WHOLE


@pytest.mark.parametrize("given", [7, "text", [("db", 1)]])
async def test_a_context_that_yields_something_else_fails_the_start_and_is_left(given: Any) -> None:
    server = Server()
    sent = await server.run(Stack([], lifespan=[server.context("a", given)]).wrap(declining))

    assert (
        failure(sent) == f"lifespan context a: TypeError: it yielded {given!r}. Yield a mapping, or nothing."
    )
    assert server.log == ["+a", "-a", "startup.failed"]


async def test_a_state_that_the_server_uses_again_is_free_of_our_keys() -> None:
    state: dict[str, Any] = {}
    for _ in range(2):
        server = Server(lifespan_scope(state=state))
        app = Stack([], lifespan=[server.context("a", {"db": object()})]).wrap(declining)

        assert (await server.run(app), state) == (WHOLE, {})


# --- a server without state


@pytest.mark.parametrize("scope", [NO_STATE, {**NO_STATE, "state": None}])
async def test_the_scope_of_a_server_without_state_is_not_written_to(scope: Scope) -> None:
    before, server = dict(scope), Server(scope, ignore={"LS3"})  # None is no dict
    sent = await server.run(Stack([], lifespan=[server.context("a", {"db": 1})]).wrap(Recorder()))

    assert (scope, sent) == (before, WHOLE)


@pytest.mark.parametrize("make", [http_scope, websocket_scope])
async def test_without_state_of_the_server_each_request_gets_a_shallow_copy(make: Any) -> None:
    pool = object()
    recorder = Recorder(lifespan="decline", reads=False, websocket="close")
    server = Server()
    app = Stack([], lifespan=[server.context("a", {"pool": pool})]).wrap(recorder)
    given: list[Scope] = []

    async def serving() -> None:
        for _ in range(2):
            scope = make()
            await call(app, scope, {"type": "websocket.connect"})
            given.append(scope)
            recorder.scope["state"]["mine"] = 1

    await Server(NO_STATE, serving=serving).run(app)

    _, first, second = [each.scope for each in recorder.calls]
    assert first["state"] == second["state"] == {"pool": pool, "mine": 1}
    assert [first["state"] is second["state"], "state" in given[0]] == [False, False]


async def test_state_of_the_inner_application_alone_reaches_requests_as_well() -> None:
    recorder = Recorder(state={"db": 1})
    app = Stack().wrap(recorder)

    async def serving() -> None:
        await call(app, http_scope())

    await Server(NO_STATE, serving=serving).run(app)

    assert recorder.scope["state"] == {"db": 1}


async def test_a_request_with_a_state_of_its_own_keeps_it() -> None:
    recorder = Recorder(state={"db": 1})
    app, scope = Stack().wrap(recorder), http_scope(state={"own": 1})

    async def serving() -> None:
        await call(app, scope)

    await Server(NO_STATE, serving=serving).run(app)

    assert recorder.scope is scope
    assert scope["state"] == {"own": 1}


async def test_the_scope_of_a_request_is_handed_on_when_the_server_keeps_the_state() -> None:
    recorder = Recorder(state={"db": 1})
    app, scope = Stack().wrap(recorder), http_scope(state={"db": 1})

    async def serving() -> None:
        await call(app, scope)

    await Server(serving=serving).run(app)

    assert recorder.scope is scope


async def test_where_only_the_lifespan_has_a_state_requests_have_a_copy_of_it() -> None:
    recorder = Recorder(state={"db": 1})  # as on tigrcorn
    app = Stack().wrap(recorder)
    seen: list[Any] = []

    async def serving() -> None:
        for _ in range(2):
            await call(app, http_scope())
            seen.append(recorder.scope["state"])

    await Server(serving=serving).run(app)

    assert seen == [{"db": 1}, {"db": 1}]
    assert seen[0] is not seen[1]


async def test_once_a_server_has_handed_on_its_state_requests_cost_no_more_look() -> None:
    app = Stack().wrap(Recorder(state={"db": 1}))
    touched: list[bool] = []

    async def serving() -> None:
        for _ in range(2):
            touched.append(app._lifespan.touches_requests)
            await call(app, http_scope(state={"db": 1}))

    await Server(serving=serving).run(app)

    assert touched == [True, False]


async def test_the_state_of_one_lifespan_is_not_given_to_requests_of_the_next() -> None:
    noted, recorder, pools = Server(), Recorder(lifespan="decline"), iter([1, 2])
    app = Stack([], lifespan=[lambda: noted.context("a", {"pool": next(pools)})()]).wrap(recorder)
    seen: list[Any] = []

    async def serving() -> None:
        await call(app, http_scope())
        seen.append(recorder.scope["state"])

    for _ in range(2):
        await Server(NO_STATE, serving=serving).run(app)

    assert seen == [{"pool": 1}, {"pool": 2}]


async def test_after_the_shutdown_requests_are_given_no_state() -> None:
    recorder = Recorder(state={"db": 1})
    app, scope = Stack().wrap(recorder), http_scope()
    await Server(NO_STATE).run(app)
    await call(app, scope)

    assert recorder.scope is scope


# --- a server without lifespan


async def test_without_lifespan_requests_are_served_and_it_is_warned_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = Server()
    app = two_layers_and_a_context(server).wrap(Recorder())
    for _ in range(2):
        await call(app, http_scope())

    assert server.log == []
    assert records(caplog, logging.WARNING) == [
        "The server sends no lifespan events, so these contexts are not entered: "
        "layer 1 of 2, Opener; layer 2 of 2, Opener; lifespan context project."
    ]


async def test_without_lifespan_the_scope_stays_the_same_object() -> None:
    recorder, server, scope = Recorder(), Server(), http_scope()
    await call(two_layers_and_a_context(server).wrap(recorder), scope)

    assert recorder.scope is scope


async def test_nothing_is_warned_of_where_there_are_no_contexts(caplog: pytest.LogCaptureFixture) -> None:
    await call(Stack([HeaderMiddleware]).wrap(Recorder()), http_scope())

    assert caplog.records == []


async def test_nothing_is_warned_of_by_a_request_during_the_start(caplog: pytest.LogCaptureFixture) -> None:
    @asynccontextmanager
    async def warming_up() -> AsyncGenerator[None]:
        await call(app, http_scope())
        yield

    app = Stack([], lifespan=[warming_up]).wrap(Recorder())

    assert await Server().run(app) == WHOLE
    assert caplog.records == []


async def test_nothing_is_warned_of_once_a_lifespan_was_served(caplog: pytest.LogCaptureFixture) -> None:
    server = Server()
    app = two_layers_and_a_context(server).wrap(Recorder())
    await server.run(app)
    await call(app, http_scope())

    assert caplog.records == []


# --- again, and elsewhere


def test_two_event_loops_may_serve_the_same_application_one_after_the_other() -> None:
    noted = Server()
    app = Stack([Layer(Opener, opens=noted.context("a", {"db": 1}))]).wrap(declining)
    for _ in range(2):
        server = Server()
        asyncio.run(server.run(app))

        assert server.sent == WHOLE

    assert noted.log == ["+a", "-a", "+a", "-a"]


async def test_a_lifespan_may_begin_again_after_a_start_that_failed() -> None:
    answers: Iterator[Any] = iter([OSError("x"), None])
    noted = Server()
    app = Stack([], lifespan=[lambda: noted.context("a", enter=next(answers))()]).wrap(declining)
    await Server().run(app)

    assert await Server().run(app) == WHOLE


@pytest.mark.parametrize("make", [Starlette, FastAPI])
@pytest.mark.parametrize("scope", [lifespan_scope(), NO_STATE])
async def test_starlette_and_fastapi_run_their_own_lifespan_inside_of_ours(make: Any, scope: Scope) -> None:
    server = Server(scope, ignore=STARLETTES)
    theirs = server.context("theirs")
    app = Stack([], lifespan=[server.context("ours")]).wrap(make(lifespan=lambda app: theirs()))

    assert await server.run(app) == WHOLE
    assert [line for line in server.log if line[0] in "+-"] == ["+ours", "+theirs", "-theirs", "-ours"]


@pytest.mark.parametrize("make", [Starlette, FastAPI])
@pytest.mark.parametrize("scope", [lifespan_scope(), NO_STATE])
async def test_their_state_and_ours_reach_the_same_request(make: Any, scope: Scope) -> None:
    noted, page = Server(), Recorder()
    inner = make(lifespan=lambda app: noted.context("theirs", {"theirs": 2})())
    inner.mount("/", page)
    app = Stack([], lifespan=[noted.context("ours", {"ours": 1})]).wrap(inner)

    async def serving() -> None:
        given = {"state": dict(server.scope["state"])} if "state" in server.scope else {}
        await call(app, {**http_scope(), **given}, ignore=STARLETTES)

    server = Server(scope, serving=serving, ignore=STARLETTES)
    await server.run(app)

    assert page.scope["state"] == {"ours": 1, "theirs": 2}


async def test_a_starlette_that_cannot_start_unwinds_our_contexts_and_is_reported_once() -> None:
    @asynccontextmanager
    async def theirs(app: Starlette) -> AsyncGenerator[None]:
        raise OSError("no db")
        yield

    server = Server(ignore=STARLETTES)
    stack = Stack([], lifespan=[server.context("a")])
    sent = await server.run(stack.wrap(Starlette(lifespan=theirs)))

    assert "OSError: no db" in failure(sent)
    assert server.log == ["+a", "-a", "startup.failed"]
