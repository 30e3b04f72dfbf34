"""Every function of the package that reads what strangers write, and what they may write to tire it."""

from collections.abc import Callable
from typing import Any

from asgi_stack.base import HeaderMiddleware
from asgi_stack.grammar.address import Networks, parse_address
from asgi_stack.grammar.field import is_field_value, is_token
from asgi_stack.grammar.forwarded import parse_forwarded
from asgi_stack.grammar.host import parse_host
from asgi_stack.grammar.host_patterns import HostPatterns, host_field
from asgi_stack.grammar.node import parse_loose_node, parse_node
from asgi_stack.grammar.origin import Origins, parse_origin
from asgi_stack.grammar.path_prefixes import ExactPaths, PathPrefixes
from asgi_stack.grammar.path_readings import is_below, is_sent_alike, local_path, readings, sure_path
from asgi_stack.grammar.path_segments import PathPattern
from asgi_stack.grammar.prefix import parse_prefix
from asgi_stack.grammar.request_id import is_request_id
from asgi_stack.grammar.request_path import (
    has_control_character,
    has_dot_segment,
    has_encoded_separator,
    has_second_encoding,
    is_utf8,
    unquoted,
)
from asgi_stack.grammar.request_rules import HEADER_RULES, RULES, Limits
from asgi_stack.grammar.tokens import parse_tokens
from asgi_stack.grammar.trace_context import TraceContext, parse_traceparent, parse_tracestate
from asgi_stack.heads import Reply, RequestHead, ResponseHead, ResponseHeaders
from asgi_stack.types import Scope
from tests.middleware.cases import CASES, PLAIN, Look, everywhere

Read = Callable[[Any], object]
"""Reads one value: the bytes of a stranger."""

LIMITS = Limits(frozenset({"GET"}), 1 << 30, 1 << 30, 1 << 30, 1 << 30)


def _text(value: bytes) -> str:
    return value.decode("latin-1")


def _lines(value: bytes) -> list[tuple[bytes, bytes]]:
    """The same bytes as many short lines, of names that are their own and of one that is not."""
    pieces = [value[begin : begin + 16] for begin in range(0, len(value), 32)]
    return [*((piece, b"x") for piece in pieces), *((b"x-forwarded-for", piece) for piece in pieces)]


def _named(value: bytes) -> Scope:
    return {**PLAIN, "headers": [(b"host", value)]}


def _mounted(value: bytes) -> Scope:
    return {**everywhere(value), "root_path": "/a"}


async def _inner(scope: Any, receive: Any, send: Any) -> None:
    """Stand in for the application."""


def _reading(look: Look, layer: Any) -> Read:
    """What the middleware does with a head of which a stranger wrote what *look* says."""
    read = _through if isinstance(layer, HeaderMiddleware) else _called
    return lambda value: read(layer, look.write(value))


def _through(layer: Any, scope: Scope) -> object:
    answer = layer.on_request(RequestHead(scope))
    if callable(answer) and not isinstance(answer, Reply):
        answer(ResponseHead({"type": "http.response.start", "status": 200, "headers": []}))
    return answer


def _called(layer: Any, scope: Scope) -> object:
    try:
        return layer(scope, None, _ignore).send(None)
    except StopIteration as done:
        return done.value


async def _ignore(message: Any) -> None:
    """Take what is sent."""


def _vary(value: bytes) -> object:
    headers = ResponseHeaders([(b"vary", value), *((b"vary", line) for _, line in _lines(value)[:100])])
    headers.add_vary(b"Origin", b"Accept")
    return headers


def _rule(name: str) -> Read:
    return lambda value: RULES[name].is_broken({**everywhere(value), "method": _text(value)}, LIMITS)


def _rule_of_lines(name: str) -> Read:
    return lambda value: RULES[name].is_broken({**PLAIN, "headers": _lines(value)}, LIMITS)


NETWORKS = Networks(["10.0.0.0/8", "2001:db8::/32"])
ORIGINS = Origins(["https://*.example.com", "https://example.org"])
HOSTS = HostPatterns(["example.com", ".example.org", "*.example.net"])
PREFIXES = PathPrefixes(["/a", "/a/a", "/<slug>/a", "/b/<uuid>"])
EXACT_PATHS = ExactPaths(["/a", "/<slug>/a"])

GRAMMAR: dict[str, Read] = {
    "address.Networks": lambda value: (found := parse_address(_text(value))) and found in NETWORKS,
    "address.parse_address": lambda value: parse_address(_text(value)),
    "field.is_field_value": lambda value: is_field_value(_text(value)),
    "field.is_token": lambda value: is_token(_text(value)),
    "forwarded.parse_forwarded": parse_forwarded,
    "host.parse_host": parse_host,
    "host_patterns.HostPatterns": lambda value: (
        HOSTS.may_name(_named(value)), HOSTS.surely_names(_named(value)), HOSTS.nearest(_text(value))
    ),
    "host_patterns.host_field": lambda value: host_field({**PLAIN, "headers": _lines(value)}),
    "node.parse_loose_node": lambda value: parse_loose_node(_text(value)),
    "node.parse_node": lambda value: parse_node(_text(value)),
    "origin.Origins": lambda value: (found := parse_origin(value)) and found in ORIGINS,
    "origin.parse_origin": parse_origin,
    "path_prefixes.ExactPaths": lambda value: (
        EXACT_PATHS.may_cover(everywhere(value)), EXACT_PATHS.surely_covers(everywhere(value))
    ),
    "path_prefixes.PathPrefixes": lambda value: (
        PREFIXES.may_cover(everywhere(value)), PREFIXES.surely_covers(everywhere(value)),
        PREFIXES.longest(_text(value)),
    ),
    "path_readings.is_below": lambda value: is_below("/a" + _text(value), "/a"),
    "path_readings.is_sent_alike": lambda value: is_sent_alike(everywhere(value)),
    "path_readings.local_path": lambda value: local_path(_mounted(value)),
    "path_readings.readings": lambda value: readings(_mounted(value)),
    "path_readings.sure_path": lambda value: sure_path(_mounted(value)),
    "path_segments.PathPattern": lambda value: PathPattern("/<slug>/<uuid>/a").begin_of(_text(value)),
    "prefix.parse_prefix": parse_prefix,
    "request_id.is_request_id": is_request_id,
    "request_path.has_control_character": lambda value: has_control_character(_text(value)),
    "request_path.has_dot_segment": lambda value: has_dot_segment(_text(value)),
    "request_path.has_encoded_separator": has_encoded_separator,
    "request_path.has_second_encoding": lambda value: has_second_encoding(_text(value)),
    "request_path.is_utf8": is_utf8,
    "request_path.unquoted": unquoted,
    "tokens.parse_tokens": parse_tokens,
    "trace_context.TraceContext": lambda value: (
        found := TraceContext.after([b"00-" + b"1" * 32 + b"-" + b"1" * 16 + b"-01"], [value])
    ) and found.headers(),
    "trace_context.parse_traceparent": parse_traceparent,
    "trace_context.parse_tracestate": parse_tracestate,
    **{f"request_rules.{name}": _rule(name) for name in RULES},
}  # fmt: skip
"""Those of ``asgi_stack.grammar``, by module and name."""

OTHERS: dict[str, Read] = {
    "RequestHead": lambda value: RequestHead({"headers": [(value, value), (b"Host", value)]}),
    "RequestHead, many lines": lambda value: RequestHead({"headers": _lines(value)}),
    "ResponseHeaders.add_vary": _vary,
    **{f"the rule {name}, many lines": _rule_of_lines(name) for name in sorted(HEADER_RULES)},
    **{
        f"{case.name} {number}": _reading(look, layer)
        for case in CASES.values()
        for number, (look, layer) in enumerate(case.looking(_inner), 1)
    },
}
"""Those elsewhere: what every piece of middleware does with a head, and what more than one of them uses."""

PARSERS = {**GRAMMAR, **OTHERS}

PIECES = [
    b"a", b"0", b"f", b"A", b" ", b"\t", b",", b";", b"=", b'"', b"\\", b":", b".", b"/", b"%", b"-", b"_",
    b"[", b"]", b"\x00", b"\xff", b'\\"', b'""', b'"",', b'"\\', b", ", b"a,", b"a;", b"a=", b"a=b;",
    b'a="b",', b"a ", b"%2", b"%25", b"%2f", b"%ff", b"../", b"./", b"//", b"a.", b"::", b"0:", b"1.", b"[]",
    b"a=b,", b"1.2.3.4, ",
]  # fmt: skip
# What a value begins and ends with around the long run: valid but for its last byte, or but for its length.
FRAMES: list[tuple[bytes, bytes, bytes]] = [
    (b'for="', b"a", b""), (b'for="', b"a", b'"'), (b'for="', b"\\", b'"'), (b'for="[', b":", b']"'),
    (b'for=a;for="', b"x", b'";'), (b"for=", b"a", b"\x00"), (b"", b"a", b","), (b"", b"a, ", b"\x00"),
    (b"", b"a", b" "), (b" ", b" ", b"a"), (b"a", b" ", b"a"), (b"https://", b"a", b""),
    (b"https://", b"a.", b"com"),
    (b"", b"a", b"://a"), (b"https://[", b":", b"]"), (b"example.com:", b"0", b""), (b"[", b"0:", b"]:80"),
    (b"[::1%", b"a", b"]"), (b"::1%", b"a", b""), (b"::ffff:1.2.3.", b"4", b""), (b"1.2.3.", b"0", b"4"),
    (b"", b"A", b"="), (b"", b"A", b"!"), (b"", b"QQ==", b""), (b"/", b"a/", b"."), (b"/", b"a/", b".."),
    (b"/a", b"%41", b"%4"), (b"/", b"\xc3\xbc", b"\xc3"), (b"_", b"a", b"!"), (b"_a:", b"_", b""),
    (b"01-" + b"1" * 32 + b"-" + b"1" * 16 + b"-01-", b"a", b""), (b"00-", b"0", b"-01"), (b"a=", b"b", b","),
    (b"a@b=", b" ", b"b"), (b"Basic ", b" ", b"QQ=="),
]  # fmt: skip


def shapes(size: int) -> dict[str, bytes]:
    """Values of about *size* bytes, each by what it is made of."""
    made = {repr(piece): piece * (size // len(piece)) for piece in PIECES}
    for begin, piece, end in FRAMES:
        made[f"{begin!r} {piece!r}... {end!r}"] = begin + piece * (size // len(piece)) + end
    made["different members"] = b",".join(b"k%05d=v" % number for number in range(size // 9))
    made["different segments"] = b"/".join(b"s%06d" % number for number in range(size // 8))
    return made
