"""What the functions by hand know beforehand, and what they ask where a request is not like most.

Here a call is no matter, so the package's own classes answer.
"""

from typing import Any

from asgi_stack.grammar.address import Networks, parse_address
from asgi_stack.grammar.client_fields import CLIENT_FIELDS
from asgi_stack.grammar.field import spellings
from asgi_stack.grammar.host import parse_host
from asgi_stack.heads import Field, Reply, RequestHead
from asgi_stack.middleware import (
    CORSMiddleware,
    CrossOriginProtectionMiddleware,
    HTTPSRedirectMiddleware,
    ProxyHeadersMiddleware,
    RequestGuardMiddleware,
)
from asgi_stack.types import Receive, Scope, Send
from benchmarks.policy import ALLOWED_HOSTS, ALLOWED_ORIGINS, BLOCKED_CLIENTS, TRUSTED_PROXIES, YEAR

HEADS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})
ORIGIN = b"access-control-allow-origin"
CREDENTIALS = b"access-control-allow-credentials"
SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
HSTS = (b"strict-transport-security", b"max-age=%d" % YEAR)
SCHEMES: dict[str, dict[bytes | None, str]] = {
    "http": {b"http": "http", b"https": "https"},
    "websocket": {b"http": "ws", b"https": "wss"},
}

EXACT_HOSTS = frozenset(host.encode() for host in ALLOWED_HOSTS if host[0] != ".")
ORIGINS = frozenset(origin.encode() for origin in ALLOWED_ORIGINS)
BLOCKED = Networks(BLOCKED_CLIENTS)

_SAYINGS = ("by", "for", "host", "port", "prefix", "proto", "protocol", "scheme", "server", "ssl")
_SAID = (spellings(f"x-forwarded-{word}") for word in _SAYINGS)
FORWARDED = spellings("x-request-id") | spellings("forwarded").union(*_SAID, *map(spellings, CLIENT_FIELDS))

BAD_REQUEST = Reply.refusal(400)
FORBIDDEN = Reply.refusal(403)


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    raise NotImplementedError


_PROXIES = ProxyHeadersMiddleware(_nothing, trusted=TRUSTED_PROXIES)
_GUARD = RequestGuardMiddleware(_nothing)
_REDIRECT = HTTPSRedirectMiddleware(_nothing, allowed_hosts=ALLOWED_HOSTS)
_CORS = CORSMiddleware(_nothing, allow_origins=ALLOWED_ORIGINS)
_CROSS_ORIGIN = CrossOriginProtectionMiddleware(_nothing)


def is_trusted(peer: tuple[str, int]) -> bool:
    """Tell whether this is a trusted proxy, in an unusual spelling of its address."""
    address = parse_address(peer[0])
    return address is not None and address.text in TRUSTED_PROXIES


def believe_proxies(request: RequestHead, scope: dict[str, Any]) -> bool:
    """Write what the proxies say into the scope; False for what is too long to read."""
    if _PROXIES.on_request(request) is not None or request.inward is None:
        return False
    scope.update((key, request.inward.scope[key]) for key in ("client", "scheme"))
    return True


def guard(scope: Scope) -> Reply | None:
    """Return the answer to a request that breaks a rule."""
    return _GUARD.on_request(RequestHead(scope))


def allows_host(value: bytes) -> bool:
    """Tell whether a host is allowed, in another spelling or with a port."""
    host = parse_host(value)
    return host is not None and (host.name in ALLOWED_HOSTS or _is_below(host.name))


def _is_below(name: str) -> bool:
    return any(name.endswith(domain) or name == domain[1:] for domain in ALLOWED_HOSTS if domain[0] == ".")


def redirect(scope: Scope) -> Reply:
    """Return the answer to what came by plain http."""
    return _REDIRECT.on_request(RequestHead(scope)) or BAD_REQUEST


def preflight(scope: Scope) -> Reply:
    """Return the answer to a preflight."""
    answer = _CORS.on_request(RequestHead(scope))
    return answer if isinstance(answer, Reply) else BAD_REQUEST


def blocks(scope: Scope) -> bool:
    """Tell whether the client is one of those that are kept out, or is not known."""
    client = scope.get("client")
    address = parse_address(client[0]) if client else None
    return address is None or address in BLOCKED


def cross_origin(scope: Scope) -> Reply | None:
    """Return the answer to what another site made a browser send."""
    return _CROSS_ORIGIN.on_request(RequestHead(scope))


def without(lines: list[Field], *names: bytes) -> list[Field]:
    """Return the lines of all other fields."""
    return [line for line in lines if line[0] not in names]


def vary(lines: list[Field]) -> list[Field]:
    """Return the lines with ``Origin`` in their ``vary``."""
    listed = [item.strip() for name, value in lines if name == b"vary" for item in value.split(b",")]
    if b"*" in listed or b"origin" in [item.lower() for item in listed]:
        return lines
    return [*without(lines, b"vary"), (b"vary", b", ".join([*filter(None, listed), b"Origin"]))]
