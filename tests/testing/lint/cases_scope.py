"""Faults of scopes."""

from collections.abc import Iterator
from typing import Any

from asgi_stack.testing import http_scope, lifespan_scope, websocket_scope
from tests.testing.lint.cases import Case
from tests.testing.lint.traffic import Traffic, event, without

RESPONSE = (event("http.response.start", status=200), event("http.response.body"))
CLOSE = (event("websocket.close"),)
NOTHING = object()

ASGI: dict[str, Any] = {"version": "3.0", "spec_version": "2.3"}

# rule, key, wrong values, right values; NOTHING takes the key away
HTTP: list[tuple[str, str, list[Any], list[Any]]] = [
    ("H3", "asgi", [ASGI | {"spec_version": 2.3}], [{"version": "3.0"}]),
    ("H2", "asgi", [{}], [ASGI]),
    ("C4", "asgi", [{"version": 3}, None, NOTHING], [ASGI]),
    ("H4", "http_version", ["3.0", "1", 1.1, NOTHING], ["1.0", "1.1", "2", "3"]),
    ("H5", "method", ["get", "", b"GET", None, NOTHING], ["GET", "M-SEARCH", "1"]),
    ("H6", "scheme", ["", None, b"http"], [NOTHING, "https"]),
    ("H7", "path", [b"/", None, "/\udcff", NOTHING], ["/ü", "/", "/%", "*"]),
    ("H8", "raw_path", ["/", b"/?a=b"], [NOTHING, None, b"/%C3%BC"]),
    ("H9", "query_string", ["", None, NOTHING], [b"", b"a=%20&b"]),
    ("H10", "root_path", [None, b""], [NOTHING, "", "/api"]),
    (
        "H11",
        "headers",
        [NOTHING, None, "ab", {b"a": b"b"}, [("a", "b")], [(b"a",)], ["ab"], [[b"a", b"b", b"c"]], [1]],
        [[], ((b"A", b"b"),), iter([(b"a", b"b")]), [[b"a", b"b"]], [iter((b"a", b"b"))], [(b"1", b"")]],
    ),
    ("H14", "headers", [[(b":authority", b"x")]], [[(b"host", b"x")]]),
    (
        "H15",
        "client",
        [("h", "1"), ("h",), "h1", ("h", None), [1, 2], ["h", True]],
        [None, ["h", 1], ("", 0)],
    ),
    ("H16", "server", [("h", "1"), ("h", 1, 2), {}], [None, ("/run/s", None), ["h", 80], iter(("h", 80))]),
    ("H17", "state", [None, []], [NOTHING, {}, {"db": object()}]),
    ("C19", "extensions", [None, [], {"a": None}, {b"a": {}}, {"a": []}], [NOTHING, {}, {"a": {"b": 1}}]),
]
WEBSOCKET: list[tuple[str, str, list[Any], list[Any]]] = [
    ("W2", "asgi", [{}], [ASGI]),
    ("W3", "asgi", [ASGI | {"spec_version": None}], [{"version": "3.0"}]),
    ("W4", "http_version", ["1.0", None, "3.0"], [NOTHING, "1.1", "2", "3"]),
    ("W5", "scheme", ["", None], [NOTHING, "wss"]),
    ("W6", "path", [b"/", NOTHING], ["/chat"]),
    ("W7", "raw_path", ["/", b"/?"], [NOTHING, None, b"/"]),
    ("W8", "query_string", ["a=b"], [NOTHING, None, b"a=b"]),
    ("W9", "root_path", [None], [NOTHING, "/api"]),
    ("W10", "headers", [NOTHING, [(b"a", "b")], [(b":path", b"/")], b"ab"], [[], [(b"A", b"b")]]),
    ("W11", "client", [("h", 1.0)], [None, ("h", 1)]),
    ("W11", "server", [("h",), "s"], [None, ("/run/s", None)]),
    ("W12", "subprotocols", ["chat", [b"chat"], None], [NOTHING, [], ["chat"], iter(["chat"])]),
    ("W13", "state", [None], [NOTHING, {}]),
]
LIFESPAN: list[tuple[str, str, list[Any], list[Any]]] = [
    ("LS2", "asgi", [{"version": "3.0", "spec_version": 2}], [{"version": "3.0"}, {}]),
    ("LS3", "state", [None], [NOTHING, {}]),
]
OTHER: list[tuple[str, str, list[Any], list[Any]]] = [
    ("C5", "asgi", [{"spec_version": 1}], [{"version": "3.0"}, {"spec_version": "1"}]),
    ("C3", "type", [NOTHING, b"http", None], ["made.up"]),
    ("H1", "type", ["HTTP", " http"], ["https"]),
    ("W1", "type", ["WebSocket"], ["ws"]),
    ("LS1", "type", ["Lifespan"], ["life"]),
]
TLS_SCOPE = {"client_cert_name": "CN=a", "server_cert": None, "tls_version": 0x0304, "cipher_suite": 0x1301}
TLS: list[tuple[str, str, list[Any], list[Any]]] = [
    ("E38", "server_cert", [NOTHING, b"pem"], [None, "pem"]),
    ("E39", "client_cert_chain", [None, "pem", [b"pem"]], [NOTHING, [], iter(())]),
    ("E40", "client_cert_name", [b"CN=a", 1], [NOTHING, None, "CN=a"]),
    ("E41", "client_cert_error", ["", 1], [NOTHING, None, "expired"]),
    ("E42", "tls_version", [NOTHING, "1.3", -1, True], [None, 0x0304]),
    ("E43", "cipher_suite", [NOTHING, 2**16, -1, (0x13, 0x01)], [None, 0x1301]),
]


def with_value(values: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return without(values, key) if value is NOTHING else {**values, key: value}


def cases_of(table: list[Any], make: Any, steps: tuple[Any, ...], place: Any = lambda x: x) -> Iterator[Case]:
    for rule, key, wrong_values, right_values in table:
        pairs = max(len(wrong_values), len(right_values))
        for index in range(pairs):
            wrong = wrong_values[min(index, len(wrong_values) - 1)]
            right = right_values[min(index, len(right_values) - 1)]
            name = f"{key} {'missing' if wrong is NOTHING else repr(wrong)}"
            traffic = [Traffic(place(with_value(make(), key, value)), steps) for value in (wrong, right)]
            yield Case(rule, name, *traffic)


def tls_scope(tls: dict[str, Any], scheme: str = "https") -> dict[str, Any]:
    return http_scope(f"{scheme}://testserver/", extensions={"tls": tls})


def other_scope() -> dict[str, Any]:
    return {"type": "made.up", "asgi": {"version": "3.0"}}


ENCODED = http_scope("/a%20b", extra={"path": "/a%20b"})
NO_UTF_8 = http_scope(extra={"path": "/ÿ", "raw_path": b"/%FF"})
CHAIN = {"client_cert_chain": ["pem"]}
SCOPE_CASES = [
    *cases_of(HTTP, http_scope, RESPONSE),
    *cases_of(WEBSOCKET, websocket_scope, CLOSE),
    *cases_of(LIFESPAN, lifespan_scope, ()),
    *cases_of(OTHER, other_scope, ()),
    *cases_of(TLS, lambda: dict(TLS_SCOPE), RESPONSE, tls_scope),
    Case("C2", "a scope that is a list", Traffic([]), Traffic(other_scope())),
    Case(
        "C9", "a key that is bytes", Traffic({**other_scope(), b"a": 1}), Traffic({**other_scope(), "a": 1})
    ),
    *(
        Case(rule, what, Traffic(make(raw, extra={"path": path}), steps), Traffic(make(raw), steps))
        for rule, make, steps in [("H7", http_scope, RESPONSE), ("W6", websocket_scope, CLOSE)]
        for what, raw, path in [
            ("a path that is percent-encoded", "/a%20b", "/a%20b"),
            ("a path that is percent-encoded, in UTF-8", "/%C3%BC", "/%C3%BC"),
            ("a path that is decoded as Latin-1", "/%C3%BC", "/Ã¼"),
        ]
    ),
    *(
        Case("H7", "a path as it was sent", Traffic(ENCODED, RESPONSE), Traffic(right, RESPONSE))
        for right in [http_scope("/a%2520b"), http_scope("/100%"), NO_UTF_8]
    ),
    Case(
        "H7",
        "a query left in the path",
        Traffic(http_scope("/a", extra={"path": "/a?b"}), RESPONSE),
        Traffic(http_scope("/a%3Fb"), RESPONSE),
    ),
    Case(
        "W6",
        "a query left in the path",
        Traffic(websocket_scope("/a", extra={"path": "/a?b"}), CLOSE),
        Traffic(websocket_scope("/a%3Fb"), CLOSE),
    ),
    Case(
        "E37",
        "tls without TLS",
        Traffic(tls_scope(TLS_SCOPE, "http"), RESPONSE),
        Traffic(tls_scope(TLS_SCOPE), RESPONSE),
    ),
    Case(
        "E37",
        "tls with the scheme's default",
        Traffic(without(tls_scope(TLS_SCOPE), "scheme"), RESPONSE),
        Traffic(tls_scope(TLS_SCOPE), RESPONSE),
    ),
    Case(
        "E40",
        "a chain without a name",
        Traffic(tls_scope(without({**TLS_SCOPE, **CHAIN}, "client_cert_name")), RESPONSE),
        Traffic(tls_scope({**TLS_SCOPE, **CHAIN}), RESPONSE),
    ),
]
