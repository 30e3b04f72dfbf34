"""The policy from the middleware that projects use today, each with the options that come nearest.

Starlette, uvicorn and asgi-correlation-id have five of the seven. Security headers and server timing one
writes oneself, so they are here twice: as ``BaseHTTPMiddleware``, the form in which the documentation of
Starlette and of FastAPI shows a header and a timing, and as pure ASGI (``send_wrapper`` and
``MutableHeaders``), the quickest form that Starlette's documentation knows.
"""

from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

from asgi_correlation_id import CorrelationIdMiddleware
from starlette.datastructures import MutableHeaders
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from benchmarks.policy import ALLOWED_ORIGINS, TRUSTED_PROXIES, YEAR

MakeID = Callable[[], str]

SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "strict-transport-security": f"max-age={YEAR}",
}


class SecurityHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_wrapper(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_wrapper)


class ServerTiming:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = perf_counter()

        async def send_wrapper(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("server-timing", f"app;dur={(perf_counter() - start) * 1000:.1f}")
            await send(message)

        await self.app(scope, receive, send_wrapper)


class SecurityHeadersAsDocumented(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        for name, value in SECURITY.items():
            response.headers.setdefault(name, value)
        return response


class ServerTimingAsDocumented(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        start = perf_counter()
        response = await call_next(request)
        response.headers.append("server-timing", f"app;dur={(perf_counter() - start) * 1000:.1f}")
        return response


def neighbours(app: ASGIApp, *, make_id: MakeID = lambda: uuid4().hex) -> ASGIApp:
    """Return *app* behind the whole policy, in the same order, by pure ASGI middleware alone."""
    return _wrapped(app, make_id, SecurityHeaders, ServerTiming)


def neighbours_as_documented(app: ASGIApp, *, make_id: MakeID = lambda: uuid4().hex) -> ASGIApp:
    """Return *app* behind the whole policy, with two classes written as the documentation begins."""
    return _wrapped(app, make_id, SecurityHeadersAsDocumented, ServerTimingAsDocumented)


def _wrapped(
    app: ASGIApp,
    make_id: MakeID,
    security: Callable[[ASGIApp], ASGIApp],
    timing: Callable[[ASGIApp], ASGIApp],
) -> ASGIApp:
    app = CORSMiddleware(app, allow_origins=ALLOWED_ORIGINS)
    app = HTTPSRedirectMiddleware(app)
    app = TrustedHostMiddleware(app, allowed_hosts=["www.example.com", "example.net", "*.example.net"])
    app = timing(security(app))
    app = CorrelationIdMiddleware(app, generator=make_id)
    return ProxyHeadersMiddleware(app, trusted_hosts=TRUSTED_PROXIES)
