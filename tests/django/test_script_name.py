"""The script name that Django routes by is the one that every layer goes by, in asgi.py and in settings."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from channels.middleware import BaseMiddleware
from channels.routing import ProtocolTypeRouter, URLRouter
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from starlette.middleware.gzip import GZipMiddleware

from asgi_stack import HeaderMiddleware, Layer, RequestHead, Stack
from asgi_stack.django import get_asgi_application as get_stacked_application
from asgi_stack.middleware import BasicAuthMiddleware, HealthMiddleware
from asgi_stack.routing import HostRouter, PathRouter, ProtocolRouter
from asgi_stack.testing import ASGIClient, Recorder, http_scope
from asgi_stack.types import ASGIApp
from tests.helpers import call


def admin(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"admin at {request.path_info}")


urlpatterns = [path("admin/", admin)]

FENCE = Layer(BasicAuthMiddleware, users={"ops": "a password"}).only(path="/admin")


@pytest.fixture(autouse=True)
def forced_script_name() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__, FORCE_SCRIPT_NAME="/pre", STATIC_URL="/static/"):
        yield


async def status_of(app: ASGIApp, url: str) -> int:
    # The names of Django's own fields are not in lower case.
    return (await ASGIClient(app, ignore={"H28"}).get(url)).status


DIRECT: dict[str, Any] = {
    "Django's handler": get_asgi_application,
    "a stack of its own": lambda: Stack([GZipMiddleware]).wrap(get_asgi_application()),
    "a layer of Starlette's": lambda: GZipMiddleware(get_asgi_application()),
    "a layer of Channels'": lambda: BaseMiddleware(get_asgi_application()),
    "Django's files in front": lambda: ASGIStaticFilesHandler(get_asgi_application()),
    "ProtocolRouter": lambda: ProtocolRouter(http=get_asgi_application(), websocket=Recorder()),
    "ProtocolTypeRouter": lambda: ProtocolTypeRouter({"http": get_asgi_application()}),
}
THROUGH_ROUTERS: dict[str, Any] = {
    "PathRouter": lambda: PathRouter({"/api": Recorder(), "/": get_asgi_application()}),
    "HostRouter": lambda: HostRouter({"*": get_asgi_application()}),
    "a function": lambda: in_a_function(get_asgi_application()),
}


def in_a_function(app: ASGIApp) -> ASGIApp:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    return application


@pytest.mark.parametrize(
    "make", [*DIRECT.values(), *THROUGH_ROUTERS.values()], ids=[*DIRECT, *THROUGH_ROUTERS]
)
@pytest.mark.parametrize("url", ["/pre/admin/", "/admin/"])
async def test_a_fence_stands_wherever_django_serves_what_it_guards(make: Any, url: str) -> None:
    app = make()

    assert await status_of(app, url) == 200
    assert await status_of(Stack([FENCE]).wrap(app), url) == 401


@pytest.mark.parametrize("make", DIRECT.values(), ids=DIRECT)
@pytest.mark.parametrize(
    ("url", "status"), [("/pre/readyz", 200), ("/readyz", 200), ("/pre/pre/readyz", 404)]
)
async def test_around_a_handler_of_django_nothing_is_in_doubt(make: Any, url: str, status: int) -> None:
    assert await status_of(Stack([HealthMiddleware]).wrap(make()), url) == status


async def test_where_django_is_one_of_several_a_probe_is_answered_only_at_the_path_of_all() -> None:
    app = Stack([HealthMiddleware]).wrap(PathRouter({"/": get_asgi_application()}))

    assert [await status_of(app, url) for url in ("/readyz", "/pre/readyz")] == [200, 404]


async def test_a_stack_of_the_settings_goes_by_it_too() -> None:
    with override_settings(ASGI_STACK=[FENCE]):
        app = get_stacked_application()

    assert [await status_of(app, url) for url in ("/pre/admin/", "/pre/x/")] == [401, 404]


async def test_the_setting_is_read_for_each_request() -> None:
    app = Stack([FENCE]).wrap(get_asgi_application())
    with override_settings(FORCE_SCRIPT_NAME="/other"):
        statuses = [await status_of(app, url) for url in ("/other/admin/", "/pre/admin/")]

    assert statuses == [401, 404]


class Remembers(HeaderMiddleware):
    """Keeps the root paths that it sees."""

    __slots__ = ()
    seen: list[str] = []  # noqa: RUF012  # emptied by the test

    def on_request(self, request: RequestHead) -> None:
        self.seen.append(request.scope["root_path"])


async def test_a_layer_sees_the_root_path_that_django_goes_by() -> None:
    Remembers.seen.clear()
    scope = http_scope("/pre/admin/")
    await call(Stack([Remembers]).wrap(get_asgi_application()), scope)

    assert (Remembers.seen, scope["root_path"]) == (["/pre"], "")


@pytest.mark.parametrize(
    "make",
    [
        Recorder,
        lambda: ProtocolRouter(websocket=get_asgi_application()),
        lambda: ProtocolTypeRouter({"websocket": URLRouter([])}),
    ],
)
async def test_other_applications_keep_the_root_path_of_the_server(make: Any) -> None:
    Remembers.seen.clear()
    with suppress(ValueError):  # ProtocolTypeRouter's, for what it has no application for
        await call(Stack([Remembers]).wrap(make()), http_scope("/"))

    assert Remembers.seen == [""]


class Ring:
    """An application that claims to be inside of itself."""

    @property
    def app(self) -> "Ring":
        return self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await Recorder()(scope, receive, send)


async def test_an_application_inside_of_itself_is_looked_at_once() -> None:
    assert await status_of(Stack([FENCE]).wrap(Ring()), "/x") == 200
