"""Applications that guard ``/admin`` or a method, chosen by the host, with their fence and without it.

What is for none of these hosts guards the host ``admin.test``.
"""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    FORCE_SCRIPT_NAME=os.environ.get("FENCED_SCRIPT_NAME"),
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="not a secret",
)

from channels.routing import URLRouter  # noqa: E402  # after the settings
from django.core.asgi import get_asgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.http.request import split_domain_port  # noqa: E402
from django.urls import path, re_path  # noqa: E402
from django.views.static import serve  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.exceptions import HTTPException  # noqa: E402
from starlette.middleware.exceptions import ExceptionMiddleware  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import PlainTextResponse  # noqa: E402
from starlette.routing import Route  # noqa: E402
from starlette.staticfiles import StaticFiles  # noqa: E402

from asgi_stack import Layer, Stack  # noqa: E402
from asgi_stack.middleware import BasicAuthMiddleware  # noqa: E402
from asgi_stack.routing import HostRouter, ProtocolRouter  # noqa: E402
from asgi_stack.types import ASGIApp, Receive, Scope, Send  # noqa: E402

SECRET = "what only operators may see"
FILES = TemporaryDirectory()
for name, text in (("admin", SECRET), ("public", "what everybody may see")):
    place = Path(FILES.name, name)
    place.mkdir()
    (place / "file.txt").write_text(text)


def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse(SECRET)


def by_host(request: HttpRequest) -> HttpResponse:
    host = split_domain_port(request.META.get("HTTP_HOST", "").split(",")[0])[0]
    return HttpResponse(SECRET if host == "admin.test" else "public")


def by_method(request: HttpRequest) -> HttpResponse:
    return HttpResponse(SECRET if request.method == "POST" else "public")


urlpatterns = [
    path("admin/", guarded),
    re_path("^admin$", guarded),
    re_path(r"^(?P<path>(?:admin|public)/.*)$", serve, {"document_root": FILES.name}),
    path("by-host", by_host),
    path("by-method", by_method),
]


async def star(request: Request) -> PlainTextResponse:
    return PlainTextResponse(SECRET)


async def refused(request: Request, error: Exception) -> PlainTextResponse:
    return PlainTextResponse("not here", status_code=404)


files = ExceptionMiddleware(StaticFiles(directory=FILES.name), handlers={HTTPException: refused})
urls = URLRouter([path("admin/", lambda *given: chat(*given))])


async def sockets(scope: Scope, receive: Receive, send: Send) -> None:
    """Close what the router has no route for: not every server ends a handshake for which it raises."""
    try:
        await urls(scope, receive, send)
    except ValueError:
        await send({"type": "websocket.close"})


async def chat(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": SECRET})
    await send({"type": "websocket.close"})


FENCE = Layer(BasicAuthMiddleware, users={"ops": "a password"})
BY_PATH = FENCE.only(path="/admin")
django = get_asgi_application()
SITES: dict[str, tuple[Layer[Any], ASGIApp]] = {
    "django": (BY_PATH, django),
    "starlette": (BY_PATH, Starlette(routes=[Route("/admin", star), Route("/admin/{rest:path}", star)])),
    "files": (BY_PATH, files),
    "channels": (BY_PATH, ProtocolRouter(websocket=sockets)),
    "all-but-public": (FENCE.exclude(path="/public"), files),
    "by-method": (FENCE.only(method="POST"), django),
}


def fenced(layer: Layer[Any], app: ASGIApp) -> ASGIApp:
    return Stack([layer]).wrap(app)


def bare(layer: Layer[Any], app: ASGIApp) -> ASGIApp:
    return Stack().wrap(app)


def sites(make: Callable[[Layer[Any], ASGIApp], ASGIApp], suffix: str) -> dict[str, ASGIApp]:
    return {f"{name}.{suffix}": make(*site) for name, site in SITES.items()}


rest = fenced(FENCE.only(host="admin.test"), django)
application = HostRouter({**sites(fenced, "fenced.test"), **sites(bare, "bare.test"), "*": rest})
