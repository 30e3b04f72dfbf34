import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.grammar.prefix import parse_prefix


@pytest.mark.parametrize(
    ("value", "prefix"),
    [
        (b"/", ""),
        (b"/app", "/app"),
        (b"/app/", "/app"),
        (b"/a/b-c_d.e~f", "/a/b-c_d.e~f"),
        (b"/a:b@c", "/a:b@c"),
        (b"/...", "/..."),
        (b"/.well-known", "/.well-known"),
        (b"/" + b"a" * 1023, "/" + "a" * 1023),
    ],
)
def test_a_prefix_is_read_without_the_slash_at_its_end(value: bytes, prefix: str) -> None:
    assert parse_prefix(value) == prefix


@pytest.mark.parametrize(
    "value",
    [
        b"", b"app", b"//evil.com", b"/\\evil.com", b"\\evil", b"/../admin", b"/a/..", b"/a/../b", b"/.",
        b"/./a", b"/a//b", b"/a//", b"/%2e%2e/admin", b"/a%2fb", b"/a?x", b"/a#x", b"/a b", b" /a",
        b"/a\x00", b"/a\r\nb", b"/\xe9", b"http://evil.com", b"/a\x7f", b"/" + b"a" * 1024, b"/" * 65536,
    ],
    ids=lambda value: ascii(value[:20]),
)  # fmt: skip
def test_what_could_lead_elsewhere_is_none(value: bytes) -> None:
    assert parse_prefix(value) is None


@given(st.binary(max_size=30) | st.text("/.%\\a", max_size=30).map(str.encode))
def test_any_bytes_are_read_or_refused_and_reading_again_changes_nothing(value: bytes) -> None:
    prefix = parse_prefix(value)

    assert not prefix or parse_prefix(prefix.encode()) == prefix
