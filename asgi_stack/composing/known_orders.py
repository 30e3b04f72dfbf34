"""What is known of the order of public middleware, by the dotted path where its class is defined."""

from typing import Any

from asgi_stack import box

__all__ = ["KNOWN"]

_HIDDEN = "a browser hides a 500 that has no CORS headers"
_BELIEVES = "it believes X-Forwarded-For, which anybody can write, unless that is taken away"

KNOWN: dict[str, dict[str, Any]] = {
    "starlette.middleware.cors.CORSMiddleware": {
        "outside_of": {box.ERROR_BOUNDARY: _HIDDEN},
        "once": True,
    },
    "starlette.middleware.gzip.GZipMiddleware": {"once": True},
    "starlette.middleware.errors.ServerErrorMiddleware": {
        "inside_of": {
            "starlette.middleware.cors.CORSMiddleware": _HIDDEN,
            box.CORS: _HIDDEN,
        },
    },
    "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware": {
        "outside_of": {box.TRUSTED_HOST: "the host to check is the one that the client asked for"},
        "once": True,
    },
    "servestatic.asgi.ServeStaticASGI": {
        "inside_of": {box.TRUSTED_HOST: "files are for requests to your own hosts only"},
    },
    "sentry_sdk.integrations.asgi.SentryAsgiMiddleware": {
        "inside_of": {
            box.REQUEST_ID: "a report should bear the request's id",
            box.PROXY_HEADERS: _BELIEVES,
        },
        "once": True,
    },
    "opentelemetry.instrumentation.asgi.OpenTelemetryMiddleware": {
        "inside_of": {box.PROXY_HEADERS: "until then the client is the proxy"},
        "once": True,
    },
    "elasticapm.contrib.asgi.ASGITracingMiddleware": {"inside_of": {box.PROXY_HEADERS: _BELIEVES}},
    "asgi_correlation_id.middleware.CorrelationIdMiddleware": {"once": True},
}
"""The keyword arguments of an `Order` for each class. Only what can be shown to go wrong stands here."""
