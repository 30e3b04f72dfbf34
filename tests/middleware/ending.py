"""A server's side of a call that is ended because the process drains, and what is inside of it."""

import asyncio
from typing import Any

from asgi_stack.draining import Drain
from asgi_stack.middleware import DrainMiddleware
from asgi_stack.types import ASGIApp, Receive, Scope, Send
from tests.helpers import CONNECT, Side

EVENTS = [(b"Content-Type", b"Text/Event-Stream; charset=utf-8")]


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
    return Side(CONNECT)
