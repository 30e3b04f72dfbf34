"""What any bytes at all must not break: one function for each parser of what strangers send."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from asgi_stack.grammar.address import parse_address
from asgi_stack.grammar.forwarded import parse_forwarded
from asgi_stack.grammar.host import parse_host
from asgi_stack.grammar.node import parse_loose_node, parse_node
from asgi_stack.grammar.origin import parse_origin
from asgi_stack.grammar.prefix import parse_prefix
from asgi_stack.grammar.tokens import parse_tokens
from asgi_stack.middleware import CORSMiddleware, CrossOriginProtectionMiddleware, ProxyHeadersMiddleware
from asgi_stack.types import Scope

Target = Callable[[bytes], None]


class BrokenError(Exception):
    """A promise was not kept."""


def promise(kept: bool, what: str) -> None:
    if not kept:
        raise BrokenError(what)


def address(data: bytes) -> None:
    found = parse_address(data.decode("latin-1"))
    promise(
        found is None or ip_address(found.packed) == ip_address(found.text), "text and bytes are one address"
    )
    promise(found is None or parse_address(found.text) == found, "reading again changes nothing")


def node(data: bytes) -> None:
    text = data.decode("latin-1")
    strict = parse_node(text)
    promise(strict is None or parse_loose_node(text) == strict, "what is strict is loose")


def forwarded(data: bytes) -> None:
    elements = parse_forwarded(data)
    promise(len(elements) <= data.count(b",") + 1, "there are no more elements than commas allow")
    for element in elements:
        promise(
            element is None or all(map(str.islower, filter(str.isalpha, element))), "names are lower-case"
        )


def host(data: bytes) -> None:
    found = parse_host(data)
    promise(found is None or parse_host(found.name.encode("ascii")) is not None, "a host is a host again")


def origin(data: bytes) -> None:
    found = parse_origin(data)
    promise(found is None or parse_origin(str(found).encode("ascii")) == found, "an origin is itself again")


def prefix(data: bytes) -> None:
    found = parse_prefix(data)
    segments = found.split("/")[1:] if found else []
    promise(not found or found.startswith("/"), "a prefix begins with a slash")
    promise({"", ".", ".."}.isdisjoint(segments), "a prefix is a plain path")


def tokens(data: bytes) -> None:
    found = parse_tokens(data)
    promise(found is None or not any(set(token) & set(' ,;\r\n"') for token in found), "tokens are tokens")


def proxy_headers(data: bytes) -> None:
    name, _, value = data.partition(b":")
    for layer in _PROXIES:
        scope = _inward(layer, [(b"x-forwarded-" + name, value), (b"forwarded", data), (name, value)])
        client = scope.get("client", _PEER)
        promise(client == _PEER or ip_address(client[0]) is not None, "the client is an address")
        promise(scope["scheme"] in ("http", "https"), "the scheme is a known one")
        found = {name for name, _ in scope["headers"]}
        promise({b"x-forwarded-for", b"forwarded"}.isdisjoint(found), "nothing that was read goes inward")


def cors(data: bytes) -> None:
    origin, _, value = data.partition(b"\n")
    asked = [(b"origin", origin), (b"access-control-request-method", value)]
    asked.append((b"access-control-request-headers", value))
    sent = _call(_CORS, {"method": "OPTIONS", "headers": asked})
    promise(b"\n" not in b"".join(value for _, value in sent[0]["headers"]), "nothing is reflected unread")


def cross_origin_protection(data: bytes) -> None:
    site, _, origin = data.partition(b"\n")
    sent = _call(_PROTECTION, {"method": "POST", "headers": [(b"sec-fetch-site", site), (b"origin", origin)]})
    own = site in (b"same-origin", b"none") or not (site or origin)
    promise(sent[0]["status"] == 403 or own, "no other origin passes")


TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (
        address, node, forwarded, host, origin, prefix, tokens, proxy_headers, cors, cross_origin_protection,
    )
}  # fmt: skip


def everything(data: bytes) -> None:
    """Hand the input to the target that its first byte stands for."""
    [*TARGETS.values()][data[0] % len(TARGETS)](data[1:]) if data else None


SEEDS = [
    b"", b"192.0.2.1", b"::ffff:10.0.0.1", b"[2001:db8::1%eth0]:80", b"unknown", b"_hidden:_x", b"https://a.com:443",
    b'for="[::1]:80";proto=https;host="a\\"b", for=unknown', b"for:1.2.3.4, 10.0.0.2", b"null",
    b"proto:https",    b"host:example.com", b"port:8443", b"prefix:/app", b"/app/../x", b"x-a, x-b", b"cross-site\nhttps://evil.example",
    b"https://a.example\nGET",
]  # fmt: skip

_PEER = ("10.0.0.1", 1)
_PARTS = ("for", "proto", "host")


async def _answer(scope: Scope, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body"})


_PROXIES = [
    ProxyHeadersMiddleware(_answer, trusted=["10.0.0.0/8"], parts=[*_PARTS, "port", "prefix"]),
    ProxyHeadersMiddleware(_answer, trusted=["10.0.0.0/8"], header="forwarded", parts=_PARTS),
    ProxyHeadersMiddleware(_answer, hops=2),
]
_CORS = CORSMiddleware(_answer, allow_origins=["https://*.example"], allow_methods=["*"], allow_headers=["*"])
_PROTECTION = CrossOriginProtectionMiddleware(_answer)


def _scope(changes: Scope) -> Scope:
    return {"type": "http", "method": "GET", "scheme": "http", "path": "/", "client": _PEER, **changes}


def _inward(layer: ProxyHeadersMiddleware, headers: list[tuple[bytes, bytes]]) -> Scope:
    seen: list[Scope] = []

    async def inner(scope: Scope, receive: Any, send: Any) -> None:
        seen.append(scope)

    layer.app, before = inner, layer.app
    try:
        _call(layer, {"headers": headers})
    finally:
        layer.app = before
    return seen[0] if seen else {**_scope({}), "headers": []}


def _call(app: Any, changes: Scope) -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    call = app(_scope(changes), None, send)
    # Nothing here ever waits, so no loop is needed; a real one would be most of the time.
    try:
        call.send(None)
    except StopIteration:
        return sent
    raise BrokenError(f"{app!r} waits")
