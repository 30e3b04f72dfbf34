"""No head of a request, however broken, makes header middleware raise."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack import HeaderMiddleware, Reply, RequestHead, ResponseHead
from asgi_stack.testing import Recorder
from tests.middleware.cases import CASES

LAYERS = [
    pytest.param(layer, id=f"{name}-{number}")
    for name, case in CASES.items()
    if issubclass(case.factory, HeaderMiddleware)
    for number, layer in enumerate([case.make(Recorder()), *(layer for _, layer in case.looking(Recorder()))])
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


@pytest.mark.parametrize("layer", LAYERS)
@given(SCOPES)
def test_no_head_makes_it_raise(layer: HeaderMiddleware, scope: dict[str, Any]) -> None:
    answer = layer.on_request(RequestHead(scope))
    if answer is not None and not isinstance(answer, Reply):
        answer(ResponseHead({"type": "http.response.start", "status": 200, "headers": []}))
