"""Real applications, driven in process: only their true violations are found."""

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from asgi_stack.testing import ASGIClient
from asgi_stack.testing.errors import WebSocketClosedError, WebSocketDeniedError
from asgi_stack.testing.lint import Lint
from asgi_stack.types import ASGIApp

REQUESTS = [
    ("GET", "/"),
    ("HEAD", "/"),
    ("POST", "/echo"),
    ("GET", "/stream"),
    ("GET", "/file"),
    ("HEAD", "/file"),
    ("GET", "/empty"),
    ("GET", "/fail"),
    ("GET", "/mounted/"),
    ("GET", "/nowhere"),
    ("OPTIONS", "/"),
]


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello " * 200)


async def echo(request: Request) -> Response:
    return Response(await request.body())


async def stream(request: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    return StreamingResponse(parts())


async def file(request: Request) -> Response:
    return FileResponse(__file__)


async def empty(request: Request) -> Response:
    return Response(status_code=204)


async def fail(request: Request) -> Response:
    raise RuntimeError("the route failed")


async def talk(websocket: WebSocket) -> None:
    await websocket.accept(headers=[(b"x-a", b"b")])
    await websocket.send_text(await websocket.receive_text())
    await websocket.close(4000, "done")


async def deny(websocket: WebSocket) -> None:
    await websocket.send_denial_response(Response("no", 403))


class Marking(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers["x-marked"] = "yes"
        return response


ROUTES = [
    Route("/", hello),
    Route("/echo", echo, methods=["POST"]),
    Route("/stream", stream),
    Route("/file", file),
    Route("/empty", empty),
    Route("/fail", fail),
    Mount("/mounted", routes=[Route("/", hello)]),
    WebSocketRoute("/talk", talk),
    WebSocketRoute("/deny", deny),
]
LAYERS = [Middleware(Marking), Middleware(CORSMiddleware, allow_origins=["*"]), Middleware(GZipMiddleware)]


def fastapi() -> ASGIApp:
    app = FastAPI(routes=ROUTES)
    app.get("/json")(lambda: {"a": 1})
    return app


class Talk(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(text_data=text_data)
        await self.close(code=4000)


class Refuse(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.close()


def django_stream(request: HttpRequest) -> StreamingHttpResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    return StreamingHttpResponse(parts())


def django_fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the view failed")


async def django_file(request: HttpRequest) -> StreamingHttpResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield b"x" * 100_000

    return StreamingHttpResponse(parts(), headers={"Content-Length": "100000"})


urlpatterns = [
    path("", lambda request: HttpResponse("hello " * 200)),
    path("echo", lambda request: HttpResponse(request.body)),
    path("stream", django_stream),
    path("file", django_file),
    path("empty", lambda request: HttpResponse(status=204)),
    path("fail", django_fail),
]
django = override_settings(ROOT_URLCONF=__name__)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


async def found(app: ASGIApp) -> set[str]:
    """The rules that break when the application answers all requests."""
    lint = Lint(app, mode="collect")
    async with ASGIClient(lint, lint=False, raise_errors=False) as client:
        for method, url in REQUESTS:
            content = b"body" if method == "POST" else b""
            await client.request(method, url, headers={"accept-encoding": "gzip"}, content=content)
    return {violation.rule.id for violation in lint.violations}


async def found_in_websockets(app: ASGIApp) -> set[str]:
    """The rules that break when a websocket is used and another one is refused."""
    lint = Lint(app, mode="collect")
    client = ASGIClient(lint, lint=False)
    async with client.websocket("/talk") as websocket:
        await websocket.send_text("hello")
        assert await websocket.receive_text() == "hello"
        with pytest.raises(WebSocketClosedError):
            await websocket.receive_text()
    with pytest.raises(WebSocketDeniedError):
        await client.websocket("/deny").__aenter__()
    return {violation.rule.id for violation in lint.violations}


async def test_starlette_writes_into_its_callers_scope() -> None:
    assert await found(Starlette(routes=ROUTES)) == {"C11"}


async def test_starlette_with_its_middleware_does_no_more() -> None:
    assert await found(Starlette(routes=ROUTES, middleware=LAYERS)) == {"C11"}


async def test_starlette_keeps_the_other_rules_of_websockets() -> None:
    assert await found_in_websockets(Starlette(routes=ROUTES)) == {"C11"}


async def test_fastapi_writes_into_its_callers_scope() -> None:
    assert await found(fastapi()) == {"C11"}


async def test_fastapi_keeps_the_other_rules_of_websockets() -> None:
    assert await found_in_websockets(fastapi()) == {"C11"}


@django
async def test_django_sends_header_names_in_mixed_case() -> None:
    assert await found(get_asgi_application()) == {"H28"}


@django
async def test_channels_changes_nothing_about_django() -> None:
    assert await found(ProtocolTypeRouter({"http": get_asgi_application()})) == {"H28"}


async def test_channels_keeps_all_rules_of_websockets() -> None:
    routes = URLRouter([path("talk", Talk.as_asgi()), path("deny", Refuse.as_asgi())])

    assert await found_in_websockets(ProtocolTypeRouter({"websocket": routes})) == set()
