"""Whatever passes, the lint itself never fails, and never changes what passes."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.testing import http_scope, websocket_scope
from asgi_stack.testing.lint import Lint
from tests.testing.lint.traffic import Got, Sent, Server, follow

ODD = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
ODD |= st.just({1}) | st.lists(st.tuples(st.binary(), st.binary())) | st.lists(ODD, max_size=3)
ODD |= st.dictionaries(st.sampled_from(["tls", "version", "spec_version", "a", 1, None]), ODD, max_size=3)
TYPES = [
    "http.request",
    "http.disconnect",
    "http.response.start",
    "http.response.body",
    "http.response.push",
    "http.response.zerocopysend",
    "http.response.pathsend",
    "http.response.early_hint",
    "http.response.trailers",
    "http.response.debug",
    "websocket.connect",
    "websocket.receive",
    "websocket.disconnect",
    "websocket.accept",
    "websocket.send",
    "websocket.close",
    "websocket.http.response.start",
    "websocket.http.response.body",
    "lifespan.startup",
    "lifespan.startup.complete",
    "lifespan.startup.failed",
    "lifespan.shutdown",
    "lifespan.shutdown.failed",
]
KEYS = [
    "status",
    "headers",
    "body",
    "more_body",
    "trailers",
    "text",
    "bytes",
    "code",
    "file",
    "path",
    "links",
]
EVENTS = st.builds(
    lambda kind, values: {"type": kind, **values},
    st.sampled_from(TYPES) | ODD,
    st.dictionaries(st.sampled_from([*KEYS, "info", 1]), ODD, max_size=4),
)
STEPS = st.lists(st.builds(Sent, EVENTS | ODD) | st.builds(Got, EVENTS | ODD), max_size=6).map(tuple)
SCOPES = st.builds(
    lambda scope, values: {**scope, **values},
    st.sampled_from([http_scope(), websocket_scope(), {"type": "lifespan"}, {}]),
    st.dictionaries(st.sampled_from([*http_scope(), "state", "subprotocols", 1]), ODD, max_size=4),
)


@given(SCOPES | ODD, STEPS)
async def test_any_traffic_passes_unchanged(scope: Any, steps: tuple[Any, ...]) -> None:
    before, sent = copy.deepcopy((scope, steps)), list[Any]()
    server = Server([], sent.append)
    await Lint(follow(steps, server), mode="collect")(scope, server.receive, server.send)

    assert (scope, steps) == before
    assert [id(message) for message in sent] == [id(step.event) for step in steps if isinstance(step, Sent)]
