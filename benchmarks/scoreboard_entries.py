"""The middleware on the scoreboard: how each is made, and what it is said to be meant to do.

Everything about one is in its function, so that a package is imported only where its middleware is checked.
"""

import tempfile
from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any, NamedTuple

from asgi_stack.composing.layer import Layer
from asgi_stack.types import ASGIApp, Scope

PROXIED = {"headers": {"x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https"}}
BROWSER = {"headers": {"origin": "https://app.example.com"}}


class Entry(NamedTuple):
    """A layer, and the further arguments of `check_middleware`."""

    layer: Layer[...]
    declared: dict[str, Any] = {}  # noqa: RUF012
    remark: str = ""
    """What a reader should know of how it was made."""


ENTRIES: dict[str, tuple[str, Callable[[], Entry]]] = {}
"""By dotted path: the package that brings it, and what makes the entry."""


def entry(package: str, path: str) -> Callable[[Callable[[Any], Entry]], None]:
    """List what the decorated function makes of the object at this dotted path."""

    def register(make: Callable[[Any], Entry]) -> None:
        ENTRIES[path] = package, lambda: make(resolve_name(path))

    return register


def plain(package: str, *paths: str, declared: dict[str, Any] | None = None, **options: Any) -> None:
    """List what can be made from plain options."""
    for path in paths:
        entry(package, path)(lambda factory: Entry(Layer(factory, **options), declared or {}))


def accepting(coding: str) -> dict[str, Any]:
    """Return what a compressor declares, asked for this coding."""
    return {"changes_body": True, "request": {"headers": {"accept-encoding": coding}}}


plain("starlette", "starlette.middleware.cors.CORSMiddleware", declared={"request": BROWSER},
      allow_origins=["https://app.example.com"])  # fmt: skip
plain("starlette", "starlette.middleware.errors.ServerErrorMiddleware", declared={"handles_exceptions": True})
plain("starlette", "starlette.middleware.exceptions.ExceptionMiddleware")
plain("starlette", "starlette.middleware.gzip.GZipMiddleware", declared=accepting("gzip"))
plain("starlette", "starlette.middleware.httpsredirect.HTTPSRedirectMiddleware",
      declared={"request": {"url": "https://testserver/"}})  # fmt: skip
plain("starlette", "starlette.middleware.sessions.SessionMiddleware", secret_key="secret")
plain("starlette", "starlette.middleware.trustedhost.TrustedHostMiddleware", allowed_hosts=["testserver"])
plain("uvicorn", "uvicorn.middleware.message_logger.MessageLoggerMiddleware")
plain("uvicorn", "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware", declared={"request": PROXIED})
plain("hypercorn", "hypercorn.middleware.ProxyFixMiddleware", declared={"request": PROXIED})
plain("hypercorn", "hypercorn.middleware.HTTPToHTTPSRedirectMiddleware", host="testserver",
      declared={"request": {"url": "https://testserver/"}})  # fmt: skip
plain("fastapi", "fastapi.middleware.asyncexitstack.AsyncExitStackMiddleware")
plain("sentry-sdk", "sentry_sdk.integrations.asgi.SentryAsgiMiddleware")
plain("opentelemetry-instrumentation-asgi", "opentelemetry.instrumentation.asgi.OpenTelemetryMiddleware")

plain("asgi-correlation-id", "asgi_correlation_id.CorrelationIdMiddleware", declared={"leaves_context": True})
plain("asgi-request-id", "asgi_request_id.RequestIDMiddleware", declared={"leaves_context": True})
plain("asgi-cors", "asgi_cors.asgi_cors", allow_all=True, declared={"request": BROWSER})
plain("asgi-cross-origin-protection", "asgi_cross_origin_protection.CrossOriginProtection")
plain("asgi-csrf", "asgi_csrf.asgi_csrf", signing_secret="secret")
plain("asgi-gzip", "asgi_gzip.GZipMiddleware", declared=accepting("gzip"))
plain("asgi-logger", "asgi_logger.AccessLoggerMiddleware")
plain("asgi-sessions", "asgi_sessions.SessionMiddleware", secret_key="secret")
plain("asgi-user-agents", "asgi_user_agents.UAMiddleware")
plain("blacknoise", "blacknoise.BlackNoise")
plain("brotli-asgi", "brotli_asgi.BrotliMiddleware", declared=accepting("br"))
plain("msgpack-asgi", "msgpack_asgi.MessagePackMiddleware")
plain("prometheus-fastapi-instrumentator",
      "prometheus_fastapi_instrumentator.middleware.PrometheusInstrumentatorMiddleware")  # fmt: skip
plain("secure", "secure.middleware.SecureASGIMiddleware")
plain("starlette-compress", "starlette_compress.CompressMiddleware", declared=accepting("zstd"))
plain("starlette-context", "starlette_context.middleware.RawContextMiddleware")
plain("starlette-csrf", "starlette_csrf.CSRFMiddleware", secret="secret",
      declared={"request": {"method": "GET"}})  # fmt: skip
plain("starlette-exporter", "starlette_exporter.PrometheusMiddleware")
plain("zstd-asgi", "zstd_asgi.ZstdMiddleware", declared=accepting("zstd"))


@entry("starlette", "starlette.middleware.base.BaseHTTPMiddleware")
def base_http(factory: Any) -> Entry:
    async def dispatch(request: Any, call_next: Any) -> Any:
        return await call_next(request)

    return Entry(Layer(factory, dispatch=dispatch), remark="`dispatch` only calls on.")


@entry("starlette", "starlette.middleware.authentication.AuthenticationMiddleware")
def authentication(factory: Any) -> Entry:
    class Anonymous:
        async def authenticate(self, conn: Any) -> None:
            return None

    return Entry(Layer(factory, backend=Anonymous()), remark="The backend knows nobody.")


@entry("aioprometheus", "aioprometheus.MetricsMiddleware")
def metrics(factory: Any) -> Entry:
    from aioprometheus import Registry

    def MetricsMiddleware(app: ASGIApp) -> ASGIApp:  # noqa: N802
        return factory(app, registry=Registry())

    return Entry(Layer(MetricsMiddleware), remark="Each instance has a registry of its own, as it needs.")


@entry("servestatic", "servestatic.ServeStaticASGI")
def servestatic(factory: Any) -> Entry:
    folder = tempfile.mkdtemp()
    return Entry(Layer(factory, root=folder), remark="The folder is empty.")


@entry("channels", "channels.sessions.CookieMiddleware")
def cookies(factory: Any) -> Entry:
    return Entry(Layer(factory))


@entry("channels", "channels.sessions.SessionMiddlewareStack")
def sessions(factory: Any) -> Entry:
    configure_django()
    return Entry(Layer(factory), remark="Sessions in signed cookies.")


@entry("channels", "channels.auth.AuthMiddlewareStack")
def auth(factory: Any) -> Entry:
    configure_django()
    return Entry(Layer(factory), remark="Sessions in signed cookies; nobody is logged in.")


@entry("channels", "channels.security.websocket.OriginValidator")
def origins(factory: Any) -> Entry:
    configure_django()
    return Entry(
        Layer(factory, allowed_origins=["https://app.example.com"]).only(scope_type="websocket"),
        {"request": BROWSER},
        remark="Only for websockets, as it is documented.",
    )


@entry("timing-asgi", "timing_asgi.TimingMiddleware")
def timing(factory: Any) -> Entry:
    class Client:
        def timing(self, metric_name: str, timing: float, tags: Any = None) -> None:
            """Drop it."""

    return Entry(Layer(factory, client=Client()), remark="The client drops what it is given.")


@entry("starlette-prometheus", "starlette_prometheus.PrometheusMiddleware")
def starlette_prometheus(factory: Any) -> Entry:
    from starlette.applications import Starlette

    return Entry(
        Layer(factory),
        {"request": {"extra": {"app": Starlette()}}},
        remark="The scope names a Starlette application, as it needs.",
    )


@entry("slowapi", "slowapi.middleware.SlowAPIASGIMiddleware")
def slowapi(factory: Any) -> Entry:
    from slowapi import Limiter
    from slowapi.util import get_remote_address
    from starlette.applications import Starlette

    app = Starlette()
    app.state.limiter = Limiter(key_func=get_remote_address, default_limits=["1000000/second"])
    return Entry(
        Layer(factory),
        {"request": {"extra": {"app": app}}},
        remark="The scope names a Starlette application with a limiter, as it needs.",
    )


@entry("asgi-ratelimit", "ratelimit.RateLimitMiddleware")
def ratelimit(factory: Any) -> Entry:
    from ratelimit import Rule
    from ratelimit.backends.simple import MemoryBackend

    async def everybody(scope: Scope) -> tuple[str, str]:
        return "everybody", "default"

    rules = {"^/": [Rule(second=1_000_000)]}
    return Entry(
        Layer(factory, authenticate=everybody, backend=MemoryBackend(), config=rules),
        remark="The limit is never reached.",
    )


@entry("starsessions", "starsessions.SessionMiddleware")
def starsessions(factory: Any) -> Entry:
    from starsessions import InMemoryStore, SessionAutoloadMiddleware

    def SessionMiddleware(app: ASGIApp) -> ASGIApp:  # noqa: N802
        return factory(SessionAutoloadMiddleware(app), store=InMemoryStore())

    return Entry(Layer(SessionMiddleware), remark="Around its SessionAutoloadMiddleware; sessions in memory.")


@entry("fastapi-events", "fastapi_events.middleware.EventHandlerASGIMiddleware")
def events(factory: Any) -> Entry:
    from fastapi_events.handlers.local import local_handler

    return Entry(Layer(factory, handlers=[local_handler]))


def configure_django() -> None:
    """Set up the smallest Django that Channels' sessions and users need."""
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        SECRET_KEY="secret",
    )
    django.setup()
