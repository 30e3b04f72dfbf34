"""Lets clients in by their address."""

from collections.abc import Iterable
from typing import ClassVar

from asgi_stack import box
from asgi_stack.base import HeaderMiddleware
from asgi_stack.errors import OptionError
from asgi_stack.grammar.address import parse_address
from asgi_stack.heads import Reply, RequestHead
from asgi_stack.options import flag, networks
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp

__all__ = ["IPFilterMiddleware"]


class IPFilterMiddleware(HeaderMiddleware):
    """Answers 403 unless the client's address is in a network of *allow* and in none of *deny*.

    The address is the one in the scope: behind a proxy it is the proxy's, unless a layer outside puts the
    client's there. IPv4 addresses that are mapped into IPv6 count as IPv4, on both sides, and zones
    (``fe80::1%eth0``) do not count. HTTP and websocket requests are treated alike.

    Arguments:
        allow: networks and addresses; all of them unless given.
        deny: networks and addresses; it wins over *allow*.
        unix_socket: let requests in that have no client address, which is so on a unix socket, and on
            servers that do not know it.

    Raises:
        OptionError: for something that is no network, or where neither list is given.
    """

    __slots__ = ("_allowed", "_denied", "_unix_socket")

    order: ClassVar[Order] = Order(
        inside_of={
            box.PROXY_HEADERS: "until then the client is the proxy",
            "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware": "until then the client is the proxy",
        },
        place=Place.DOOR,
    )

    def __init__(
        self,
        app: ASGIApp,
        *,
        allow: Iterable[str] | None = None,
        deny: Iterable[str] | None = None,
        unix_socket: bool = False,
    ) -> None:
        super().__init__(app)
        self._allowed = None if allow is None else networks(self, "allow", allow)
        self._denied = networks(self, "deny", () if deny is None else deny)
        if allow is None and deny is None:
            raise OptionError(self, "deny", deny, "Give networks in 'allow', in 'deny', or in both.")
        self._unix_socket = flag(self, "unix_socket", unix_socket)

    def on_request(self, request: RequestHead) -> Reply | None:
        """Let a client pass, or refuse it."""
        client = request.scope.get("client")
        # One server gives an empty host on a unix socket, the others no client.
        if not client or not client[0]:
            return None if self._unix_socket else _REFUSAL
        address = parse_address(client[0])
        if address is None or (self._allowed is not None and address not in self._allowed):
            return _REFUSAL
        return _REFUSAL if address in self._denied else None


_REFUSAL = Reply.refusal(403)
