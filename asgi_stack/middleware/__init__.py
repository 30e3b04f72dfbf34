"""The middleware in the box: one class, one file, one page each."""

from asgi_stack.middleware.error_boundary import ErrorBoundaryMiddleware
from asgi_stack.middleware.request_id import RequestIDFilter, RequestIDMiddleware
from asgi_stack.middleware.security_headers import SecurityHeadersMiddleware
from asgi_stack.middleware.server_timing import ServerTimingMiddleware
from asgi_stack.middleware.trusted_host import TrustedHostMiddleware

__all__ = [
    "ErrorBoundaryMiddleware",
    "RequestIDFilter",
    "RequestIDMiddleware",
    "SecurityHeadersMiddleware",
    "ServerTimingMiddleware",
    "TrustedHostMiddleware",
]
