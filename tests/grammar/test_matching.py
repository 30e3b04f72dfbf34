"""Matching: whole segments, whole labels, and no pattern that could never match."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.grammar.matching import (
    host_fault,
    host_field,
    host_matches,
    is_under,
    local_path,
    names_host,
    path_fault,
)

SEGMENTS = st.lists(st.sampled_from(["", "a", "b", "ab", "..", "%2F"]), max_size=4)


@pytest.mark.parametrize(
    ("root", "path", "local"),
    [
        ("", "/a/b", "/a/b"),
        ("/pre", "/pre/a", "/a"),
        ("/pre", "/pre", "/"),
        ("/pre/", "/pre/a", "/a"),
        ("/", "/a", "/a"),
        ("/pre", "/a", "/a"),  # the server has left the prefix out
        ("/pre", "/prefix", "/prefix"),
    ],
)
def test_the_local_path_is_what_follows_the_root_path(root: str, path: str, local: str) -> None:
    assert local_path({"path": path, "root_path": root}) == local


def test_without_a_root_path_the_local_path_is_the_whole() -> None:
    assert local_path({"path": "/a"}) == "/a"


@pytest.mark.parametrize(
    ("path", "prefix", "under"),
    [
        ("/api", "/api", True),
        ("/api/", "/api", True),
        ("/api/x", "/api", True),
        ("/api/x", "/api/", True),
        ("/anything", "/", True),
        ("/apixyz", "/api", False),
        ("/ap", "/api", False),
        ("/x/api", "/api", False),
        ("/API", "/api", False),
        ("/x/../api", "/api", False),
        ("//api", "/api", False),
    ],
)
def test_a_prefix_ends_where_a_segment_ends(path: str, prefix: str, under: bool) -> None:
    assert is_under(path, prefix) is under


@given(SEGMENTS, SEGMENTS.filter(lambda prefix: prefix and prefix[-1]))
def test_under_means_that_the_first_segments_are_the_same(path: list[str], prefix: list[str]) -> None:
    is_prefix = path[: len(prefix)] == prefix

    assert is_under("/".join(["", *path]), "/".join(["", *prefix])) is is_prefix


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        (b"/api", "Give a str, as in '/api'."),
        ("api", "A path begins with a slash: '/api'."),
        ("", "A path begins with a slash: '/'."),
        ("/a?b", "leave '?' and '#' out"),
        ("/a#b", "leave '?' and '#' out"),
        ("/caf%C3%A9", "A path is compared percent-decoded: '/café'."),
    ],
)
def test_a_path_that_can_never_match_is_a_fault(path: object, hint: str) -> None:
    assert hint in str(path_fault(path))


@pytest.mark.parametrize("path", ["/", "/api", "/api/", "/café", "/100%", "/a b"])
def test_a_path_as_a_scope_has_it_is_no_fault(path: str) -> None:
    assert path_fault(path) is None


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ([(b"host", b"example.com")], b"example.com"),
        ([(b"accept", b"*/*"), (b"HOST", b"Example.com:80")], b"Example.com:80"),
        ([], None),
        ([(b"host", b"a"), (b"Host", b"a")], None),
        ([(b"x-host", b"a"), (b"from", b"b")], None),
    ],
)
def test_the_host_field_is_the_one_line_of_that_name(headers: Any, field: bytes | None) -> None:
    assert host_field({"headers": headers}) == field


@pytest.mark.parametrize(
    ("field", "named"),
    [
        (b"Example.COM:8000", True),
        (b"example.com.", True),
        (b"[::1]:80", True),
        (b"a.b.com", True),
        (b"example.org", False),
        (b"a b", False),
        (b"", False),
    ],
)
def test_a_host_is_compared_without_port_and_capitals(field: bytes, named: bool) -> None:
    assert names_host(field, ["example.com", "[::1]", "*.b.com"]) is named


@pytest.mark.parametrize(
    ("host", "pattern", "matches"),
    [
        ("example.com", "example.com", True),
        ("www.example.com", "example.com", False),
        ("example.com", ".example.com", True),
        ("a.b.example.com", ".example.com", True),
        ("notexample.com", ".example.com", False),
        ("example.com", "*.example.com", False),
        ("www.example.com", "*.example.com", True),
        ("notexample.com", "*.example.com", False),
    ],
)
def test_a_wildcard_is_for_whole_labels(host: str, pattern: str, matches: bool) -> None:
    assert host_matches(host, pattern) is matches


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        (b"example.com", "Give a str"),
        ("https://example.com", "without scheme, port or path"),
        ("example.com:80", "without scheme, port or path"),
        ("example.com/x", "without scheme, port or path"),
        ("", "without scheme, port or path"),
        ("*", "without scheme, port or path"),
        ("*example.com", "without scheme, port or path"),
        ("..example.com", "without scheme, port or path"),
        ("bücher.example", "without scheme, port or path"),
        (".[::1]", "without scheme, port or path"),
        ("Example.com", "Write it as it is compared: 'example.com'."),
        ("*.Example.com", "Write it as it is compared: '*.example.com'."),
        ("example.com.", "Write it as it is compared: 'example.com'."),
        ("example.com:", "Write it as it is compared: 'example.com'."),
        ("[0:0::1]", "Write it as it is compared: '[::1]'."),
    ],
)
def test_a_host_that_can_never_match_is_a_fault(pattern: object, hint: str) -> None:
    assert hint in str(host_fault(pattern))


@pytest.mark.parametrize(
    "pattern", ["example.com", ".example.com", "*.example.com", "localhost", "127.0.0.1", "[::1]"]
)
def test_a_host_as_it_is_compared_is_no_fault(pattern: str) -> None:
    assert host_fault(pattern) is None
