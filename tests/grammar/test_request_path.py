import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.grammar.request_path import (
    has_control_character,
    has_dot_segment,
    has_encoded_separator,
    has_second_encoding,
    is_utf8,
)


@pytest.mark.parametrize("path", ["/a\x00", "/\n", "/a\r", "/\t", "/\x1f", "/\x7f", "/\x85", "/\x9f"])
def test_a_control_character_is_seen(path: str) -> None:
    assert has_control_character(path)


@pytest.mark.parametrize("path", ["/", "/a b", "/\xa0", "/é", "/€", "/~"])
def test_other_characters_are_none(path: str) -> None:
    assert not has_control_character(path)


@pytest.mark.parametrize(
    "path", ["/..", "/.", "/a/../b", "/a/./b", "..", "/a/..", "/a\\..\\b", "/..\\", "/a/.\\b", "\\.."]
)
def test_a_dot_segment_is_seen(path: str) -> None:
    assert has_dot_segment(path)


@pytest.mark.parametrize(
    "path", ["/", "/a.b", "/...", "/.well-known/x", "/a..b", "/..a", "/a/.b", "/a./b", "/a../b", "/~/. /x"]
)
def test_dots_within_a_name_are_none(path: str) -> None:
    assert not has_dot_segment(path)


@pytest.mark.parametrize("raw", [b"/a%2fb", b"/a%2Fb", b"/a%5cb", b"/a%5Cb", b"/a\\b", b"%2F"])
def test_an_encoded_separator_is_seen(raw: bytes) -> None:
    assert has_encoded_separator(raw)


@pytest.mark.parametrize("raw", [b"/a/b", b"/%252f", b"/%2", b"/2f", b"/%20f", b"/%c3%a9"])
def test_other_bytes_are_no_separator(raw: bytes) -> None:
    assert not has_encoded_separator(raw)


@pytest.mark.parametrize("path", ["/%2e", "/%2E%2e/", "/a%00", "/%fF", "/%%20", "/100%25"])
def test_a_second_encoding_is_seen(path: str) -> None:
    assert has_second_encoding(path)


@pytest.mark.parametrize("path", ["/", "/100%", "/%", "/%2", "/%zz", "/%2g", "/% 20", "/%٢٥"])
def test_a_percent_sign_alone_is_none(path: str) -> None:
    assert not has_second_encoding(path)


@pytest.mark.parametrize("raw", [b"/%ff", b"/%c3", b"/%c0%af", b"/%e0%80%af", b"/%ed%a0%80", b"/\xff"])
def test_what_is_not_utf8_is_seen(raw: bytes) -> None:
    assert not is_utf8(raw)


@pytest.mark.parametrize("raw", [b"/", b"/%c3%a9", b"/\xc3\xa9", b"/%ef%bf%bd", b"/%f0%9f%98%80", b"/%"])
def test_utf8_is_utf8(raw: bytes) -> None:
    assert is_utf8(raw)


@given(st.text(), st.binary())
def test_every_path_is_told(path: str, raw: bytes) -> None:
    answers = [has_control_character(path), has_dot_segment(path), has_second_encoding(path)]

    assert {type(answer) for answer in [*answers, has_encoded_separator(raw), is_utf8(raw)]} == {bool}
