"""Small header middleware for the parts of the measured policy that the package does not ship yet.

Each does what the policy needs and no more. The helpers below them are shared with `by_hand`, so that both
make the very same checks.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from asgi_stack.base import HeaderMiddleware
from asgi_stack.heads import Reply, RequestHead, ResponseHead, ResponseHook
from asgi_stack.types import ASGIApp, Scope

SCHEMES: dict[str, dict[bytes | None, str]] = {
    "http": {b"http": "http", b"https": "https"},
    "websocket": {b"http": "ws", b"https": "wss", b"ws": "ws", b"wss": "wss"},
}
"""What ``x-forwarded-proto`` may say, and the scheme that it means for each scope type."""

PREFLIGHT = (b"access-control-allow-methods", b"GET"), (b"access-control-max-age", b"600")


class ProxyHeadersMiddleware(HeaderMiddleware):
    """Believes ``x-forwarded-for`` and ``x-forwarded-proto`` where they come from a trusted peer."""

    __slots__ = ("_trusted",)

    def __init__(self, app: ASGIApp, *, trusted: Iterable[str]) -> None:
        super().__init__(app)
        self._trusted = frozenset(trusted)

    def on_request(self, request: RequestHead) -> None:
        scope = request.scope
        peer = scope.get("client")
        if not peer or peer[0] not in self._trusted:
            return
        headers = request.headers
        changes: dict[str, Any] = {}
        scheme = SCHEMES[scope["type"]].get(headers.get(b"x-forwarded-proto"))
        if scheme:
            changes["scheme"] = scheme
        forwarded = headers.get(b"x-forwarded-for")
        if forwarded is not None and (address := client_address(forwarded, self._trusted)):
            changes["client"] = (address, 0)
        if changes:
            request.update(changes)


class HTTPSRedirectMiddleware(HeaderMiddleware):
    """Sends plain http to the same address over https; refuses a plain websocket."""

    __slots__ = ()

    def on_request(self, request: RequestHead) -> Reply | None:
        scope = request.scope
        if scope.get("scheme") in ("https", "wss"):
            return None
        if scope["type"] == "websocket":
            return Reply.refusal(403)
        return Reply(307, headers=[(b"location", secure_address(scope, request.headers[b"host"]))])


class CORSMiddleware(HeaderMiddleware):
    """Answers preflights, and names the origin in each response where it is an allowed one."""

    __slots__ = ("_hooks", "_origins")

    scope_types = frozenset({"http"})

    def __init__(self, app: ASGIApp, *, allow_origins: Iterable[bytes]) -> None:
        super().__init__(app)
        self._origins = frozenset(allow_origins)
        self._hooks = {origin: _allow(origin) for origin in self._origins}

    def on_request(self, request: RequestHead) -> Reply | ResponseHook:
        headers = request.headers
        origin = headers.get(b"origin")
        if origin is None:
            return _vary
        if b"access-control-request-method" in headers and request.method == "OPTIONS":
            return preflight_reply(origin if origin in self._origins else None)
        return self._hooks.get(origin, _vary)


def _allow(origin: bytes) -> ResponseHook:
    def allow(head: ResponseHead) -> None:
        head.headers.set(b"access-control-allow-origin", origin)
        head.headers.add_vary(b"Origin")

    return allow


def _vary(head: ResponseHead) -> None:
    head.headers.add_vary(b"Origin")


def preflight_reply(origin: bytes | None) -> Reply:
    """Return the answer to a preflight: 403 where the origin is not an allowed one."""
    if origin is None:
        return Reply.refusal(403, headers=[(b"vary", b"Origin")])
    allowed = (b"access-control-allow-origin", origin)
    return Reply(204, headers=[allowed, *PREFLIGHT, (b"vary", b"Origin")])


def secure_address(scope: Scope, host: bytes) -> bytes:
    """Return the https address of what was asked for, byte for byte."""
    query = scope.get("query_string", b"")
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    return b"https://" + host.partition(b":")[0] + path + (b"?" + query if query else b"")


def client_address(forwarded: bytes, trusted: frozenset[str]) -> str | None:
    """Return the rightmost address that is not a trusted proxy's; None where that is not an IP address."""
    address = ""
    for item in reversed(forwarded.decode("latin-1").split(",")):
        address = item.strip()
        if address not in trusted:
            break
    return address if is_address(address) else None


@lru_cache(4096)
def is_address(text: str) -> bool:
    """Tell whether *text* is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
