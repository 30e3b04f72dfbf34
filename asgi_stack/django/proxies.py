"""The layers that read what a proxy says of a request, and the settings with which Django reads it."""

from collections.abc import Sequence

from asgi_stack import box

__all__ = ["PROXY_LAYERS", "PROXY_SETTINGS", "UVICORNS"]

UVICORNS = "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware"
PROXY_LAYERS: Sequence[str] = (box.PROXY_HEADERS, UVICORNS, "hypercorn.middleware.ProxyFixMiddleware")
PROXY_SETTINGS: Sequence[str] = ("SECURE_PROXY_SSL_HEADER", "USE_X_FORWARDED_HOST", "USE_X_FORWARDED_PORT")
