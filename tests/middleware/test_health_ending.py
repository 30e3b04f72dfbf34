"""What `HealthMiddleware` does with `close_after` and `drain_path`: who is told, when, and how."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.responses import StreamingResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from asgi_stack import Layer, OptionError, Stack
from asgi_stack.middleware import Drain, ErrorBoundaryMiddleware, HealthMiddleware
from asgi_stack.testing import ASGIClient, ManualClock, Recorder, http_scope, websocket_scope
from asgi_stack.testing.contract import check_middleware
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.middleware.driver import Outcome, call

EVENTS = [(b"Content-Type", b"Text/Event-Stream; charset=utf-8")]
PAST = "The connection was ended, because the process drains"


@pytest.fixture
async def clock() -> AsyncIterator[ManualClock]:
    with ManualClock(100).drive_loop() as clock:
        yield clock


class Side:
    """A server's side of one call: nothing comes in but what a test puts there; `sent` is what came out."""

    def __init__(self, *messages: Message) -> None:
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        for message in messages:
            self.incoming.put_nowait(message)
        self.sent: list[Message] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: Exception | None = None

    async def send(self, message: Message) -> None:
        await self.gate.wait()
        self.sent.append(message)
        if self.failure is not None:
            raise self.failure

    def types(self) -> list[str]:
        return [message["type"].rpartition("response.")[2] for message in self.sent]

    def begin(self, app: ASGIApp, scope: Scope) -> "asyncio.Task[None]":
        async def run() -> None:
            await app(scope, self.incoming.get, self.send)

        return asyncio.create_task(run())


async def cancelled(call: "asyncio.Task[None]") -> None:
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)


def health(inner: ASGIApp, drain: Drain, **options: Any) -> HealthMiddleware:
    return HealthMiddleware(inner, drain=drain, **{"close_after": 5, **options})


async def ears(scope: Scope, receive: Receive, send: Send) -> None:
    """Accepts, and listens until the client leaves."""
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


def events(head: Any = EVENTS, **start: Any) -> ASGIApp:
    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": head, **start})
        while True:
            await send({"type": "http.response.body", "body": b"data: tick\n\n", "more_body": True})
            await asyncio.sleep(10)

    return stream


def websocket() -> Side:
    return Side({"type": "websocket.connect"})


async def test_a_websocket_is_closed_when_its_time_has_come(clock: ManualClock) -> None:
    drain = Drain(clock=clock)
    async with ASGIClient(health(ears, drain), lifespan=False) as client, client.websocket("/") as session:
        drain.start()
        await clock.elapse(4.9)
        before = [message["type"] for message in session.messages]
        await clock.elapse(0.1)

        assert before == ["websocket.accept"]
        assert session.messages[1:] == [{"type": "websocket.close", "code": 1012, "reason": ""}]


@pytest.mark.parametrize("code", [1001, 1012, 3000, 4999])
async def test_the_code_of_the_close_can_be_chosen(clock: ManualClock, code: Any) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(health(ears, drain, close_after=0, close_code=code), websocket_scope())
    await clock.elapse(0)
    drain.start()
    await call

    assert side.sent[-1]["code"] == code


async def test_the_time_counts_from_the_begin_of_the_drain(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    drain.start()
    await clock.elapse(4)
    call = side.begin(health(ears, drain), websocket_scope())
    await clock.elapse(1)

    assert side.types() == ["websocket.accept", "websocket.close"]
    await cancelled(call)


async def test_without_a_time_nothing_is_ended(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(health(ears, drain, close_after=None), websocket_scope())
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
        health(Recorder(on={"call": asyncio.Event().wait}), drain), websocket_scope(extensions=extensions)
    )
    await clock.elapse(1)

    assert side.types() == types
    assert side.sent[0].get("status", 503) == 503
    await cancelled(call)


async def test_nobody_inside_is_called_for_a_websocket_that_comes_too_late(clock: ManualClock) -> None:
    drain, inner = Drain(clock=clock), Recorder()
    drain.start()
    await clock.elapse(5)
    await call(health(inner, drain), websocket_scope())

    assert inner.calls == []


async def test_who_asks_again_is_told_again(clock: ManualClock) -> None:
    drain, side, got = Drain(clock=clock), websocket(), list[Message]()

    async def deaf(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await asyncio.sleep(6)
        got.extend([await receive(), await receive()])

    call = side.begin(health(deaf, drain), websocket_scope())
    drain.start()
    await clock.elapse(6)

    assert got == [{"type": "websocket.disconnect", "code": 1012, "reason": ""}] * 2
    assert call.done()


async def test_what_came_before_the_close_is_handed_in_before_the_disconnect(clock: ManualClock) -> None:
    drain, side, got = Drain(clock=clock), websocket(), list[str]()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(receive(), 1)
        await asyncio.sleep(6)
        got.extend([(await receive())["type"], (await receive())["type"]])

    side.incoming.get_nowait()
    call = side.begin(health(slow, drain), websocket_scope())
    await clock.elapse(2)
    side.incoming.put_nowait({"type": "websocket.receive", "text": "early"})
    drain.start()
    await clock.elapse(6)

    assert (call.done(), got) == (True, ["websocket.receive", "websocket.disconnect"])


async def test_a_server_that_fails_to_receive_is_heard(clock: ManualClock) -> None:
    async def receive() -> Message:
        raise RuntimeError("the server is broken")

    with pytest.raises(RuntimeError, match="the server is broken"):
        await health(ears, Drain())(websocket_scope(), receive, Side().send)


async def test_a_server_that_knows_no_such_code_closes_with_another(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()

    async def send(message: Message) -> None:
        if message.get("code") == 1012:
            raise ValueError("invalid close code 1012")
        side.sent.append(message)

    app = health(ears, drain, close_after=0)
    calling = asyncio.create_task(app(websocket_scope(), side.incoming.get, send))  # type: ignore[arg-type]
    await clock.elapse(0)
    drain.start()
    await calling

    assert side.sent[-1] == {"type": "websocket.close", "code": 1000, "reason": ""}


async def test_a_websocket_that_has_left_need_not_be_told(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(health(ears, drain, close_after=0), websocket_scope())
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

    call = side.begin(health(listen, drain, close_after=0), websocket_scope())
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

    call = side.begin(health(two_at_once, Drain()), websocket_scope())
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
    call = side.begin(health(inner, drain), websocket_scope())
    drain.start()
    await clock.elapse(6)

    assert (call.done(), call.exception()) == (True, None)
    assert side.types()[-1] in ("websocket.close", "body")


async def test_an_application_that_has_closed_is_left_alone(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()

    async def slow_to_end(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.close", "code": 1000})
        await asyncio.sleep(10)

    call = side.begin(health(slow_to_end, drain), websocket_scope())
    drain.start()
    await clock.elapse(10)

    assert (call.done(), side.types()) == (True, ["websocket.close"])


async def test_a_client_that_has_left_is_left_alone(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()

    async def slow_to_end(scope: Scope, receive: Receive, send: Send) -> None:
        await ears(scope, receive, send)
        await asyncio.sleep(10)

    call = side.begin(health(slow_to_end, drain), websocket_scope())
    side.incoming.put_nowait({"type": "websocket.disconnect", "code": 1005})
    drain.start()
    await clock.elapse(10)

    assert (call.done(), side.types()) == (True, ["websocket.accept"])


async def test_the_close_does_not_overtake_the_accept(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    side.gate.clear()
    call = side.begin(health(ears, drain, close_after=0), websocket_scope())
    await clock.elapse(1)
    drain.start()
    await clock.elapse(1)
    side.gate.set()
    await clock.elapse(0)

    assert side.types() == ["websocket.accept", "websocket.close"]
    await cancelled(call)


async def test_a_client_that_reads_nothing_does_not_hold_up_the_close(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    stuck = asyncio.Event()

    async def send(message: Message) -> None:
        side.sent.append(message)
        if message["type"] == "websocket.send":
            await stuck.wait()

    app = health(pushing, drain)
    calling = asyncio.create_task(app(websocket_scope(), side.incoming.get, send))  # type: ignore[arg-type]
    drain.start()
    await clock.elapse(5)

    assert side.types() == ["websocket.accept", "websocket.send", "websocket.close"]
    await cancelled(calling)


async def test_a_stream_of_events_is_ended(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), Side()
    call = side.begin(health(events(), drain), http_scope())
    drain.start()
    await clock.elapse(4)
    before = len(side.sent)
    await clock.elapse(6)

    assert side.sent[before:] == [{"type": "http.response.body", "body": b"", "more_body": False}]
    assert (call.done(), call.exception()) == (True, None)


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
    call = side.begin(health(inner, drain), http_scope())
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

    call = side.begin(health(slow_to_end, drain), http_scope())
    drain.start()
    await clock.elapse(10)

    assert (call.done(), side.sent[1:]) == (True, [body])


async def test_the_end_of_a_stream_does_not_overtake_what_is_sent(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), Side()
    call = side.begin(health(events(), drain), http_scope())
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
    call = side.begin(health(events(), drain), http_scope())
    await clock.elapse(1)
    side.failure = failure
    drain.start()
    await clock.elapse(9)

    assert (call.done(), call.exception()) == (True, None)


async def test_another_error_of_the_server_comes_out(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), Side()
    call = side.begin(health(events(), drain), http_scope())
    await clock.elapse(1)
    side.failure = RuntimeError("the server is broken")
    drain.start()
    await clock.elapse(9)

    with pytest.raises(RuntimeError, match="the server is broken"):
        await call


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
    call = side.begin(health(inner, drain), websocket_scope())
    drain.start()
    await clock.elapse(6)

    with pytest.raises((LookupError, OSError), match="of the application"):
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

    call = side.begin(health(app, drain), http_scope())
    drain.start()
    await clock.elapse(10)

    assert isinstance(call.exception(), type(other and ExceptionGroup("", [other])))


async def test_an_application_that_ends_meanwhile_waits_for_the_close(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(health(ears, drain, close_after=0), websocket_scope())
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
    call = side.begin(health(ears, drain, close_after=0), websocket_scope())
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
    outcome = await call(health(Recorder(headers=EVENTS), drain), scope)

    assert (outcome.error, drain._waiting) == (None, set())
    assert await alone(clock)


async def test_what_came_before_an_end_of_the_process_does_not_hold_for_the_next(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    drain.start()
    drain.reset()
    call = side.begin(health(ears, drain), websocket_scope())
    await clock.elapse(100)

    assert side.types() == ["websocket.accept"]
    await cancelled(call)


async def test_a_drain_that_is_taken_back_ends_nothing(clock: ManualClock) -> None:
    drain, side = Drain(clock=clock), websocket()
    call = side.begin(health(ears, drain), websocket_scope())
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

    call = side.begin(health(app, drain), websocket_scope())
    drain.start()
    await clock.elapse(6)

    assert (call.done(), seen) == (True, [1006])


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
    call = side.begin(health(inner, drain), http_scope())
    drain.start()
    await clock.elapse(7)

    assert (call.done(), call.exception()) == (True, None)
    assert [record.levelname for record in caplog.records] in ([], ["INFO"])


async def test_the_lint_finds_nothing_wrong_with_either_end(clock: ManualClock) -> None:
    drain = Drain(clock=clock)
    layer = Layer(HealthMiddleware, drain=drain, close_after=1)
    stack = Stack([layer]).linted()
    async with ASGIClient(stack.wrap(ears), lifespan=False) as client, client.websocket("/") as session:
        drain.start()
        await clock.elapse(2)

        assert session.messages[-1]["code"] == 1012


@pytest.mark.parametrize("seconds", [0, 60])
def test_it_keeps_the_contract_while_it_watches(seconds: float) -> None:
    report = check_middleware(HealthMiddleware, close_after=seconds)

    assert report.passed, str(report)


async def ask_to_drain(client: Any, *, path: str = "/drain", method: str = "POST", **options: Any) -> Any:
    drain = Drain()
    given = {"drain_path": "/drain", "drain_clients": ["10.0.0.0/8", "::1"], **options}
    app = HealthMiddleware(Recorder(body=b"inner"), drain=drain, **given)
    outcome: Outcome = await call(app, http_scope(path, method=method, client=client))
    return outcome.status, outcome.body, drain.draining


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("host", ["10.1.2.3", "::ffff:10.1.2.3", "::1"])
async def test_the_platform_can_ask_for_the_drain(method: str, host: str) -> None:
    assert await ask_to_drain((host, 1), method=method) == (200, b"draining\n", True)


async def test_the_answer_that_begins_the_drain_closes_its_connection() -> None:
    app = HealthMiddleware(Recorder(), drain_path="/drain", drain_clients=["127.0.0.1"])

    assert (await call(app, http_scope("/drain"))).headers["connection"] == "close"


@pytest.mark.parametrize("client", [("192.0.2.1", 1), ("testclient", 1), ("", 0), None])
async def test_for_anybody_else_there_is_no_such_path(client: Any) -> None:
    assert await ask_to_drain(client) == (200, b"inner", False)


@pytest.mark.parametrize(
    ("path", "method"),
    [("/drain", "HEAD"), ("/drain", "PUT"), ("/drain/", "POST"), ("/x/drain", "POST"), ("/livez", "POST")],
)
async def test_any_other_request_begins_no_drain(path: str, method: str) -> None:
    _, body, draining = await ask_to_drain(("10.0.0.1", 1), path=path, method=method)

    assert (body, draining) == (b"inner", False)


async def test_a_websocket_begins_no_drain() -> None:
    drain = Drain()
    app = HealthMiddleware(Recorder(), drain=drain, drain_path="/drain", drain_clients=["127.0.0.1"])
    await call(app, websocket_scope("/drain"))

    assert not drain.draining


LIST = r"Give a list of addresses and networks, as in drain_clients=\['127.0.0.1', '10.0.0.0/8'\]"
OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"close_after": -1}, "close_after=-1 is not usable. Give seconds, 0 or more"),
    ({"close_after": "5"}, "close_after='5' is not usable. Give seconds, 0 or more"),
    ({"close_after": float("nan")}, "close_after=nan is not usable. Give seconds"),
    ({"close_code": 1000}, r"close_code=1000 is not usable. Give 1012 \(service restart\), 1001 \(going"),
    ({"close_code": 5000}, r"close_code=5000 is not usable. .* or one of your own, 3000 to 4999"),
    ({"close_code": "1012"}, "close_code='1012' is not usable. Give 1012"),
    ({"drain_path": "drain", "drain_clients": ["::1"]}, "drain_path='drain' is not usable. A path begins"),
    ({"drain_path": "/livez", "drain_clients": ["::1"]}, "drain_path='/livez' is not usable. The paths must"),
    ({"drain_path": "/drain"}, r"drain_clients=\(\) is not usable. It goes with drain_path, neither without"),
    ({"drain_clients": ["::1"]}, r"drain_clients=\['::1'\] is not usable. It goes with drain_path"),
    ({"drain_path": "/drain", "drain_clients": "::1"}, f"drain_clients='::1' is not usable. {LIST}"),
    ({"drain_path": "/drain", "drain_clients": [7]}, rf"drain_clients=\[7\] is not usable. {LIST}"),
    ({"drain_path": "/drain", "drain_clients": ["10.0.0.1/8"]}, f"10.0.0.1/8 has host bits set. {LIST}"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "hint"), OPTIONS)
def test_an_option_that_cannot_be_used_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        HealthMiddleware(Recorder(), **options)
