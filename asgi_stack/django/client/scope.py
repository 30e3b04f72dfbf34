"""The scope and the body that a server would hand to an application, from what Django's test client makes."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from asgi_stack.types import Scope

__all__ = ["split_request"]


def split_request(given: Mapping[str, Any], state: Mapping[str, Any] | None) -> tuple[Scope, bytes]:
    """Return the scope of a request as a server writes it, and the request's body.

    Django's client leaves out what Django does not need, and writes a path in ISO-8859-1, a query string as
    text and a cookie header for no cookies. What else it or the test put into the scope stays.
    """
    body_file = given.get("_body_file")
    path = _utf_8(given["path"])
    scope = {
        "root_path": "",
        "extensions": {},
        **{key: value for key, value in given.items() if key != "_body_file"},
        "asgi": {"spec_version": "2.3", **given["asgi"]},
        "path": path,
        "raw_path": quote(path, safe=_SAFE).encode("ascii"),
        "query_string": _as_bytes(given.get("query_string", b"")),
        "headers": [field for field in given["headers"] if tuple(field) != (b"cookie", b"")],
        "client": tuple(given["client"]),
        "server": (given["server"][0], int(given["server"][1])),
    }
    if state is not None:
        scope["state"] = dict(state)  # a server copies it for each request
    return scope, body_file.read() if body_file else b""


# What RFC 3986 section 3.3 lets stand in a path as it is.
_SAFE = "/:@!$&'()*+,;=~"


def _utf_8(path: str) -> str:
    try:
        return path.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return path


def _as_bytes(query_string: str | bytes) -> bytes:
    return query_string.encode() if isinstance(query_string, str) else query_string
