import pytest

from asgi_stack.testing import Headers
from asgi_stack.testing.headers import encode_headers


@pytest.mark.parametrize(
    ("given", "encoded"),
    [
        ((), []),
        ({"X-A": "é"}, [(b"x-a", b"\xe9")]),
        ({b"X-A": b"1"}, [(b"X-A", b"1")]),
        ([("a", "1"), ("A", b"2"), (b"A", "3")], [(b"a", b"1"), (b"a", b"2"), (b"A", b"3")]),
    ],
)
def test_text_is_made_valid_and_bytes_are_exact(given: object, encoded: object) -> None:
    assert encode_headers(given) == encoded  # type: ignore[arg-type]


def test_names_are_found_in_any_case() -> None:
    headers = Headers([(b"Content-Type", b"text/plain")])

    assert headers["content-type"] == headers["CONTENT-TYPE"] == "text/plain"


def test_repeated_fields_are_kept() -> None:
    headers = Headers([(b"a", b"1"), (b"b", b"2"), (b"A", b"3")])

    assert headers.get_list("a") == ["1", "3"]
    assert dict(headers) == {"a": "1, 3", "b": "2"}


def test_a_field_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="missing"):
        Headers()["missing"]


def test_what_was_sent_is_in_the_repr() -> None:
    assert repr(Headers([(b"A", b"1")])) == "Headers([(b'A', b'1')])"
    assert len(Headers([(b"A", b"1"), (b"a", b"1")])) == 1
