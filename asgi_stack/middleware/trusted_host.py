"""Refuses requests for hosts that are not ours."""

from collections.abc import Iterable
from typing import ClassVar

from asgi_stack.base import HeaderMiddleware
from asgi_stack.errors import OptionError
from asgi_stack.grammar.host import parse_host
from asgi_stack.heads import Reply, RequestHead
from asgi_stack.options import flag
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

    __slots__ = ("_any", "_exact", "_hosts", "_require_host", "_suffixes")

    order: ClassVar[Order] = Order(place=Place.HOST)

    def __init__(self, app: ASGIApp, *, allowed_hosts: Iterable[str], require_host: bool = True) -> None:
        super().__init__(app)
        hosts = self._checked(allowed_hosts)
        self._any = "*" in hosts
        self._hosts = frozenset(host.removeprefix(".") for host in hosts if not host.startswith("*"))
        self._suffixes = tuple(host.removeprefix("*") for host in hosts if host.startswith((".", "*.")))
        # What nearly every request sends is found without parsing it.
        self._exact = frozenset(host.encode("ascii") for host in self._hosts)
        self._require_host = flag(self, "require_host", require_host)

    def on_request(self, request: RequestHead) -> Reply | None:
        """Let a request for an allowed host pass; refuse any other."""
        # Two lines are one value here, joined with a comma: not a host.
        value = request.headers.get(b"host", b"")
        if value in self._exact or self._allows(value):
            return None
        if not value and not self._require_host and _may_lack_host(request):
            return None
        return _REFUSAL

    def _allows(self, value: bytes) -> bool:
        host = parse_host(value)
        if host is None:
            return False
        return self._any or host.name in self._hosts or host.name.endswith(self._suffixes)

    def _checked(self, allowed_hosts: Iterable[str]) -> list[str]:
        if isinstance(allowed_hosts, str | bytes):
            raise OptionError(self, "allowed_hosts", allowed_hosts, _LIST_HINT)
        hosts = list(allowed_hosts)
        if not hosts:
            raise OptionError(self, "allowed_hosts", allowed_hosts, _LIST_HINT)
        return [self._entry(host) for host in hosts]

    def _entry(self, entry: object) -> str:
        if not isinstance(entry, str):
            raise OptionError(self, "allowed_hosts", entry, "Each host is a str, as in 'example.com'.")
        if entry == "*":
            return entry
        prefix = "*." if entry.startswith("*.") else "." if entry.startswith(".") else ""
        name = entry.removeprefix(prefix)
        host = parse_host(name.encode("ascii", "replace"))
        if host is None or ":" in name.rpartition("]")[2] or (prefix and name.startswith("[")):
            raise OptionError(self, "allowed_hosts", entry, _hint(entry))
        return prefix + host.name


_REFUSAL = Reply.refusal(400)
_LIST_HINT = "Give a list of hosts, as in allowed_hosts=['example.com', '.example.org']."


def _may_lack_host(request: RequestHead) -> bool:
    # One server writes "1" for HTTP/1.0, and gives the request an empty host.
    return request.scope.get("http_version") in ("1.0", "1") and not any(request.get_all(b"host"))


def _hint(entry: str) -> str:
    if "/" in entry:
        return "Give the host alone, without a scheme or a path, as in 'example.com'."
    if not entry.isascii():
        return "Give the name in its ASCII form, as in 'xn--bcher-kva.example'."
    if entry.count(":") > 1 and "[" not in entry:
        return "Write an IPv6 address in brackets, as in '[::1]'."
    if ":" in entry.rpartition("]")[2]:
        return "Leave the port out: a host is allowed on every port."
    return "Give a host name, an address, '.example.com' for a domain with its subdomains, or '*'."
