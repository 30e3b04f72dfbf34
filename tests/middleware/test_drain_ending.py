"""What `DrainMiddleware` does with `close_after` to websockets: who is told, when, and how."""

import asyncio
import contextlib
from typing import Any

import pytest
from starlette.websockets import WebSocket, WebSocketDisconnect

from asgi_stack import Layer, OptionError, Stack
from asgi_stack.draining import Drain
from asgi_stack.middleware import DrainMiddleware
from asgi_stack.testing import ASGIClient, ManualClock, Recorder, http_scope, websocket_scope
from asgi_stack.testing.contract import check_middleware
from asgi_stack.types import Message, Receive, Scope, Send
from tests.helpers import CONNECT, Side, call
from tests.middleware.ending import EVENTS, cancelled, drained, ears, websocket


async def test_a_websocket_is_closed_when_its_time_has_come(clock: ManualClock) -> None:
    drain = Drain(clock=clock)
    async with ASGIClient(drained(ears, drain), lifespan=False) as client, client.websocket("/") as session:
        drain.start()
        await clock.elapse(4.9)
        before = [message["type"] for message in session.messages]
        await clock.elapse(0.1)

        assert before == ["websocket.accept"]
        assert session.messages[1:] == [{"type": "websocket.close", "code": 1012, "reason": ""}]


@pytest.mark.parametrize("code", [1001, 1012, 3000, 4999])
async def test_the_code_of_the_close_can_be_chosen(clock: ManualClock, code: Any) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(drained(ears, drain, close_after=0, close_code=code), websocket_scope())
    await clock.elapse(0)
    drain.start()
    await call

    assert side.sent[-1]["code"] == code


async def test_the_time_counts_from_the_beginning_of_the_drain(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    drain.start()
    await clock.elapse(4)
    call = side.begin(drained(ears, drain), websocket_scope())
    await clock.elapse(1)

    assert side.types() == ["websocket.accept", "websocket.close"]
    await cancelled(call)


async def test_without_a_time_nothing_is_ended(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(drained(ears, drain, close_after=None), websocket_scope())
    drain.start()
    await clock.elapse(1000)

    assert side.types() == ["websocket.accept"]
    await cancelled(call)


@pytest.mark.parametrize(
    ("extensions", "types"),
    [({}, ["websocket.close"]), ({"websocket.http.response": {}}, ["start", "body"])],
    ids=["close", "denial"],
)
@pytest.mark.parametrize("late", [True, False])
async def test_a_websocket_that_is_not_accepted_by_then_is_refused(
    clock: ManualClock, extensions: Any, types: list[str], late: bool
) -> None:
    drain, side = Drain(clock=clock), websocket()
    drain.start()
    await clock.elapse(5 if late else 4)
    call = side.begin(
        drained(Recorder(on={"call": asyncio.Event().wait}), drain), websocket_scope(extensions=extensions)
    )
    await clock.elapse(1)

    assert side.types() == types
    assert side.sent[0].get("status", 503) == 503
    await cancelled(call)


async def test_nobody_inside_is_called_for_a_websocket_that_comes_too_late(clock: ManualClock) -> None:
    drain, inner = Drain(clock=clock), Recorder()
    drain.start()
    await clock.elapse(5)
    await call(drained(inner, drain), websocket_scope())

    assert inner.calls == []


async def test_who_asks_again_is_told_again(clock: ManualClock) -> None:
    drain, side, got = Drain(clock=clock), websocket(), list[Message]()

    async def deaf(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await asyncio.sleep(6)
        got.extend([await receive(), await receive()])

    call = side.begin(drained(deaf, drain), websocket_scope())
    drain.start()
    await clock.elapse(6)

    assert got == [{"type": "websocket.disconnect", "code": 1012, "reason": ""}] * 2
    assert call.done()


async def test_what_came_before_the_close_is_handed_in_before_the_disconnect(clock: ManualClock) -> None:
    drain, side, got = Drain(clock=clock), websocket(), list[str]()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(receive(), 1)
        await asyncio.sleep(6)
        got.extend([(await receive())["type"], (await receive())["type"]])

    call = side.begin(drained(slow, drain), websocket_scope())
    await clock.elapse(2)
    side.incoming.put_nowait({"type": "websocket.receive", "text": "early"})
    drain.start()
    await clock.elapse(6)

    assert (call.done(), got) == (True, ["websocket.receive", "websocket.disconnect"])


async def test_a_server_that_fails_to_receive_is_heard(clock: ManualClock) -> None:
    class Broken(Side):
        async def receive(self) -> Message:
            raise RuntimeError("the server is broken")

    with pytest.raises(RuntimeError, match="the server is broken"):
        await Broken().begin(drained(ears, Drain()), websocket_scope())


async def test_a_server_that_knows_no_such_code_closes_with_another(clock: ManualClock) -> None:
    class Old(Side):
        async def send(self, message: Message) -> None:
            if message.get("code") == 1012:
                raise ValueError("invalid close code 1012")
            await super().send(message)

    drain, side = Drain(clock=clock), Old(CONNECT)
    calling = side.begin(drained(ears, drain, close_after=0), websocket_scope())
    await clock.elapse(0)
    drain.start()
    await calling

    assert side.sent[-1] == {"type": "websocket.close", "code": 1000, "reason": ""}


async def test_a_websocket_that_has_left_need_not_be_told(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(drained(ears, drain, close_after=0), websocket_scope())
    await clock.elapse(0)
    side.failure = OSError("gone")
    drain.start()
    await call

    assert side.types() == ["websocket.accept", "websocket.close"]


async def test_what_comes_after_the_close_is_not_handed_in(clock: ManualClock) -> None:
    drain, side, got = Drain(clock=clock), websocket(), list[str]()

    async def listen(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        while got[-1:] != ["websocket.disconnect"]:
            got.append((await receive())["type"])

    call = side.begin(drained(listen, drain, close_after=0), websocket_scope())
    await clock.elapse(0)
    drain.start()
    await clock.elapse(0)
    side.incoming.put_nowait({"type": "websocket.receive", "text": "late"})
    await call

    assert got == ["websocket.connect", "websocket.disconnect"]


async def test_a_message_is_for_one_call_alone(clock: ManualClock) -> None:
    side, got = websocket(), list[Message]()

    async def two_at_once(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        got.extend(await asyncio.gather(receive(), receive()))

    call = side.begin(drained(two_at_once, Drain()), websocket_scope())
    await clock.elapse(0)
    side.incoming.put_nowait({"type": "websocket.receive", "text": "the second"})
    await call

    assert [message["type"] for message in got] == ["websocket.connect", "websocket.receive"]


async def pushing(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})
    while True:
        await asyncio.sleep(3)
        await send({"type": "websocket.send", "text": "tick"})


async def closing(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})
    await asyncio.sleep(6)
    await send({"type": "websocket.close", "code": 1000})


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(6)
    await send({"type": "websocket.accept"})


async def renaming(scope: Scope, receive: Receive, send: Send) -> None:
    left: OSError | None = None
    try:
        await pushing(scope, receive, send)
    except OSError as error:
        left = error
    raise LookupError("a word of the framework's own") from left


@pytest.mark.parametrize("inner", [pushing, closing, answering, renaming], ids=lambda inner: inner.__name__)
async def test_a_websocket_that_goes_on_to_send_ends_without_an_error(clock: ManualClock, inner: Any) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(drained(inner, drain), websocket_scope())
    drain.start()
    await clock.elapse(6)

    assert (call.done(), call.exception()) == (True, None)
    assert side.types()[-1] in ("websocket.close", "body")


@pytest.mark.parametrize("late", [{"type": "websocket.send", "text": ""}, {"type": "websocket.accept"}])
async def test_who_sends_after_the_close_is_told_why_it_fails(clock: ManualClock, late: Message) -> None:
    drain, side, told = Drain(clock=clock), websocket(), list[OSError]()

    async def stubborn(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await asyncio.sleep(6)
        try:
            await send(late)
        except OSError as error:
            told.append(error)

    call = side.begin(drained(stubborn, drain), websocket_scope())
    drain.start()
    await clock.elapse(6)

    assert [*map(str, told)] == ["The connection was ended, because the process drains."]
    assert call.done()


async def test_an_application_that_has_closed_is_left_alone(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()

    async def slow_to_end(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.close", "code": 1000})
        await asyncio.sleep(10)

    call = side.begin(drained(slow_to_end, drain), websocket_scope())
    drain.start()
    await clock.elapse(10)

    assert (call.done(), side.types()) == (True, ["websocket.close"])


async def test_a_client_that_has_left_is_left_alone(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()

    async def slow_to_end(scope: Scope, receive: Receive, send: Send) -> None:
        await ears(scope, receive, send)
        await asyncio.sleep(10)

    call = side.begin(drained(slow_to_end, drain), websocket_scope())
    side.incoming.put_nowait({"type": "websocket.disconnect", "code": 1005})
    drain.start()
    await clock.elapse(10)

    assert (call.done(), side.types()) == (True, ["websocket.accept"])


async def test_the_close_does_not_overtake_the_accept(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    side.gate.clear()
    call = side.begin(drained(ears, drain, close_after=0), websocket_scope())
    await clock.elapse(1)
    drain.start()
    await clock.elapse(1)
    side.gate.set()
    await clock.elapse(0)

    assert side.types() == ["websocket.accept", "websocket.close"]
    await cancelled(call)


async def test_a_client_that_reads_nothing_does_not_hold_up_the_close(clock: ManualClock) -> None:
    class Stuck(Side):
        async def send(self, message: Message) -> None:
            await super().send(message)
            if message["type"] == "websocket.send":
                await asyncio.Event().wait()

    drain, side = Drain(clock=clock), Stuck(CONNECT)
    calling = side.begin(drained(pushing, drain), websocket_scope())
    drain.start()
    await clock.elapse(5)

    assert side.types() == ["websocket.accept", "websocket.send", "websocket.close"]
    await cancelled(calling)


async def failing_later(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})
    await asyncio.sleep(6)
    raise LookupError("of the application")


async def foreign(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})
    raise OSError("of the application")


async def in_a_ring(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})
    await asyncio.sleep(6)
    error = LookupError("of the application")
    raise error from error


@pytest.mark.parametrize("inner", [failing_later, foreign, in_a_ring], ids=lambda inner: inner.__name__)
async def test_an_error_of_the_application_comes_out(clock: ManualClock, inner: Any) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(drained(inner, drain), websocket_scope())
    drain.start()
    await clock.elapse(6)

    with pytest.raises((LookupError, OSError), match="of the application"):
        await call


async def test_an_application_that_ends_meanwhile_waits_for_the_close(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(drained(ears, drain, close_after=0), websocket_scope())
    await clock.elapse(0)
    side.gate.clear()
    drain.start()
    await clock.elapse(1)
    done = call.done()
    side.gate.set()
    await call

    assert (done, side.types()) == (False, ["websocket.accept", "websocket.close"])


async def alone(clock: ManualClock) -> bool:
    await clock.elapse(0)
    return asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("drains", [True, False])
async def test_no_task_is_left_where_a_call_is_cancelled(clock: ManualClock, drains: bool) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(drained(ears, drain, close_after=0), websocket_scope())
    await clock.elapse(0)
    side.gate.clear()  # the close, if there is one, never gets through
    if drains:
        drain.start()
    await clock.elapse(0)
    await cancelled(call)

    assert (call.cancelled(), drain._waiting) == (True, set())
    assert await alone(clock)


@pytest.mark.parametrize("scope", [websocket_scope(), http_scope()], ids=["websocket", "http"])
async def test_no_task_is_left_where_a_call_ends(clock: ManualClock, scope: Any) -> None:
    drain = Drain(clock=clock)
    await call(drained(Recorder(headers=EVENTS), drain), scope, ignore={"H28", "W18"})  # EVENTS has capitals

    assert drain._waiting == set()
    assert await alone(clock)


async def test_what_came_before_an_end_of_the_process_does_not_hold_for_the_next(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    drain.start()
    drain.reset()
    call = side.begin(drained(ears, drain), websocket_scope())
    await clock.elapse(100)

    assert side.types() == ["websocket.accept"]
    await cancelled(call)


async def test_a_drain_that_is_taken_back_ends_nothing(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(drained(ears, drain), websocket_scope())
    drain.start()
    await clock.elapse(4)
    drain.reset()
    await clock.elapse(100)

    assert side.types() == ["websocket.accept"]
    await cancelled(call)


async def test_starlette_takes_it_for_a_client_that_left(clock: ManualClock) -> None:
    drain, side, seen = Drain(clock=clock), websocket(), list[int]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        session = WebSocket(scope, receive, send)
        await session.accept()
        await asyncio.sleep(6)
        try:
            await session.send_text("late")
        except WebSocketDisconnect as error:
            seen.append(error.code)

    call = side.begin(drained(app, drain), websocket_scope())
    drain.start()
    await clock.elapse(6)

    assert (call.done(), seen) == (True, [1006])


async def test_the_lint_finds_nothing_wrong_with_either_end(clock: ManualClock) -> None:
    drain = Drain(clock=clock)
    layer = Layer(DrainMiddleware, drain=drain, close_after=1)
    stack = Stack([layer]).linted()
    async with ASGIClient(stack.wrap(ears), lifespan=False) as client, client.websocket("/") as session:
        drain.start()
        await clock.elapse(2)

        assert session.messages[-1]["code"] == 1012


@pytest.mark.parametrize("seconds", [0, 60])
def test_it_keeps_the_contract_while_it_watches(seconds: float) -> None:
    report = check_middleware(DrainMiddleware, close_after=seconds)

    assert report.passed, str(report)


OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"close_after": -1}, "close_after=-1 is not usable. Give seconds, 0 or more"),
    ({"close_after": "5"}, "close_after='5' is not usable. Give seconds, 0 or more"),
    ({"close_after": float("nan")}, "close_after=nan is not usable. Give seconds"),
    ({"close_code": 1000}, r"close_code=1000 is not usable. Give 1012 \(service restart\), 1001 \(going"),
    ({"close_code": 5000}, r"close_code=5000 is not usable. .* or one of your own, 3000 to 4999"),
    ({"close_code": "1012"}, "close_code='1012' is not usable. Give 1012"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "hint"), OPTIONS)
def test_an_option_that_cannot_be_used_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        DrainMiddleware(Recorder(), **options)
