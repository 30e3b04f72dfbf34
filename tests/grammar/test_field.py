import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.grammar.field import is_field_value, is_token, spellings


@pytest.mark.parametrize("text", ["a", "X-Request-ID", "!#$%&'*+-.^_`|~09azAZ"])
def test_a_token_is_accepted(text: str) -> None:
    assert is_token(text)


@pytest.mark.parametrize("text", ["", "a b", "a:", "a\r\n", "a\x00", "é", "٣", "a\t", '"a"', "a,b", "a\x7f"])
def test_what_is_no_token_is_refused(text: str) -> None:
    assert not is_token(text)


@pytest.mark.parametrize("text", ["", "a", "a b", "a\tb", "é", "max-age=1; preload", "\xff"])
def test_a_field_value_is_accepted(text: str) -> None:
    assert is_field_value(text)


@pytest.mark.parametrize(
    "text", ["a\r\nb", "a\n", "\ra", "a\x00b", "\x7f", " a", "a\t", "€", "\ud800", "a\x0bb"]
)
def test_what_no_field_can_hold_is_refused(text: str) -> None:
    assert not is_field_value(text)


ANY = st.text(max_size=20) | st.text('aZ0-_.!~ \t,:"\r\n\x00\x7f\xff', max_size=8)


@given(ANY)
def test_a_token_is_what_the_grammar_says(text: str) -> None:
    assert is_token(text) == bool(re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", text))


@given(ANY)
def test_a_value_is_what_the_grammar_says(text: str) -> None:
    vchar = r"[\x21-\x7e\x80-\xff]"
    grammar = rf"({vchar}([\x20\t\x21-\x7e\x80-\xff]*{vchar})?)?"

    assert is_field_value(text) == bool(re.fullmatch(grammar, text))


@pytest.mark.parametrize(("name", "count"), [("via", 1), ("x-id", 3), ("x-request-id", 9)])
def test_a_name_has_a_spelling_for_every_way_to_join_its_parts(name: str, count: int) -> None:
    found = spellings(name)

    assert len(found) == count
    assert {name.encode(), name.replace("-", "_").encode(), name.replace("-", ".").encode()} <= found
