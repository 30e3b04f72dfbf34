"""Two edge policies of the package's own classes, and the request that they are measured with."""

from collections.abc import Callable
from typing import Any, TypeAlias

from asgi_stack.composing.layer import Layer
from asgi_stack.composing.stack import Stack
from asgi_stack.middleware import (
    CORSMiddleware,
    CrossOriginProtectionMiddleware,
    HTTPSRedirectMiddleware,
    IPFilterMiddleware,
    ProxyHeadersMiddleware,
    RequestGuardMiddleware,
    RequestIDMiddleware,
    SecurityHeadersMiddleware,
    ServerTimingMiddleware,
    TrustedHostMiddleware,
)
from asgi_stack.types import ASGIApp, Receive, Scope, Send

TRUSTED_PROXIES = ["10.0.0.1"]
ALLOWED_HOSTS = ["www.example.com", ".example.net"]
ALLOWED_ORIGINS = ["https://app.example.com", "https://admin.example.com"]
BLOCKED_CLIENTS = ["192.0.2.0/24"]
YEAR = 31_536_000

Policy: TypeAlias = Callable[..., list[Layer[...]]]
"""Returns layers, outermost first; it takes the options of the request id."""


def seven(**request_id: Any) -> list[Layer[...]]:
    """Return the policy that has a counterpart among the neighbours and in Django's ``MIDDLEWARE``."""
    return [
        Layer(ProxyHeadersMiddleware, trusted=TRUSTED_PROXIES),
        Layer(RequestIDMiddleware, **request_id),
        Layer(ServerTimingMiddleware),
        Layer(SecurityHeadersMiddleware, hsts_max_age=YEAR),
        Layer(TrustedHostMiddleware, allowed_hosts=ALLOWED_HOSTS),
        Layer(HTTPSRedirectMiddleware, allowed_hosts=ALLOWED_HOSTS),
        Layer(CORSMiddleware, allow_origins=ALLOWED_ORIGINS),
    ]


def nine(**request_id: Any) -> list[Layer[...]]:
    """Return the full edge: every header middleware that guards a site."""
    return [
        Layer(ProxyHeadersMiddleware, trusted=TRUSTED_PROXIES),
        Layer(RequestIDMiddleware, **request_id),
        Layer(SecurityHeadersMiddleware, hsts_max_age=YEAR),
        Layer(RequestGuardMiddleware),
        Layer(TrustedHostMiddleware, allowed_hosts=ALLOWED_HOSTS),
        Layer(HTTPSRedirectMiddleware, allowed_hosts=ALLOWED_HOSTS),
        Layer(CORSMiddleware, allow_origins=ALLOWED_ORIGINS),
        Layer(IPFilterMiddleware, deny=BLOCKED_CLIENTS),
        Layer(CrossOriginProtectionMiddleware),
    ]


def fused(application: ASGIApp, policy: Policy = seven, **request_id: Any) -> ASGIApp:
    """Return *application* in the stack of the policy."""
    return Stack(policy(**request_id)).wrap(application)


def nested(application: ASGIApp, policy: Policy = seven, **request_id: Any) -> ASGIApp:
    """Return *application* in the same layers, nested by hand: each is a frame of its own."""
    for layer in reversed(policy(**request_id)):
        application = layer.wrap(application)
    return application


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """The inner application: a small page, its header names spelled as Django spells them."""
    headers = [
        (b"Content-Type", b"text/html; charset=utf-8"),
        (b"Content-Length", b"11"),
        (b"Cache-Control", b"max-age=60"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello world"})


def scope_of_a_browser(host: bytes = b"www.example.com", **changes: Any) -> dict[str, Any]:
    """Return the scope of a request that a script in a browser makes, as it comes through one proxy."""
    headers = [
        (b"host", host),
        (b"sec-ch-ua-platform", b'"Linux"'),
        (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"),
        (b"sec-ch-ua", b'"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"'),
        (b"sec-ch-ua-mobile", b"?0"),
        (b"accept", b"application/json"),
        (b"origin", b"https://app.example.com"),
        (b"sec-fetch-site", b"same-site"),
        (b"sec-fetch-mode", b"cors"),
        (b"sec-fetch-dest", b"empty"),
        (b"referer", b"https://app.example.com/"),
        (b"accept-encoding", b"gzip, deflate, br, zstd"),
        (b"accept-language", b"en-GB,en;q=0.9"),
        (b"cookie", b"sessionid=vq5z0r2c2ibt7cikyh8aqb9xvjd1wlsn"),
        (b"priority", b"u=1, i"),
        (b"x-real-ip", b"203.0.113.9"),
        (b"x-forwarded-for", b"203.0.113.9"),
        (b"x-forwarded-proto", b"https"),
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/articles/",
        "raw_path": b"/articles/",
        "query_string": b"page=2",
        "root_path": "",
        "headers": headers,
        "client": ("10.0.0.1", 51234),
        "server": ("10.0.0.2", 8000),
        "state": {},
    }
    return {**scope, **changes}
