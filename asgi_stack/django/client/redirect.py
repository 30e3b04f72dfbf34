"""How a redirect is followed: to which address, by which method, as RFC 9110, section 15.4, has it."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

from asgi_stack.django.client.scope import in_utf_8, quoted

__all__ = ["Hop", "hop_from"]

# RFC 9110, 15.4.8 and 15.4.9: the method stays, and so does the body.
_KEEPS_METHOD = (307, 308)
_WITHOUT_BODY = ("GET", "HEAD", "TRACE")


class Hop(NamedTuple):
    """The next request of a chain of redirects."""

    method: str
    url: str
    """Path and query."""
    host: str
    secure: bool
    keeps_body: bool


def hop_from(request: Mapping[str, Any], status: int, location: str) -> Hop:
    """Return where *location* leads from *request*, which is what a test client keeps of one."""
    target = urlsplit(urljoin(_address(request), location))
    method = request["method"] if status in _KEEPS_METHOD or request["method"] == "HEAD" else "GET"
    url = SplitResult("", "", target.path or "/", target.query, "").geturl()
    return Hop(method, url, target.netloc, target.scheme == "https", method not in _WITHOUT_BODY)


def _address(request: Mapping[str, Any]) -> str:
    hosts = [value.decode("latin-1") for name, value in request["headers"] if name == b"host"]
    return SplitResult(request["scheme"], hosts[-1], quoted(in_utf_8(request["path"])), "", "").geturl()
