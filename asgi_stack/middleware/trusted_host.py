"""Refuses requests for hosts that are not ours."""

from collections.abc import Iterable
from typing import ClassVar

from asgi_stack.base import HeaderMiddleware
from asgi_stack.heads import Reply, RequestHead
from asgi_stack.options import flag, hosts
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp

__all__ = ["TrustedHostMiddleware"]


class TrustedHostMiddleware(HeaderMiddleware):
    """Answers 400 unless a request has exactly one valid ``Host``, and it is one of *allowed_hosts*.

    It compares the host without its port, in any letter case, and never falls back to a forwarded host.
    The scope goes inward as it came. HTTP and websocket requests are checked alike.

    Arguments:
        allowed_hosts: as Django's ``ALLOWED_HOSTS``: ``"example.com"`` is that host alone,
            ``".example.com"`` also every subdomain, ``"*"`` every valid host; ``"*.example.com"`` is the
            subdomains alone. IPv6 addresses in brackets; names in their ASCII form.
        require_host: False lets an HTTP/1.0 request without a host pass, as that version may
            (RFC 9112, section 3.2). Every later version must name one.

    Raises:
        OptionError: for a string in place of the list, an empty list, or an entry that no host can match.
    """

    __slots__ = ("_exact", "_hosts", "_require_host")

    order: ClassVar[Order] = Order(place=Place.HOST)

    def __init__(self, app: ASGIApp, *, allowed_hosts: Iterable[str], require_host: bool = True) -> None:
        super().__init__(app)
        self._hosts = hosts(self, "allowed_hosts", allowed_hosts)
        self._exact = self._hosts.exact
        self._require_host = flag(self, "require_host", require_host)

    def on_request(self, request: RequestHead) -> Reply | None:
        """Let a request for an allowed host pass; refuse any other."""
        # Two lines are one value here, joined with a comma: not a host.
        value = request.headers.get(b"host", b"")
        if value in self._exact or self._hosts.allow(value):
            return None
        if not value and not self._require_host and _may_lack_host(request):
            return None
        return _REFUSAL


_REFUSAL = Reply.refusal(400)


def _may_lack_host(request: RequestHead) -> bool:
    # One server writes "1" for HTTP/1.0, and gives the request an empty host.
    return request.scope.get("http_version") in ("1.0", "1") and not any(request.get_all(b"host"))
