"""One http request and its response, step by step."""

import asyncio
from collections.abc import AsyncIterator

from asgi_stack.testing.bodies import checked_bytes
from asgi_stack.testing.cookies import Cookies
from asgi_stack.testing.errors import ClientUsageError, ResponseError
from asgi_stack.testing.headers import Headers
from asgi_stack.testing.response import Response, ResponseStart, body_of, ends_body, response_from
from asgi_stack.testing.session import RaiseErrors, Session
from asgi_stack.types import ASGIApp, Message, Scope

__all__ = ["Exchange"]

DISCONNECT = {"type": "http.disconnect"}


class Exchange(Session):
    """A request that the test sends, and a response that it reads, one step at a time.

    Made by `ASGIClient.stream`. Leaving its block waits until the application has returned; a client that
    has not got the whole response by then disconnects first, as a browser does that navigates away.
    """

    complete: bool

    # For those who take the response step by step.
    _start: ResponseStart | None = None
    _read = 0
    _body_was_read = False

    def __init__(
        self,
        app: ASGIApp,
        scope: Scope,
        timeout: float | None,
        raise_errors: RaiseErrors,
        cookies: Cookies,
    ) -> None:
        super().__init__(app, scope, timeout, raise_errors, cookies)
        self.complete = False
        self._headers: Headers | None = None
        self._sent_all = False
        self._expects_trailers = False
        self._end = self._end_of_steps = -1

    async def send_body(self, body: bytes = b"", *, more_body: bool = True) -> None:
        """Send a part of the request body; ``more_body=False`` ends the request.

        Does not wait until the application has received it.
        """
        if self._sent_all:
            raise ClientUsageError(
                "Exchange: the request body is complete. Give no content to send it in steps."
            )
        body = checked_bytes("body", body, "Give bytes.")
        self._sent_all = not more_body
        self.feed({"type": "http.request", "body": body, "more_body": more_body})

    def feed_body(self, chunks: list[bytes]) -> None:
        """Put a whole request body in line; without chunks, leave it to `send_body`."""
        last = len(chunks) - 1
        for index, chunk in enumerate(chunks):
            self._incoming.append({"type": "http.request", "body": chunk, "more_body": index < last})
        self._sent_all = bool(chunks)
        self._wake_application()

    async def disconnect(self) -> None:
        """Leave: ``receive`` gives ``http.disconnect`` after what was sent, and ``send`` raises an `OSError`.

        ASGI www 2.5, "Disconnect" and "Disconnected Client".
        """
        self.feed_last(DISCONNECT, gone=True)

    async def leave(self) -> None:
        """Disconnect, unless the response is complete."""
        if not self.complete:
            await self.disconnect()

    async def next_message(self) -> Message:
        """Wait for the next message that the application sends, whatever its type, and return it."""
        return await self._next("its next message")

    async def response_start(self) -> ResponseStart:
        """Wait for status and headers and return them; passes by early hints. As often as you like."""
        while self._start is None:
            await self._next("'http.response.start'")
        return self._start

    async def chunks(self) -> AsyncIterator[bytes]:
        """Iterate over the rest of the body, as the parts are sent; empty ones are left out."""
        await self.response_start()
        while not self._body_was_read:
            if chunk := body_of(await self._next("the rest of its body")):
                yield chunk

    async def read(self) -> Response:
        """Wait for the whole response, and for the application to return, and return the response."""
        # A small response is there at the next turn of the loop, before a time limit is worth its price.
        await asyncio.sleep(0)
        if not self.complete:
            await self.until(lambda: self.complete or self.ended, "a complete response")
        if not self.ended:
            await self.until_ended()
        error = self.error
        self.raise_if_wanted()
        if error is None and not self.complete:
            raise ResponseError(
                f"ASGIClient: the application returned without a complete response. {self.history()}"
            )
        end = self._end if self.complete else len(self.messages)
        after = self.log_since(self._end_of_steps) if self.complete else []
        return response_from(self.messages, end, after, error, self._headers)

    async def _next(self, what: str) -> Message:
        await self.until(lambda: len(self.messages) > self._read, what)
        message = self.messages[self._read]
        self._read += 1
        self._body_was_read = self._body_was_read or ends_body(message)
        if message["type"] == "http.response.start" and self._start is None:
            self._start = ResponseStart(message["status"], self._headers or Headers())
        return message

    def sent(self, message: Message) -> None:
        """Follow the protocol: once the response is complete, ``receive`` gives ``http.disconnect``."""
        if message["type"] == "http.response.start":
            self._expects_trailers = bool(message.get("trailers", False))
            headers = Headers(message.get("headers", ()))
            self._cookies.keep(headers)
            if self._headers is None:
                self._headers = headers
        elif not self.complete and self._is_last(message):
            self.complete = True
            self._end, self._end_of_steps = len(self.messages), len(self._steps)
            self.feed_last(DISCONNECT, gone=False)

    def _is_last(self, message: Message) -> bool:
        if self._expects_trailers:
            return message["type"] == "http.response.trailers" and not message.get("more_trailers", False)
        return ends_body(message)
