"""Lifespan: contexts entered in order, left in reverse, around the inner application's own."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any

import pytest
from django.core.asgi import get_asgi_application

from asgi_stack import ASGIMiddleware, HeaderMiddleware, Layer, OptionError, Stack
from asgi_stack.testing import Recorder
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.annotated import Broken, names
from tests.helpers import (
    SHUTDOWN,
    STARTED,
    STARTUP,
    WHOLE,
    Answering,
    Opener,
    Server,
    declining,
    failure,
    records,
    two_layers_and_a_context,
)


def noting(server: Server, **options: Any) -> ASGIApp:
    """A recorder whose own lifespan is noted by the server too."""

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        async def noted() -> Message:
            message: Message = await receive()
            server.log.append(f"inner {message['type'].removeprefix('lifespan.')}")
            return message

        await Recorder(**options)(scope, noted, send)

    return inner


async def test_contexts_are_entered_outermost_first_and_left_in_reverse() -> None:
    server = Server()
    await server.run(two_layers_and_a_context(server).wrap(noting(server)))

    began, ended = ["+outer", "+inner", "+project"], ["-project", "-inner", "-outer"]
    assert server.log == [
        *began,
        "inner startup",
        "startup.complete",
        "inner shutdown",
        *ended,
        "shutdown.complete",
    ]


async def test_startup_is_received_before_any_context_is_entered() -> None:
    class Noting(Server):
        async def receive(self) -> Message:
            self.log.append("received")
            return await super().receive()

    server = Noting()
    await server.run(two_layers_and_a_context(server).wrap(declining))

    assert server.log[:2] == ["received", "+outer"]


async def test_everything_runs_in_the_task_of_the_server() -> None:
    tasks: list[Any] = []
    mine = ContextVar("mine", default="unset")

    @asynccontextmanager
    async def context() -> AsyncGenerator[None]:
        tasks.append(asyncio.current_task())
        mine.set("set")
        yield
        tasks.append(asyncio.current_task())

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        tasks.append((asyncio.current_task(), mine.get()))

    await Server().run(Stack([], lifespan=[context]).wrap(inner))

    here = asyncio.current_task()
    assert tasks == [here, (here, "set"), here]


async def test_a_context_may_hold_a_task_group_while_the_application_serves() -> None:
    @asynccontextmanager
    async def workers() -> AsyncGenerator[None]:
        async with asyncio.TaskGroup() as group:
            worker = group.create_task(asyncio.Event().wait())
            yield
            worker.cancel()

    stack = Stack([], lifespan=[workers], lifespan_timeout=60)

    assert await Server().run(stack.wrap(declining)) == WHOLE


async def test_a_stack_without_contexts_hands_the_whole_lifespan_inward() -> None:
    recorder = Recorder()
    await Server().run(Stack([ASGIMiddleware, HeaderMiddleware]).wrap(recorder))

    assert recorder.received == [STARTUP, SHUTDOWN]
    assert recorder.sent == WHOLE


async def test_the_completion_of_the_inner_application_reaches_the_server_as_it_was() -> None:
    complete = {**STARTED, "extra": 1}
    server = Server()
    await server.run(Stack().wrap(Answering(complete)))

    assert server.sent[0] is complete


async def test_a_message_that_nobody_knows_passes() -> None:
    odd = {"type": "lifespan.odd"}
    server = Server(ignore={"C20"})  # nobody knows it: that is the point

    assert await server.run(Stack().wrap(Answering(odd, STARTED))) == [odd, *WHOLE]


async def test_contexts_are_entered_inside_of_nested_stacks_after_those_outside() -> None:
    server = Server()
    nested = Stack([], lifespan=[server.context("b")]).wrap(noting(server))
    await server.run(Stack([Layer(Opener, opens=server.context("a"))]).wrap(nested))

    assert server.log[:4] == ["+a", "+b", "inner startup", "startup.complete"]
    assert server.log[-3:] == ["-b", "-a", "shutdown.complete"]


# --- an inner application that declines


async def returning(scope: Scope, receive: Receive, send: Send) -> None: ...


@pytest.mark.parametrize("inner", [declining, returning])
async def test_an_application_that_declines_before_receive_is_served_with_the_contexts(inner: Any) -> None:
    server = Server()
    sent = await server.run(Stack([], lifespan=[server.context("a")]).wrap(inner))

    assert sent == WHOLE
    assert server.log == ["+a", "startup.complete", "-a", "shutdown.complete"]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (declining, "the inner application has no lifespan: ValueError: no lifespan here"),
        (returning, "the inner application returned from its lifespan without an answer: it has none."),
    ],
)
async def test_declining_is_logged_at_info(caplog: pytest.LogCaptureFixture, inner: Any, text: str) -> None:
    caplog.set_level(logging.DEBUG, "asgi_stack.lifespan")
    await Server().run(Stack().wrap(inner))

    assert [(r.levelno, r.getMessage(), r.exc_info) for r in caplog.records] == [(logging.INFO, text, None)]


@pytest.mark.parametrize("asks", [0, 1])
async def test_an_application_that_sends_a_response_to_every_scope_declines(
    caplog: pytest.LogCaptureFixture, asks: int
) -> None:
    caplog.set_level(logging.INFO, "asgi_stack.lifespan")
    sent = await Server().run(Stack().wrap(Answering({"type": "http.response.start"}, asks=asks)))

    assert sent == WHOLE
    assert records(caplog, logging.WARNING if asks else logging.INFO) == [
        "the inner application has no lifespan: it sent 'http.response.start'"
    ]


async def test_django_declines_at_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "asgi_stack.lifespan")
    sent = await Server().run(Stack([HeaderMiddleware]).wrap(get_asgi_application()))

    assert sent == WHOLE
    assert [record.levelno for record in caplog.records if record.name == "asgi_stack.lifespan"] == [10]


async def test_returning_after_receive_without_an_answer_declines_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sent = await Server().run(Stack().wrap(Answering()))

    assert sent == WHOLE
    assert "returned from its lifespan without an answer" in records(caplog, logging.WARNING)[0]


async def test_after_declining_the_contexts_stay_open_until_shutdown_comes() -> None:
    server = Server()

    async def serving() -> None:
        server.log.append("serving")

    server = Server(serving=serving)
    await server.run(Stack([], lifespan=[server.context("a")]).wrap(declining))

    assert server.log == ["+a", "startup.complete", "serving", "-a", "shutdown.complete"]


async def test_an_inner_application_that_returns_once_it_has_started_is_served_on() -> None:
    server = Server()

    async def serving() -> None:
        server.log.append("serving")

    server = Server(serving=serving)
    await server.run(Stack([], lifespan=[server.context("a")]).wrap(Answering(STARTED)))

    assert server.log == ["+a", "startup.complete", "serving", "-a", "shutdown.complete"]


class Pool:
    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        yield

    @asynccontextmanager
    async def open_some(self, size: int) -> AsyncGenerator[None]:
        yield


def test_a_context_may_be_a_method() -> None:
    assert Stack([], lifespan=[Pool().open]) != Stack()
    with pytest.raises(OptionError, match="open_some is called without arguments"):
        Stack([], lifespan=[Pool().open_some])


@pytest.mark.parametrize("context", [names()["context"], Broken()], ids=["annotated", "broken"])
def test_a_context_is_not_refused_for_its_annotations(context: Any) -> None:
    Stack([], lifespan=[context])


# --- contexts that cannot be one


@contextmanager
def synchronous() -> Iterator[None]:
    yield


async def test_a_synchronous_context_manager_fails_the_start_and_is_named() -> None:
    sent = await Server().run(Stack([], lifespan=[synchronous]).wrap(declining))  # type: ignore[list-item]  # at run time

    assert "lifespan context synchronous: TypeError: it made <" in failure(sent)
    assert failure(sent).endswith("Make an async context manager.")


async def generator() -> AsyncGenerator[None]:
    yield


async def coroutine() -> None: ...


def with_argument(app: Any) -> Any: ...


@asynccontextmanager
async def as_fastapi_has_it(app: Any) -> AsyncGenerator[None]:
    yield


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (generator, "Decorate generator with contextlib.asynccontextmanager."),
        (coroutine, "Let coroutine yield once, and decorate it with contextlib.asynccontextmanager."),
        (7, "Give functions that return an async context manager: the function, not the result"),
        (asynccontextmanager(generator)(), "the function, not the result of its call."),
        (with_argument, "with_argument is called without arguments."),
        (as_fastapi_has_it, "as_fastapi_has_it is called without arguments."),
    ],
)
def test_what_makes_no_context_is_refused_with_what_would(given: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=r"Stack: lifespan=.* is not usable") as caught:
        Stack([], lifespan=[given])

    assert hint in str(caught.value)
