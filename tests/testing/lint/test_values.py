"""The small questions, where no rule alone shows what they answer."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.testing.lint.length import Length
from asgi_stack.testing.lint.values import shown, unplain

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.binary()
PLAIN = st.recursive(
    SCALARS | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
)


@given(PLAIN)
def test_what_could_be_sent_over_a_network_is_plain(value: Any) -> None:
    assert unplain(value) is None


def test_a_list_that_holds_itself_is_searched_once() -> None:
    knot: list[Any] = [1]
    knot.append(knot)

    assert unplain(knot) is None


def test_a_long_body_is_cut_in_an_error_text() -> None:
    assert len(shown(b"a" * 10_000)) < 80


def test_a_length_of_many_digits_costs_nothing() -> None:
    length = Length("GET", lambda rule, text, subject: None)
    length.announce(200, [(b"content-length", b"9" * 100_000)], usual=True)

    length.compare()
