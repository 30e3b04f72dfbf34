"""Three sites with the whole edge around Django: they differ only in which proxies they believe.

Django itself believes everything that it is told, so whatever the edge lets through is seen in its answer.
"""

from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path, re_path

from asgi_stack import Layer, Stack
from asgi_stack.middleware import (
    CORSMiddleware,
    CrossOriginProtectionMiddleware,
    ErrorBoundaryMiddleware,
    HealthMiddleware,
    HTTPSRedirectMiddleware,
    ProxyHeadersMiddleware,
    RequestGuardMiddleware,
    RequestIDMiddleware,
    SecurityHeadersMiddleware,
    TrustedHostMiddleware,
)
from asgi_stack.routing import PathRouter, ProtocolRouter

settings.configure(
    ALLOWED_HOSTS=["*"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],  # every answer has a length
    ROOT_URLCONF=__name__,
    SECRET_KEY="not a secret",
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    USE_X_FORWARDED_HOST=True,
)


def show(request: HttpRequest) -> JsonResponse:
    seen = {
        "client": request.META["REMOTE_ADDR"],
        "secure": request.is_secure(),
        "host": request.get_host(),
        "path": request.path,
        "names": [name for name in request.META if name.startswith("HTTP_")],
    }
    return JsonResponse(seen, headers={"X-Inner": "django", "Vary": "Cookie"})


def fail(request: HttpRequest) -> JsonResponse:
    raise RuntimeError("a view that fails")


urlpatterns = [path("boom", fail), re_path(r"^", show)]


async def accept(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        raise ValueError(f"no {scope['type']} here")
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close"})


inner = ProtocolRouter(http=get_asgi_application(), websocket=accept)


def edge(**proxies: Any) -> Any:
    return Stack(
        [
            Layer(ProxyHeadersMiddleware, **proxies),
            Layer(RequestIDMiddleware, trust_incoming=True),
            Layer(SecurityHeadersMiddleware, hsts_max_age=3600),
            HealthMiddleware,
            RequestGuardMiddleware,
            Layer(TrustedHostMiddleware, allowed_hosts=["example.com"]),
            Layer(HTTPSRedirectMiddleware, allowed_hosts=["*"], exempt_paths=["/plain"]),
            Layer(CORSMiddleware, allow_origins=["https://foo.com", "https://bar.com"]),
            ErrorBoundaryMiddleware,
            Layer(CrossOriginProtectionMiddleware, trusted_origins=["https://foo.com"]),
        ]
    ).wrap(inner)


application = PathRouter(
    {
        "/stranger": edge(trusted=["10.0.0.0/8"]),
        "/forwarded": edge(trusted=["127.0.0.1"], header="forwarded", parts=["for", "proto", "host"]),
        "/": edge(trusted=["127.0.0.1"], parts=["for", "proto", "prefix"]),
    }
)
