import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.grammar.request_id import is_request_id


@pytest.mark.parametrize("value", ["a", "a" * 128, "Az09.-_", b"abc", "123e4567-e89b-12d3-a456-426614174000"])
def test_an_id_is_accepted(value: str | bytes) -> None:
    assert is_request_id(value)


@pytest.mark.parametrize(
    "value", ["", "a" * 129, "a b", "{a}", "a\r\nb", "é", b"\xe9", "٣", "a,b", "\ud800", "a\n"]
)
def test_what_is_no_id_is_refused(value: str | bytes) -> None:
    assert not is_request_id(value)


@given(st.text(max_size=130) | st.text("aZ0-_. \r\n\xff", max_size=130))
def test_an_id_is_what_it_is_said_to_be(text: str) -> None:
    told = bool(re.fullmatch(r"[A-Za-z0-9._-]{1,128}", text))

    assert (is_request_id(text), is_request_id(text.encode())) == (told, told)
