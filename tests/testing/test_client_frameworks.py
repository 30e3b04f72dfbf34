"""The client drives applications that others wrote."""

from typing import Any

import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.asgi import get_asgi_application
from fastapi import FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route

from asgi_stack import Stack
from asgi_stack.testing import ASGIClient, WebSocketDeniedError


async def ticks() -> Any:
    while True:
        yield b"tick"


async def endless(request: Any) -> StreamingResponse:
    return StreamingResponse(ticks())


fastapi = FastAPI()


@fastapi.websocket("/ws")
async def repeat(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        await websocket.send_text(await websocket.receive_text())


class Repeat(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(text_data)
        await self.close(4000)


async def test_django_is_answered_and_declines_lifespan() -> None:
    async with ASGIClient(Stack([]).wrap(get_asgi_application())) as client:
        assert (await client.get("/no-such-page")).status == 404
        assert client.state == {}


async def test_an_endless_response_of_starlette_is_left() -> None:
    app = Starlette(routes=[Route("/", endless)])
    client = ASGIClient(app, ignore={"C11"}, raise_errors="connected")
    async with client.stream("GET", "/") as exchange:
        assert await anext(exchange.chunks()) == b"tick"


async def test_a_websocket_of_fastapi_is_left() -> None:
    client = ASGIClient(fastapi, ignore={"C11"}, raise_errors="connected")
    async with client.websocket("/ws") as ws:
        await ws.send_text("hi")
        assert await ws.receive_text() == "hi"


async def test_a_websocket_that_fastapi_does_not_have_is_refused() -> None:
    with pytest.raises(WebSocketDeniedError, match="refused with status 403"):
        await ASGIClient(fastapi, ignore={"C11"}).websocket("/nothing").open()


async def test_a_consumer_of_channels_is_answered() -> None:
    async with ASGIClient(Repeat.as_asgi()).websocket("/") as ws:
        await ws.send_text("hi")
        assert await ws.receive_text() == "hi"
