"""What any bytes at all must not break: one function for each parser of what strangers send."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from asgi_stack.grammar.address import Networks, parse_address
from asgi_stack.grammar.field import is_field_value, is_token
from asgi_stack.grammar.forwarded import parse_forwarded
from asgi_stack.grammar.host import parse_host
from asgi_stack.grammar.host_patterns import HostPatterns
from asgi_stack.grammar.node import parse_loose_node, parse_node
from asgi_stack.grammar.origin import Origins, parse_origin
from asgi_stack.grammar.path_prefixes import ExactPaths, PathPrefixes
from asgi_stack.grammar.path_readings import local_path, readings, sure_path
from asgi_stack.grammar.prefix import parse_prefix
from asgi_stack.grammar.request_id import is_request_id
from asgi_stack.grammar.request_path import (
    has_control_character,
    has_dot_segment,
    has_encoded_separator,
    has_second_encoding,
    is_utf8,
)
from asgi_stack.grammar.request_rules import RULES, Limits
from asgi_stack.grammar.tokens import parse_tokens
from asgi_stack.grammar.trace_context import TraceContext, parse_traceparent, parse_tracestate
from asgi_stack.heads import RequestHead, ResponseHeaders
from asgi_stack.middleware import (
    CORSMiddleware,
    CrossOriginProtectionMiddleware,
    ProxyHeadersMiddleware,
    RequestGuardMiddleware,
)
from asgi_stack.types import Scope
from tests.middleware.cases import CASES

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
    promise(found is None or found in Networks([found.text]), "an address is in the network of itself")


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
    promise(found is None or found in Origins([str(found)]), "an origin is in the set of itself")


def prefix(data: bytes) -> None:
    found = parse_prefix(data)
    segments = found.split("/")[1:] if found else []
    promise(not found or found.startswith("/"), "a prefix begins with a slash")
    promise({"", ".", ".."}.isdisjoint(segments), "a prefix is a plain path")


def tokens(data: bytes) -> None:
    found = parse_tokens(data)
    promise(found is None or not any(set(token) & set(' ,;\r\n"') for token in found), "tokens are tokens")


def field(data: bytes) -> None:
    text = data.decode("latin-1")
    promise(not is_token(text) or is_field_value(text), "a token is a value")
    promise(not is_field_value(text) or not set(text) & set("\r\n\0"), "no value breaks a line")
    promise(not is_token(text) or parse_tokens(data[:8192]) is not None, "a token is a list of tokens")


def request_id(data: bytes) -> None:
    promise(not is_request_id(data) or is_field_value(data.decode("ascii")), "an id can be sent")
    promise(is_request_id(data) == is_request_id(data.decode("latin-1")), "text and bytes are told alike")


def trace_context(data: bytes) -> None:
    parent, _, state = data.partition(b"\n")
    found, told = parse_traceparent(parent), parse_tracestate(data)
    promise(told is None or parse_tracestate(told.encode("ascii")) == told, "reading again changes nothing")
    trace = TraceContext.after([parent], [state])
    promise((found is None) == (trace is None), "a trace goes on where there is one")
    if trace is not None:
        again = parse_traceparent(trace.traceparent.encode("ascii"))
        promise(again == (trace.trace_id, trace.span_id, trace.flags), "what is written is read again")
        promise(parse_tracestate(trace.tracestate.encode("ascii")) == trace.tracestate, "and so is the state")
        promise(all(map(is_field_value, trace.headers().values())), "it can be sent")


def request_path(data: bytes) -> None:
    text = data.decode("latin-1")
    promise(has_dot_segment(text) == has_dot_segment(text.replace("\\", "/")), "a backslash is a slash")
    promise(has_encoded_separator(data) == has_encoded_separator(data.swapcase()), "in whatever letters")
    promise(not has_control_character(text) or not text.isprintable(), "what is printable has no controls")
    promise(not has_second_encoding(text) or "%" in text, "an encoding has a percent sign")
    promise(is_utf8(data) or not data.isascii() or b"%" in data, "ascii is utf-8")


PREFIXES = PathPrefixes(["/a", "/<slug>/b"])
EXACT_PATHS = ExactPaths(["/a", "/<slug>/b"])
HOSTS = HostPatterns(["a.example"])


def matching(data: bytes) -> None:
    path, _, root = data.decode("latin-1").partition("\n")
    raw_path, headers = path.encode(), [(b"host", data)]
    scope: Scope = {"type": "http", "path": path, "root_path": root, "raw_path": raw_path, "headers": headers}
    local, read = local_path(scope), readings(scope)
    promise(path.endswith(local) or local == "/", "a local path is the end of the path")
    promise(read is None or local in read, "the local path is one of the readings")
    promise(sure_path(scope) in (None, local), "where nothing is in doubt it is the only one")
    for paths in (PREFIXES, EXACT_PATHS):
        promise(paths.may_cover(scope) or not paths.surely_covers(scope), "what surely is, may be")
    promise(PREFIXES.may_cover(scope) or not EXACT_PATHS.may_cover(scope), "a path is below itself")
    promise(HOSTS.may_name(scope) or not HOSTS.surely_names(scope), "and so with hosts")
    promise(not HOSTS.allow(data) or b"a.example" in data.lower(), "no other host is allowed")


def headers(data: bytes) -> None:
    lines = [line.partition(b":")[::2] for line in data.split(b"\n")]
    found = RequestHead({"headers": lines})
    promise(set(found.headers) == {name.lower() for name, _ in lines}, "every name is there")
    promise(sum(len(found.get_all(name)) for name in found.headers) == len(lines), "every line is there")
    response = ResponseHeaders([(b"vary", value) for _, value in lines])
    response.add_vary(b"Origin")
    listed = {item.strip().lower() for value in response.get_all(b"vary") for item in value.split(b",")}
    promise(not {b"origin", b"*"}.isdisjoint(listed), "the name is listed")


def request_guard(data: bytes) -> None:
    path, _, value = data.partition(b"\n")
    scope = {"path": "/" + path.decode("latin-1"), "raw_path": b"/" + path, "headers": [(b"x-a", value)]}
    status = _call(_GUARD, {**scope, "query_string": value})[0]["status"]
    text = scope["path"]
    bad = (
        has_dot_segment(text)
        or has_control_character(text)
        or not is_field_value("x" + value.decode("latin-1") + "x")
    )
    asked = {**_scope(scope), "query_string": value}
    broken = [name for name, rule in RULES.items() if rule.is_broken(asked, _LIMITS)]
    promise(status == (400 if broken else 200), "whatever is quick agrees with the rules")
    promise(not bad or status != 200, "what layers read differently does not pass")


def edge(data: bytes) -> None:
    for look, layer in _EDGE:
        sent = _call(layer, look.write(data))
        fields = b"".join(value for _, value in sent[0]["headers"])
        promise(sent[0]["status"] in look.statuses, f"{type(layer).__name__} answers as its record says")
        promise(not set(fields) & set(b"\r\n\0"), "no field breaks a line")


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
        field, request_id, trace_context, request_path, matching, headers, request_guard, edge,
    )
}  # fmt: skip


def everything(data: bytes) -> None:
    """Hand the input to the target that its first byte stands for."""
    [*TARGETS.values()][data[0] % len(TARGETS)](data[1:]) if data else None


SEEDS = [
    b"", b"192.0.2.1", b"::ffff:10.0.0.1", b"[2001:db8::1%eth0]:80", b"unknown", b"_hidden:_x", b"https://a.com:443",
    b'for="[::1]:80";proto=https;host="a\\"b", for=unknown', b"for:1.2.3.4, 10.0.0.2", b"null",
    b"proto:https",    b"host:example.com", b"port:8443", b"prefix:/app", b"/app/../x", b"x-a, x-b", b"cross-site\nhttps://evil.example",
    b"https://a.example\nGET", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\na=1,b@c=2",
    b"a=1,b=2", b"/a/%2e%2e/b\nx", b"a%252f%5c\n\x0b", b"X-A:b\nx-a:c\nvary:*",
    b"x\nBasic YWRhOmxvdmVsYWNl", b"a.example:80",
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
_CORS = CORSMiddleware(
    _answer, allow_origins=["https://*.a.example"], allow_methods=["*"], allow_headers=["*"]
)
_GUARD = RequestGuardMiddleware(_answer, refuse_empty_segments=True, max_target=10**6)
_LIMITS = Limits(frozenset({"GET"}), 100, 32 * 1024, 16 * 1024, 10**6)
_EDGE = [pair for case in CASES.values() for pair in case.looking(_answer)]
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
