"""PathRouter: the longest prefix, whole segments, and a root path that every application understands."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.routing import PathRouter, RouterError
from asgi_stack.testing import Recorder, http_scope
from asgi_stack.types import Scope
from tests.helpers import call


async def entered(scope: Scope, *prefixes: str, ignore: Iterable[str] = ()) -> tuple[str, Scope] | None:
    """The prefix that a request is routed by, and the scope that its application was called with."""
    apps = {prefix: Recorder() for prefix in prefixes}
    await call(PathRouter(apps), scope, ignore=ignore)
    return next(((prefix, app.scope) for prefix, app in apps.items() if app.calls), None)


async def inner_scope(scope: Scope, *prefixes: str, ignore: Iterable[str] = ()) -> Scope:
    found = await entered(scope, *prefixes, ignore=ignore)
    return found[1] if found else pytest.fail(f"{scope['path']} is for nobody")


async def served_by(url: str, *prefixes: str, **options: Any) -> str | None:
    found = await entered(http_scope(url, **options), *prefixes)
    return found and found[0]


@pytest.mark.parametrize(
    ("url", "prefix"),
    [
        ("/api", "/api"),
        ("/api/", "/api"),
        ("/api/x", "/api"),
        ("/api/v2", "/api/v2"),
        ("/api/v2/x", "/api/v2"),
        ("/api/v21", "/api"),
        ("/apixyz", "/"),
        ("/API", "/"),
        ("/", "/"),
        ("//api", "/"),
        ("/x/api", "/"),
        ("/caf%C3%A9/x", "/café"),
    ],
)
async def test_the_longest_prefix_of_whole_segments_is_taken(url: str, prefix: str) -> None:
    assert await served_by(url, "/", "/api", "/api/v2", "/café") == prefix


# "a-" is sorted between "a" and what is below it.
SEGMENT = st.sampled_from(["", "a", "b", "ab", "a-", "..", "."])
PATH = st.lists(SEGMENT, max_size=5).map(lambda segments: "/" + "/".join(segments))
PREFIX = st.lists(st.sampled_from(["a", "b", "ab", "a-"]), max_size=4).map(
    lambda segments: "/" + "/".join(segments)
)


def model(path: str, prefixes: list[str]) -> str | None:
    """Segment by segment, from the whole path down to nothing."""
    segments = path.split("/")[1:]
    for count in range(len(segments), -1, -1):
        prefix = "/" + "/".join(segments[:count])
        if prefix in prefixes and (prefix == "/" or not prefix.endswith("/")):
            return prefix
    return None


@given(PATH, st.lists(PREFIX, min_size=1, max_size=5, unique=True), st.sampled_from(["", "/pre", "/a/"]))
async def test_routing_equals_the_model(path: str, prefixes: list[str], root: str) -> None:
    expected = model(path, prefixes)
    scope = http_scope(root.rstrip("/") + path, root_path=root)

    assert await served_by(scope["path"], *prefixes, root_path=root) == expected


# --- root_path and path


@pytest.mark.parametrize(
    ("root", "path", "inner_root", "inner_path"),
    [
        ("", "/api/x", "/api", "/api/x"),
        ("", "/api", "/api", "/api"),
        ("/pre", "/pre/api/x", "/pre/api", "/pre/api/x"),  # uvicorn
        ("/pre", "/api/x", "/pre/api", "/pre/api/x"),  # hypercorn, daphne and granian behind a proxy
        ("/pre/", "/pre/api/x", "/pre/api", "/pre/api/x"),
        ("/pre/", "/api/x", "/pre/api", "/pre/api/x"),
        ("/", "/api/x", "/api", "/api/x"),
    ],
)
async def test_the_root_path_grows_and_the_path_begins_with_it(
    root: str, path: str, inner_root: str, inner_path: str
) -> None:
    inner = await inner_scope(http_scope(path, root_path=root), "/api")

    assert (inner["root_path"], inner["path"]) == (inner_root, inner_path)


@pytest.mark.parametrize(
    ("root", "path", "inner_root", "inner_path"),
    [
        ("/pre", "/x", "/pre", "/pre/x"),
        ("/pre", "/prefix", "/pre", "/pre/prefix"),
        ("/pre/", "/pre/x", "/pre", "/pre/x"),
        ("/pre", "/pre", "/pre", "/pre"),
        ("/", "/x", "", "/x"),
        ("/pre", "*", "/pre", "*"),
    ],
)
async def test_the_root_mount_too_gets_the_specified_form(
    root: str, path: str, inner_root: str, inner_path: str
) -> None:
    inner = await inner_scope({**http_scope("/", root_path=root), "path": path}, "/", "/api")

    assert (inner["root_path"], inner["path"]) == (inner_root, inner_path)


@pytest.mark.parametrize("root", ["", "/pre"])
async def test_the_root_mount_gets_the_very_scope_where_nothing_is_to_mend(root: str) -> None:
    scope = http_scope(f"{root}/x", root_path=root)

    assert await inner_scope(scope, "/", "/api") is scope


@pytest.mark.parametrize("absent", [{}, {"root_path": None}])
async def test_a_scope_without_a_root_path_will_do(absent: Any) -> None:
    scope = http_scope("/api/x")
    del scope["root_path"]
    inner = await inner_scope({**scope, **absent}, "/api", ignore={"H10"})  # None is no str

    assert inner["root_path"] == "/api"


async def test_the_scope_of_the_server_stays_as_it_was_and_raw_path_goes_on() -> None:
    scope = http_scope("/api/a%20b", root_path="/pre/")
    before = dict(scope)
    inner = await inner_scope(scope, "/api")

    assert (scope, inner["raw_path"]) == (before, b"/api/a%20b")


async def test_prefixes_add_up_in_nested_routers() -> None:
    app = Recorder()
    await call(PathRouter({"/a": PathRouter({"/b": app})}), http_scope("/pre/a/b/c", root_path="/pre"))

    assert (app.scope["root_path"], app.scope["path"]) == ("/pre/a/b", "/pre/a/b/c")


# --- nothing is resolved or decoded


@pytest.mark.parametrize(
    ("url", "prefix"),
    [
        ("/api/../admin", "/api"),
        ("/../api", "/"),
        ("/api/%2e%2e/admin", "/api"),
        ("/api%252Fx", "/"),
        ("/api%20/x", "/"),
        ("/api/a%2Fb", "/api"),
        ("/x%2Fapi", "/"),
    ],
)
async def test_dots_and_encoded_slashes_are_bytes_of_a_segment(url: str, prefix: str) -> None:
    assert await served_by(url, "/", "/api", "/admin") == prefix


@pytest.mark.parametrize("root", ["", "/pre"])
@pytest.mark.parametrize("url", ["/api%2Fx", "/api%2f", "/api/v2%2Fx", "/api%2Fv2/x", "/api/v2%2F%C3%A9%2Fy"])
async def test_an_encoded_slash_that_would_end_a_prefix_leads_nowhere(root: str, url: str) -> None:
    assert await served_by(root + url, "/", "/api", "/api/v2", root_path=root) is None
    assert await served_by(url, "/", "/api", "/api/v2", root_path=root) is None


@pytest.mark.parametrize("raw_path", [None, b"", b"/old%2Fpath", b"/api%2Fy", b"/%ff%2F"])
async def test_a_raw_path_that_is_not_that_of_the_path_is_not_looked_at(raw_path: bytes | None) -> None:
    scope = {**http_scope("/api/x"), "raw_path": raw_path}

    assert await entered(scope, "/", "/api") == ("/api", {**scope, "root_path": "/api"})


@given(st.lists(st.sampled_from(["api", "/", "%2F", "%C3%A9", "%25"]), max_size=6).map("".join))
async def test_an_encoded_slash_never_divides(tail: str) -> None:
    url = "/api" + tail

    assert (await served_by(url, "/", "/api") == "/api") is (url.split("/")[1] == "api")


# --- prefixes that are refused


@pytest.mark.parametrize(
    ("prefix", "hint"),
    [
        ("api", "A path begins with a slash: '/api'"),
        ("//", "Leave the empty segment out"),
        ("/a/<uid:code>", "'uid' is no kind of segment"),
        ("/a%20b", "percent-decoded: '/a b'"),
        (3, "Give a str"),
    ],
)
def test_a_prefix_that_can_never_match_is_refused_with_the_mend(prefix: Any, hint: str) -> None:
    with pytest.raises(RouterError, match=hint):
        PathRouter({prefix: Recorder()})


def test_a_slash_at_the_end_of_a_prefix_says_nothing() -> None:
    with pytest.raises(RouterError, match=r"mounts='/api/' is not usable\. '/api' is there already"):
        PathRouter({"/api": Recorder(), "/api/": Recorder()})


@pytest.mark.parametrize("url", ["/api", "/api/", "/api/x"])
async def test_a_prefix_with_a_slash_at_its_end_is_the_one_without(url: str) -> None:
    inner = await inner_scope(http_scope(url), "/api/", "/")

    assert (inner["path"], inner["root_path"]) == (url, "/api")


# --- prefixes with patterns


@pytest.mark.parametrize(
    ("url", "prefix", "root"),
    [
        ("/team/blue/x", "/team/<slug>", "/team/blue"),
        ("/team/blue", "/team/<slug>", "/team/blue"),
        ("/team/admin/x", "/team/admin", "/team/admin"),
        ("/team/blue/7/x", "/team/<slug>/<int>", "/team/blue/7"),
        ("/team/blue/seven/x", "/team/<slug>", "/team/blue"),
        ("/team/b.lue", "/", ""),
        ("/team", "/", ""),
        ("/team/%3Cslug%3E/%3Cint%3E/x", "/", ""),
        ("/7/x", "/<int>", "/7"),
    ],
)
async def test_a_pattern_takes_the_segment_that_a_request_has(url: str, prefix: str, root: str) -> None:
    found = await entered(http_scope(url), "/", "/team/<slug>", "/team/admin", "/team/<slug>/<int>", "/<int>")

    assert found is not None
    assert (found[0], found[1]["root_path"]) == (prefix, root)


async def test_an_encoded_slash_ends_no_pattern_either() -> None:
    assert await served_by("/team/blue%2Fx", "/team/<slug>") is None
