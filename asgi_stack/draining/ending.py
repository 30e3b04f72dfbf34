"""Ending what is still open when a process has drained for a while: websockets, and streams of events."""

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any, NamedTuple, cast

from asgi_stack.draining.drain import Drain
from asgi_stack.heads import Reply, ResponseHead
from asgi_stack.logs import late_logger
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["EndedError", "Ending"]

logger = late_logger("asgi_stack.drain")

_EVENTS = b"text/event-stream"
_BODIES = frozenset({"http.response.body", "http.response.zerocopysend", "http.response.pathsend"})
_REFUSAL = Reply.refusal(503)


class EndedError(OSError):
    """The inner application sends to a client whose connection we have ended."""

    def __init__(self) -> None:
        super().__init__("The connection was ended, because the process drains.")


class Ending(NamedTuple):
    """When and how connections are ended: *seconds* after the drain began, websockets with *code*."""

    drain: Drain
    seconds: float
    code: int

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Call *app*, and end the connection in its place when the time has come."""
        if scope["type"] == "http":
            await _Stream(self, send).serve(app, scope, receive)
        elif self.drain.draining and self.drain.seconds >= self.seconds:
            await _REFUSAL(scope, receive, send)
        else:
            await _Websocket(self, scope, receive, send).serve_websocket(app)


class _Connection(ABC):
    """What is known of one call: whether the inner application has ended it, and whether we have.

    A task waits for the time and says good-bye. It ends with the call: it is cancelled, unless the good-bye
    is on its way already.
    """

    __slots__ = ("_ending", "_lock", "_send", "_task", "ended", "over")

    def __init__(self, ending: Ending, send: Send) -> None:
        self._ending = ending
        self._send = send
        # A good-bye must not overtake the message that it depends on, as a close the accept.
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self.ended = False
        self.over = False

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive) -> None:
        try:
            await app(scope, receive, self.send)
        except Exception as error:
            await self._settle()
            if not (self.ended and _comes_of_an_end(error)):
                raise
            # It may be a fault of its own that showed when it cleaned up.
            cause = None if isinstance(error, EndedError) else error
            logger.info("The inner application ended with its connection: %r", error, exc_info=cause)
        else:
            await self._settle()
        finally:
            await self._drop()

    @abstractmethod
    async def send(self, message: Message) -> None:
        """Send what the inner application sends, as long as we have not ended the connection."""

    @abstractmethod
    async def _say_good_bye(self) -> None:
        """End the connection in the place of the inner application."""

    def _plan(self) -> None:
        self._task = asyncio.create_task(self._end())

    async def _end(self) -> None:
        await self._ending.drain.wait(self._ending.seconds)
        async with self._lock:
            if not self.over:
                self.ended = True
                # A client that has left need not be told.
                with suppress(OSError):
                    await self._say_good_bye()

    async def _settle(self) -> None:
        if self._task is not None and self.ended:
            await self._task

    async def _drop(self) -> None:
        await _cancelled(self._task)


class _Stream(_Connection):
    """A response: only one that is a stream of events is ended, for its client asks again by itself.

    Any other that is cut short would look like a whole one.
    """

    __slots__ = ()

    async def send(self, message: Message) -> None:
        if self._task is None:
            if message["type"] == "http.response.start":
                await self._start(ResponseHead(message))
            else:
                await self._send(message)
            return
        async with self._lock:
            if self.ended:
                raise EndedError
            await self._send(message)
            self.over = message["type"] in _BODIES and not message.get("more_body", False)

    async def _start(self, head: ResponseHead) -> None:
        message = head.message
        await self._send(message)
        # With a length, or with trailers announced, a sudden end would break the message.
        breakable = b"content-length" not in head.headers and not message.get("trailers", False)
        if breakable and _media_type(head) == _EVENTS:
            self._plan()

    async def _say_good_bye(self) -> None:
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})


class _Websocket(_Connection):
    """A websocket: what waits for the client when we end it gets the disconnect from us.

    Receiving is a task, which can be called off: one server sends no close while it is waited on. It is kept
    where the inner application stops waiting, so that no message is lost.
    """

    __slots__ = ("_accepted", "_receive", "_receive_lock", "_receiving", "_scope")

    def __init__(self, ending: Ending, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(ending, send)
        self._scope = scope
        self._receive = receive
        # A message is for one call alone, as it is with a server.
        self._receive_lock = asyncio.Lock()
        self._receiving: asyncio.Task[Message] | None = None
        self._accepted = False

    async def serve_websocket(self, app: ASGIApp) -> None:
        self._plan()
        try:
            await self.serve(app, self._scope, self.receive)
        finally:
            await _cancelled(self._receiving)

    async def receive(self) -> Message:
        async with self._receive_lock:
            return await self._receive_next()

    async def _receive_next(self) -> Message:
        if self._receiving is None and not self.ended:
            self._receiving = asyncio.create_task(self._receive_one())
        receiving = self._receiving
        if receiving is not None:
            await asyncio.wait([receiving])
            self._receiving = None
        if receiving is None or (self.ended and receiving.cancelled()):
            return {"type": "websocket.disconnect", "code": self._ending.code, "reason": ""}
        message = receiving.result()
        if message["type"] == "websocket.disconnect":
            self.over = True
        return message

    async def _receive_one(self) -> Message:
        message: Message = await self._receive()
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            if self.ended:
                raise EndedError
            # Not under the lock: a client that reads nothing must not hold up the close.
            await self._send(message)
            return
        async with self._lock:
            if not self.ended:
                await self._send(message)
                self._accepted = message["type"] == "websocket.accept"
                self.over = not self._accepted
            elif message["type"] != "websocket.close":  # which is what has happened
                raise EndedError

    async def _say_good_bye(self) -> None:
        await _cancelled(self._receiving)
        if not self._accepted:
            await _REFUSAL(self._scope, self._receive, self._send)
            return
        try:
            await self._close(self._ending.code)
        except OSError:
            raise
        except Exception as error:
            # One server knows fewer codes than there are.
            logger.debug("The server closes no websocket with %s: %r", self._ending.code, error)
            await self._close(1000)

    async def _close(self, code: int) -> None:
        await self._send({"type": "websocket.close", "code": code, "reason": ""})


async def _cancelled(task: "asyncio.Task[Any] | None") -> None:
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _media_type(head: ResponseHead) -> bytes:
    return (head.headers.get(b"content-type") or b"").partition(b";")[0].strip().lower()


def _comes_of_an_end(error: BaseException) -> bool:
    # Frameworks have words of their own for a client that has left, which they raise in its place.
    links: dict[int, BaseException] = {}
    link: BaseException | None = error
    while link is not None and id(link) not in links:  # "raise error from error" makes a ring
        if isinstance(link, EndedError):
            return True
        if isinstance(link, BaseExceptionGroup):
            group = cast("BaseExceptionGroup[BaseException]", link)
            return all(map(_comes_of_an_end, group.exceptions))
        links[id(link)] = link
        link = link.__cause__ or link.__context__
    return False
