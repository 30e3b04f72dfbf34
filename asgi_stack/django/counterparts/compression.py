"""`CompressionMiddleware`, and what compresses inside of Django."""

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart, Duplicate, Proxies, Translation

__all__ = ["COUNTERPART"]

COMPRESSING = (
    "django.middleware.gzip.GZipMiddleware",
    "compression_middleware.middleware.CompressionMiddleware",
    "django_brotli.middleware.BrotliMiddleware",
)

TWICE = Duplicate(
    id="asgi_stack.W001",
    layers=[
        "starlette.middleware.gzip.GZipMiddleware",
        "starlette_compress.CompressMiddleware",
        "brotli_asgi.BrotliMiddleware",
        "zstd_asgi.ZstdMiddleware",
        "asgi_gzip.GZipMiddleware",
    ],
    middleware=COMPRESSING,
    effect="a response is compressed by Django, and the layer can do no better for it",
    keep=lambda: (
        "Keep the layer, which also streams and sees every application; take the other out of MIDDLEWARE."
    ),
)


def _suggest(proxies: Proxies) -> Translation | None:
    found = [f"MIDDLEWARE: {path}" for path in COMPRESSING if path in reading.middleware()]
    return Translation(superfluous=found) if found else None


COUNTERPART = Counterpart(layer=box.COMPRESSION, suggest=_suggest, duplicates=[TWICE])
