"""What `DrainMiddleware` does with `close_after` to streams of events, and to no other response."""

import asyncio
from typing import Any

import pytest
from starlette.responses import StreamingResponse

from asgi_stack.draining import Drain
from asgi_stack.middleware import ErrorBoundaryMiddleware
from asgi_stack.testing import ManualClock, http_scope
from asgi_stack.types import Message, Receive, Scope, Send
from tests.helpers import Side
from tests.middleware.ending import EVENTS, cancelled, drained, events


async def test_a_stream_of_events_is_ended(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), Side()
    call = side.begin(drained(events(), drain), http_scope())
    drain.start()
    await clock.elapse(4)
    before = len(side.sent)
    await clock.elapse(6)

    assert side.sent[before:] == [{"type": "http.response.body", "body": b"", "more_body": False}]
    assert (call.done(), call.exception()) == (True, None)


async def test_who_sends_after_the_end_of_a_stream_is_told_why_it_fails(clock: ManualClock) -> None:
    drain, side, told = Drain(clock=clock), Side(), list[OSError]()

    async def stubborn(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await events()(scope, receive, send)
        except OSError as error:
            told.append(error)

    call = side.begin(drained(stubborn, drain), http_scope())
    drain.start()
    await clock.elapse(10)

    assert [*map(str, told)] == ["The connection was ended, because the process drains."]
    assert call.done()


async def test_what_goes_wrong_after_the_end_can_be_found_in_the_log(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    drain, side = Drain(clock=clock), Side()
    caplog.set_level("INFO", "asgi_stack.drain")

    async def careless(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await events()(scope, receive, send)
        finally:
            raise LookupError("while cleaning up")

    side.begin(drained(careless, drain), http_scope())
    drain.start()
    await clock.elapse(10)

    assert "ended with its connection: LookupError('while cleaning up')" in caplog.messages[-1]
    assert "in careless" in caplog.text


@pytest.mark.parametrize(
    "inner",
    [
        events([(b"content-type", b"application/zip")]),
        events([]),
        events([*EVENTS, (b"content-length", b"9999")]),
        events(trailers=True),
    ],
    ids=["a download", "no type", "a length", "trailers"],
)
async def test_no_other_response_is_cut_short(clock: ManualClock, inner: Any) -> None:
    drain, side = Drain(clock=clock), Side()
    call = side.begin(drained(inner, drain), http_scope())
    drain.start()
    await clock.elapse(60)

    assert all(message.get("more_body", True) for message in side.sent)
    await cancelled(call)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "http.response.body", "body": b"data: bye\n\n"},
        {"type": "http.response.zerocopysend", "file": 7},
        {"type": "http.response.pathsend", "path": "/srv/events"},
    ],
    ids=lambda body: body["type"],
)
async def test_a_stream_that_has_ended_is_left_alone(clock: ManualClock, body: Message) -> None:
    drain, side = Drain(clock=clock), Side()

    async def slow_to_end(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": EVENTS})
        await send(body)
        await asyncio.sleep(10)

    scope = http_scope(extensions={"http.response.pathsend": {}, "http.response.zerocopysend": {}})
    call = side.begin(drained(slow_to_end, drain), scope)
    drain.start()
    await clock.elapse(10)

    assert (call.done(), side.sent[1:]) == (True, [body])


async def test_the_end_of_a_stream_does_not_overtake_what_is_sent(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), Side()
    call = side.begin(drained(events(), drain), http_scope())
    await clock.elapse(9)
    side.gate.clear()
    drain.start()
    await clock.elapse(20)
    waiting = len(side.sent)
    side.gate.set()
    await clock.elapse(1)

    assert [message["body"] for message in side.sent[waiting:]] == [b"data: tick\n\n", b""]
    await cancelled(call)


@pytest.mark.parametrize("failure", [OSError("gone"), ConnectionResetError()])
async def test_a_client_that_cannot_be_told_is_no_error(clock: ManualClock, failure: Exception) -> None:
    drain, side = Drain(clock=clock), Side()
    call = side.begin(drained(events(), drain), http_scope())
    await clock.elapse(1)
    side.failure = failure
    drain.start()
    await clock.elapse(9)

    assert (call.done(), call.exception()) == (True, None)


async def test_another_error_of_the_server_comes_out(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), Side()
    call = side.begin(drained(events(), drain), http_scope())
    await clock.elapse(1)
    side.failure = RuntimeError("the server is broken")
    drain.start()
    await clock.elapse(9)

    with pytest.raises(RuntimeError, match="the server is broken"):
        await call


@pytest.mark.parametrize("other", [None, LookupError("of the application")], ids=["alone", "beside another"])
async def test_a_group_of_errors_is_silent_where_all_come_of_the_end(clock: ManualClock, other: Any) -> None:
    drain, side = Drain(clock=clock), Side()

    async def clean_up() -> None:
        try:
            await asyncio.sleep(1000)
        finally:
            if other:
                raise other

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(clean_up())
            await events()(scope, receive, send)

    call = side.begin(drained(app, drain), http_scope())
    drain.start()
    await clock.elapse(10)

    assert isinstance(call.exception(), type(other and ExceptionGroup("", [other])))


class Ticks:
    def __aiter__(self) -> "Ticks":
        return self

    async def __anext__(self) -> str:
        await asyncio.sleep(2)
        return "data: tick\n\n"


@pytest.mark.parametrize("wrap", [ErrorBoundaryMiddleware, lambda app: app], ids=["boundary", "none"])
async def test_a_stream_of_starlette_ends_without_an_error(
    clock: ManualClock, wrap: Any, caplog: pytest.LogCaptureFixture
) -> None:
    drain, side = Drain(clock=clock), Side()
    inner = wrap(StreamingResponse(Ticks(), media_type="text/event-stream"))
    call = side.begin(drained(inner, drain), http_scope())
    drain.start()
    await clock.elapse(7)

    assert (call.done(), call.exception()) == (True, None)
    assert [record.levelname for record in caplog.records] in ([], ["INFO"])
