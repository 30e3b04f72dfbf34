"""What both a layer and Django itself would do, and which of the two to keep."""

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["look"]


class Duplicate(NamedTuple):
    """Layers, by path, and the entries of ``MIDDLEWARE`` or the settings that do the same.

    The settings count only where *read_by* is in ``MIDDLEWARE``.
    """

    id: str
    layers: Sequence[str]
    middleware: Sequence[str] = ()
    settings: Sequence[str] = ()
    read_by: str = ""
    effect: str = ""
    keep: str = ""

    def others(self) -> list[str]:
        """Return what Django does of it, as a reader of the settings would call it."""
        entries: list[str] = [*getattr(settings, "MIDDLEWARE", ())]
        if self.read_by and self.read_by not in entries:
            return []
        named = [path for path in self.middleware if path in entries]
        return named + [name for name in self.settings if getattr(settings, name, None)]


DUPLICATES = (
    Duplicate(
        id="asgi_stack.W001",
        layers=[
            box.COMPRESSION,
            "starlette.middleware.gzip.GZipMiddleware",
            "starlette_compress.CompressMiddleware",
            "brotli_asgi.BrotliMiddleware",
            "zstd_asgi.ZstdMiddleware",
            "asgi_gzip.GZipMiddleware",
        ],
        middleware=["django.middleware.gzip.GZipMiddleware"],
        effect="a response is compressed by Django, and the layer can do no better for it",
        keep="Keep the layer, which also streams and sees every application; take it out of MIDDLEWARE.",
    ),
    Duplicate(
        id="asgi_stack.W002",
        layers=[box.CORS, "starlette.middleware.cors.CORSMiddleware"],
        middleware=["corsheaders.middleware.CorsMiddleware"],
        effect="two lists of origins say who may read a response, and a browser refuses two answers",
        keep=(
            "Keep the layer, whose fields are on error pages and on other layers' replies too; take it "
            "out of MIDDLEWARE and 'corsheaders' out of INSTALLED_APPS."
        ),
    ),
    Duplicate(
        id="asgi_stack.W003",
        layers=[
            box.HTTPS_REDIRECT,
            "starlette.middleware.httpsredirect.HTTPSRedirectMiddleware",
        ],
        settings=["SECURE_SSL_REDIRECT"],
        read_by="django.middleware.security.SecurityMiddleware",
        effect="two places decide which requests are redirected, and where to",
        keep="Keep the layer, which redirects before a body is read; set SECURE_SSL_REDIRECT = False.",
    ),
    Duplicate(
        id="asgi_stack.W004",
        layers=[
            box.PROXY_HEADERS,
            "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware",
        ],
        settings=["SECURE_PROXY_SSL_HEADER", "USE_X_FORWARDED_HOST", "USE_X_FORWARDED_PORT"],
        effect="Django would believe these fields from anybody, the layer from your proxies alone",
        keep="Keep the layer; take the settings out. Name in its option parts what your proxy sends.",
    ),
)


def look(resolved: ResolvedStack) -> list[CheckMessage]:
    """Report what is done in both places."""
    messages: list[CheckMessage] = []
    for duplicate in DUPLICATES:
        layer, others = resolved.find(*duplicate.layers), duplicate.others()
        if layer and others:
            text = f"{' and '.join(others)} and the layer {layer.layer.name}: {duplicate.effect}."
            messages.append(Warning(text, hint=duplicate.keep, id=duplicate.id))
    return messages
