"""A server's side of a call that is ended because the process drains, and what is inside of it."""

import asyncio
from typing import Any

from asgi_stack.draining import Drain
from asgi_stack.middleware import DrainMiddleware
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

EVENTS = [(b"Content-Type", b"Text/Event-Stream; charset=utf-8")]


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


def drained(inner: ASGIApp, drain: Drain, **options: Any) -> DrainMiddleware:
    return DrainMiddleware(inner, drain=drain, **{"close_after": 5, **options})


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
