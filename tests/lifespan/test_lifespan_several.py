"""Several lifespans of one application object: each has a state of its own, and requests find theirs."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from asgi_stack import Stack
from asgi_stack.routing import HostRouter, PathRouter, ProtocolRouter
from asgi_stack.testing import ASGIClient, Recorder, http_scope
from asgi_stack.types import ASGIApp, Receive, Scope, Send
from tests.helpers import NO_STATE, Server, call

THREADS, REQUESTS = 4, 25


class Numbered:
    """An application whose every lifespan opens a pool of its own; notes the state of each request."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.seen: list[Any] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await Recorder(state={"pool": next(self.numbers)})(scope, receive, send)
        else:
            self.seen.append(dict(scope.get("state") or {}))
            await Recorder()(scope, receive, send)


def numbered_context() -> Callable[[], Any]:
    numbers = count(1)

    @asynccontextmanager
    async def pool() -> AsyncGenerator[dict[str, int]]:
        yield {"pool": next(numbers)}

    return pool


MAKES: dict[str, Callable[[ASGIApp], ASGIApp]] = {
    "stack": Stack().wrap,
    "router": lambda app: PathRouter({"/": app}),
    "deep in a router": lambda app: PathRouter({"/a": app, "/": Recorder()}),
    "router in a router": lambda app: HostRouter({"*": PathRouter({"/": app})}),
    "stack in a router": lambda app: ProtocolRouter(http=Stack().wrap(app)),
    "router in a stack": lambda app: Stack().wrap(PathRouter({"/": app, "/other": Recorder()})),
}
makes = pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)


@makes
async def test_two_clients_of_one_loop_each_have_their_own(make: Any) -> None:
    inner = Numbered()
    app = make(inner)
    async with ASGIClient(app) as first:
        await first.get("/a")
        async with ASGIClient(app) as second:
            await second.get("/a")
            await first.get("/a")
        await first.get("/a")

    assert inner.seen == [{"pool": 1}, {"pool": 2}, {"pool": 1}, {"pool": 1}]


@makes
async def test_where_the_server_has_no_state_the_one_that_runs_on_the_loop_is_theirs(make: Any) -> None:
    inner = Numbered()
    app = make(inner)

    async def serving() -> None:
        await call(app, http_scope("/a"))

    for _ in range(2):
        await Server(NO_STATE, serving=serving).run(app)
    await serving()

    assert inner.seen == [{"pool": 1}, {"pool": 2}, {}]


def in_threads(run: Callable[[], Any]) -> None:
    """Run one coroutine in each of several event loops, in threads that begin at the same time."""
    ready, faults = threading.Barrier(THREADS), list[BaseException]()

    def work() -> None:
        try:
            ready.wait()
            asyncio.run(run())
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def starlette(lifespan: Any = None) -> Starlette:
    async def show(request: Request) -> JSONResponse:
        return JSONResponse(request.state.pool)

    return Starlette(routes=[Route("/{path:path}", show)], lifespan=lifespan)


@asynccontextmanager
async def pool_of_the_loop(app: object = None) -> AsyncGenerator[dict[str, int]]:
    yield {"pool": id(asyncio.get_running_loop())}


STARLETTES: dict[str, Callable[[], ASGIApp]] = {
    "stack": lambda: Stack([], lifespan=[pool_of_the_loop]).wrap(starlette()),
    "router": lambda: PathRouter({"/": starlette(pool_of_the_loop)}),
    "router in a stack": lambda: Stack().wrap(
        PathRouter({"/a": starlette(pool_of_the_loop), "/": Recorder()})
    ),
    "stack in a router": lambda: HostRouter({"*": Stack([], lifespan=[pool_of_the_loop]).wrap(starlette())}),
}


@pytest.mark.parametrize("gives_state", [True, False])
@pytest.mark.parametrize("make", STARLETTES.values(), ids=STARLETTES)
def test_each_of_several_loops_in_threads_has_the_pool_of_its_own(make: Any, gives_state: bool) -> None:
    app, wrong = make(), list[Any]()

    async def serve() -> None:
        mine = str(id(asyncio.get_running_loop())).encode()

        async def serving() -> None:
            for _ in range(REQUESTS):
                state = {"state": dict(server.scope["state"])} if gives_state else {}
                sent = await call(app, {**http_scope("/a/b"), **state}, lint=False)
                if sent[1]["body"] != mine:
                    wrong.append((mine, sent[1]["body"]))

        for _ in range(5):
            server = Server(None if gives_state else NO_STATE, serving=serving, lint=False)
            await server.run(app)

    in_threads(serve)

    assert wrong == []


async def test_two_lifespans_of_one_loop_leave_no_mark_in_a_state_that_is_used_again() -> None:
    states: list[dict[str, Any]] = [{}, {}]
    router = PathRouter({"/": Numbered()})

    async def inner() -> None:
        await Server({**NO_STATE, "state": states[1]}).run(router)

    await Server({**NO_STATE, "state": states[0]}, serving=inner).run(router)

    assert states == [{}, {}]


async def test_an_application_without_a_lifespan_is_called_as_if_there_were_none() -> None:
    plain, scope = Recorder(lifespan="decline"), http_scope("/", state={"x": 1})
    router = PathRouter({"/": plain, "/a": Numbered()})

    async def serving() -> None:
        await call(router, scope)

    await Server(serving=serving).run(router)

    assert plain.scope is scope


async def test_a_lifespan_within_a_lifespan_is_one_of_its_own() -> None:
    """As where a context of the project runs a second server, with the same application, on another port."""
    inner, seen = Numbered(), list[Any]()
    router = PathRouter({"/": inner})

    @asynccontextmanager
    async def second_server() -> AsyncGenerator[None]:
        async with ASGIClient(router) as client:
            await client.get("/")
            yield

    async with ASGIClient(Stack([], lifespan=[second_server]).wrap(router)) as client:
        await client.get("/")
        seen.extend(inner.seen)

    assert seen == [{"pool": 1}, {"pool": 2}]


@makes
async def test_a_request_on_a_loop_without_a_lifespan_has_no_other_loops_state(make: Any) -> None:
    inner = Numbered()
    app = make(inner)

    async def serving() -> None:
        await asyncio.to_thread(asyncio.run, call(app, http_scope("/a")))

    await Server(NO_STATE, serving=serving).run(app)

    assert inner.seen == [{}]
