"""`CompressionMiddleware`, and what compresses inside of Django."""

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart, Duplicate, Translation

__all__ = ["COUNTERPART"]

GZIP = "django.middleware.gzip.GZipMiddleware"

TWICE = Duplicate(
    id="asgi_stack.W001",
    layers=[
        "starlette.middleware.gzip.GZipMiddleware",
        "starlette_compress.CompressMiddleware",
        "brotli_asgi.BrotliMiddleware",
        "zstd_asgi.ZstdMiddleware",
        "asgi_gzip.GZipMiddleware",
    ],
    middleware=[GZIP],
    effect="a response is compressed by Django, and the layer can do no better for it",
    keep="Keep the layer, which also streams and sees every application; take it out of MIDDLEWARE.",
)


def _suggest() -> Translation | None:
    return Translation(superfluous=[f"MIDDLEWARE: {GZIP}"]) if GZIP in reading.middleware() else None


COUNTERPART = Counterpart(layer=box.COMPRESSION, suggest=_suggest, duplicates=[TWICE])
