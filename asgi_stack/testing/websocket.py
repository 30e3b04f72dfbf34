"""One websocket connection, from the client's side."""

import json
from collections import deque
from typing import Any

from asgi_stack.errors import OptionError
from asgi_stack.testing.bodies import checked_bytes
from asgi_stack.testing.cookies import Cookies
from asgi_stack.testing.errors import ResponseError, WebSocketClosedError, WebSocketDeniedError
from asgi_stack.testing.headers import Headers
from asgi_stack.testing.response import Response, ends_body, response_from
from asgi_stack.testing.session import RaiseErrors, Session
from asgi_stack.types import ASGIApp, Message, Scope

__all__ = ["WebSocketSession"]


class WebSocketSession(Session):
    """An open websocket. Made by `ASGIClient.websocket`; entering the block connects.

    `subprotocol` and `headers` are what the application accepted with. A refusal, with a denial response
    or without, is a `WebSocketDeniedError`. At the end of the block the client closes with code 1000,
    unless one side already did.
    """

    subprotocol: str | None
    headers: Headers

    def __init__(
        self,
        app: ASGIApp,
        scope: Scope,
        timeout: float | None,
        raise_errors: RaiseErrors,
        cookies: Cookies,
    ) -> None:
        super().__init__(app, scope, timeout, raise_errors, cookies)
        self.subprotocol = None
        self.headers = Headers()
        self._accepted = self._refused = self._left = False
        self._unread: deque[Message] = deque()
        self._close: Message | None = None

    async def open(self) -> None:
        """Connect: wait until the application has accepted, or raise what it said instead."""
        self.start()
        self.feed({"type": "websocket.connect"})
        try:
            await self.until(
                lambda: self._accepted or self._refused, "'websocket.accept' or 'websocket.close'"
            )
        except BaseException:
            await self.cancel()
            raise
        if self._refused:
            await self.finish()
            self.raise_if_wanted()
            raise WebSocketDeniedError(self.scope["path"], self._denial())

    async def send_text(self, text: str) -> None:
        """Send a text message."""
        if not isinstance(text, str):
            raise OptionError("ASGIClient", "text", text, "Give text; bytes go by send_bytes.")
        self._send_data({"text": text})

    async def send_bytes(self, data: bytes) -> None:
        """Send a binary message."""
        hint = "Give bytes; text goes by send_text."
        self._send_data({"bytes": checked_bytes("data", data, hint)})

    async def send_json(self, value: Any) -> None:
        """Send *value* as JSON, in a text message."""
        self._send_data({"text": json.dumps(value)})

    async def receive(self) -> str | bytes:
        """Wait for a message and return it; `WebSocketClosedError` if the application closes instead."""
        await self.until(lambda: self._unread or self._close, "a message or 'websocket.close'")
        if not self._unread:
            raise self._closed_error()
        message = self._unread.popleft()
        text: str | None = message.get("text")
        return message["bytes"] if text is None else text

    async def receive_text(self) -> str:
        """As `receive`, for a text message only."""
        if isinstance(message := await self.receive(), str):
            return message
        raise ResponseError(f"ASGIClient: the application sent bytes, not text: {message!r}.")

    async def receive_bytes(self) -> bytes:
        """As `receive`, for a binary message only."""
        if isinstance(message := await self.receive(), bytes):
            return message
        raise ResponseError(f"ASGIClient: the application sent text, not bytes: {message!r}.")

    async def receive_json(self) -> Any:
        """As `receive`, for a message of either kind, read as JSON."""
        return json.loads(await self.receive())

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close: ``receive`` gives ``websocket.disconnect`` after what was sent; ``send`` raises `OSError`.

        Code 1006 is a connection that was lost, 1005 a close without a code.
        """
        self._left = True
        self.feed_last({"type": "websocket.disconnect", "code": code, "reason": reason}, gone=True)

    async def leave(self) -> None:
        """Close, unless one side already has."""
        if not self._left and self._close is None:
            await self.close()

    def sent(self, message: Message) -> None:
        """Follow the protocol: accepted, refused, or closed."""
        kind = message["type"]
        if kind == "websocket.accept":
            self._accept(message)
        elif kind == "websocket.send":
            self._unread.append(message)
        elif kind == "websocket.close":
            self._refused = not self._accepted
            self._close = message
            self._closed(1006 if self._refused else message.get("code", 1000))
        elif ends_body(message):
            self._refused = True
            self._closed(1006)

    def _accept(self, message: Message) -> None:
        self._accepted = True
        self.subprotocol = message.get("subprotocol")
        self.headers = Headers(message.get("headers", ()))
        self._cookies.keep(self.headers)

    def _closed(self, code: int) -> None:
        self.feed_last({"type": "websocket.disconnect", "code": code, "reason": ""}, gone=False)

    def _send_data(self, data: Message) -> None:
        if self._close is not None:
            raise self._closed_error()
        self.feed({"type": "websocket.receive", **data})

    def _closed_error(self) -> WebSocketClosedError:
        close = self._close or {}
        return WebSocketClosedError(close.get("code", 1000), close.get("reason") or "")

    def _denial(self) -> Response:
        if self._close is not None:
            # ASGI www 2.5, "Close": before the accept it is a 403.
            return Response(403, messages=self.messages, error=self.error)
        return response_from(self.messages, len(self.messages), [], self.error)
