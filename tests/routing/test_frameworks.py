"""Real applications beside one another: Django, Starlette, FastAPI, Channels, and one like an MCP server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path
from fastapi import FastAPI, Request, WebSocket
from starlette.applications import Starlette
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from asgi_stack import Stack
from asgi_stack.middleware import ErrorBoundaryMiddleware, RequestIDMiddleware
from asgi_stack.routing import HostRouter, PathRouter, ProtocolRouter
from asgi_stack.testing import WebSocketDeniedError
from asgi_stack.types import ASGIApp, Receive, Scope, Send
from tests.helpers import STARLETTES, Server
from tests.routing.clients import get, served

pytestmark = pytest.mark.usefixtures("django_with_our_views")


def fastapi() -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[dict[str, Any]]:
        yield {"who": "fastapi"}

    app = FastAPI(lifespan=lifespan)

    @app.get("/where/{name}", name="named")
    async def where(request: Request, name: str) -> dict[str, Any]:
        return {
            "url": str(request.url),
            "link": str(request.url_for("named", name="x")),
            "who": request.state.who,
        }

    @app.websocket("/echo")
    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())
        await websocket.close()

    return app


def starlette(*mounts: Mount) -> Starlette:
    async def where(request: StarletteRequest) -> JSONResponse:
        link = str(request.url_for("named", name="x"))
        return JSONResponse({"url": str(request.url), "link": link, "who": request.state.who})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[dict[str, Any]]:
        yield {"who": "starlette"}

    return Starlette(routes=[Route("/where/{name}", where, name="named"), *mounts], lifespan=lifespan)


# --- beside one another


@pytest.mark.parametrize("make", [fastapi, starlette])
@pytest.mark.parametrize(
    ("root", "url"), [("", "/api/where/a"), ("/pre", "/pre/api/where/a"), ("/pre", "/api/where/a")]
)
async def test_fastapi_and_starlette_beside_django(make: Any, root: str, url: str) -> None:
    router = Stack([RequestIDMiddleware]).wrap(PathRouter({"/api": make(), "/": get_asgi_application()}))
    api = await get(router, url, root_path=root)
    site = await get(router, f"{root}/", root_path=root)

    base = f"http://testserver{root}/api/where"
    assert api == {"url": f"{base}/a", "link": f"{base}/x", "who": make.__name__}
    assert site["reversed"] == f"{root}/named/x/"


async def test_applications_with_the_same_key_in_their_state_keep_apart() -> None:
    router = PathRouter({"/a": fastapi(), "/b": starlette()})
    async with served(router) as client:
        told = [(await client.get(f"{prefix}/where/x")).json()["who"] for prefix in ("/a", "/b")]

    assert told == ["fastapi", "starlette"]


@pytest.mark.parametrize("place", ["PathRouter", "alone"])
@pytest.mark.parametrize("make", [fastapi, starlette])
async def test_django_mounted_in_starlette_and_fastapi(make: Any, place: str) -> None:
    app = make()
    app.mount("/site", get_asgi_application())
    outer = app if place == "alone" else PathRouter({"/all": app})
    front = "" if place == "alone" else "/all"
    told = await get(outer, f"{front}/site/named/a/")

    assert (told["path_info"], told["reversed"]) == ("/named/a/", f"{front}/site/named/x/")


async def test_a_router_mounted_in_starlette() -> None:
    inner = PathRouter({"/site": get_asgi_application()})
    told = await get(PathRouter({"/all": starlette(Mount("/in", inner))}), "/all/in/site/named/a/")

    assert (told["path_info"], told["reversed"]) == ("/named/a/", "/all/in/site/named/x/")


async def test_hosts_of_django_and_of_starlette() -> None:
    router = HostRouter({"api.example.com": starlette(), ".example.com": get_asgi_application()})
    async with served(router) as client:
        api = await client.get("http://api.example.com/where/a")
        site = await client.get("http://example.com/")

    assert api.json()["link"] == "http://api.example.com/where/x"
    assert site.json()["absolute"] == "http://example.com/"


# --- websockets


class Echo(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(text_data=f"{self.scope['url_route']['kwargs']['room']}: {text_data}")


def chat() -> ASGIApp:
    app: ASGIApp = URLRouter([path("chat/<str:room>/", Echo.as_asgi())])
    return app


@pytest.mark.parametrize(
    ("root", "url"), [("", "/ws/chat/den/"), ("/pre", "/pre/ws/chat/den/"), ("/pre", "/ws/chat/den/")]
)
async def test_a_consumer_of_channels_beside_django(root: str, url: str) -> None:
    router = ProtocolRouter(http=get_asgi_application(), websocket=PathRouter({"/ws": chat()}))
    stacked = Stack([RequestIDMiddleware, ErrorBoundaryMiddleware]).wrap(router)
    async with served(stacked, root_path=root) as client:
        async with client.websocket(url) as socket:
            await socket.send_text("hi")
            assert await socket.receive_text() == "den: hi"
        assert (await client.get(f"{root}/")).json()["path_info"] == "/"


async def test_a_websocket_that_is_for_no_prefix_is_refused_and_not_raised() -> None:
    router = ProtocolRouter(http=get_asgi_application(), websocket=PathRouter({"/ws": chat()}))
    async with served(router) as client:
        with pytest.raises(WebSocketDeniedError):
            async with client.websocket("/elsewhere/"):
                pass


async def test_a_websocket_of_fastapi_below_a_prefix() -> None:
    client = served(PathRouter({"/api": fastapi(), "/": get_asgi_application()}))
    async with client, client.websocket("/api/echo") as socket:
        await socket.send_text("hi")
        assert await socket.receive_text() == "hi"


# --- an application that is nothing without its lifespan


class SessionServer:
    """As an MCP server: requests are handled by tasks of a group that lives as long as the application."""

    def __init__(self) -> None:
        self.group: asyncio.TaskGroup | None = None
        self.runs = 0

    @asynccontextmanager
    async def manager(self, app: Starlette) -> AsyncGenerator[None]:
        if self.runs:
            raise RuntimeError("a session manager runs once")
        self.runs += 1
        async with asyncio.TaskGroup() as self.group:
            yield
        self.group = None

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.group is None:
            raise RuntimeError("Task group is not initialized.")
        await self.group.create_task(JSONResponse({"session": self.runs})(scope, receive, send))

    def app(self) -> Starlette:
        return Starlette(routes=[Mount("/", self.handle)], lifespan=self.manager)


async def test_an_application_whose_lifespan_must_run_beside_django() -> None:
    mcp = SessionServer()
    router = Stack([RequestIDMiddleware]).wrap(PathRouter({"/mcp": mcp.app(), "/": get_asgi_application()}))

    assert await get(router, "/mcp/") == {"session": 1}
    assert (mcp.group, mcp.runs) == (None, 1)


async def test_its_lifespan_runs_once_on_however_many_hosts() -> None:
    mcp = SessionServer().app()
    router = HostRouter({host: PathRouter({"/mcp": mcp}) for host in ("a.example", "b.example")})
    async with served(router) as client:
        told = [(await client.get(f"http://{host}.example/mcp/")).json() for host in "ab"]

    assert told == [{"session": 1}, {"session": 1}]


async def test_contexts_of_a_stack_around_a_router_stay_open_for_all_of_it() -> None:
    log: list[str] = []

    @asynccontextmanager
    async def outside() -> AsyncGenerator[dict[str, Any]]:
        log.append("+outside")
        yield {"pool": "open"}
        log.append("-outside")

    @asynccontextmanager
    async def inside(app: Starlette) -> AsyncGenerator[dict[str, Any]]:
        log.append("+inside")
        yield {"who": "inside"}
        log.append("-inside")

    async def both(request: StarletteRequest) -> JSONResponse:
        return JSONResponse([request.state.pool, request.state.who])

    app = Starlette(routes=[Route("/", both)], lifespan=inside)
    stacked = Stack([], lifespan=[outside]).wrap(PathRouter({"/x": app, "/": get_asgi_application()}))

    assert await get(stacked, "/x/") == ["open", "inside"]
    assert log == ["+outside", "+inside", "-inside", "-outside"]


async def test_a_start_that_fails_is_reported_with_the_words_of_the_framework() -> None:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        raise OSError("no route to the database")
        yield

    router = PathRouter({"/api": Starlette(lifespan=lifespan), "/": get_asgi_application()})
    (answer,) = await Server(ignore=STARLETTES).run(router)

    assert answer["type"] == "lifespan.startup.failed"
    assert answer["message"].startswith("mount '/api' (Starlette): Traceback")
