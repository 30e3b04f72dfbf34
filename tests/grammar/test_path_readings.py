"""How a path may be read: the ways of known applications, and no way where all of them agree."""

import pytest

from asgi_stack.grammar.path_readings import LONGEST, is_sent_alike, local_path, readings, sure_path
from asgi_stack.testing import http_scope, websocket_scope
from asgi_stack.types import Scope


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


def scope_of(path: str, root: str = "") -> Scope:
    return {**http_scope("/", root_path=root), "path": path, "raw_path": None}


@pytest.mark.parametrize(
    ("path", "root", "read"),
    [
        ("/a/b", "", {"/a/b"}),
        ("/a/", "", {"/a/"}),
        ("/a/b", "/a", {"/b"}),
        ("/a", "/a", {"/"}),
        ("/b", "/a", {"/b"}),
        ("/é", "", {"/é"}),
        ("/.well-known", "", {"/.well-known"}),
        ("//a", "", {"//a", "/a"}),
        ("/a//", "", {"/a//", "/a/", "/a"}),
        ("/a/./b/../c", "", {"/a/./b/../c", "/a/c"}),
        ("/../a", "", {"/../a", "/a"}),
        ("/a\\b", "", {"/a\\b", "/a/b"}),
        ("/a\n", "", {"/a\n", "/a"}),
        ("/a\n\tb", "", {"/a\n\tb", "/ab"}),
        ("/%61", "", {"/%61", "/a"}),
        ("/\xc3\xa9", "", {"/\xc3\xa9", "/é"}),
        ("a", "", {"a", "/a"}),
        ("http://h/a", "", {"http://h/a", "/a", "/http:/h/a"}),
        ("http://h", "", {"http://h", "/", "/http:/h"}),
        ("*", "", {"*", "/*"}),
        ("x/a", "/", {"x/a", "/x/a", "/a"}),
        ("", "", {"", "/"}),
        ("/ab", "/a", {"/ab", "/b"}),
        ("/a/b", "/a/", {"/b", "/a/b"}),
    ],
)
def test_a_path_is_read_in_every_known_way(path: str, root: str, read: set[str]) -> None:
    assert set(readings(scope_of(path, root)) or ()) == read


def test_a_long_path_that_all_read_alike_is_read() -> None:
    path = "/" + "a" * LONGEST * 2

    assert (readings(scope_of(path)), readings(scope_of(path + "//"))) == ((path,), None)


def test_a_websocket_is_read_likewise() -> None:
    assert readings({**websocket_scope("/"), "path": "/ws"}) == ("/ws",)


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        (scope_of("/livez"), "/livez"),
        (scope_of("/pre/livez", "/pre"), "/livez"),
        (scope_of("//livez"), None),
        (scope_of("/livez\n"), None),
        (scope_of("/livez//" + "x" * LONGEST), None),
        ({**scope_of("/a/livez"), "raw_path": b"/a%2Flivez"}, None),
    ],
)
def test_a_path_is_sure_where_there_is_one_reading(scope: Scope, path: str | None) -> None:
    assert sure_path(scope) == path


@pytest.mark.parametrize(
    ("raw_path", "alike"),
    [(b"/a%20b", True), (b"/a%2Fb", False), (b"/a%5cb", False), (b"/a\\b", False), (b"", True), (None, True)],
)
def test_who_goes_by_raw_path_divides_it_alike_or_not(raw_path: bytes | None, alike: bool) -> None:
    assert is_sent_alike({**scope_of("/a/b"), "raw_path": raw_path}) is alike
