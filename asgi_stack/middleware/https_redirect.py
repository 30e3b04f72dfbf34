"""Sends requests that came by http to the same place by https."""

from collections.abc import Iterable
from typing import ClassVar
from urllib.parse import quote

from asgi_stack import box
from asgi_stack.base import HeaderMiddleware
from asgi_stack.errors import OptionError
from asgi_stack.grammar.field import is_field_value
from asgi_stack.grammar.host import parse_host
from asgi_stack.grammar.host_patterns import HostPatterns
from asgi_stack.heads import Reply, RequestHead
from asgi_stack.options import flag, hosts, one_host, paths, whole_number
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp, Scope

__all__ = ["HTTPSRedirectMiddleware"]

_SECURE = frozenset({"https", "wss"})
# pchar of RFC 3986, section 3.3, and the slash.
_PATH = "/!$&'()*+,;=:@-._~"
_HTTPS_PORT = 443


class HTTPSRedirectMiddleware(HeaderMiddleware):
    """Redirects http requests to https, keeping their path and query byte for byte.

    GET and HEAD get a 301, every other method a 308, which makes the client send the same request again
    (RFC 9110, sections 15.4.2 and 15.4.9). A websocket that came by ws is refused: browsers follow no
    redirect of a handshake. Whether a request came by https is what the scope says.

    Arguments:
        host: where to redirect to, as in ``"www.example.com"``, whatever host the request names.
        allowed_hosts: hosts to which requests may be redirected, if they name one; any other gets a 400.
            ``"example.com"``, ``".example.com"`` with its subdomains, ``"*.example.com"`` those alone;
            ``"*"``, every host, only where another layer has looked at the host.
        port: of https. The port that the request names is that of http, and is dropped.
        permanent: False sends 302 and 307, which no client remembers.
        redirect_unsafe: False refuses with a 403 what is neither GET nor HEAD: its body has gone over the
            wire unprotected, and the mistake in the client should not go unnoticed.
        exempt_paths: served by http as well, with every path below them: health checks, ACME challenges. A
            path that an application may read otherwise is not exempt.

    Raises:
        OptionError: unless there is either *host* or *allowed_hosts*, or for one that is no host; for a port
            or a path that is none.
    """

    __slots__ = ("_allowed", "_exempt", "_host", "_port", "_redirect_unsafe", "_statuses")

    order: ClassVar[Order] = Order(
        inside_of={
            box.TRUSTED_HOST: "it redirects to the host that the request names",
            "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware": (
                "a request that came to the proxy by https would be redirected for ever"
            ),
        },
        place=Place.SCHEME,
    )

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str | None = None,
        allowed_hosts: Iterable[str] | None = None,
        port: int = _HTTPS_PORT,
        permanent: bool = True,
        redirect_unsafe: bool = True,
        exempt_paths: Iterable[str] = (),
    ) -> None:
        super().__init__(app)
        if (host is None) == (allowed_hosts is None):
            raise OptionError(self, "host", host, _NOWHERE_HINT)
        whole_number(self, "port", port, least=1, most=0xFFFF, what="the port of https")
        self._host = None if host is None else one_host(self, "host", host).encode("ascii")
        self._allowed = (
            HostPatterns(()) if allowed_hosts is None else hosts(self, "allowed_hosts", allowed_hosts)
        )
        self._port = b"" if port == _HTTPS_PORT else b":%d" % port
        self._statuses = (301, 308) if flag(self, "permanent", permanent) else (302, 307)
        self._redirect_unsafe = flag(self, "redirect_unsafe", redirect_unsafe)
        self._exempt = paths(self, "exempt_paths", exempt_paths, example=["/livez"])

    def on_request(self, request: RequestHead) -> Reply | None:
        """Let a secure or an exempt request pass; redirect or refuse any other."""
        scope = request.scope
        if scope.get("scheme") in _SECURE:
            return None
        if self._exempt and self._exempt.surely_covers(scope):
            return None
        safe = request.method in ("GET", "HEAD")
        if scope["type"] == "websocket" or not (safe or self._redirect_unsafe):
            return _HTTPS_ONLY
        host = self._host or self._named(request)
        target = _target(scope)
        if host is None or target is None:
            return _REFUSAL
        location = b"https://" + host + self._port + target
        return Reply(self._statuses[not safe], headers=[(b"location", location), _PRIVATE])

    def _named(self, request: RequestHead) -> bytes | None:
        host = parse_host(request.headers.get(b"host", b""))
        return host.name.encode("ascii") if host is not None and host.name in self._allowed else None


# A cache that is shared would give the redirect to those who come by https, too: the scheme is no field, so
# that Vary cannot name it.
_PRIVATE = (b"cache-control", b"private")
_REFUSAL = Reply.refusal(400)
_NOWHERE_HINT = "Give either host='www.example.com' or allowed_hosts=['example.com']."
_HTTPS_ONLY = Reply.refusal(403, "HTTPS only")


def _target(scope: Scope) -> bytes | None:
    """The path and query of the request line; None where there is no path, as in ``OPTIONS *``."""
    path: bytes | None = scope.get("raw_path")
    if path is None:
        path = quote(scope["path"], safe=_PATH, errors="surrogatepass").encode("ascii")
    query: bytes = scope.get("query_string") or b""
    target = path + b"?" + query if query else path
    return target if path.startswith(b"/") and is_field_value(target.decode("latin-1")) else None
