"""An option of the edge that is misspelt, missing or of another type is seen in the editor.

Nothing here is run: mypy and pyright read it. Written by ``python -m tests.docs.lists``.
"""

from typing import Any

from asgi_stack import Layer
from asgi_stack.middleware import (
    BasicAuthMiddleware,
    CORSMiddleware,
    CrossOriginProtectionMiddleware,
    DrainMiddleware,
    ErrorBoundaryMiddleware,
    HealthMiddleware,
    HTTPSRedirectMiddleware,
    IPFilterMiddleware,
    MaintenanceMiddleware,
    ProxyHeadersMiddleware,
    RequestGuardMiddleware,
    RequestIDMiddleware,
    SecurityHeadersMiddleware,
    ServerTimingMiddleware,
    TrustedHostMiddleware,
)

ANY: Any = ...


def basic_auth() -> None:
    Layer(BasicAuthMiddleware, users=ANY)
    Layer(BasicAuthMiddleware, users=ANY, no_such_option=1)  # type: ignore[call-arg]
    Layer(BasicAuthMiddleware)  # type: ignore[call-arg]
    Layer(BasicAuthMiddleware, users=object())  # type: ignore[arg-type]
    Layer(BasicAuthMiddleware, users=ANY, realm=object())  # type: ignore[arg-type]


def cors() -> None:
    Layer(CORSMiddleware)
    Layer(CORSMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(CORSMiddleware, allow_origins=object())  # type: ignore[arg-type]
    Layer(CORSMiddleware, allow_methods=object())  # type: ignore[arg-type]
    Layer(CORSMiddleware, allow_headers=object())  # type: ignore[arg-type]
    Layer(CORSMiddleware, allow_credentials=object())  # type: ignore[arg-type]
    Layer(CORSMiddleware, allow_origin_regex=object())  # type: ignore[arg-type]
    Layer(CORSMiddleware, unchecked_origin_regex=object())  # type: ignore[arg-type]
    Layer(CORSMiddleware, expose_headers=object())  # type: ignore[arg-type]
    Layer(CORSMiddleware, max_age=object())  # type: ignore[arg-type]


def cross_origin_protection() -> None:
    Layer(CrossOriginProtectionMiddleware)
    Layer(CrossOriginProtectionMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(CrossOriginProtectionMiddleware, trusted_origins=object())  # type: ignore[arg-type]
    Layer(CrossOriginProtectionMiddleware, exempt_paths=object())  # type: ignore[arg-type]
    Layer(CrossOriginProtectionMiddleware, require_headers=object())  # type: ignore[arg-type]
    Layer(CrossOriginProtectionMiddleware, same_scheme=object())  # type: ignore[arg-type]


def drain() -> None:
    Layer(DrainMiddleware)
    Layer(DrainMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(DrainMiddleware, drain=object())  # type: ignore[arg-type]
    Layer(DrainMiddleware, drain_on_sigterm=object())  # type: ignore[arg-type]
    Layer(DrainMiddleware, drain_path=object())  # type: ignore[arg-type]
    Layer(DrainMiddleware, drain_clients=object())  # type: ignore[arg-type]
    Layer(DrainMiddleware, close_after=object())  # type: ignore[arg-type]
    Layer(DrainMiddleware, close_code=object())  # type: ignore[arg-type]


def error_boundary() -> None:
    Layer(ErrorBoundaryMiddleware)
    Layer(ErrorBoundaryMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(ErrorBoundaryMiddleware, page=object())  # type: ignore[arg-type]
    Layer(ErrorBoundaryMiddleware, reraise=object())  # type: ignore[arg-type]
    Layer(ErrorBoundaryMiddleware, client_gone=object())  # type: ignore[arg-type]


def https_redirect() -> None:
    Layer(HTTPSRedirectMiddleware)
    Layer(HTTPSRedirectMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(HTTPSRedirectMiddleware, host=object())  # type: ignore[arg-type]
    Layer(HTTPSRedirectMiddleware, allowed_hosts=object())  # type: ignore[arg-type]
    Layer(HTTPSRedirectMiddleware, port=object())  # type: ignore[arg-type]
    Layer(HTTPSRedirectMiddleware, permanent=object())  # type: ignore[arg-type]
    Layer(HTTPSRedirectMiddleware, redirect_unsafe=object())  # type: ignore[arg-type]
    Layer(HTTPSRedirectMiddleware, exempt_paths=object())  # type: ignore[arg-type]


def health() -> None:
    Layer(HealthMiddleware)
    Layer(HealthMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(HealthMiddleware, checks=object())  # type: ignore[arg-type]
    Layer(HealthMiddleware, live_path=object())  # type: ignore[arg-type]
    Layer(HealthMiddleware, ready_path=object())  # type: ignore[arg-type]
    Layer(HealthMiddleware, startup_path=object())  # type: ignore[arg-type]
    Layer(HealthMiddleware, timeout=object())  # type: ignore[arg-type]
    Layer(HealthMiddleware, cache_seconds=object())  # type: ignore[arg-type]
    Layer(HealthMiddleware, show_checks=object())  # type: ignore[arg-type]
    Layer(HealthMiddleware, drain=object())  # type: ignore[arg-type]
    Layer(HealthMiddleware, clock=object())  # type: ignore[arg-type]


def ip_filter() -> None:
    Layer(IPFilterMiddleware)
    Layer(IPFilterMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(IPFilterMiddleware, allow=object())  # type: ignore[arg-type]
    Layer(IPFilterMiddleware, deny=object())  # type: ignore[arg-type]
    Layer(IPFilterMiddleware, unix_socket=object())  # type: ignore[arg-type]


def maintenance() -> None:
    Layer(MaintenanceMiddleware)
    Layer(MaintenanceMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(MaintenanceMiddleware, file=object())  # type: ignore[arg-type]
    Layer(MaintenanceMiddleware, environ=object())  # type: ignore[arg-type]
    Layer(MaintenanceMiddleware, switch=object())  # type: ignore[arg-type]
    Layer(MaintenanceMiddleware, exempt_paths=object())  # type: ignore[arg-type]
    Layer(MaintenanceMiddleware, retry_after=object())  # type: ignore[arg-type]
    Layer(MaintenanceMiddleware, page=object())  # type: ignore[arg-type]
    Layer(MaintenanceMiddleware, content_type=object())  # type: ignore[arg-type]
    Layer(MaintenanceMiddleware, clock=object())  # type: ignore[arg-type]


def proxy_headers() -> None:
    Layer(ProxyHeadersMiddleware)
    Layer(ProxyHeadersMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(ProxyHeadersMiddleware, trusted=object())  # type: ignore[arg-type]
    Layer(ProxyHeadersMiddleware, hops=object())  # type: ignore[arg-type]
    Layer(ProxyHeadersMiddleware, header=object())  # type: ignore[arg-type]
    Layer(ProxyHeadersMiddleware, parts=object())  # type: ignore[arg-type]
    Layer(ProxyHeadersMiddleware, strip=object())  # type: ignore[arg-type]
    Layer(ProxyHeadersMiddleware, keep=object())  # type: ignore[arg-type]


def request_guard() -> None:
    Layer(RequestGuardMiddleware)
    Layer(RequestGuardMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(RequestGuardMiddleware, methods=object())  # type: ignore[arg-type]
    Layer(RequestGuardMiddleware, max_headers=object())  # type: ignore[arg-type]
    Layer(RequestGuardMiddleware, max_header_bytes=object())  # type: ignore[arg-type]
    Layer(RequestGuardMiddleware, max_header_line=object())  # type: ignore[arg-type]
    Layer(RequestGuardMiddleware, max_target=object())  # type: ignore[arg-type]
    Layer(RequestGuardMiddleware, refuse_empty_segments=object())  # type: ignore[arg-type]
    Layer(RequestGuardMiddleware, without=object())  # type: ignore[arg-type]


def request_id() -> None:
    Layer(RequestIDMiddleware)
    Layer(RequestIDMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(RequestIDMiddleware, header=object())  # type: ignore[arg-type]
    Layer(RequestIDMiddleware, trust_incoming=object())  # type: ignore[arg-type]
    Layer(RequestIDMiddleware, make_id=object())  # type: ignore[arg-type]
    Layer(RequestIDMiddleware, trace_context=object())  # type: ignore[arg-type]
    Layer(RequestIDMiddleware, keep_response=object())  # type: ignore[arg-type]


def security_headers() -> None:
    Layer(SecurityHeadersMiddleware)
    Layer(SecurityHeadersMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(SecurityHeadersMiddleware, hsts_max_age=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, hsts_include_subdomains=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, hsts_preload=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, nosniff=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, frame_options=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, referrer_policy=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, cross_origin_opener_policy=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, cross_origin_embedder_policy=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, cross_origin_resource_policy=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, permissions_policy=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, content_security_policy=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, content_security_policy_report_only=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, reporting_endpoints=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, remove=object())  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, paths=object())  # type: ignore[arg-type]


def server_timing() -> None:
    Layer(ServerTimingMiddleware)
    Layer(ServerTimingMiddleware, no_such_option=1)  # type: ignore[call-arg]
    Layer(ServerTimingMiddleware, metric=object())  # type: ignore[arg-type]
    Layer(ServerTimingMiddleware, when=object())  # type: ignore[arg-type]
    Layer(ServerTimingMiddleware, clock=object())  # type: ignore[arg-type]


def trusted_host() -> None:
    Layer(TrustedHostMiddleware, allowed_hosts=ANY)
    Layer(TrustedHostMiddleware, allowed_hosts=ANY, no_such_option=1)  # type: ignore[call-arg]
    Layer(TrustedHostMiddleware)  # type: ignore[call-arg]
    Layer(TrustedHostMiddleware, allowed_hosts=object())  # type: ignore[arg-type]
    Layer(TrustedHostMiddleware, allowed_hosts=ANY, require_host=object())  # type: ignore[arg-type]
