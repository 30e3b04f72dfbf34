"""Refuses requests that another site makes a browser send."""

from collections.abc import Iterable
from typing import ClassVar

from asgi_stack.base import HeaderMiddleware
from asgi_stack.grammar.origin import Origins, origin_fault, parse_origin
from asgi_stack.heads import Reply, RequestHead
from asgi_stack.options import flag, paths, strings
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp

__all__ = ["CrossOriginProtectionMiddleware"]

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = frozenset({b"same-origin", b"none"})


class CrossOriginProtectionMiddleware(HeaderMiddleware):
    """Refuses cross-origin requests of unsafe methods, and cross-origin websockets, with a 403.

    It reads what browsers say and scripts cannot change: ``sec-fetch-site`` (W3C Fetch Metadata), and where
    that is absent ``origin``, compared with the host. No token or cookie is needed, no body is read. Requests
    that carry neither field do not come from a browser of these years. GET, HEAD and OPTIONS pass: they must
    not change anything. A websocket is always looked at, for its handshake is a GET that any page can make
    (RFC 6455, section 10.2).

    Arguments:
        trusted_origins: other origins that may send such requests: ``"https://example.com"``, or
            ``"https://*.example.com"`` for every host below that one.
        exempt_paths: paths that are not looked at, with all below them: webhooks, which prove by other means
            who sent them. A path that an application may read otherwise is not exempt.
        require_headers: refuse also what carries neither field.
        same_scheme: want an origin of the same scheme too, where it is compared with the host.

    Raises:
        OptionError: for what is no origin or no path.
    """

    __slots__ = ("_exempt", "_require_headers", "_same_scheme", "_trusted")

    order: ClassVar[Order] = Order(place=Place.ORIGIN)

    def __init__(
        self,
        app: ASGIApp,
        *,
        trusted_origins: Iterable[str] = (),
        exempt_paths: Iterable[str] = (),
        require_headers: bool = False,
        same_scheme: bool = False,
    ) -> None:
        super().__init__(app)
        example = ["https://example.com"]
        origins = strings(self, "trusted_origins", trusted_origins, example=example, fault=origin_fault)
        self._trusted = Origins(origins)
        self._exempt = paths(self, "exempt_paths", exempt_paths, example=["/webhooks"])
        self._require_headers = flag(self, "require_headers", require_headers)
        self._same_scheme = flag(self, "same_scheme", same_scheme)

    def on_request(self, request: RequestHead) -> Reply | None:
        """Let a request pass that no other site can have caused; refuse any other."""
        scope = request.scope
        if scope["type"] == "http" and scope["method"] in _SAFE:
            return None
        headers = request.headers
        site = headers.get(b"sec-fetch-site", b"")
        if site in _OWN or (self._exempt and self._exempt.surely_covers(scope)):
            return None
        return None if self._allows(site, request) else _REFUSAL

    def _allows(self, site: bytes, request: RequestHead) -> bool:
        headers = request.headers
        value = headers.get(b"origin", b"")
        if not site and not value:
            return not self._require_headers
        origin = parse_origin(value)
        if origin is None or len(request.get_all(b"sec-fetch-site")) > 1:
            return False
        if origin in self._trusted:
            return True
        own = _HTTP.get(request.scheme, "") if self._same_scheme else origin.scheme
        host = own.encode("ascii") + b"://" + headers.get(b"host", b"")
        return not site and own in _HTTP and origin == parse_origin(host)


_REFUSAL = Reply.refusal(403, "Cross-origin request refused", headers=[(b"vary", b"Sec-Fetch-Site, Origin")])
_HTTP = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
