"""Calls one middleware once, as a server does, with nothing else in the room."""

from collections.abc import Iterable
from typing import Any

from asgi_stack.testing import Headers, http_scope
from asgi_stack.types import ASGIApp, Message, Scope

REQUEST = {"type": "http.request", "body": b"", "more_body": False}
CONNECT = {"type": "websocket.connect"}


class Outcome:
    """What an application sent, and the exception that came out of it."""

    def __init__(self, sent: list[Message], error: BaseException | None) -> None:
        self.sent = sent
        self.error = error

    @property
    def types(self) -> list[str]:
        return [message["type"] for message in self.sent]

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def headers(self) -> Headers:
        return Headers(self.sent[0].get("headers", ()))

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


async def call(
    app: ASGIApp,
    scope: Scope | None = None,
    *,
    receives: Iterable[Message] | None = None,
    send_error: Exception | None = None,
) -> Outcome:
    """Call *app* with one scope; *send_error* is what the server's ``send`` raises every time."""
    scope = http_scope() if scope is None else scope
    first = CONNECT if scope["type"] == "websocket" else REQUEST
    messages = iter([first] if receives is None else receives)
    gone = {"type": f"{scope['type']}.disconnect"}
    sent: list[Message] = []

    async def receive() -> Any:
        return next(messages, gone)

    async def send(message: Message) -> None:
        sent.append(message)
        if send_error is not None:
            raise send_error

    try:
        await app(scope, receive, send)
    except Exception as error:
        return Outcome(sent, error)
    return Outcome(sent, None)
