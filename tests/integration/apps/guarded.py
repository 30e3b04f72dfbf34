"""What the guard, the password and the health checks let through; served by the tests of the edge."""

import asyncio
from typing import Any

from asgi_stack import Layer, Stack
from asgi_stack.middleware import (
    BasicAuthMiddleware,
    DrainMiddleware,
    HealthMiddleware,
    IPFilterMiddleware,
    RequestGuardMiddleware,
    RequestIDMiddleware,
)
from asgi_stack.types import Receive, Scope, Send


async def show(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the path and the caller's span; below ``/stream`` with a stream that ends in a drain."""
    if scope["type"] != "http":
        raise ValueError(f"no {scope['type']} here")
    shown = f"{scope['path']} {scope['asgi_stack.trace_context'].parent_id}"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if scope["path"] == "/stream":
        await stream(scope["asgi_stack.drain"], send)
    await send({"type": "http.response.body", "body": shown.encode()})


async def stream(drain: Any, send: Send) -> None:
    await send({"type": "http.response.body", "body": b"begun ", "more_body": True})
    async with asyncio.timeout(20):
        await drain.wait()


application = Stack(
    [
        Layer(RequestIDMiddleware, trust_incoming=True, trace_context=True),
        Layer(DrainMiddleware, drain_on_sigterm=True),
        HealthMiddleware,
        RequestGuardMiddleware,
        Layer(IPFilterMiddleware, allow=["127.0.0.0/8", "::1"]),
        Layer(BasicAuthMiddleware, users=lambda: {"ada": "lovelace"}).only(path="/staging"),
    ]
).wrap(show)
