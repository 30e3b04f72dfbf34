"""Lifespan: every failure unwinds all that was entered, is named, and is answered."""

import logging
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from asgi_stack import Layer, Stack
from asgi_stack.testing import Recorder
from asgi_stack.types import Message, Receive, Scope, Send
from tests.helpers import SHUTDOWN, STARTED, Answering, Opener, Server, declining, failure, records

# --- a start that fails


async def test_a_context_that_fails_to_enter_unwinds_the_others_and_names_its_layer() -> None:
    server = Server()
    broken = Layer(Opener, opens=server.context("broken", enter=OSError("no route")))
    stack = Stack([Layer(Opener, opens=server.context("outer")), broken], lifespan=[server.context("never")])
    sent = await server.run(stack.wrap(declining))

    assert failure(sent) == "layer 2 of 2, Opener: OSError: no route"
    assert server.log == ["+outer", "+broken", "-outer", "startup.failed"]


async def test_a_context_of_the_project_is_named_by_its_function() -> None:
    server = Server()
    sent = await server.run(Stack([], lifespan=[server.context("pool", enter=OSError("x"))]).wrap(declining))

    assert failure(sent) == "lifespan context pool: OSError: x"


async def test_the_inner_application_is_not_called_when_a_context_fails() -> None:
    recorder, server = Recorder(), Server()
    await server.run(Stack([], lifespan=[server.context("a", enter=OSError("x"))]).wrap(recorder))

    assert recorder.calls == []


async def test_a_failing_start_is_unwound_without_an_exception_in_flight() -> None:
    seen: list[Any] = []

    class Watching(AbstractAsyncContextManager[None]):
        async def __aenter__(self) -> None: ...

        async def __aexit__(self, *exception: object) -> None:
            seen.extend(exception)

    server = Server()
    await server.run(Stack([], lifespan=[Watching, server.context("a", enter=OSError("x"))]).wrap(declining))

    assert seen == [None, None, None]


async def test_a_context_that_swallows_does_not_turn_a_failure_into_a_success() -> None:
    class Swallowing(AbstractAsyncContextManager[None]):
        async def __aenter__(self) -> None: ...

        async def __aexit__(self, *exception: object) -> bool:
            return True

    server = Server()
    stack = Stack([], lifespan=[Swallowing, server.context("a", enter=OSError("x"))])

    assert failure(await server.run(stack.wrap(declining))) == "lifespan context a: OSError: x"


async def test_faults_of_unwinding_a_failed_start_are_reported_with_its_cause() -> None:
    server = Server()
    contexts = [server.context("a", leave=OSError("y")), server.context("b", enter=OSError("x"))]
    sent = await server.run(Stack([], lifespan=contexts).wrap(declining))

    assert failure(sent) == "lifespan context b: OSError: x; lifespan context a: OSError: y"


async def test_a_failure_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    server = Server()
    error = OSError("no route")
    await server.run(Stack([], lifespan=[server.context("a", enter=error)]).wrap(declining))

    assert [record.exc_info and record.exc_info[1] for record in caplog.records] == [error, None]
    assert records(caplog, logging.ERROR)[1] == "Startup failed: lifespan context a: OSError: no route"


@pytest.mark.parametrize("raises_too", [None, RuntimeError("as Starlette does")])
async def test_a_failing_start_of_the_inner_application_unwinds_and_gives_its_reason(raises_too: Any) -> None:
    server = Server()
    failed = Answering({"type": "lifespan.startup.failed", "message": "no db"}, error=raises_too)
    sent = await server.run(Stack([], lifespan=[server.context("a")]).wrap(failed))

    assert failure(sent) == "the inner application: no db"
    assert server.log == ["+a", "-a", "startup.failed"]


async def test_a_failing_start_without_a_message_still_says_who_failed() -> None:
    sent = await Server().run(Stack().wrap(Answering({"type": "lifespan.startup.failed"})))

    assert failure(sent) == "the inner application: it gave no reason"


async def test_an_inner_application_that_raises_after_startup_was_received_fails_the_start() -> None:
    server = Server()
    sent = await server.run(
        Stack([], lifespan=[server.context("a")]).wrap(Answering(error=KeyError("db"))),
    )

    assert failure(sent) == "the inner application: KeyError: 'db'"
    assert server.log == ["+a", "-a", "startup.failed"]


async def never() -> None:
    pytest.fail("the server was asked for the shutdown")


async def test_an_inner_application_that_goes_on_after_its_failure_is_told_to_stop() -> None:
    received: list[Message] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no"})
        received.append(await receive())

    await Server(serving=never).run(Stack().wrap(inner))

    assert received == [SHUTDOWN]


# --- shutdown


async def test_completion_of_the_shutdown_is_held_back_until_our_contexts_have_closed() -> None:
    server = Server()
    await server.run(Stack([], lifespan=[server.context("a")]).wrap(Recorder()))

    assert server.log[-2:] == ["-a", "shutdown.complete"]


async def test_all_errors_of_a_shutdown_are_in_one_message() -> None:
    server = Server()
    contexts = [server.context("a", leave=OSError("x")), server.context("b", leave=KeyError("y"))]

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await Answering(STARTED)(scope, receive, send)
        await Answering({"type": "lifespan.shutdown.failed", "message": "z"})(scope, receive, send)

    sent = await server.run(Stack([], lifespan=contexts).wrap(inner))

    inner_fault, b, a = failure(sent, "shutdown").split("; ")
    assert (inner_fault, b, a) == (
        "the inner application: z",
        "lifespan context b: KeyError: 'y'",
        "lifespan context a: OSError: x",
    )


async def test_a_shutdown_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    server = Server()
    await server.run(Stack([], lifespan=[server.context("a", leave=OSError("x"))]).wrap(declining))

    assert records(caplog, logging.ERROR)[1] == "Shutdown failed: lifespan context a: OSError: x"


async def test_an_inner_application_that_raises_while_it_stops_fails_the_shutdown_once() -> None:
    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await Answering(STARTED)(scope, receive, send)
        await receive()
        raise OSError("x")

    sent = await Server().run(Stack().wrap(inner))

    assert [message["type"] for message in sent] == [STARTED["type"], "lifespan.shutdown.failed"]
    assert failure(sent, "shutdown") == "the inner application: OSError: x"


async def test_a_context_that_fails_to_leave_does_not_keep_the_others_open() -> None:
    server = Server()
    contexts = [server.context("a"), server.context("b", leave=OSError("x"))]
    await server.run(Stack([], lifespan=contexts).wrap(declining))

    assert server.log[-3:] == ["-b", "-a", "shutdown.failed"]


# --- a crash while serving


async def test_a_crash_of_the_inner_lifespan_while_serving_is_logged_and_raised_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    error = OSError("pool lost")
    with pytest.raises(OSError, match="pool lost") as caught:
        await Server().run(Stack().wrap(Answering(STARTED, error=error)))

    assert caught.value is error
    assert records(caplog, logging.ERROR) == ["The lifespan of the inner application crashed while serving."]


async def test_a_crash_while_serving_leaves_every_context_without_waiting_for_the_shutdown() -> None:
    server = Server(serving=never)
    with pytest.raises(OSError, match="pool lost"):
        await server.run(
            Stack([], lifespan=[server.context("a")]).wrap(Answering(STARTED, error=OSError("pool lost"))),
        )

    assert server.log == ["+a", "startup.complete", "-a"]


async def test_a_crash_is_seen_also_where_startup_was_never_received() -> None:
    with pytest.raises(OSError, match="pool lost"):
        await Server().run(Stack().wrap(Answering(STARTED, error=OSError("pool lost"), asks=0)))
