"""What a `Recorder` says: one conversation with whoever called it, from a plan made beforehand."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from asgi_stack.types import Message, Receive, Scope, Send

__all__ = ["Answer", "LifespanAnswer", "Plan", "Point", "WebSocketAnswer"]

Point: TypeAlias = Literal["call", "request", "start", "body", "end"]
WebSocketAnswer: TypeAlias = Literal["echo", "accept", "close", "deny"]
LifespanAnswer: TypeAlias = Literal["complete", "fail", "decline"]

HEAD_AND_BODY: tuple[Point, ...] = ("start", "body")
FIRST_BODY: tuple[Point, ...] = ("body",)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a recorder was told to do."""

    status: int | None
    headers: list[tuple[bytes, bytes]]
    chunks: list[bytes]
    messages: list[Message] | None
    reads: bool
    delay: float | None
    on: Mapping[Point, Callable[[], Awaitable[object]]]
    fail_at: Point | None
    error: BaseException
    websocket: WebSocketAnswer
    subprotocol: str | None
    lifespan: LifespanAnswer
    state: Mapping[str, Any]


class Answer:
    """One call of a recorder; what passes is appended to the lists *received* and *sent*."""

    __slots__ = ("_plan", "_receive", "_received", "_scope", "_send", "_sent")

    def __init__(
        self,
        plan: Plan,
        call: tuple[Scope, Receive, Send],
        received: list[Message],
        sent: list[Message],
    ) -> None:
        self._plan = plan
        self._scope, self._receive, self._send = call
        self._received = received
        self._sent = sent

    async def give(self) -> None:
        """Answer by the type of the scope; a type that is not known is not answered."""
        if self._scope["type"] == "lifespan":
            await self._lifespan()
        elif self._scope["type"] in ("http", "websocket"):
            await self._reach("call")
            await (self._http() if self._scope["type"] == "http" else self._websocket())
            await self._reach("end")

    async def _http(self) -> None:
        if self._plan.reads and not await self._request_was_read():
            return
        await self._reach("request")
        if self._plan.messages is None:
            await self._send_response("http.response", self._plan.status or 200)
        else:
            await self._send_all(self._plan.messages)

    async def _request_was_read(self) -> bool:
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                return False
            if not message.get("more_body", False):
                return True

    async def _send_response(self, prefix: str, status: int) -> None:
        last = len(self._plan.chunks) - 1
        start = {"type": f"{prefix}.start", "status": status, "headers": [*self._plan.headers]}
        bodies = (
            {"type": f"{prefix}.body", "body": chunk, "more_body": index < last}
            for index, chunk in enumerate(self._plan.chunks)
        )
        await self._send_all([start, *bodies])

    async def _send_all(self, messages: Iterable[Message]) -> None:
        points = iter(HEAD_AND_BODY)
        for message in messages:
            await self.send(message)
            if point := next(points, None):
                await self._reach(point)

    async def _websocket(self) -> None:
        await self.receive()
        await self._reach("request")
        if self._plan.messages is not None:
            await self._send_all(self._plan.messages)
        elif self._plan.websocket == "deny":
            await self._send_response("websocket.http.response", self._plan.status or 403)
        elif self._plan.websocket == "close":
            await self.send({"type": "websocket.close"})
        else:
            await self._converse()

    async def _converse(self) -> None:
        headers = [*self._plan.headers]
        await self.send(
            {"type": "websocket.accept", "subprotocol": self._plan.subprotocol, "headers": headers}
        )
        await self._reach("start")
        points = iter(FIRST_BODY)
        while (message := await self.receive())["type"] != "websocket.disconnect":
            if self._plan.websocket == "echo":
                await self.send({**message, "type": "websocket.send"})
            if point := next(points, None):
                await self._reach(point)

    async def _lifespan(self) -> None:
        if self._plan.lifespan == "decline":
            raise ValueError("Recorder: told to decline lifespan.")
        await self.receive()
        if self._plan.lifespan == "fail":
            await self.send({"type": "lifespan.startup.failed", "message": "Recorder: told to fail."})
            return
        if self._plan.state:
            self._scope["state"].update(self._plan.state)
        await self.send({"type": "lifespan.startup.complete"})
        await self.receive()
        await self.send({"type": "lifespan.shutdown.complete"})

    async def _reach(self, point: Point) -> None:
        if point in self._plan.on:
            await self._plan.on[point]()
        if point == self._plan.fail_at:
            raise self._plan.error

    async def receive(self) -> Message:
        """Receive one message and remember it."""
        await self._wait()
        message: Message = await self._receive()
        self._received.append(message)
        return message

    async def send(self, message: Message) -> None:
        """Remember *message* and send it."""
        await self._wait()
        self._sent.append(message)
        await self._send(message)

    async def _wait(self) -> None:
        if self._plan.delay is not None:
            await asyncio.sleep(self._plan.delay)
