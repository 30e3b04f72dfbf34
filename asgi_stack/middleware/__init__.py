"""The middleware in the box: one class, one file, one page each."""

from asgi_stack.middleware.basic_auth import BasicAuthMiddleware, Users
from asgi_stack.middleware.cors import CORSMiddleware
from asgi_stack.middleware.cross_origin_protection import CrossOriginProtectionMiddleware
from asgi_stack.middleware.drain import DrainMiddleware
from asgi_stack.middleware.error_boundary import ErrorBoundaryMiddleware, ErrorPage, problem_page, text_page
from asgi_stack.middleware.health import HealthMiddleware
from asgi_stack.middleware.https_redirect import HTTPSRedirectMiddleware
from asgi_stack.middleware.ip_filter import IPFilterMiddleware
from asgi_stack.middleware.maintenance import MaintenanceMiddleware
from asgi_stack.middleware.proxy_headers import ForwardedPart, ProxyHeadersMiddleware
from asgi_stack.middleware.request_guard import RequestGuardMiddleware
from asgi_stack.middleware.request_id import (
    RequestIDFilter,
    RequestIDMiddleware,
    TraceContextFilter,
    random_id,
)
from asgi_stack.middleware.security_headers import PathHeaders, SecurityHeadersMiddleware
from asgi_stack.middleware.server_timing import ServerTiming, ServerTimingMiddleware, current_timing
from asgi_stack.middleware.trusted_host import TrustedHostMiddleware

__all__ = [
    "BasicAuthMiddleware",
    "CORSMiddleware",
    "CrossOriginProtectionMiddleware",
    "DrainMiddleware",
    "ErrorBoundaryMiddleware",
    "ErrorPage",
    "ForwardedPart",
    "HTTPSRedirectMiddleware",
    "HealthMiddleware",
    "IPFilterMiddleware",
    "MaintenanceMiddleware",
    "PathHeaders",
    "ProxyHeadersMiddleware",
    "RequestGuardMiddleware",
    "RequestIDFilter",
    "RequestIDMiddleware",
    "SecurityHeadersMiddleware",
    "ServerTiming",
    "ServerTimingMiddleware",
    "TraceContextFilter",
    "TrustedHostMiddleware",
    "Users",
    "current_timing",
    "problem_page",
    "random_id",
    "text_page",
]
