"""A router whose lifespan is cancelled, or whose server fails: no task is left behind."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from asgi_stack.testing import LifespanError, Recorder
from asgi_stack.types import ASGIApp, Receive, Scope, Send
from tests.helpers import STARTED, Server
from tests.routing.lives import lives, mounted, records

# --- being cancelled


async def cancelled_while(router: ASGIApp, ready: Callable[[], Awaitable[Any]], times: int = 1) -> Server:
    """Run a lifespan that is cancelled in the middle; the server has what was sent until then."""
    server = Server(serving=asyncio.Event().wait)
    task = asyncio.create_task(server.run(router))
    await ready()
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    return server


async def test_a_cancellation_passes_and_every_application_cleans_up() -> None:
    def app(name: str) -> ASGIApp:
        async def cleaning(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await send(STARTED)
            try:
                await receive()
            finally:
                await asyncio.sleep(0)
                cleaned.append(name)

        return cleaning

    async def last(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()

    cleaned, begun = list[str](), asyncio.Event()
    await cancelled_while(mounted(app("a"), app("b"), last), begun.wait)

    assert sorted(cleaned) == ["a", "b"]


async def test_a_cancellation_in_the_middle_of_the_start_passes() -> None:
    async def starting(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        begun.set()
        await asyncio.Event().wait()

    begun = asyncio.Event()
    server = await cancelled_while(mounted(Recorder(), starting), begun.wait)

    assert server.sent == []


async def test_a_second_cancellation_leaves_no_task_behind() -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(60)

    begun = asyncio.Event()
    server = await cancelled_while(mounted(slow), begun.wait, times=3)

    assert server.sent == []


async def test_a_fault_of_cleaning_up_is_logged_and_the_cancellation_passes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError("x")

    begun = asyncio.Event()
    await cancelled_while(mounted(failing), begun.wait)

    assert records(caplog) == [(logging.ERROR, "mount '/0' (failing) failed.")]


async def test_an_error_of_the_server_comes_out_as_it_is_and_ends_every_application() -> None:
    server = Server()
    error = LifespanError("the server is gone")

    server.send_error = error
    with pytest.raises(LifespanError, match="the server is gone") as caught:
        await server.run(mounted(lives(server, "a")))

    assert (caught.value, server.log) == (error, ["+a"])
