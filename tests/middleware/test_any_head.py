"""No head of a request, however broken, makes header middleware raise."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import asgi_stack.middleware
from asgi_stack import HeaderMiddleware, Reply, RequestHead, ResponseHead
from asgi_stack.testing import Recorder
from tests.middleware.test_all import NEEDED

# Options with which a class looks at as much as it can.
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "CORSMiddleware": [
        {"allow_origins": ["https://*.a.example"], "allow_origin_regex": r"https://[a-z]+\.a\.example"},
        {"allow_origins": ["*"], "allow_methods": ["*"], "allow_headers": ["*"]},
    ],
    "CrossOriginProtectionMiddleware": [{"exempt_paths": ["/a"], "same_scheme": True}],
    "HTTPSRedirectMiddleware": [{"allowed_hosts": ["*"], "exempt_paths": ["/a"]}, {"host": "a.example"}],
    "IPFilterMiddleware": [{"deny": ["192.0.2.1"]}],
    "MaintenanceMiddleware": [{"switch": lambda: True, "exempt": ["/a"]}],
    "ProxyHeadersMiddleware": [
        {"hops": 1, "parts": ["for", "proto", "host", "port", "prefix"]},
        {"trusted": ["0.0.0.0/1", "unix"], "header": "forwarded"},
    ],
    "RequestGuardMiddleware": [{"refuse_empty_segments": True}, {"without": ["header-names", "path-utf8"]}],
    "RequestIDMiddleware": [{"trust_incoming": True, "trace_context": True}],
    "SecurityHeadersMiddleware": [{"paths": {"/a": {"nosniff": False}}}],
}
CASES = [
    pytest.param(found(Recorder(), **options), id=f"{name}-{number}")
    for name in asgi_stack.middleware.__all__
    if isinstance(found := getattr(asgi_stack.middleware, name), type) and issubclass(found, HeaderMiddleware)
    for number, options in enumerate(OPTIONS.get(name, [NEEDED.get(name, {})]))
]

NAMES = b"""\
host origin forwarded x-forwarded-for X-Forwarded-Host x-forwarded-port x-forwarded-prefix authorization
sec-fetch-site content-length transfer-encoding traceparent tracestate x-request-id x_request_id cookie
access-control-request-method access-control-request-headers x-forwarded-proto""".split()
# Servers decode paths in their own ways: a surrogate is what some of them would make of a byte.
TEXT = st.text(st.characters(exclude_categories=[]), max_size=12) | st.text("/a.%2e\ud800\x00é", max_size=8)
BYTES = st.binary(max_size=20) | st.sampled_from([b"1.2.3.4", b"https", b"/p", b"a.example", b"GET", b"null"])
SCOPES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["http", "websocket"]),
        "scheme": st.sampled_from(["http", "https", "ws", "made-up"]),
        "method": st.sampled_from(["GET", "POST", "OPTIONS", "", "é"]),
        "path": TEXT,
        "query_string": st.binary(max_size=10),
        "headers": st.lists(
            st.tuples(st.sampled_from([*NAMES, b""]) | st.binary(max_size=5), BYTES), max_size=6
        ),
        "client": st.none() | st.tuples(TEXT | st.just("192.0.2.1"), st.integers(0, 65535)),
    },
    optional={
        "raw_path": st.none() | st.binary(max_size=10),
        "root_path": TEXT,
        "server": st.none() | st.just(("127.0.0.1", 80)),
        "http_version": st.sampled_from(["1.0", "1.1", "2"]),
    },
)


@pytest.mark.parametrize("layer", CASES)
@given(SCOPES)
def test_no_head_makes_it_raise(layer: HeaderMiddleware, scope: dict[str, Any]) -> None:
    answer = layer.on_request(RequestHead(scope))
    if answer is not None and not isinstance(answer, Reply):
        answer(ResponseHead({"type": "http.response.start", "status": 200, "headers": []}))
