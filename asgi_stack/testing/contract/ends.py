"""The outer end of a connection, held by the checks: what a server does, step by step."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from asgi_stack.types import Message

__all__ = ["LAST_TYPES", "Doorbell", "Server", "snapshot"]

SEQUENCES: tuple[Any, ...] = (list, tuple)
LAST_TYPES = frozenset({"http.response.body", "http.response.zerocopysend", "websocket.http.response.body"})


def snapshot(value: Any) -> Any:
    """Copy dicts, lists and tuples to every depth; everything else stays the very object."""
    # Not isinstance: to strict checkers that makes the items unknown.
    kind = value.__class__
    if kind is dict:
        return {key: snapshot(item) for key, item in value.items()}
    return kind(map(snapshot, value)) if kind in SEQUENCES else value


class Doorbell:
    """Wakes everyone who waits for a change; unlike `asyncio.Event`, whoever rings need not be in a loop."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        """Return once *condition* is true; it is looked at after each ring."""
        while not condition():
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future

    def ring(self) -> None:
        """Let everyone look again."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)


class Server:
    """What a server does for one connection, and what it saw.

    ``send`` takes every message, unless it is told to block (`blocked`) or to fail (`fail_at`, an index).
    ``receive`` gives what was fed and waits when there is nothing; once the response is complete or the
    client has gone it gives the disconnect for ever.
    """

    def __init__(self, kind: str) -> None:
        self.receive: Callable[[], Any] = self._receive
        self.send: Callable[[Any], Any] = self._send
        self.offered: list[Message] = []
        self.given: list[tuple[Message, Any]] = []
        self.asked = 0
        self.waiting = 0
        self.most_waiting = 0
        self.blocked = False
        self.fail_at: int | None = None
        self.failure = OSError("the client has gone")
        self.gone: Message | None = None
        self._kind = kind
        self._trailers = False
        self._inbox: deque[Message] = deque()
        self._bell = Doorbell()

    def feed(self, messages: Iterable[Message]) -> None:
        """Have copies of *messages* ready for ``receive``."""
        self._inbox.extend(snapshot(message) for message in messages)
        self._bell.ring()

    def hang_up(self, **fields: Any) -> None:
        """Let the client go: whatever it said and nobody received is lost."""
        if self.gone is None:
            self._inbox.clear()
            self.gone = {"type": f"{self._kind}.disconnect", **fields}
            self._bell.ring()

    def release(self) -> None:
        """Let every blocked ``send`` go on."""
        self.blocked = False
        self._bell.ring()

    @property
    def body(self) -> bytes:
        """The bytes of the response so far."""
        return b"".join(message.get("body", b"") for message in self.offered)

    @property
    def starts(self) -> list[Message]:
        """The heads of responses so far."""
        return [message for message in self.offered if message["type"].endswith(".start")]

    async def _receive(self) -> Message:
        self.asked += 1
        self.waiting += 1
        self.most_waiting = max(self.waiting, self.most_waiting)
        try:
            await asyncio.sleep(0)
            await self._bell.wait_until(lambda: bool(self._inbox) or self.gone is not None)
        finally:
            self.waiting -= 1
        message = self._inbox.popleft() if self._inbox else dict(self.gone or {})
        self.given.append((message, snapshot(message)))
        return message

    async def _send(self, message: Message) -> None:
        index = len(self.offered)
        self.offered.append(message)
        await asyncio.sleep(0)
        await self._bell.wait_until(lambda: not self.blocked)
        if index == self.fail_at:
            raise self.failure
        self._look_for_the_end(message)

    def _look_for_the_end(self, message: Message) -> None:
        kind = message["type"]
        self._trailers = self._trailers or bool(message.get("trailers"))
        over = kind in LAST_TYPES and not message.get("more_body") and not self._trailers
        over = over or kind in ("http.response.pathsend", "websocket.close")
        if over or (kind == "http.response.trailers" and not message.get("more_trailers")):
            self.hang_up(**({"code": 1000} if self._kind == "websocket" else {}))
