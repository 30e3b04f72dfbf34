"""A reply to a request with a body: the body is read and dropped first, up to a bound."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from asgi_stack import Layer, OptionError, Reply, Stack
from asgi_stack.middleware import (
    CrossOriginProtectionMiddleware,
    ErrorBoundaryMiddleware,
    MaintenanceMiddleware,
    RequestGuardMiddleware,
)
from asgi_stack.routing import PathRouter
from asgi_stack.testing import Lint, http_scope
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

KIB, MIB = 1024, 1024 * 1024
REFUSAL = Reply.refusal(403)


class Upload:
    """A server whose client sends *chunks*, one an event; it notes how much was taken, and when."""

    def __init__(self, chunks: Iterable[bytes], then: Message | None = None) -> None:
        self.coming: list[Message] = [
            {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
        ]
        self.coming.append(then or {"type": "http.request", "body": b"", "more_body": False})
        self.sent: list[Message] = []
        self.taken = 0

    async def receive(self) -> Message:
        assert not self.sent, "nothing is read once the answer has begun"
        if not self.coming:
            await asyncio.Event().wait()
        message = self.coming.pop(0)
        self.taken += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def ask(self, app: ASGIApp, scope: Scope) -> tuple[int, bytes | None]:
        """The status, and the value of ``connection``."""
        await Lint(app)(scope, self.receive, self.send)
        return self.sent[0]["status"], dict(self.sent[0]["headers"]).get(b"connection")


def post(*lines: tuple[bytes, bytes], **keys: Any) -> Scope:
    return http_scope("/", method="POST", headers=[(b"host", b"example.com"), *lines], **keys)


CHUNKED = (b"transfer-encoding", b"chunked")


def length(size: int) -> tuple[bytes, bytes]:
    return b"content-length", b"%d" % size


async def test_a_body_is_read_to_its_end_before_the_answer_begins() -> None:
    upload = Upload([b"x" * KIB] * 3)

    assert await upload.ask(REFUSAL, post(length(3 * KIB))) == (403, None)
    assert (upload.taken, upload.coming) == (3 * KIB, [])


async def test_so_is_one_of_unknown_length() -> None:
    upload = Upload([b"x" * KIB] * 3)

    assert await upload.ask(REFUSAL, post(CHUNKED)) == (403, None)
    assert upload.coming == []


async def test_and_one_of_http_2_that_has_no_length() -> None:
    upload = Upload([b"x" * KIB])

    assert await upload.ask(REFUSAL, post(http_version="2")) == (403, None)
    assert upload.coming == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("lines", [[], [(b"content-length", b"0")]])
async def test_without_a_body_nothing_is_received(method: str, lines: list[tuple[bytes, bytes]]) -> None:
    upload = Upload([])

    assert await upload.ask(REFUSAL, {**post(*lines), "method": method}) == (403, None)
    assert len(upload.coming) == 1


async def test_a_client_that_waits_for_a_100_is_answered_at_once() -> None:
    upload = Upload([b"x"])

    assert await upload.ask(REFUSAL, post(length(1), (b"expect", b"100-Continue"))) == (403, None)
    assert upload.taken == 0


async def test_a_body_that_is_known_to_be_too_long_is_not_read_at_all() -> None:
    upload = Upload([b"x" * MIB])

    assert await upload.ask(REFUSAL, post(length(20 * MIB + 1))) == (403, b"close")
    assert upload.taken == 0


async def test_a_body_that_turns_out_to_be_too_long_is_left_there() -> None:
    upload = Upload([b"x" * MIB] * 30)

    assert await upload.ask(REFUSAL, post(CHUNKED)) == (403, b"close")
    assert upload.taken == 21 * MIB


async def test_a_body_of_just_the_bound_is_read() -> None:
    upload = Upload([b"x" * MIB] * 20)

    assert await upload.ask(REFUSAL, post(length(20 * MIB))) == (403, None)
    assert upload.coming == []


async def test_over_http_2_no_field_closes_a_connection() -> None:
    upload = Upload([b"x" * MIB] * 30)

    assert await upload.ask(REFUSAL, post(http_version="2")) == (403, None)
    assert upload.taken == 21 * MIB


async def test_a_client_that_leaves_ends_the_reading() -> None:
    upload = Upload([b"x"], then={"type": "http.disconnect"})

    assert await upload.ask(REFUSAL, post(length(9))) == (403, None)
    assert upload.coming == []


async def test_a_client_that_sends_nothing_is_answered_after_a_while() -> None:
    upload = Upload([])
    upload.coming.clear()
    stacked = Stack([CrossOriginProtectionMiddleware], unread_body_timeout=0.01).wrap(REFUSAL)

    assert await upload.ask(stacked, post(length(9))) == (403, b"close")


async def test_a_cancellation_goes_out_while_a_body_is_read() -> None:
    upload = Upload([])
    upload.coming.clear()
    task = asyncio.create_task(upload.ask(REFUSAL, post(length(9))))
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert upload.sent == []


IN_DOUBT = {
    "a length beside a transfer coding": post(CHUNKED, length(1)),
    "two lengths": post(length(1), length(2)),
    "the same length twice": post(length(1), length(1)),
    "a length that is no number": post((b"content-length", b"+1")),
    "a length without end": post((b"content-length", b"1" * 20)),
    "no length": post((b"content-length", b"")),
    "a transfer coding in HTTP/1.0": post(CHUNKED, http_version="1.0"),
}


@pytest.mark.parametrize("scope", IN_DOUBT.values(), ids=IN_DOUBT)
async def test_where_nobody_can_tell_where_the_body_ends_the_connection_does(scope: Scope) -> None:
    upload = Upload([b"x"])

    assert await upload.ask(REFUSAL, scope) == (403, b"close")
    assert upload.taken == 0


@pytest.mark.parametrize("scope", IN_DOUBT.values(), ids=IN_DOUBT)
async def test_the_guard_closes_too(scope: Scope) -> None:
    status, connection = await Upload([b"x"]).ask(RequestGuardMiddleware(REFUSAL), scope)

    assert (status in (400, 403), connection) == (True, b"close")


async def test_a_reply_that_closes_reads_nothing() -> None:
    upload = Upload([b"x"])

    assert await upload.ask(Reply.refusal(408, close=True), post(length(1))) == (408, b"close")
    assert upload.taken == 0


FOREIGN = (b"sec-fetch-site", b"cross-site")
ANSWERING = {
    "a header layer": Stack([CrossOriginProtectionMiddleware]).wrap(Reply(200)),
    "maintenance": Stack([Layer(MaintenanceMiddleware, switch=lambda: True)]).wrap(Reply(200)),
    "a router": PathRouter({"/api": Reply(200)}),
}


@pytest.mark.parametrize("app", ANSWERING.values(), ids=ANSWERING)
async def test_whoever_answers_in_place_of_the_application_reads_the_body(app: ASGIApp) -> None:
    upload = Upload([b"x" * KIB])
    status, _ = await upload.ask(app, post(length(KIB), FOREIGN))

    assert (status >= 400, upload.coming) == (True, [])


async def failing_at_once(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError


async def failing_in_the_middle(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    raise ValueError


async def failing_at_the_end(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    raise ValueError


async def failing_while_something_receives(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    task = asyncio.ensure_future(receive())
    await asyncio.sleep(0)
    try:
        raise ValueError
    finally:
        asyncio.get_running_loop().call_soon(task.cancel)


@pytest.mark.parametrize("app", [failing_at_once, failing_in_the_middle, failing_at_the_end])
async def test_the_boundary_reads_what_the_application_has_left(app: ASGIApp) -> None:
    upload = Upload([b"x" * KIB] * 2)
    boundary = ErrorBoundaryMiddleware(app, reraise=False)

    assert await upload.ask(boundary, post(length(2 * KIB))) == (500, None)
    assert upload.coming == []


async def test_the_boundary_does_not_receive_while_the_application_still_does() -> None:
    upload = Upload([b"x"])
    boundary = ErrorBoundaryMiddleware(failing_while_something_receives, reraise=False)

    assert await upload.ask(boundary, post(length(2))) == (500, None)
    await asyncio.sleep(0.01)


async def test_the_bound_is_an_option_of_the_stack() -> None:
    stacked = Stack([CrossOriginProtectionMiddleware], unread_body_limit=KIB).wrap(Reply(200))
    short, long = Upload([b"x" * KIB]), Upload([b"x" * KIB] * 2)

    assert await short.ask(stacked, post(CHUNKED, FOREIGN)) == (403, None)
    assert await long.ask(stacked, post(CHUNKED, FOREIGN)) == (403, b"close")


async def test_a_bound_of_0_closes_at_once() -> None:
    stacked = Stack([CrossOriginProtectionMiddleware], unread_body_limit=0).wrap(Reply(200))
    upload = Upload([b"x"])

    assert await upload.ask(stacked, post(length(1), FOREIGN)) == (403, b"close")
    assert upload.taken == 0


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("unread_body_limit", -1),
        ("unread_body_limit", 1.5),
        ("unread_body_limit", True),
        ("unread_body_timeout", 0),
        ("unread_body_timeout", "5"),
        ("unread_body_timeout", float("nan")),
    ],
)
def test_a_bound_that_is_none_is_refused_by_name(option: str, value: Any) -> None:
    with pytest.raises(OptionError, match=f"Stack: {option}={value!r} is not usable"):
        Stack([], **{option: value})


def test_a_bound_is_part_of_the_stack() -> None:
    stack = Stack([RequestGuardMiddleware], unread_body_limit=0)

    assert stack.without(RequestGuardMiddleware) == Stack([], unread_body_limit=0) != Stack([])
    assert repr(Stack([], unread_body_timeout=1)) == "Stack([], unread_body_timeout=1.0)"
