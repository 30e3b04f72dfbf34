import pytest

from asgi_stack.grammar.request_id import is_request_id


@pytest.mark.parametrize("value", ["a", "a" * 128, "Az09.-_", b"abc", "123e4567-e89b-12d3-a456-426614174000"])
def test_an_id_is_accepted(value: str | bytes) -> None:
    assert is_request_id(value)


@pytest.mark.parametrize(
    "value", ["", "a" * 129, "a b", "{a}", "a\r\nb", "é", b"\xe9", "٣", "a,b", "\ud800", "a\n"]
)
def test_what_is_no_id_is_refused(value: str | bytes) -> None:
    assert not is_request_id(value)
