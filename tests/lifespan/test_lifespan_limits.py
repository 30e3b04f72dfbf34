"""Lifespan: time limits, and cancellations, which always pass."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from asgi_stack import Stack
from asgi_stack.testing import Recorder
from asgi_stack.types import ASGIApp, Receive, Scope, Send
from tests.helpers import (
    STARTED,
    WHOLE,
    Server,
    declining,
    failure,
    records,
)

# --- time limits


@asynccontextmanager
async def never_entered() -> AsyncGenerator[None]:
    await asyncio.Event().wait()
    yield


@asynccontextmanager
async def never_left() -> AsyncGenerator[None]:
    yield
    await asyncio.Event().wait()


async def test_a_context_that_takes_too_long_to_enter_fails_the_start() -> None:
    stack = Stack([], lifespan=[never_entered], lifespan_timeout=0.001)
    text = "lifespan context never_entered: TimeoutError: it took longer than 0.001 s."

    assert failure(await Server().run(stack.wrap(declining))) == text


async def test_a_context_that_takes_too_long_to_leave_fails_the_shutdown_and_leaves_the_others() -> None:
    server = Server()
    stack = Stack([], lifespan=[server.context("a"), never_left], lifespan_timeout=0.001)
    sent = await server.run(stack.wrap(declining))

    assert "never_left: TimeoutError: it took longer than 0.001 s." in failure(sent, "shutdown")
    assert server.log[-2:] == ["-a", "shutdown.failed"]


async def test_the_limit_is_for_each_context_and_not_for_the_time_of_serving() -> None:
    waited = asyncio.Event()
    asyncio.get_running_loop().call_later(0.003, waited.set)
    server = Server(serving=waited.wait)
    stack = Stack([], lifespan=[server.context("a")], lifespan_timeout=0.002)

    assert await server.run(stack.wrap(declining)) == WHOLE


async def test_a_timeout_of_the_context_itself_keeps_its_own_words() -> None:
    server = Server()
    slow = server.context("a", enter=TimeoutError("the database did not answer"))
    sent = await server.run(Stack([], lifespan=[slow], lifespan_timeout=60).wrap(declining))

    assert failure(sent) == "lifespan context a: TimeoutError: the database did not answer"


# --- cancellation


async def cancelled(app: ASGIApp, server: Server, reached: asyncio.Event) -> None:
    """Run a lifespan until *reached*, cancel it, and fail unless the cancellation comes out."""
    task = asyncio.ensure_future(server.run(app))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def stuck(reached: asyncio.Event) -> Any:
    async def wait() -> None:
        reached.set()
        await asyncio.Event().wait()

    return wait


class Noting(AbstractAsyncContextManager[None]):
    """A context that notes with which exception it was left, swallows it, and may fail."""

    async def __aenter__(self) -> None: ...

    def __init__(self, error: BaseException | None = None) -> None:
        self.left: list[Any] = []
        self.error = error

    async def __aexit__(self, kind: Any, error: Any, traceback: Any) -> bool:
        self.left.append(kind)
        if self.error is not None:
            raise self.error
        return True


async def test_a_cancellation_before_startup_passes() -> None:
    reached = asyncio.Event()
    wait = stuck(reached)
    server = Server()
    server.receive = wait  # type: ignore[method-assign]  # a server whose startup never comes
    await cancelled(Stack().wrap(declining), server, reached)

    assert server.sent == []


async def test_a_cancellation_while_entering_passes_and_unwinds() -> None:
    reached, outer = asyncio.Event(), Noting()
    wait = stuck(reached)

    @asynccontextmanager
    async def slow() -> AsyncGenerator[None]:
        await wait()
        yield

    server = Server()
    await cancelled(Stack([], lifespan=[lambda: outer, slow]).wrap(declining), server, reached)

    assert outer.left == [asyncio.CancelledError]
    assert server.sent == []


async def test_a_cancellation_while_the_inner_application_starts_passes_and_unwinds() -> None:
    reached, context = asyncio.Event(), Noting()
    wait = stuck(reached)

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await wait()

    server = Server()
    await cancelled(Stack([], lifespan=[lambda: context]).wrap(inner), server, reached)

    assert (context.left, server.sent) == ([asyncio.CancelledError], [])


@pytest.mark.parametrize("inner", [declining, Recorder()])
async def test_a_cancellation_while_serving_passes_and_unwinds(inner: Any) -> None:
    reached, context = asyncio.Event(), Noting()
    server = Server(serving=stuck(reached))
    await cancelled(Stack([], lifespan=[lambda: context]).wrap(inner), server, reached)

    assert (context.left, server.sent) == ([asyncio.CancelledError], [STARTED])


async def test_a_cancellation_while_leaving_passes_and_unwinds_the_rest() -> None:
    reached, outer = asyncio.Event(), Noting()
    wait = stuck(reached)

    @asynccontextmanager
    async def slow() -> AsyncGenerator[None]:
        yield
        await wait()

    server = Server()
    await cancelled(Stack([], lifespan=[lambda: outer, slow]).wrap(declining), server, reached)

    assert (outer.left, server.sent) == ([asyncio.CancelledError], [STARTED])


@pytest.mark.parametrize("fault", [OSError("x"), asyncio.CancelledError("again")])
async def test_a_context_that_fails_on_a_cancellation_hides_neither_it_nor_the_others(fault: Any) -> None:
    reached, outer, inner = asyncio.Event(), Noting(), Noting(fault)
    server = Server(serving=stuck(reached))
    await cancelled(Stack([], lifespan=[lambda: outer, lambda: inner]).wrap(declining), server, reached)

    assert (inner.left, outer.left) == ([asyncio.CancelledError], [asyncio.CancelledError])


async def test_a_fault_on_the_way_out_of_a_cancellation_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    reached = asyncio.Event()
    server = Server(serving=stuck(reached))
    stack = Stack([], lifespan=[lambda: Noting(OSError("x"))])
    await cancelled(stack.wrap(declining), server, reached)

    assert records(caplog, logging.ERROR) == ["lifespan context <lambda>: OSError: x"]


async def test_a_context_that_hangs_on_a_cancellation_is_given_its_time_and_no_more() -> None:
    @asynccontextmanager
    async def hanging() -> AsyncGenerator[None]:
        try:
            yield
        finally:
            await asyncio.Event().wait()

    reached, outer = asyncio.Event(), Noting()
    server = Server(serving=stuck(reached))
    stack = Stack([], lifespan=[lambda: outer, hanging], lifespan_timeout=0.001)
    await cancelled(stack.wrap(declining), server, reached)

    assert outer.left == [asyncio.CancelledError]


async def test_an_error_of_the_servers_own_send_is_raised_and_unwinds() -> None:
    context, server = Noting(), Server()

    server.send_error = OSError("gone")
    with pytest.raises(OSError, match="gone"):
        await server.run(Stack([], lifespan=[lambda: context]).wrap(declining))

    assert context.left == [OSError]


async def test_an_error_that_a_context_raises_again_is_not_reported_as_its_own(
    caplog: pytest.LogCaptureFixture,
) -> None:
    error = OSError("gone")

    async def serving() -> None:
        raise error

    with pytest.raises(OSError, match="gone") as caught:
        await Server(serving=serving).run(Stack([], lifespan=[lambda: Noting(error)]).wrap(declining))

    assert caught.value is error
    assert records(caplog, logging.ERROR) == []
