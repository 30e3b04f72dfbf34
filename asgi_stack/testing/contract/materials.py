"""The messages that the checks send through a middleware."""

import random
from collections.abc import Iterable

from asgi_stack.testing.contract.inner import Step, read, receive, send
from asgi_stack.types import Message

__all__ = [
    "ACCEPT",
    "ANSWER",
    "CONNECT",
    "CONVERSATION",
    "LAST",
    "MORE",
    "REQUEST",
    "REQUEST_BODY",
    "START",
    "START_HEADERS",
    "body",
    "large",
    "start",
    "text",
]


def start(
    headers: Iterable[tuple[bytes, bytes]] = ((b"content-type", b"text/plain"),), status: int = 200
) -> Message:
    """Return the head of a response."""
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(content: bytes, *, more: bool = False) -> Message:
    """Return a part of a response's body."""
    return {"type": "http.response.body", "body": content, "more_body": more}


def text(content: str) -> Message:
    """Return a text message that a websocket client sent."""
    return {"type": "websocket.receive", "text": content}


def large(seed: int) -> bytes:
    """Return so many bytes, of such disorder, that a compressor cannot hold them back."""
    return random.Random(seed).randbytes(70_000)


START_HEADERS = [
    (b"content-type", b"text/plain"),
    (b"set-cookie", b"a=1"),
    (b"x-made-up", b"1"),
    (b"set-cookie", b"b=2"),
    (b"x-made-up", b"2"),
]
START = start(START_HEADERS)
MORE = body(b"first,", more=True)
LAST = body(b"last")

REQUEST: tuple[Message, ...] = (
    {"type": "http.request", "body": b"one,", "more_body": True},
    {"type": "http.request", "body": b"two,", "more_body": True},
    {"type": "http.request", "body": b"three", "more_body": False},
)
REQUEST_BODY = b"one,two,three"

ANSWER: tuple[Step | None, ...] = (receive, read, send(START), send(MORE), send(LAST), None)
"""An ordinary answer to an http request: the whole request first, then a response in two parts."""

CONNECT: Message = {"type": "websocket.connect"}
ACCEPT: Message = {"type": "websocket.accept", "subprotocol": "b", "headers": [(b"x-made-up", b"1")]}

CONVERSATION: tuple[Step | None, ...] = (
    receive,
    send(ACCEPT),
    receive,
    send({"type": "websocket.send", "text": "reply"}),
    send({"type": "websocket.close", "code": 4000, "reason": "enough"}),
    None,
)
"""An ordinary websocket: accepted, one message each way, closed by the application."""
