import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.grammar.tokens import parse_tokens


@pytest.mark.parametrize(
    ("value", "tokens"),
    [
        (b"", []),
        (b"X-A", ["x-a"]),
        (b"x-a,x-b", ["x-a", "x-b"]),
        (b" x-a ,\tX-B\t", ["x-a", "x-b"]),
        (b",,x-a,,", ["x-a"]),
        (b"!#$%&'*+-.^_`|~09", ["!#$%&'*+-.^_`|~09"]),
        (b"*", ["*"]),
        (b"a" * 8192, ["a" * 8192]),
    ],
    ids=lambda each: ascii(each[:20]),
)
def test_a_list_of_tokens_is_read(value: bytes, tokens: list[str]) -> None:
    assert parse_tokens(value) == tokens


@pytest.mark.parametrize(
    "value",
    [
        b"x a",
        b"x\ta",
        b"x:a",
        b"x\r\n",
        b"a\x00",
        b"\xe9",
        b'"a"',
        b"a;b",
        b"a=b",
        b"a\x7f",
        b"a" * 8193,
        b"," * 2**20,
    ],
    ids=lambda value: ascii(value[:20]),
)
def test_what_is_none_is_refused(value: bytes) -> None:
    assert parse_tokens(value) is None


@given(st.lists(st.text(string.ascii_lowercase + "-!", min_size=1, max_size=8), max_size=5))
def test_a_list_that_is_written_is_read_back(tokens: list[str]) -> None:
    assert parse_tokens(", ".join(tokens).encode()) == tokens


@given(st.binary(max_size=40) | st.text(", \ta:", max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(value: bytes) -> None:
    tokens = parse_tokens(value)

    assert tokens is None or parse_tokens(",".join(tokens).encode()) == tokens
