"""Middleware of other packages, and other ways to write one, as layers around a real Django application."""

import functools
import gzip
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sentry_sdk
from asgiref.wsgi import WsgiToAsgi
from channels.middleware import BaseMiddleware
from channels.routing import ProtocolTypeRouter
from channels.sessions import CookieMiddleware
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from fastapi import FastAPI
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from sentry_sdk.integrations.asgi import SentryAsgiMiddleware
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from asgi_stack import (
    ASGIMiddleware,
    ConfigurationError,
    HeaderMiddleware,
    Layer,
    RequestHead,
    ResponseHead,
    Stack,
)
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.helpers import STARLETTES, WHOLE, Server, call, fields, shown

HELLO = b"hello " * 200


class Stamp(HeaderMiddleware):
    """A class of ours: header middleware."""

    def on_request(self, request: RequestHead) -> Callable[[ResponseHead], None]:
        return self._stamp

    def _stamp(self, response: ResponseHead) -> None:
        response.headers.append(b"x-stamp", b"ours")


class Slow(ASGIMiddleware):
    """A class of ours: any other middleware."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, stamping(send, b"ours"))


class OfChannels(BaseMiddleware):  # type: ignore[misc]  # Channels has no types
    """A class that is derived from Channels' own base."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        return await super().__call__(scope, receive, stamping(send, b"channels"))


def stamping(send: Send, value: bytes) -> Send:
    async def send_with_stamp(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"x-stamp", value)]}
        await send(message)

    return send_with_stamp


def function(app: ASGIApp, value: bytes = b"function") -> ASGIApp:
    async def stamped(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, stamping(send, value))

    return stamped


def synchronous(app: ASGIApp) -> ASGIApp:
    def stamped(scope: Scope, receive: Receive, send: Send) -> Awaitable[Any]:
        return app(scope, receive, stamping(send, b"synchronous"))

    return stamped


async def dispatch(request: Request, call_next: Any) -> Response:
    response: Response = await call_next(request)
    response.headers.append("x-stamp", "starlette")
    return response


EVERY_KIND = [
    Stamp,
    Slow,
    function,
    synchronous,
    OfChannels,
    functools.partial(function, value=b"partial"),
    Layer(function, value=b"option"),
    Layer.at(f"{__name__}.Slow"),
    Layer.at(f"{__name__}.function", value=b"path"),
    Layer(BaseHTTPMiddleware, dispatch=dispatch),
]
STAMPS = [
    b"ours",
    b"ours",
    b"function",
    b"synchronous",
    b"channels",
    b"partial",
    b"option",
    b"ours",
    b"path",
    b"starlette",
]

FOREIGN = [
    Layer(GZipMiddleware, minimum_size=100),
    Layer(CORSMiddleware, allow_origins=["*"]),
    Layer(TrustedHostMiddleware, allowed_hosts=["testserver"]),
    Layer(BaseHTTPMiddleware, dispatch=dispatch),
    Layer(CookieMiddleware),
    Layer(OfChannels),
    Layer(OpenTelemetryMiddleware),
    Layer(SentryAsgiMiddleware),
    Layer(ProxyHeadersMiddleware, trusted_hosts="*"),
]
FOREIGN_NAMES = [layer.name for layer in FOREIGN]


def django(*layers: Any) -> ASGIApp:
    return Stack(layers).wrap(get_asgi_application())


def get(path: str = "/hello/", **headers: str) -> Scope:
    return http_scope(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def body(sent: list[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent[1:])


# --- every way to write a layer


@pytest.mark.parametrize(("layer", "stamp"), [*zip(EVERY_KIND, STAMPS, strict=True)])
async def test_every_kind_of_layer_handles_a_request_to_django(layer: Any, stamp: bytes) -> None:
    sent = await call(django(layer), get())

    assert (sent[0]["status"], body(sent), fields(sent, b"x-stamp")) == (200, HELLO, [stamp])


async def test_all_kinds_together_are_ordered_as_they_are_listed() -> None:
    sent = await call(django(*EVERY_KIND), get())

    assert fields(sent, b"x-stamp") == STAMPS[::-1]  # a response passes the innermost first


@pytest.mark.parametrize("layer", EVERY_KIND, ids=shown)
async def test_django_starts_and_stops_in_a_stack_of_every_kind(layer: Any) -> None:
    assert await Server().run(django(layer)) == WHOLE


# --- the classes of others


@pytest.mark.parametrize("layer", FOREIGN, ids=FOREIGN_NAMES)
async def test_a_foreign_class_serves_django_with_one_content_length(layer: Any) -> None:
    sent = await call(django(Stamp, layer), get(accept_encoding="gzip", origin="https://a.example"))

    assert fields(sent, b"content-length") == [b"%d" % len(body(sent))]
    assert (sent[0]["status"], fields(sent, b"x-stamp")[-1]) == (200, b"ours")


@pytest.mark.parametrize("layer", FOREIGN, ids=FOREIGN_NAMES)
async def test_django_starts_and_stops_within_a_foreign_class(layer: Any) -> None:
    server = Server()
    stack = Stack([Stamp, layer], lifespan=[server.context("ours")])

    assert await server.run(stack.wrap(get_asgi_application())) == WHOLE


@pytest.mark.parametrize("layer", FOREIGN, ids=FOREIGN_NAMES)
async def test_a_foreign_class_hands_on_a_websocket(layer: Any) -> None:
    recorder = Recorder()
    text = {"type": "websocket.receive", "text": "hi"}
    messages = [{"type": "websocket.connect"}, text, {"type": "websocket.disconnect", "code": 1000}]
    sent = await call(Stack([Stamp, layer]).wrap(recorder), websocket_scope(), *messages)

    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.send"]
    assert fields(sent, b"x-stamp") == [b"ours"]


async def test_starlettes_gzip_compresses_what_django_sends() -> None:
    sent = await call(django(Layer(GZipMiddleware, minimum_size=100)), get(accept_encoding="gzip"))

    assert fields(sent, b"content-encoding") == [b"gzip"]
    assert gzip.decompress(body(sent)) == HELLO


async def test_starlettes_cors_answers_a_preflight_itself() -> None:
    app = django(Stamp, Layer(CORSMiddleware, allow_origins=["https://a.example"], allow_methods=["PUT"]))
    headers = {"origin": "https://a.example", "access-control-request-method": "PUT"}
    sent = await call(app, http_scope("/hello/", method="OPTIONS", headers=headers))

    assert fields(sent, b"access-control-allow-origin") == [b"https://a.example"]
    assert (sent[0]["status"], fields(sent, b"x-stamp")) == (200, [b"ours"])


async def test_starlettes_trusted_host_refuses_for_django() -> None:
    sent = await call(django(Stamp, Layer(TrustedHostMiddleware, allowed_hosts=["a.example"])), get())

    assert (sent[0]["status"], body(sent)) == (400, b"Invalid host header")


async def test_starlettes_redirect_to_https_passes_our_hooks() -> None:
    sent = await call(django(Stamp, HTTPSRedirectMiddleware), get())

    assert fields(sent, b"location") == [b"https://testserver/hello/"]
    assert fields(sent, b"x-stamp") == [b"ours"]


def test_what_starlette_asserts_about_its_options_is_found_in_wrap() -> None:
    with pytest.raises(
        ConfigurationError,
        match="layer 1 of 1, TrustedHostMiddleware: AssertionError: Domain wildcard patterns",
    ):
        django(Layer(TrustedHostMiddleware, allowed_hosts=["a.*"]))


async def test_uvicorns_proxy_headers_change_what_django_sees() -> None:
    seen = Recorder()
    stack = Stack([Layer(ProxyHeadersMiddleware, trusted_hosts="*")])
    scope = get(x_forwarded_for="9.9.9.9", x_forwarded_proto="https")
    await call(stack.wrap(seen), scope, ignore={"C11"})  # it writes into the scope

    assert (seen.scope["scheme"], seen.scope["client"][0]) == ("https", "9.9.9.9")


async def test_channels_cookies_reach_the_application() -> None:
    recorder = Recorder()
    await call(Stack([Stamp, CookieMiddleware]).wrap(recorder), get(cookie="a=1"))

    assert recorder.scope["cookies"] == {"a": "1"}


async def test_opentelemetry_sees_the_request_to_django() -> None:
    seen: list[Any] = []

    def hook(span: Any, scope: Any) -> None:
        seen.append(scope["path"])

    sent = await call(django(Layer(OpenTelemetryMiddleware, server_request_hook=hook)), get())

    assert (seen, body(sent)) == (["/hello/"], HELLO)


async def test_sentry_reports_an_error_of_the_application_and_lets_it_out() -> None:
    events: list[Any] = []
    client = sentry_sdk.Client(
        dsn="https://key@sentry.example/1", transport=capturing(events), default_integrations=False
    )
    app = Stack([SentryAsgiMiddleware]).wrap(Recorder(fail_at="request"))
    with sentry_sdk.new_scope() as scope:
        scope.set_client(client)
        with pytest.raises(RuntimeError, match="told to fail"):
            await call(app, get())

    assert [event["exception"]["values"][0]["type"] for event in events] == ["RuntimeError"]


def capturing(events: list[Any]) -> Any:
    class Capturing(sentry_sdk.Transport):
        def capture_envelope(self, envelope: Any) -> None:
            events.append(envelope.get_event())

    return Capturing()


# --- the applications of others


async def page(request: Request) -> Response:
    return PlainTextResponse("hello")


ROUTES = [Route("/hello/", page)]
APPLICATIONS = [
    Starlette(routes=ROUTES),
    FastAPI(routes=ROUTES),
    PlainTextResponse("hello"),
    ProtocolTypeRouter({"http": get_asgi_application()}),
    WsgiToAsgi(get_wsgi_application()),
]


@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda app: type(app).__name__)
async def test_any_application_is_served_in_a_stack(application: Any) -> None:
    sent = await call(Stack([Stamp, Slow]).wrap(application), get(), ignore=STARLETTES)

    assert body(sent).startswith(b"hello")
    assert fields(sent, b"x-stamp") == [b"ours", b"ours"]


@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda app: type(app).__name__)
async def test_any_application_starts_and_stops_in_a_stack(application: Any) -> None:
    server = Server(ignore=STARLETTES)
    stack = Stack([Stamp, Slow], lifespan=[server.context("ours")])

    assert await server.run(stack.wrap(application)) == WHOLE
