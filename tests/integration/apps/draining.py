"""A websocket and a stream of events that never end by themselves, and do not look at the drain."""

import asyncio
from typing import Any

from asgi_stack import Layer, Stack
from asgi_stack.middleware import DrainMiddleware


async def never_ending(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
        print("draining test: the websocket has ended", flush=True)
    elif scope["type"] == "http":
        head = [(b"content-type", b"text/event-stream")]
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": head})
        leaving = asyncio.create_task(left(receive))
        try:
            while True:
                await send({"type": "http.response.body", "body": b"data: tick\n\n", "more_body": True})
                await asyncio.sleep(0.01)
        finally:
            await leaving
            print("draining test: the stream has ended", flush=True)


async def left(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


app = Stack([
    Layer(DrainMiddleware, drain_path="/drain", drain_clients=["127.0.0.1"], close_after=0.05),
]).wrap(never_ending)  # fmt: skip

app_that_hears_signals = Stack([
    Layer(DrainMiddleware, drain_on_sigterm=True, close_after=0.05),
]).wrap(never_ending)  # fmt: skip
