"""A start or a stop that fails is told to the server, and raised: test clients look at one of the two."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from fastapi.testclient import TestClient as FastAPIClient
from starlette.applications import Starlette
from starlette.testclient import TestClient

from asgi_stack import ASGIMiddleware, Layer, LifespanError, Stack
from asgi_stack.routing import PathRouter, ProtocolRouter
from asgi_stack.testing import ASGIClient, Recorder
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.helpers import STARTED, Answering, Opener, Server, failure


@asynccontextmanager
async def bad_start(app: object = None) -> AsyncGenerator[None]:
    raise ConnectionError("no database")
    yield


@asynccontextmanager
async def bad_stop(app: object = None) -> AsyncGenerator[None]:
    yield
    raise ConnectionError("no database")


Make = Callable[[Any], ASGIApp]
MAKES: dict[str, Make] = {
    "context": lambda bad: Stack([], lifespan=[bad]).wrap(Recorder()),
    "context of a layer": lambda bad: Stack([Layer(Opener, opens=bad)]).wrap(Recorder()),
    "Starlette": lambda bad: Stack([ASGIMiddleware]).wrap(Starlette(lifespan=bad)),
    "FastAPI": lambda bad: Stack().wrap(FastAPI(lifespan=bad)),
    "router": lambda bad: PathRouter({"/": Recorder(), "/a": Starlette(lifespan=bad)}),
    "stack in a router": lambda bad: ProtocolRouter(http=Stack([], lifespan=[bad]).wrap(Recorder())),
    "router in a stack": lambda bad: Stack().wrap(PathRouter({"/a": Starlette(lifespan=bad)})),
}
makes = pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
fails = pytest.mark.parametrize("bad", [bad_start, bad_stop])


@fails
@makes
async def test_what_made_it_fail_is_raised_after_the_server_was_told(make: Make, bad: Any) -> None:
    server = Server(ignore={"C11"})
    await server.run(make(bad))

    assert "no database" in failure(server.sent, "startup" if bad is bad_start else "shutdown")
    assert isinstance(server.error, ConnectionError)


@fails
@makes
@pytest.mark.parametrize("client", [TestClient, FastAPIClient], ids=["starlette", "fastapi"])
def test_the_test_clients_of_the_frameworks_raise_it(client: Any, make: Make, bad: Any) -> None:
    with pytest.raises(ConnectionError, match="no database"), client(make(bad)):
        pass


@fails
@makes
async def test_asgi_lifespan_raises_it(make: Make, bad: Any) -> None:
    with pytest.RaisesExc(ConnectionError, match="no database") as caught:
        async with LifespanManager(make(bad)):
            pass

    assert caught.value.__cause__ is None


@fails
@makes
async def test_our_own_client_tells_the_message_and_has_the_cause(make: Make, bad: Any) -> None:
    with pytest.raises(LifespanError, match="no database") as caught:
        async with ASGIClient(make(bad), ignore={"C11"}):
            pass

    assert isinstance(caught.value.__cause__, ConnectionError)


@pytest.mark.parametrize("phase", ["startup", "shutdown"])
async def test_a_failure_that_raised_nothing_is_raised_as_one_of_ours(phase: str) -> None:
    async def saying(scope: Scope, receive: Receive, send: Send) -> None:
        if phase == "shutdown":
            await Answering(STARTED)(scope, receive, send)
        await Answering({"type": f"lifespan.{phase}.failed", "message": "no db"})(scope, receive, send)

    server = Server()
    await server.run(Stack().wrap(saying))

    assert isinstance(server.error, LifespanError)
    assert str(server.error) == failure(server.sent, phase) == "the inner application: no db"


async def test_several_errors_are_raised_as_a_group_whose_text_is_the_answer() -> None:
    server = Server()
    errors = OSError("x"), KeyError("y")
    contexts = [server.context("a", leave=errors[0]), server.context("b", leave=errors[1])]
    await server.run(Stack([], lifespan=contexts).wrap(Recorder()))

    assert isinstance(server.error, ExceptionGroup)
    assert (server.error.exceptions, server.error.message) == (errors[::-1], failure(server.sent, "shutdown"))


async def test_an_application_that_cancels_itself_is_not_taken_for_a_cancelled_server() -> None:
    async def cancelling(scope: Scope, receive: Receive, send: Send) -> None:
        await Answering(STARTED)(scope, receive, send)
        raise asyncio.CancelledError("mine")

    server = Server()
    await server.run(PathRouter({"/": cancelling}))

    assert isinstance(server.error, LifespanError)
    assert failure(server.sent, "shutdown") == "mount '/' (cancelling): CancelledError: mine"


# --- a crash in a context


async def worker_died() -> None:
    await asyncio.sleep(0)
    raise RuntimeError("worker died")


@asynccontextmanager
async def worker() -> AsyncGenerator[None]:
    async with asyncio.TaskGroup() as group:
        group.create_task(worker_died())
        yield


class Watching:
    """A context outside of another; notes what comes to it."""

    def __init__(self) -> None:
        self.seen: list[BaseException | None] = []

    def __call__(self) -> Any:
        return self.open()

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        try:
            yield
        except BaseException as error:
            self.seen.append(error)
            raise
        self.seen.append(None)


async def forever() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    "inner", [Recorder(lifespan="decline"), Recorder(), Starlette()], ids=["none", "own", "starlette"]
)
async def test_a_task_group_that_crashes_while_serving_comes_out_as_nested_blocks_would_have_it(
    caplog: pytest.LogCaptureFixture, inner: Any
) -> None:
    outer, server = Watching(), Server(serving=forever, ignore={"C11"})
    with pytest.RaisesGroup(pytest.RaisesExc(RuntimeError, match="worker died")) as caught:
        await server.run(Stack([], lifespan=[outer, worker]).wrap(inner))

    assert (outer.seen, server.sent) == ([caught.value], [STARTED])
    assert "lifespan context worker crashed while serving" in caplog.text


async def test_a_task_group_that_crashes_during_the_start_fails_it() -> None:
    @asynccontextmanager
    async def slow() -> AsyncGenerator[None]:
        await forever()
        yield

    server = Server()
    await server.run(Stack([], lifespan=[worker, slow]).wrap(Recorder()))

    assert failure(server.sent).startswith("lifespan context worker: ExceptionGroup: unhandled errors")
    assert isinstance(server.error, ExceptionGroup)


async def test_a_task_group_that_crashes_during_the_stop_fails_it() -> None:
    stops = asyncio.Event()

    @asynccontextmanager
    async def group() -> AsyncGenerator[None]:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(crash())
            yield

    async def crash() -> None:
        await stops.wait()
        raise RuntimeError("worker died")

    @asynccontextmanager
    async def slow_to_stop() -> AsyncGenerator[None]:
        yield
        stops.set()
        await forever()

    server = Server()
    await server.run(Stack([], lifespan=[group, slow_to_stop]).wrap(Recorder()))

    assert failure(server.sent, "shutdown").startswith("lifespan context group: ExceptionGroup: unhandled")
    assert isinstance(server.error, ExceptionGroup)


async def test_a_cancellation_by_the_server_stays_one_though_a_context_fails_on_it() -> None:
    @asynccontextmanager
    async def failing() -> AsyncGenerator[None]:
        try:
            yield
        finally:
            raise OSError("x")

    outer, reached = Watching(), asyncio.Event()

    async def serving() -> None:
        reached.set()
        await forever()

    task = asyncio.create_task(
        Server(serving=serving).run(Stack([], lifespan=[outer, failing]).wrap(Recorder()))
    )
    await reached.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert [type(error) for error in outer.seen] == [asyncio.CancelledError]


async def test_an_error_of_the_server_is_raised_and_not_answered() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        if not sent:
            return {"type": "lifespan.startup"}
        raise LookupError("the server is gone")

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(LookupError, match="the server is gone"):
        await Stack([], lifespan=[Watching()]).wrap(Recorder(lifespan="decline"))(
            Server().scope, receive, send
        )
    assert sent == [STARTED]
