"""The middleware in the box: one class, one file, one page each."""

from asgi_stack.middleware.basic_auth import BasicAuthMiddleware
from asgi_stack.middleware.cors import CORSMiddleware
from asgi_stack.middleware.cross_origin_protection import CrossOriginProtectionMiddleware
from asgi_stack.middleware.error_boundary import ErrorBoundaryMiddleware
from asgi_stack.middleware.health import HealthMiddleware
from asgi_stack.middleware.https_redirect import HTTPSRedirectMiddleware
from asgi_stack.middleware.ip_filter import IPFilterMiddleware
from asgi_stack.middleware.maintenance import MaintenanceMiddleware
from asgi_stack.middleware.proxy_headers import ProxyHeadersMiddleware
from asgi_stack.middleware.request_guard import RequestGuardMiddleware
from asgi_stack.middleware.request_id import RequestIDFilter, RequestIDMiddleware, TraceContextFilter
from asgi_stack.middleware.security_headers import SecurityHeadersMiddleware
from asgi_stack.middleware.server_timing import ServerTimingMiddleware
from asgi_stack.middleware.trusted_host import TrustedHostMiddleware

__all__ = [
    "BasicAuthMiddleware",
    "CORSMiddleware",
    "CrossOriginProtectionMiddleware",
    "ErrorBoundaryMiddleware",
    "HTTPSRedirectMiddleware",
    "HealthMiddleware",
    "IPFilterMiddleware",
    "MaintenanceMiddleware",
    "ProxyHeadersMiddleware",
    "RequestGuardMiddleware",
    "RequestIDFilter",
    "RequestIDMiddleware",
    "SecurityHeadersMiddleware",
    "ServerTimingMiddleware",
    "TraceContextFilter",
    "TrustedHostMiddleware",
]
