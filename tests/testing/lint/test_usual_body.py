"""The body that lint tells at a glance for usual: it never lets pass what the rules would not."""

from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.testing import http_scope
from asgi_stack.testing.lint import Violation, http, progress
from tests.testing.lint.traffic import Traffic, event, without

ODD: list[Any] = [None, True, 0, 1.5, 2**70, "", b"", b"x", bytearray(b"x"), (), [b"x"], {}, {"a": {1, 2}}]


@st.composite
def changed(draw: st.DrawFn, usual: dict[Any, Any]) -> dict[Any, Any]:
    """The usual one, often with some keys left out, and some given another value."""
    keys = st.sampled_from([*usual.keys() - {"type"}, "odd", 7])
    left_out = draw(st.lists(keys, max_size=2))
    return without(usual, *left_out) | draw(st.dictionaries(keys, st.sampled_from(ODD), max_size=2))


REQUESTS = changed(event("http.request", body=b"", more_body=False))
START = event("http.response.start", status=200, headers=[(b"content-length", b"1")])
BODIES = changed(event("http.response.body", body=b"a", more_body=False))


async def judged_at_length(traffic: Traffic) -> list[Violation]:
    no = {"return_value": False}
    with patch.object(http, "is_usual_body", **no), patch.object(progress, "is_usual_body", **no):
        return await traffic.collect()


@given(REQUESTS, BODIES)
async def test_a_glance_finds_what_a_look_at_every_key_finds(
    request: dict[Any, Any], body: dict[Any, Any]
) -> None:
    traffic = Traffic(http_scope(), (request, START, body))

    assert await traffic.collect() == await judged_at_length(traffic)
