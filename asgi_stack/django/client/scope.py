"""The scope and the body that a server would hand to an application, from what Django's test client makes."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from asgi_stack.types import Scope

__all__ = ["PEER", "in_utf_8", "quoted", "split_request"]

PEER = "asgi-stack.peer"
"""The field by which the address of the client comes through Django's client, which passes on no more."""


def split_request(given: Mapping[str, Any], state: Mapping[str, Any] | None) -> tuple[Scope, bytes]:
    """Return the scope of a request as a server writes it, and the request's body.

    Django's client leaves out what Django does not need, and writes a path in ISO-8859-1, a query string as
    text, a cookie header for no cookies and a host beside that of the test. What else it or the test put into
    the scope stays; the field `PEER` is the address of the client.
    """
    body_file = given.get("_body_file")
    path = in_utf_8(given["path"])
    scope = {
        "root_path": "",
        "extensions": {},
        **{key: value for key, value in given.items() if key not in ("_body_file", PEER)},
        "asgi": {"spec_version": "2.3", **given["asgi"]},
        "path": path,
        "raw_path": quoted(path).encode("ascii"),
        "query_string": _as_bytes(given.get("query_string", b"")),
        "headers": _fields(given["headers"]),
        "client": _peer(given),
        "server": (given["server"][0], int(given["server"][1])),
    }
    if state is not None:
        scope["state"] = dict(state)  # a server copies it for each request
    return scope, body_file.read() if body_file else b""


# What RFC 3986 section 3.3 lets stand in a path as it is.
_SAFE = "/:@!$&'()*+,;=~"


def _fields(given: Iterable[Iterable[bytes]]) -> list[tuple[bytes, bytes]]:
    fields = [(name, value) for name, value in given if (name, value) != (b"cookie", b"")]
    # Django's own comes first, and that of the test after it; on a connection there is one.
    hosts = [field for field in fields if field[0] == b"host"]
    return [*hosts[-1:], *(field for field in fields if field[0] not in (b"host", PEER.encode()))]


def _peer(given: Mapping[str, Any]) -> tuple[str, int] | None:
    told = [value.decode("latin-1") for name, value in given["headers"] if name == PEER.encode()]
    if not told:
        return tuple(given["client"])
    return (told[-1], 0) if told[-1] else None


def quoted(path: str) -> str:
    """Return a path as it stands in a URL."""
    return quote(path, safe=_SAFE)


def in_utf_8(path: str) -> str:
    """Return a path as it was meant, from the ISO-8859-1 of Django's client."""
    try:
        return path.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return path


def _as_bytes(query_string: str | bytes) -> bytes:
    return query_string.encode() if isinstance(query_string, str) else query_string
