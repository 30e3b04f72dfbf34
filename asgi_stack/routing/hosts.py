"""Applications by the host that a request names."""

from collections.abc import Coroutine, Mapping
from typing import Any

from asgi_stack.grammar.host import parse_host
from asgi_stack.grammar.host_patterns import HostPatterns, compared_host, host_fault, host_field
from asgi_stack.routing.mount import Mount
from asgi_stack.routing.router import NOTHING, REQUESTS, Router
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["HostRouter"]


class HostRouter(Router):
    """Gives each request to the application of its host: ``HostRouter({"a.example.com": a, "*": site})``.

    Hosts are compared without their port, in any letter case, and the host is what the one ``Host`` field
    names, never a forwarded one. The nearest entry is taken: the name itself, else the longest wildcard. The
    scope goes on as it came.

    Without an application for it, a request is answered with 404, a websocket before it is accepted. Not
    with 421 (RFC 9110, section 15.5.20), which speaks for the whole server, and a router may stand inside of
    another; and not with 400 where there is no valid host, which is up to the server (RFC 9112, section 3.2)
    or to `TrustedHostMiddleware`.

    Arguments:
        mounts: applications by hosts: ``example.com`` is that host alone, ``.example.com`` also every name
            below it, ``*.example.com`` those below it alone, ``*`` every other request, those without one
            valid host too. Addresses of IPv6 in brackets; names in their ASCII form.

    Raises:
        OptionError: for something that is no dictionary, or an empty one.
        RouterError: naming every host that cannot match and everything that is no application.
        ScopeTypeError: when it is called with a scope that is neither http, nor websocket, nor lifespan.
    """

    __slots__ = ("_default", "_exact", "_hosts")

    def __init__(self, mounts: Mapping[str, ASGIApp]) -> None:
        example = "HostRouter({'admin.example.com': admin, '*': site})"
        super().__init__(mounts, host_fault, example, compared_host)
        self._hosts = HostPatterns(self.mounts)
        self._default = self._mount_of.get("*", NOTHING)
        self._exact = {field: self._nearest(field) for field in self._hosts.exact}

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """Hand one scope to the application that it is for."""
        if scope["type"] not in REQUESTS:
            return self._serve_other(scope, receive, send)
        field = host_field(scope) or b""
        # What nearly every request sends is found without parsing it.
        mount = self._exact.get(field) or self._nearest(field)
        return mount.serve(scope, receive, send)

    def _nearest(self, field: bytes) -> Mount:
        host = parse_host(field)
        pattern = self._hosts.nearest(host.name) if host else None
        return self._mount_of[pattern] if pattern else self._default
