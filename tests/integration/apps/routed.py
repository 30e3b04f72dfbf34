"""FastAPI and a websocket beside Django, each below a prefix; served by the routing tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from django.core.asgi import get_asgi_application
from fastapi import FastAPI, Request, WebSocket

from asgi_stack import Stack
from asgi_stack.routing import PathRouter, ProtocolRouter


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    yield {"opened": True}


api = FastAPI(lifespan=lifespan)


@api.get("/where", name="where")
async def where(request: Request) -> dict[str, Any]:
    return {"link": request.url_for("where").path, "state": request.scope.get("state")}


@api.websocket("/echo")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(await websocket.receive_text())
    await websocket.close()


site = get_asgi_application()
application = Stack().wrap(
    ProtocolRouter(
        http=PathRouter({"/api": api, "/site": site}),
        websocket=PathRouter({"/api": api}),
    )
)
