"""The middleware of neighbours: some keep the whole contract, and what others break is found."""

from typing import Any

import pytest
from channels.sessions import CookieMiddleware
from hypercorn.middleware import HTTPToHTTPSRedirectMiddleware
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response

from asgi_stack.testing.contract import check_middleware


class Dispatching(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: Any) -> Response:
        return await call_next(request)


@pytest.mark.parametrize(
    ("factory", "arguments"),
    [
        (TrustedHostMiddleware, {"allowed_hosts": ["testserver"]}),
        (ServerErrorMiddleware, {"handles_exceptions": True}),
        (HTTPToHTTPSRedirectMiddleware, {"host": "testserver", "replies": True}),
    ],
)
def test_these_keep_the_contract(factory: Any, arguments: dict[str, Any]) -> None:
    report = check_middleware(factory, **arguments)

    assert report.passed, str(report)


@pytest.mark.parametrize(
    ("factory", "arguments", "check_id"),
    [
        (Dispatching, {}, "shows-inner-context-outside"),
        (Dispatching, {}, "passes-trailers"),
        (GZipMiddleware, {"changes_body": True}, "edits-no-response-message"),
        (GZipMiddleware, {}, "does-not-hold-the-head"),
        (CookieMiddleware, {}, "forwards-lifespan"),
        (OpenTelemetryMiddleware, {}, "lets-headers-be-any-iterable"),
    ],
)
def test_these_break_it_in_a_known_point(factory: Any, arguments: dict[str, Any], check_id: str) -> None:
    failures = {outcome.id for outcome in check_middleware(factory, **arguments).failures}

    assert check_id in failures


def test_a_compressor_streams() -> None:
    request = {"headers": {"accept-encoding": "gzip"}}
    report = check_middleware(
        GZipMiddleware, changes_body=True, request=request, only=["streams-the-response"]
    )

    assert report.passed, str(report)
