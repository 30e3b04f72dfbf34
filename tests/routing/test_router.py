"""What holds for every router: checked when it is made, readable, nestable, and never an exception."""

import asyncio
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any

import pytest
from asgiref.compatibility import guarantee_single_callable
from django.core.asgi import get_asgi_application
from hypercorn.utils import is_asgi
from uvicorn import Config

from asgi_stack import OptionError, Stack
from asgi_stack.middleware import RequestIDMiddleware
from asgi_stack.routing import HostRouter, PathRouter, ProtocolRouter, Router, RouterError, ScopeTypeError
from asgi_stack.testing import ASGIClient, Recorder, WebSocketDeniedError, http_scope, websocket_scope
from asgi_stack.types import ASGIApp
from tests.helpers import call

ROUTERS: dict[str, Callable[[ASGIApp], Router]] = {
    "path": lambda app: PathRouter({"/only": app}),
    "host": lambda app: HostRouter({"only.example": app}),
    "protocol": lambda app: ProtocolRouter(channel=app),
}
EVERY = pytest.mark.parametrize("make", ROUTERS.values(), ids=ROUTERS)
SCOPES = {
    "path": http_scope("/only/x"),
    "host": http_scope("http://only.example/"),
    "protocol": {"type": "channel", "asgi": {"version": "3.0"}},
}


async def unused(*given: Any) -> None: ...


@EVERY
async def test_an_http_request_for_nobody_is_a_404(make: Any) -> None:
    app = Recorder()
    async with ASGIClient(make(app), lifespan=False) as client:
        response = await client.get("/")

    assert (response.status, response.text, app.calls) == (404, "Not Found\n", [])
    assert response.headers["cache-control"] == "no-store"


@EVERY
@pytest.mark.parametrize(("extensions", "status"), [({"websocket.http.response": {}}, 404), ({}, 403)])
async def test_a_websocket_for_nobody_is_refused_before_it_is_accepted(
    make: Any, extensions: Any, status: int
) -> None:
    async with ASGIClient(make(Recorder()), lifespan=False) as client:
        with pytest.raises(WebSocketDeniedError) as denied:
            async with client.websocket("/", extensions=extensions):
                pass

    assert denied.value.response.status == status


@pytest.mark.parametrize("name", ROUTERS)
async def test_an_application_is_called_with_the_very_receive_and_send(name: str) -> None:
    async def receive() -> None: ...

    async def send(message: object) -> None: ...

    async def app(*given: Any) -> None:
        seen.append(given)

    seen: list[Any] = []
    await ROUTERS[name](app)(SCOPES[name], receive, send)

    assert [given[1:] for given in seen] == [(receive, send)]


@pytest.mark.parametrize("name", ROUTERS)
async def test_what_an_application_raises_comes_out(name: str) -> None:
    async def failing(scope: Any, receive: Any, send: Any) -> None:
        raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        await call(ROUTERS[name](failing), SCOPES[name])


@EVERY
async def test_a_scope_of_an_unknown_type_is_an_error(make: Any) -> None:
    scope = {**http_scope("/only"), "type": "made.up"}
    with pytest.raises(ScopeTypeError, match=r"Router: .* type 'made\.up'"):
        await call(make(Recorder()), scope)


@EVERY
def test_a_router_is_an_asgi_3_application(make: Any) -> None:
    router = make(Recorder())

    assert guarantee_single_callable(router) is router
    assert iscoroutinefunction(router.__call__)


@EVERY
def test_servers_take_a_router_for_asgi_3(make: Any) -> None:
    config = Config(make(Recorder()), log_config=None)
    config.load()

    assert (config.interface, is_asgi(make(Recorder()))) == ("asgi3", True)


@pytest.mark.parametrize("name", ROUTERS)
async def test_what_servers_look_at_serves_as_well(name: str) -> None:
    app = Recorder()
    await call(ROUTERS[name](app).__call__, SCOPES[name])

    assert len(app.calls) == 1


@pytest.mark.parametrize("name", ROUTERS)
async def test_a_router_is_no_frame_around_its_application(name: str) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None: ...

    called = ROUTERS[name](app)(SCOPES[name], unused, unused)
    await called

    assert called.cr_code is app.__code__  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ROUTERS)
async def test_an_application_that_answers_with_a_future_can_be_a_task(name: str) -> None:
    router = ROUTERS[name](lambda *given: asyncio.gather(inner(*given)))
    inner = Recorder()
    await call(lambda *given: asyncio.create_task(router(*given)), SCOPES[name])

    assert len(inner.calls) == 1


async def test_what_goes_wrong_in_the_choice_comes_out() -> None:
    with pytest.raises(KeyError, match="path"):
        await call(PathRouter({"/": Recorder()}), {"type": "http"}, lint=False)  # no path: illegal


def test_the_base_class_itself_is_no_router() -> None:
    with pytest.raises(TypeError, match="__call__"):
        Router({"/": Recorder()}, lambda key: None, "")  # type: ignore[abstract]


@pytest.mark.parametrize(
    ("make", "example"),
    [
        (lambda: PathRouter({}), r"PathRouter: mounts=\{\} .*'/api'"),
        (lambda: PathRouter([("/", Recorder())]), r"PathRouter: mounts=\[.*'/api'"),  # type: ignore[arg-type]
        (lambda: HostRouter({}), r"HostRouter: mounts=\{\} .*'admin\.example\.com'"),
        (lambda: ProtocolRouter(), r"ProtocolRouter: mounts=\{\} .*http=django"),
    ],
)
def test_a_router_without_applications_is_refused_with_an_example(make: Any, example: str) -> None:
    with pytest.raises(OptionError, match=example):
        make()


def test_every_fault_is_in_one_report() -> None:
    with pytest.raises(RouterError, match=r"^PathRouter: 3 faults\.\n") as caught:
        PathRouter({"api": Recorder, "/x?": Recorder(), "/": Recorder()})  # type: ignore[dict-item]

    first, second, third = str(caught.value).splitlines()[1:]
    assert ("'api' is not usable" in first, "'/x?' is not usable" in third) == (True, True)
    assert "PathRouter: at 'api': the class Recorder itself is not an application" in second


def test_one_fault_is_one_line_and_is_kept() -> None:
    with pytest.raises(RouterError, match=r"^HostRouter: mounts='a:1' is not usable\.") as caught:
        HostRouter({"a:1": Recorder()})

    assert [type(error) for error in caught.value.errors] == [OptionError]


def test_a_router_shows_what_is_in_it() -> None:
    site = ProtocolRouter(http=get_asgi_application(), websocket=Recorder())

    assert repr(HostRouter({"*": PathRouter({"/api": Recorder(), "/": site})})) == (
        "HostRouter({'*': PathRouter({'/api': Recorder, "
        "'/': ProtocolRouter({'http': ASGIHandler, 'websocket': Recorder})})})"
    )


def test_the_mounts_can_be_read_and_not_changed() -> None:
    given = {"/": Recorder()}
    router = PathRouter(given)
    given["/late"] = Recorder()

    assert list(router.mounts) == ["/"]
    with pytest.raises(TypeError, match="does not support item assignment"):
        router.mounts["/x"] = Recorder()  # type: ignore[index]


async def test_routers_nest_in_routers_and_in_stacks() -> None:
    api, site = Recorder(body=b"api"), Recorder(body=b"site")
    paths = PathRouter({"/api": Stack([RequestIDMiddleware]).wrap(api), "/": site})
    application = Stack([RequestIDMiddleware]).wrap(HostRouter({"testserver": ProtocolRouter(http=paths)}))
    async with ASGIClient(application) as client:
        answers = [(await client.get(url)).text for url in ("/api/x", "/x")]

    assert answers == ["api", "site"]
    assert api.scope["root_path"] == "/api"


async def test_one_application_may_be_mounted_twice() -> None:
    app = Recorder()
    router = PathRouter({"/a": app, "/b": app})
    for url in ("/a/x", "/b/x"):
        await call(router, http_scope(url))

    assert [each.scope["root_path"] for each in app.calls] == ["/a", "/b"]


async def test_websockets_are_routed_as_http_is() -> None:
    app = Recorder()
    router = HostRouter({".example.com": PathRouter({"/ws": app})})
    await call(router, websocket_scope("ws://a.example.com/ws/chat"), {"type": "websocket.connect"}, GONE)

    assert (app.scope["type"], app.scope["root_path"], app.scope["path"]) == ("websocket", "/ws", "/ws/chat")


GONE = {"type": "websocket.disconnect", "code": 1005, "reason": ""}
