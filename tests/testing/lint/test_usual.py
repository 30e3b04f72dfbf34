"""What lint tells at a glance for usual: it never lets pass what the rules would not."""

from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.testing import http_scope
from asgi_stack.testing.lint import Violation, http, response, scope
from asgi_stack.testing.lint.usual import is_usual
from tests.testing.lint.traffic import Traffic, event, without

ODD: list[Any] = [
    None,
    True,
    0,
    200,
    99,
    2**70,
    1.5,
    "",
    "1.1",
    "3",
    "get",
    "/a?b",
    "\udcff",
    b"",
    b"/?",
    b"x",
]
ODD += [b"x", bytearray(b"x"), (), ("a", 1), ("a", True), ("a", -1), ("a", 2**70), ("a", None), (1, 1)]
ODD += [{}, {"version": "3.0"}, {"version": 3}, {"version": "3.0", "spec_version": 2}, {"a": {}}, {"a": 1}]
ODD += [["a", 1], [], [(b"a", b"b")], [(b"A", b"b")], [(b":a", b"b")], [("a", "b")], {1, 2}]


@st.composite
def changed(draw: st.DrawFn, usual: dict[Any, Any]) -> dict[Any, Any]:
    """The usual one, often with some keys left out, and some given another value."""
    keys = st.sampled_from([*usual.keys() - {"type"}, "state", "trailers", "odd", 7])
    left_out = draw(st.lists(keys, max_size=2))
    return without(usual, *left_out) | draw(st.dictionaries(keys, st.sampled_from(ODD), max_size=2))


REQUESTS = changed(event("http.request", body=b"", more_body=False))
STARTS = changed(event("http.response.start", status=200, headers=[(b"content-length", b"1")]))
BODIES = changed(event("http.response.body", body=b"a", more_body=False))


async def judged_at_length(traffic: Traffic) -> list[Violation]:
    no = {"return_value": False}
    with (
        patch.object(scope, "is_usual", **no),
        patch.object(http, "is_usual_body", **no),
        patch.object(response, "is_usual_body", **no),
        patch.object(response, "is_usual_start", **no),
    ):
        return await traffic.collect()


@given(changed(http_scope()), REQUESTS, STARTS, BODIES)
async def test_a_glance_finds_what_a_look_at_every_key_finds(
    given_scope: dict[Any, Any], request: dict[Any, Any], start: dict[Any, Any], body: dict[Any, Any]
) -> None:
    traffic = Traffic(given_scope, (request, start, body))

    assert await traffic.collect() == await judged_at_length(traffic)


@pytest.mark.parametrize("state", [None, {}], ids=["no state", "state"])
def test_the_scopes_of_the_test_kit_are_usual(state: dict[str, Any] | None) -> None:
    assert is_usual(http_scope(state=state))


@pytest.mark.parametrize("key", ["headers", "path", "client"])
def test_a_scope_without_a_key_is_not_usual(key: str) -> None:
    assert not is_usual(without(http_scope(), key) | {"state": {}})
    assert not is_usual(without(http_scope(), key) | {"odd": 1})
