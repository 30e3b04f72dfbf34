"""Paths in options, conditions and routers: one grammar, whole segments, and the longest of several."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.grammar.path_prefixes import ExactPaths, PathPrefixes, Paths, path_fault
from asgi_stack.testing import http_scope
from asgi_stack.types import Scope

UUID = "12345678-9abc-def0-1234-56789abcdef0"
SEGMENTS = st.lists(st.sampled_from(["a", "b", "ab", "a-"]), max_size=4)
PATHS = st.lists(st.sampled_from(["", "a", "b", "ab", "a-", ".."]), max_size=5)


def joined(segments: list[str]) -> str:
    return "/" + "/".join(segments)


@pytest.mark.parametrize("prefix", ["/api", "/api/", "/api//"])
@pytest.mark.parametrize(
    ("path", "covered"),
    [
        ("/api", True),
        ("/api/", True),
        ("/api/x", True),
        ("/apixyz", False),
        ("/ap", False),
        ("/x/api", False),
        ("/API", False),
        ("/x/../api", False),
        ("//api", False),
    ],
)
def test_a_prefix_ends_where_a_segment_ends_with_a_slash_or_without(
    prefix: str, path: str, covered: bool
) -> None:
    assert PathPrefixes([prefix]).covers(path) is covered


def test_the_root_covers_everything_and_no_prefix_nothing() -> None:
    assert (PathPrefixes(["/"]).covers("/x"), PathPrefixes([]).covers("/x")) == (True, False)


@given(PATHS, SEGMENTS)
def test_to_be_covered_is_to_begin_with_the_same_segments(path: list[str], prefix: list[str]) -> None:
    assert PathPrefixes([joined(prefix)]).covers(joined(path)) is (path[: len(prefix)] == prefix)


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("/ping/<uuid>", f"/ping/{UUID}", True),
        ("/ping/<uuid>", f"/ping/{UUID.upper()}/fail", True),
        ("/ping/<uuid:code>", "/ping/" + UUID.replace("-", ""), True),
        ("/ping/<uuid>", "/ping/admin", False),
        ("/ping/<uuid>", f"/ping/{UUID}0", False),
        ("/ping/<uuid>", f"/ping/{UUID[:-1]}g", False),
        ("/ping/<uuid>", "/ping/", False),
        ("/ping/<uuid>", "/ping", False),
        ("/ping/<id>/done", "/ping/7/done/now", True),
        ("/ping/<id>/done", "/ping/7/done", True),
        ("/ping/<id>/done", "/ping/7/undone", False),
        ("/ping/<id>/done", "/ping//done", False),
        ("/<int:year>", "/2026", True),
        ("/<int>", "/two", False),
        ("/<int>", "/²", False),
        ("/<slug>/feed", "/a-b_C/feed", True),
        ("/<slug>/feed", "/a b/feed", False),
        ("/<str>", "/a b", True),
        ("/<str>", "/", False),
    ],
)
def test_a_pattern_is_for_one_segment_of_its_kind(pattern: str, path: str, covered: bool) -> None:
    assert PathPrefixes([pattern]).covers(path) is covered


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/a", ("/a", "/a")),
        ("/a/x", ("/a", "/a")),
        ("/a/b/c", ("/a/b", "/a/b")),
        ("/a-/x", ("/a-", "/a-")),
        ("/a/7/x", ("/a/<int>", "/a/7")),
        ("/a/7/done/x", ("/a/<id>/done", "/a/7/done")),
        ("/a/b/done", ("/a/<id>/done", "/a/b/done")),
        ("/b", ("/", "/")),
        ("/", ("/", "/")),
    ],
)
def test_the_longest_has_most_segments_and_of_two_alike_the_one_without_patterns(
    path: str, found: tuple[str, str]
) -> None:
    prefixes = PathPrefixes(["/", "/a/<int>", "/a/", "/a-", "/a/b", "/a/<id>/done"])

    assert prefixes.longest(path) == found


@given(PATHS.map(joined), st.lists(SEGMENTS.map(joined), max_size=6))
def test_the_longest_prefix_is_the_longest_of_all_that_cover(path: str, prefixes: list[str]) -> None:
    covering = [prefix for prefix in prefixes if PathPrefixes([prefix]).covers(path)]
    longest = max(covering, key=len, default=None)

    assert PathPrefixes(prefixes).longest(path) == (longest and (longest, longest))


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        (b"/api", "Give a str, as in '/api'."),
        ("api", "A path begins with a slash: '/api'."),
        ("", "A path begins with a slash: '/'."),
        ("/a?b", "leave '?' and '#' out"),
        ("/a#b", "leave '?' and '#' out"),
        ("/caf%C3%A9", "A path is compared percent-decoded: '/café'."),
        ("/a//b", "Leave the empty segment out: no two applications read them alike. Write '/a/b'."),
        ("//", "Leave the empty segment out"),
        ("/a/../b", "Leave '.' and '..' out: no two applications read them alike. Write '/a/b'."),
        ("/./b", "Write '/b'"),
        ("/a\n", "Leave backslashes and control characters out"),
        ("/a\\b", "Leave backslashes and control characters out"),
        ("/ping/<uuid", "'<uuid' is no segment: angle brackets are around a whole one"),
        ("/ping/u-<uuid>", "'u-<uuid>' is no segment"),
        ("/ping/<<uuid>>", "'<<uuid>>' is no segment"),
        ("/ping/<>", "'<>' is no segment"),
        ("/ping/<uid:code>", "'uid' is no kind of segment. Did you mean 'uuid'?"),
        ("/ping/<yyyy:year>", "'yyyy' is no kind of segment. The kinds are str, int, slug, uuid."),
        ("/files/<path:rest>", "Leave '<path:rest>' out: what is below a path is always part of it."),
        ("/ping/<a b>", "'<a b>' needs a name, as in '<uuid:code>'."),
        ("/ping/<uuid:>", "'<uuid:>' needs a name"),
    ],
)
def test_a_path_that_can_never_match_is_a_fault(path: object, hint: str) -> None:
    assert hint in str(path_fault(path))


@pytest.mark.parametrize("path", ["/", "/api", "/api/", "/café", "/100%", "/a b", "/.well-known", "/<uuid>/"])
def test_a_path_as_a_scope_has_it_is_no_fault(path: str) -> None:
    assert path_fault(path) is None


# --- may it be, is it surely

DOUBTFUL = [
    "//admin",
    "/admin//x",
    "/./admin",
    "/x/../admin",
    "/admin/..",
    "/admin/../x",
    "\\admin",
    "/x\\..\\admin",
    "/admin\n",
    "/%61dmin",
    "/x%2f..%2fadmin",
    "admin",
    "http://example.com/admin",
]


@pytest.mark.parametrize("path", DOUBTFUL)
def test_what_some_application_takes_for_the_path_may_be_it_and_is_not_surely(path: str) -> None:
    scope = {**http_scope("/"), "path": path, "raw_path": None}

    assert PathPrefixes(["/admin"]).may_cover(scope)
    assert PathPrefixes(["/admin"]).surely_covers(scope) is (path == "/admin//x")


@pytest.mark.parametrize("path", DOUBTFUL)
def test_it_may_be_the_path_beside_others_too(path: str) -> None:
    scope = {**http_scope("/"), "path": path, "raw_path": None}

    assert PathPrefixes(["/other", "/admin", "/<int>"]).may_cover(scope)


@pytest.mark.parametrize(
    "path", ["/", "/blog//post", "/blog/admin", "/administer", "/a/../b", "/100%/x", "/é"]
)
def test_what_no_application_takes_for_the_path_may_not_be_it(path: str) -> None:
    scope = {**http_scope("/"), "path": path, "raw_path": None}

    assert not PathPrefixes(["/admin", "/other"]).may_cover(scope)


@pytest.mark.parametrize(
    "path", ["/admin", "/admin/", "/admin/x", "/admin//x", "/admin/a.b", "/admin/100%", "/admin/é"]
)
def test_what_every_application_takes_for_the_path_surely_is_it(path: str) -> None:
    assert PathPrefixes(["/admin"]).surely_covers({**http_scope("/"), "path": path, "raw_path": None})


@pytest.mark.parametrize("path", ["/.well-known/x", "/日本/x"])
def test_an_unusual_path_is_read_alike_by_all(path: str) -> None:
    prefixes = PathPrefixes(["/.well-known", "/日本"])

    assert prefixes.surely_covers({**http_scope("/"), "path": path, "raw_path": None})


def test_text_that_was_decoded_too_little_may_be_the_path() -> None:
    scope = {**http_scope("/"), "path": "/café".encode().decode("latin-1")}

    assert PathPrefixes(["/café"]).may_cover(scope)


@pytest.mark.parametrize(
    ("raw_path", "sure"),
    [
        (b"/hooks/a", True),
        (b"/%68ooks/a", True),
        (b"/hooks%2Fa", False),
        (b"/hooks%5Ca", False),
        (b"/changed/by/a/layer", True),
        (b"", True),
        (None, True),
    ],
)
def test_a_slash_that_came_encoded_may_be_none(raw_path: bytes | None, sure: bool) -> None:
    scope = {**http_scope("/hooks/a"), "raw_path": raw_path}

    assert PathPrefixes(["/hooks"]).surely_covers(scope) is sure


def test_a_doubtful_path_that_is_very_long_may_be_any() -> None:
    scope = {**http_scope("/"), "path": "/admin//" + "x" * 2000}

    assert PathPrefixes(["/x/admin"]).may_cover(scope)
    assert not PathPrefixes(["/admin"]).surely_covers(scope)


# --- root_path


def below(root: str, path: str) -> Scope:
    return {**http_scope("/"), "root_path": root, "path": path, "raw_path": None}


@pytest.mark.parametrize(
    ("root", "path", "may", "surely"),
    [
        ("/pre", "/pre/admin", True, True),
        ("/pre", "/admin", True, True),  # the server has left the prefix out
        ("/pre", "/pre/pre/admin", False, False),
        ("/pre/", "/pre/admin", True, False),  # Starlette takes nothing away, Django 5.2 the slash too
        ("/pre/", "/pre//admin", True, False),
        ("/", "//admin", True, False),
        ("/", "/admin", True, True),
        ("/pre", "/preadmin", True, False),  # Channels looks at no segment
        ("/pre", "/x/pre/admin", True, False),
        ("/pre", "/pre/x", False, False),
        ("/pre", "//pre/admin", True, False),
    ],
)
def test_the_root_path_is_taken_away_in_every_way_that_is_known(
    root: str, path: str, may: bool, surely: bool
) -> None:
    prefixes = PathPrefixes(["/admin"])

    assert (prefixes.may_cover(below(root, path)), prefixes.surely_covers(below(root, path))) == (may, surely)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/embed/map", "/embed"),
        ("/embed/private/x", "/embed/private"),
        ("/embed//private/x", None),
        ("/embed/x/../private", None),
        ("//embed", None),
        ("/other", None),
        ("/embed//" + "x" * 2000, None),
    ],
)
def test_the_longest_is_surely_known_only_where_all_readings_have_the_same(
    path: str, found: str | None
) -> None:
    scope = {**http_scope("/"), "path": path}

    assert PathPrefixes(["/embed", "/embed/private"]).surely_longest({**scope, "raw_path": None}) == found


# --- exact paths


@pytest.mark.parametrize(
    ("path", "may", "surely"),
    [
        ("/live", True, True),
        ("/live/", True, False),  # StaticFiles and static.serve take the slash away
        ("//live", True, False),
        ("/live\n", True, False),
        ("/live/x", False, False),
        ("/liver", False, False),
        ("/end/", True, True),
        ("/end", True, False),
        ("/7", True, True),
        ("/7/", True, False),
    ],
)
def test_an_exact_path_is_itself_alone(path: str, may: bool, surely: bool) -> None:
    paths, scope = (
        ExactPaths(["/live", "/end/", "/<int>"]),
        {**http_scope("/"), "path": path, "raw_path": None},
    )

    assert (paths.may_cover(scope), paths.surely_covers(scope)) == (may, surely)


def test_the_root_is_an_exact_path_too() -> None:
    paths = ExactPaths(["/"])

    assert [paths.may_cover(http_scope(url)) for url in ("/", "/x")] == [True, False]


def test_equal_paths_are_equal_and_of_their_kind() -> None:
    assert (PathPrefixes(["/a/"]), hash(PathPrefixes(["/a"]))) == (
        PathPrefixes(["/a"]),
        hash(ExactPaths(["/a"])),
    )
    assert (PathPrefixes(["/a"]) == ExactPaths(["/a"]), PathPrefixes(["/a"]) == "/a") == (False, False)


@pytest.mark.parametrize("kind", [PathPrefixes, ExactPaths])
def test_paths_can_be_counted_and_shown(kind: Any) -> None:
    paths: Paths = kind(["/a", "/b", "/a"])

    assert (len(paths), list(paths), repr(paths)) == (2, ["/a", "/b"], f"{kind.__name__}(['/a', '/b'])")
