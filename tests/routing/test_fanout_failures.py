"""Lifespans behind a router that fail: the others are stopped, or live on, and every fault is reported."""

import asyncio
import logging
from typing import Any

import pytest

from asgi_stack.types import Message, Receive, Scope, Send
from tests.helpers import SHUTDOWN, STARTED, Server
from tests.routing.lives import FAILED, WHOLE, failure, lives, mounted, records

# --- a start that fails


async def test_a_failing_start_stops_those_that_have_started_and_names_its_mount() -> None:
    server = Server()
    apps = [
        lives(server, "a"),
        lives(server, "b"),
        lives(server, "c", start=OSError("x")),
        lives(server, "d"),
    ]
    sent = await server.run(mounted(*apps))

    assert failure(sent) == "mount '/2' (c): OSError: x"
    assert server.log == ["+a", "+b", "+c", "-b", "-a", "startup.failed"]


async def test_faults_of_stopping_the_others_are_reported_after_the_cause() -> None:
    server = Server()
    sent = await server.run(
        mounted(lives(server, "a", stop=OSError("y")), lives(server, "b", start=OSError("x")))
    )

    assert failure(sent) == "mount '/1' (b): OSError: x; mount '/0' (a): OSError: y"


@pytest.mark.parametrize(("message", "reason"), [({"message": "no db"}, "no db"), ({}, "it gave no reason")])
@pytest.mark.parametrize("error", [None, RuntimeError("as Starlette does")])
async def test_the_reason_of_an_application_is_passed_on(message: Any, reason: str, error: Any) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": FAILED, **message})
        if error:
            raise error

    assert failure(await Server().run(mounted(app))) == f"mount '/0' (app): {reason}"


async def test_an_application_that_goes_on_after_its_failure_is_told_to_stop() -> None:
    received: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": FAILED})
        received.append(await receive())

    await Server().run(mounted(app))

    assert received == [SHUTDOWN]


async def test_a_failure_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    server, error = Server(), OSError("x")
    await server.run(mounted(lives(server, "a", start=error)))

    assert records(caplog) == [
        (logging.ERROR, "mount '/0' (a) failed."),
        (logging.ERROR, "Startup failed: mount '/0' (a): OSError: x"),
    ]
    assert [record.exc_info and record.exc_info[1] for record in caplog.records] == [error, None]


# --- stopping


async def test_all_faults_of_a_shutdown_are_in_one_message() -> None:
    server = Server()

    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(STARTED)
        await receive()
        await send({"type": "lifespan.shutdown.failed", "message": "z"})

    apps = [lives(server, "a", stop=OSError("x")), failing, lives(server, "c")]
    sent = await server.run(mounted(*apps))

    assert failure(sent, "shutdown") == "mount '/1' (failing): z; mount '/0' (a): OSError: x"
    assert server.log == ["+a", "+c", "startup.complete", "-c", "-a", "shutdown.failed"]


async def test_returning_from_a_shutdown_without_an_answer_will_do() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(STARTED)
        await receive()

    assert await Server().run(mounted(app)) == WHOLE


async def test_an_application_that_waits_for_more_after_its_shutdown_is_ended() -> None:
    ended: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            while True:
                phase = (await receive())["type"]
                await send({"type": f"{phase}.complete"})
        finally:
            ended.append(phase)

    assert await Server().run(mounted(app)) == WHOLE
    assert ended == ["lifespan.shutdown"]


async def test_an_application_that_asks_with_a_time_limit_is_told_of_the_shutdown() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(STARTED)
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(receive(), 0.001)
        asked.set()
        heard.append(await receive())

    asked, heard = asyncio.Event(), list[Message]()
    await Server(serving=asked.wait).run(mounted(app))

    assert heard == [SHUTDOWN]


# --- a crash while serving


async def test_a_crash_while_serving_is_logged_and_the_others_live_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def serving() -> None:
        await asyncio.sleep(0)
        server.log.append("serving")

    server = Server(serving=serving)
    sent = await server.run(mounted(lives(server, "a", serve=OSError("x")), lives(server, "b")))

    assert server.log == ["+a", "+b", "startup.complete", "serving", "-b", "shutdown.failed"]
    assert (failure(sent, "shutdown"), records(caplog)[0]) == (
        "mount '/0' (a): OSError: x",
        (logging.ERROR, "The lifespan of mount '/0' (a) crashed while serving."),
    )


async def test_an_application_that_cancels_itself_has_crashed() -> None:
    server = Server()
    sent = await server.run(mounted(lives(server, "a", serve=asyncio.CancelledError("mine"))))

    assert failure(sent, "shutdown") == "mount '/0' (a): CancelledError: mine"


class Halt(BaseException):
    """What nobody catches."""


async def test_what_is_no_exception_comes_out_in_the_end() -> None:
    server = Server()
    with pytest.raises(Halt, match="now"):
        await server.run(mounted(lives(server, "a"), lives(server, "b", serve=Halt("now"))))
