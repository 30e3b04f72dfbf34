"""What may be wrong with the head of a request: rules by name, each asked in linear time."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias
from urllib.parse import quote

from asgi_stack.grammar.field import is_token
from asgi_stack.grammar.methods import KNOWN_METHODS
from asgi_stack.grammar.request_path import (
    has_control_character,
    has_dot_segment,
    has_encoded_separator,
    has_second_encoding,
    is_utf8,
    unquoted,
)
from asgi_stack.types import Scope

__all__ = [
    "HEADER_RULES",
    "LONGEST_LENGTH",
    "LONGEST_USUAL_NAME",
    "NAME",
    "RULES",
    "SINGLETONS",
    "USUAL_NAMES",
    "VALUE",
    "IsBroken",
    "Limits",
    "Rule",
]

NAME = b"!#$%&'*+-^`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""What a field's name is made of (RFC 9110, section 5.6.2), but for the look-alikes of the hyphen."""

VALUE = bytes([0x09, *range(0x20, 0x7F), *range(0x80, 0x85), *range(0x86, 0x100)])
"""What a field's value is made of (section 5.5), but for NEL, at which Python breaks lines."""

LONGEST_LENGTH = 19
"""Digits of a ``content-length``; 2**63 - 1 has as many."""

USUAL_NAMES = frozenset(
    b"""
    accept accept-encoding accept-language access-control-request-headers access-control-request-method
    authorization baggage cache-control cdn-loop connection content-encoding content-language content-length
    content-type cookie date dnt downlink dpr early-data expect forwarded from host idempotency-key
    if-match if-modified-since if-none-match if-range if-unmodified-since keep-alive max-forwards origin
    pragma prefer priority purpose range referer save-data
    sec-ch-prefers-color-scheme sec-ch-ua sec-ch-ua-arch sec-ch-ua-full-version-list sec-ch-ua-mobile
    sec-ch-ua-model sec-ch-ua-platform sec-ch-ua-platform-version sec-fetch-dest sec-fetch-mode
    sec-fetch-site sec-fetch-storage-access sec-fetch-user sec-gpc sec-purpose
    sec-websocket-extensions sec-websocket-key sec-websocket-protocol sec-websocket-version
    te traceparent tracestate trailer upgrade upgrade-insecure-requests user-agent via warning
    x-client-ip x-correlation-id x-csrftoken x-csrf-token x-forwarded-for x-forwarded-host x-forwarded-port
    x-forwarded-prefix x-forwarded-proto x-real-ip x-request-id x-requested-with
    """.split()
)
"""Names of fields that are known to be plain; most requests have no others."""

LONGEST_USUAL_NAME = max(map(len, USUAL_NAMES))

SINGLETONS = (b"authorization", b"content-length", b"content-type", b"host", b"origin")
"""Fields that come in one line (RFC 9110, section 5.3; RFC 6454, section 7.3), and that layers decide by."""

_LOOKALIKES = b"._"
# RFC 3986, section 3.3.
_UNQUOTED = "/!$&'()*+,;=:@"
# RFC 9110, section 9.3, and RFC 5789.


class Limits(NamedTuple):
    """What the rules compare with."""

    methods: frozenset[str]
    headers: int
    header_bytes: int
    header_line: int
    target: int


IsBroken: TypeAlias = Callable[[Scope, Limits], bool]
"""Tells whether a request breaks the rule."""


class Rule(NamedTuple):
    """One rule: the status of the answer to who breaks it, and the question."""

    status: int
    is_broken: IsBroken


RULES: dict[str, Rule] = {}
"""Every rule, in the order in which they are asked."""


HEADER_RULES = frozenset(
    {
        "header-count",
        "header-line",
        "header-bytes",
        "header-names",
        "ambiguous-names",
        "header-values",
        "singletons",
        "content-length",
        "transfer-encoding",
    }
)
"""Those that look at header fields alone; the others look at the method and the target alone."""


def _rule(name: str, status: int) -> Callable[[IsBroken], IsBroken]:
    def register(is_broken: IsBroken) -> IsBroken:
        RULES[name] = Rule(status, is_broken)
        return is_broken

    return register


@_rule("method-token", 400)
def _is_no_method(scope: Scope, limits: Limits) -> bool:
    return not is_token(scope.get("method", "GET"))


@_rule("method-known", 501)
def _is_unknown_method(scope: Scope, limits: Limits) -> bool:
    method = scope.get("method", "GET")
    return method not in KNOWN_METHODS and method not in limits.methods


@_rule("method-allowed", 405)
def _is_other_method(scope: Scope, limits: Limits) -> bool:
    # The handshake of a websocket is a GET, which is no matter of what the views allow.
    return scope["type"] == "http" and scope["method"] not in limits.methods


@_rule("target-length", 414)
def _is_long_target(scope: Scope, limits: Limits) -> bool:
    query = scope.get("query_string") or b""
    return len(_raw_path(scope)) + len(query) + bool(query) > limits.target


@_rule("header-count", 431)
def _has_many_lines(scope: Scope, limits: Limits) -> bool:
    return len(scope["headers"]) > limits.headers


@_rule("header-line", 431)
def _has_long_line(scope: Scope, limits: Limits) -> bool:
    return any(len(name) + len(value) > limits.header_line for name, value in scope["headers"])


@_rule("header-bytes", 431)
def _has_many_bytes(scope: Scope, limits: Limits) -> bool:
    return sum(len(name) + len(value) for name, value in scope["headers"]) > limits.header_bytes


@_rule("header-names", 400)
def _has_no_names(scope: Scope, limits: Limits) -> bool:
    return any(not name or name.translate(None, NAME + _LOOKALIKES) for name, _ in scope["headers"])


@_rule("ambiguous-names", 400)
def _has_lookalikes(scope: Scope, limits: Limits) -> bool:
    return any(b"_" in name or b"." in name for name, _ in scope["headers"])


@_rule("header-values", 400)
def _has_control_characters(scope: Scope, limits: Limits) -> bool:
    return any(value.translate(None, VALUE) for _, value in scope["headers"])


@_rule("singletons", 400)
def _repeats_a_field(scope: Scope, limits: Limits) -> bool:
    names = [name.lower() for name, _ in scope["headers"]]
    return any(names.count(name) > 1 for name in SINGLETONS)


@_rule("content-length", 400)
def _has_no_length(scope: Scope, limits: Limits) -> bool:
    lengths = _values(scope, b"content-length")
    return not all(length.isdigit() and len(length) <= LONGEST_LENGTH for length in lengths)


@_rule("transfer-encoding", 400)
def _has_two_lengths(scope: Scope, limits: Limits) -> bool:
    # RFC 9112, section 6.1: somebody between us and the client may have believed the other one.
    return bool(_values(scope, b"transfer-encoding") and _values(scope, b"content-length"))


@_rule("path-form", 400)
def _is_no_path(scope: Scope, limits: Limits) -> bool:
    # The asterisk-form is for OPTIONS alone (RFC 9112, section 3.2.4).
    path = scope["path"]
    return path[:1] != "/" and not (path == "*" and scope.get("method") == "OPTIONS")


@_rule("path-utf8", 400)
def _is_no_utf8(scope: Scope, limits: Limits) -> bool:
    return not is_utf8(_raw_path(scope))


@_rule("path-controls", 400)
def _has_controls_in_path(scope: Scope, limits: Limits) -> bool:
    return any(map(has_control_character, _paths(scope)))


@_rule("dot-segments", 400)
def _has_dot_segments(scope: Scope, limits: Limits) -> bool:
    return any(map(has_dot_segment, _paths(scope)))


@_rule("encoded-separators", 400)
def _has_separators(scope: Scope, limits: Limits) -> bool:
    return "\\" in scope["path"] or has_encoded_separator(_raw_path(scope))


@_rule("second-encoding", 400)
def _is_encoded_twice(scope: Scope, limits: Limits) -> bool:
    return any(map(has_second_encoding, _paths(scope)))


@_rule("empty-segments", 400)
def _has_empty_segments(scope: Scope, limits: Limits) -> bool:
    return any("//" in path for path in _paths(scope))


def _raw_path(scope: Scope) -> bytes:
    raw: bytes | None = scope.get("raw_path")
    if raw is None:
        return quote(scope["path"], _UNQUOTED, errors="surrogatepass").encode("ascii")
    return raw


def _paths(scope: Scope) -> tuple[str, str]:
    # What the server made of the path, and what came: some servers resolve or strip a part of it.
    return scope["path"], unquoted(_raw_path(scope)).decode(errors="replace")


def _values(scope: Scope, wanted: bytes) -> list[bytes]:
    return [value for name, value in scope["headers"] if name.lower() == wanted]
