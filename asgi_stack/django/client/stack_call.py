"""One request through an application, as the server and the client at once see it."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable

from asgi_stack.testing.errors import DisconnectedError, ResponseError
from asgi_stack.testing.outcomes import require_asyncio
from asgi_stack.types import ASGIApp, Message, Scope

__all__ = ["StackCall"]


class StackCall:
    """One call of an application, in a task of its own, with a body that is read as it is asked for.

    It begins when it is made, with the context variables of whoever makes it. `error` is what the
    application raised.
    """

    __slots__ = (
        "_application",
        "_body",
        "_chunks",
        "_complete",
        "_gone",
        "_head",
        "_moved",
        "_sent_body",
        "_task",
        "error",
        "scope",
    )

    def __init__(self, application: ASGIApp, scope: Scope, body: bytes) -> None:
        require_asyncio()
        self.scope = scope
        self.error: BaseException | None = None
        self._application = application
        self._body = body
        self._sent_body = self._complete = self._gone = False
        self._head: Message | None = None
        self._chunks: deque[bytes] = deque()
        self._moved = asyncio.Event()
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(lambda _: self._moved.set())

    def when_ended(self, function: Callable[[object], object]) -> None:
        """Call *function* once the application has returned or raised."""
        self._task.add_done_callback(function)

    async def head(self) -> Message:
        """Wait for the start of the response.

        Raises:
            ResponseError: where the application returned without one.
            Exception: what the application raised in its place.
        """
        await self._until(lambda: self._head)
        if self._head is None:
            raise self.error or ResponseError(self._incomplete())
        return self._head

    async def chunks(self) -> AsyncGenerator[bytes]:
        """Give the parts of the body, each when the application has sent it, then wait for its end.

        Left early, it cancels the application, as some servers do for a client that has gone.

        Raises:
            ResponseError: where the application returned before its response was complete.
            Exception: what the application raised before its response was complete.
        """
        try:
            while await self._until(lambda: self._chunks):
                chunk = self._chunks.popleft()
                self._moved.set()
                yield chunk
        finally:
            await self.end()
        if not self._complete:
            raise self.error or ResponseError(self._incomplete())

    async def end(self) -> None:
        """Cancel the application, unless its response is complete, and wait for its end."""
        if not self._complete:
            self._cancel()
        await asyncio.wait([self._task])

    def hang_up(self) -> None:
        """Cancel the application, if it still runs, without waiting. Any thread may call it."""
        if not self._task.done():
            self._task.get_loop().call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        self._gone = True
        self._task.cancel()

    async def _run(self) -> None:
        try:
            await self._application(self.scope, self._receive, self._send)
        except (GeneratorExit, KeyboardInterrupt, asyncio.CancelledError):
            raise
        except BaseException as error:
            self.error = error

    async def _receive(self) -> Message:
        if not self._sent_body:
            self._sent_body = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        while not self._complete:
            await self._move()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self._gone:
            raise DisconnectedError(
                f"AsyncStackClient: {message['type']!r} was sent after the client had gone."
            )
        if message["type"] == "http.response.start":
            self._head = message
        elif message["type"] == "http.response.body":
            await self._send_body(message.get("body", b""), message.get("more_body", False))
        self._moved.set()

    async def _send_body(self, body: bytes, more_body: bool) -> None:
        self._complete = not more_body
        if body:
            self._chunks.append(body)
            self._moved.set()
        while self._chunks:
            await self._move()

    async def _until(self, ready: Callable[[], object]) -> bool:
        while not ready():
            if self._task.done():
                return False
            await self._move()
        return True

    async def _move(self) -> None:
        self._moved.clear()
        await self._moved.wait()

    def _incomplete(self) -> str:
        ended = "was cancelled" if self._task.cancelled() else "returned"
        what = "without a response" if self._head is None else "before its response was complete"
        return f"AsyncStackClient: the stack {ended} {what} to {self.scope['method']} {self.scope['path']}."
