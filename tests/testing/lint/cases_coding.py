"""Faults of bodies that are announced as coded."""

import gzip
import sys
import zlib

import brotli

from asgi_stack.testing import http_scope
from tests.testing.lint.cases import Case
from tests.testing.lint.cases_http import GONE, body, case, http, start
from tests.testing.lint.traffic import Step, Traffic

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def coded(name: bytes, *parts: bytes, status: int = 200) -> tuple[Step, ...]:
    """A response in one coding, in so many messages."""
    head = start(status, (b"content-encoding", name))
    return (head, *(body(part, True) for part in parts[:-1]), body(parts[-1]))


def cut(name: bytes, whole: bytes) -> Case:
    return case("X9", f"{name.decode()} that is cut off", coded(name, whole[:-1]), coded(name, whole))


def flushed() -> bytes:
    """All that was written so far can be decoded, and the end is missing: what streams tend to be."""
    coder = zlib.compressobj(wbits=31)
    return coder.compress(b"data: 1\n\n") + coder.flush(zlib.Z_SYNC_FLUSH)


def bare_deflate() -> bytes:
    coder = zlib.compressobj(wbits=-15)
    return coder.compress(b"hello") + coder.flush()


GZIP, ZLIB, DEFLATE = gzip.compress(b"hello"), zlib.compress(b"hello"), bare_deflate()
BROTLI, ZSTD = brotli.compress(b"hello"), zstd.compress(b"hello")
OCTETS = [GZIP[at : at + 1] for at in range(len(GZIP))]
HALF = coded(b"gzip", gzip.compress(bytes(9999))[:-9])
WHOLE = coded(b"gzip", GZIP)

CODING_CASES = [
    cut(b"gzip", GZIP),
    cut(b"x-gzip", GZIP),
    cut(b"GZip", GZIP),
    cut(b"deflate", ZLIB),
    cut(b"deflate", DEFLATE),
    cut(b"br", BROTLI),
    cut(b"zstd", ZSTD),
    cut(b"zstd", zstd.compress(bytes(10**6))),
    case("X9", "gzip that is flushed only", coded(b"gzip", flushed()), WHOLE),
    case("X9", "gzip cut off in pieces", coded(b"gzip", GZIP[:5], GZIP[5:-1]), coded(b"gzip", *OCTETS)),
    case("X9", "gzip that is none", coded(b"gzip", b"hello"), coded(b"identity", b"hello")),
    case("X9", "gzip and something behind it", coded(b"gzip", GZIP, b"x"), coded(b"gzip", GZIP, b"", b"")),
    case("X9", "an octet of deflate", coded(b"deflate", b"x"), coded(b"deflate", ZLIB[:1], ZLIB[1:])),
    case("X9", "br that is none", coded(b"br", b"\xff" * 9), coded(b"br", b"")),
    case("X9", "zstd that is none", coded(b"zstd", b"hello"), coded(b"zstd", ZSTD[:3], ZSTD[3:])),
    case("X10", "two members of gzip", coded(b"gzip", GZIP + GZIP), WHOLE),
    case("X10", "a member in each message", coded(b"gzip", GZIP, GZIP), coded(b"gzip", b"", GZIP)),
    case("X10", "two of deflate", coded(b"deflate", DEFLATE * 2), coded(b"deflate, gzip", DEFLATE * 2)),
    case("X10", "two frames of zstd", coded(b"zstd", ZSTD * 2), coded(b"made-up", ZSTD * 2)),
    # What is no whole body has no coding to come to an end.
    case("X9", "half a body", HALF, coded(b"gzip", b"half", status=206)),
    case("X9", "a cut off body", HALF, coded(b"gzip", b"", status=304)),
    case("X9", "half of a body", HALF, (*HALF[:-1], GONE)),
    Case("X9", "half of it", http(*HALF), http(*HALF, method="HEAD")),
    Case(
        "X9",
        "half a file",
        http(*HALF),
        Traffic(
            http_scope(extensions={"http.response.pathsend": {}}),
            (HALF[0], {"type": "http.response.pathsend", "path": "/page.gz"}),
        ),
    ),
]
