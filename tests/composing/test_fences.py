"""No fence falls open: whatever an application serves of what a layer guards, the layer has acted on it.

The layer guards `/admin` by ``only(path=...)``, and all but `/public` by ``exclude(path=...)``; the
applications are the real routers, each of which reads a path in its own way.
"""

import tempfile
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from channels.routing import URLRouter
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path, re_path, resolve
from django.views.static import serve
from hypothesis import example, given
from hypothesis import strategies as st
from servestatic.asgi import ServeStaticASGI
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles

from asgi_stack import Layer
from asgi_stack.routing import PathRouter
from asgi_stack.testing import http_scope, websocket_scope
from asgi_stack.types import ASGIApp, Scope
from tests.composing.fence import Fence, outcome

ROOT = Path(tempfile.mkdtemp())
for name in ("admin", "public"):
    (ROOT / name).mkdir()
    (ROOT / name / "file.txt").write_text(f"{name} file")

FENCES = [
    Layer(Fence, name="only").only(path="/admin"),
    Layer(Fence, name="exclude").exclude(path="/public"),
    Layer(Fence, name="only exact").only(exact_path="/admin/file.txt"),
]
GUARDING = {"admin": {"only", "exclude"}, "admin file": {"only", "exclude", "only exact"}}


async def check(app: ASGIApp, scope: Scope) -> None:
    text, acted = await outcome(FENCES, app, scope, HTTPException, Http404, SuspiciousOperation, ValueError)

    assert acted >= GUARDING.get(text, set())


# --- the applications


def star(name: str) -> Callable[[Any], Awaitable[PlainTextResponse]]:
    async def endpoint(request: Any) -> PlainTextResponse:
        return PlainTextResponse(name)

    return endpoint


def view(name: str) -> Callable[..., HttpResponse]:
    return lambda request, **kwargs: HttpResponse(name)


def consumer(name: str) -> ASGIApp:
    async def consume(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.body", "body": name.encode()})

    return consume


urlpatterns = [
    path("admin/", view("admin")),
    re_path("^admin$", view("admin")),
    re_path(r"^(?P<path>(?:admin|public)/.*)$", serve, {"document_root": ROOT}),
    path("public", view("public")),
]


class Request52(ASGIRequest):
    """Reads the path as Django 5.2 does."""

    def __init__(self, scope: Scope, body: BytesIO) -> None:
        super().__init__(scope, body)
        self.path_info = scope["path"].removeprefix(self.script_name) if self.script_name else scope["path"]


class Routing(ASGIHandler):
    """Django's own routing, without the threads and the middleware around it."""

    def __init__(self, request_class: type[ASGIRequest]) -> None:
        self.request_class = request_class

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request: HttpRequest = self.request_class(scope, BytesIO())
        match = resolve(request.path_info, urlconf=__name__)
        response: Any = match.func(request, *match.args, **match.kwargs)
        await send({"type": "http.response.body", "body": b"".join(response)})
        response.close()


class Files(ASGIStaticFilesHandler):
    """What serves static files in development: it decodes their names once more."""

    def get_base_url(self) -> str:
        return "/"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = ASGIRequest(scope, BytesIO())
        response: Any = serve(request, self.file_path(request.path), document_root=ROOT)
        await send({"type": "http.response.body", "body": b"".join(response)})
        response.close()


files = StaticFiles(directory=ROOT)
HTTP: dict[str, ASGIApp] = {
    "Django": Routing(ASGIRequest),
    "Django 5.2": Routing(Request52),
    "Django in a PathRouter": PathRouter({"/": Routing(ASGIRequest)}),
    "Django's files": Files(Routing(ASGIRequest)),
    "Starlette": Starlette(
        routes=[Route("/admin", star("admin")), Route("/public", star("public")), Mount("/", files)]
    ),
    "Starlette mounted": Starlette(routes=[Mount("/admin", Router([Route("/{x}", star("admin"))]))]),
    "StaticFiles": files,
    "StaticFiles in a PathRouter": PathRouter({"/": files, "/admin": StaticFiles(directory=ROOT / "admin")}),
    "ServeStatic": ServeStaticASGI(consumer("application"), root=ROOT, autorefresh=True),
}
# They know no root path: what they serve is configured with it in front.
WITHOUT_ROOT = {"Django's files", "ServeStatic"}
SOCKETS: dict[str, ASGIApp] = {
    "URLRouter": URLRouter([path("admin/", consumer("admin")), path("public/", consumer("public"))]),
    "URLRouter in a PathRouter": PathRouter(
        {"/": URLRouter([path("admin/", URLRouter([path("", consumer("admin"))]))])}
    ),
}

# --- hostile spellings

PIECES = [
    "admin", "public", "file.txt", "pre", "", "", ".", "..", "admin\n", "file.txt\n", "%61dmin", "%2561dmin",
    "\\admin", "admin\\", "..%2f", "x", "admin.", "ADMIN", "admin;x", "\x00", "é", "Ã©",
]  # fmt: skip
PATH = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("/".join)
ROOTS = st.sampled_from(["", "", "/pre", "/pre/", "/", "/admin", "pre", "/public"])
BEGINNINGS = st.sampled_from(
    ["/", "/", "//", "", "/pre/", "/pre//", "/pre", "//pre/", "http://host/", "/admin/"]
)


@pytest.mark.parametrize("name", HTTP)
@given(BEGINNINGS, PATH, ROOTS, st.sampled_from([None, "/pre", "/pre/", "/"]))
@example("/", "admin/", "", None)
@example("/", "admin\n", "", None)
@example("/", "admin//file.txt", "", None)
@example("//", "admin/file.txt/", "", None)
@example("/", "public/../admin/file.txt", "", None)
@example("/pre//", "admin/file.txt", "/pre/", None)
@example("/pre/", "admin/", "", "/pre")
@example("/", "admin/", "/admin", "/pre")
@example("/", "%61dmin/file.txt", "", None)
@example("/", "public/%2e%2e/admin/file.txt", "", None)
async def test_what_is_served_of_a_guarded_path_was_guarded(
    name: str, beginning: str, tail: str, root: str, forced: str | None
) -> None:
    root, forced = ("", None) if name in WITHOUT_ROOT else (root, forced)
    scope = {**http_scope("/", root_path=root), "path": beginning + tail, "raw_path": None}

    with override_settings(FORCE_SCRIPT_NAME=forced):
        await check(HTTP[name], scope)


@pytest.mark.parametrize("name", SOCKETS)
@given(BEGINNINGS, PATH, ROOTS)
@example("//", "admin/", "")
@example("/pre", "admin/", "/pre")
@example("", "admin/", "")
async def test_what_is_served_of_a_guarded_socket_was_guarded(
    name: str, beginning: str, tail: str, root: str
) -> None:
    scope = {**websocket_scope("/", root_path=root), "path": beginning + tail, "raw_path": None}

    await check(SOCKETS[name], scope)
