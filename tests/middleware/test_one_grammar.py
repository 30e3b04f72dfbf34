"""Hosts and paths are written alike in every class, and mean the same there."""

from collections.abc import Callable
from typing import Any

import pytest

from asgi_stack import Layer, LayerError, OptionError, RequestHead
from asgi_stack.middleware import (
    CrossOriginProtectionMiddleware,
    DrainMiddleware,
    HealthMiddleware,
    HTTPSRedirectMiddleware,
    MaintenanceMiddleware,
    SecurityHeadersMiddleware,
    TrustedHostMiddleware,
)
from asgi_stack.routing import HostRouter, PathRouter, RouterError
from asgi_stack.testing import ASGIClient, Recorder, http_scope
from asgi_stack.types import ASGIApp

EXEMPTING: dict[str, Callable[[list[str]], ASGIApp]] = {
    "cross-origin": lambda paths: CrossOriginProtectionMiddleware(Recorder(), exempt_paths=paths),
    "redirect": lambda paths: HTTPSRedirectMiddleware(Recorder(), host="a.example", exempt_paths=paths),
    "maintenance": lambda paths: MaintenanceMiddleware(Recorder(), switch=lambda: True, exempt_paths=paths),
}
EVERY_CLASS_THAT_EXEMPTS = pytest.mark.parametrize("make", EXEMPTING.values(), ids=EXEMPTING)


async def posted(app: ASGIApp, url: str) -> int:
    client = ASGIClient(app, base_url="http://localhost", lint=False)
    return (await client.post(url, headers={"origin": "https://evil.example"})).status


@EVERY_CLASS_THAT_EXEMPTS
@pytest.mark.parametrize("path", ["/hook", "/hook/"])
@pytest.mark.parametrize("url", ["/hook", "/hook/", "/hook/x", "/hook//x", "/hook/%C3%A9"])
async def test_what_is_below_an_exempt_path_is_exempt(make: Any, path: str, url: str) -> None:
    assert await posted(make([path]), url) == 200


@EVERY_CLASS_THAT_EXEMPTS
@pytest.mark.parametrize(
    "url",
    [
        "/hooks",
        "/Hook",
        "/x/hook",
        "//hook",
        "/./hook",
        "/x/../hook",
        "/hook/../pay",
        "/hook%2Fx",
        "/hook%0A",
    ],
)
async def test_in_doubt_nothing_is_exempt(make: Any, url: str) -> None:
    assert await posted(make(["/hook"]), url) >= 300


@EVERY_CLASS_THAT_EXEMPTS
async def test_an_exempt_path_may_be_a_pattern(make: Any) -> None:
    app = make(["/ping/<int>/done"])

    assert [await posted(app, url) < 300 for url in ("/ping/7/done", "/ping/x/done", "/ping/7")] == [
        True,
        False,
        False,
    ]


@EVERY_CLASS_THAT_EXEMPTS
@pytest.mark.parametrize("root", ["/pre", "/pre/"])
async def test_an_exempt_path_is_below_the_root_path(make: Any, root: str) -> None:
    headers = {"origin": "https://evil.example"}
    scopes = [
        http_scope(url, method="POST", root_path=root, headers=headers) for url in ("/pre/hook", "/hook")
    ]
    passed = [make(["/hook"]).on_request(RequestHead(scope)) is None for scope in scopes]

    # Below one with a slash at its end, applications do not agree on what is left of the path.
    assert passed == [root == "/pre", True]


HOOKS: dict[str, Callable[[str], object]] = {
    **{name: lambda path, make=make: make([path]) for name, make in EXEMPTING.items()},
    "security headers": lambda path: SecurityHeadersMiddleware(Recorder(), paths={path: {}}),
    "health": lambda path: HealthMiddleware(Recorder(), live_path=path),
    "drain": lambda path: DrainMiddleware(Recorder(), drain_path=path, drain_clients=["10.0.0.1"]),
    "router": lambda path: PathRouter({path: Recorder()}),
    "only": lambda path: Layer(DrainMiddleware).only(path=path),
    "exclude": lambda path: Layer(DrainMiddleware).exclude(exact_path=path),
}
ERRORS = (OptionError, RouterError, LayerError)


@pytest.mark.parametrize("make", HOOKS.values(), ids=HOOKS)
@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("hook", "A path begins with a slash: '/hook'"),
        ("/a//b", "Leave the empty segment out"),
        ("/a/../b", "Leave '.' and '..' out"),
        ("/a%20b", "A path is compared percent-decoded: '/a b'"),
        ("/a?b", "A path ends before its query"),
        ("/u-<uuid>", "'u-<uuid>' is no segment"),
    ],
)
def test_a_path_that_can_never_match_is_told_alike_everywhere(make: Any, path: str, hint: str) -> None:
    with pytest.raises(ERRORS, match=hint):
        make(path)


@pytest.mark.parametrize("name", ["health", "drain"])
def test_a_path_of_its_own_is_no_pattern(name: str) -> None:
    with pytest.raises(OptionError, match=r"_path='/a/<int>' is not usable\. Give one path"):
        HOOKS[name]("/a/<int>")


HOSTS: dict[str, Callable[[str], Any]] = {
    "trusted host": lambda host: TrustedHostMiddleware(Recorder(), allowed_hosts=[host]),
    "redirect": lambda host: HTTPSRedirectMiddleware(Recorder(), allowed_hosts=[host]),
    "router": lambda host: HostRouter({host: Recorder()}),
    "only": lambda host: Layer(DrainMiddleware).only(host=host),
}
EVERY_CLASS_WITH_HOSTS = pytest.mark.parametrize("make", HOSTS.values(), ids=HOSTS)


@EVERY_CLASS_WITH_HOSTS
@pytest.mark.parametrize(
    ("host", "hint"),
    [
        ("https://a.example", "Give the host alone, without a scheme or a path"),
        ("a.example:80", "Leave the port out"),
        ("bücher.example", "in its ASCII form, as in 'xn--bcher-kva.example'"),
        ("::1", "in brackets"),
        ("", "Give a host name"),
    ],
)
def test_a_host_that_can_never_match_is_told_alike_everywhere(make: Any, host: str, hint: str) -> None:
    with pytest.raises(ERRORS, match=hint):
        make(host)


@EVERY_CLASS_WITH_HOSTS
@pytest.mark.parametrize("host", ["Example.com", "example.com.", ".EXAMPLE.com", "*", "[0:0::1]"])
def test_a_host_may_be_written_in_any_way_everywhere(make: Any, host: str) -> None:
    make(host)


@pytest.mark.parametrize("name", ["trusted host", "redirect"])
@pytest.mark.parametrize("host", [".com", "*.com", ".COM."])
def test_no_name_that_anybody_may_have_is_trusted(name: str, host: str) -> None:
    with pytest.raises(OptionError, match=r"Anybody may have a name that ends with 'com'"):
        HOSTS[name](host)


@EVERY_CLASS_WITH_HOSTS
@pytest.mark.parametrize("host", [".localhost", "*.internal", ".lan", "com"])
def test_a_name_of_ones_own_network_may_have_one_label(make: Any, host: str) -> None:
    make(host)


@pytest.mark.parametrize("name", ["trusted host", "redirect", "router"])
@pytest.mark.parametrize("written", ["Example.com", "example.com.", ".EXAMPLE.com", "*"])
async def test_a_host_in_another_spelling_is_the_same_host(name: str, written: str) -> None:
    response = await ASGIClient(HOSTS[name](written), base_url="http://example.com").get("/")

    assert response.status in (200, 301)


@pytest.mark.parametrize("written", ["Example.com", "example.com."])
async def test_a_redirect_leads_to_a_host_as_it_is_compared(written: str) -> None:
    app = HTTPSRedirectMiddleware(Recorder(), host=written)

    assert (await ASGIClient(app).get("/x")).headers["location"] == "https://example.com/x"


@pytest.mark.parametrize(
    ("url", "frame"),
    [
        ("/embed/map", None),
        ("/embed//map", None),
        ("/embed/private", "DENY"),
        ("/embed//private", "SAMEORIGIN"),
        ("//embed/map", "SAMEORIGIN"),
        ("/embed%2Fmap", "SAMEORIGIN"),
        ("/tile/7/8", None),
        ("/tile/x", "SAMEORIGIN"),
        ("/other", "SAMEORIGIN"),
    ],
)
async def test_in_doubt_the_fields_are_those_of_the_layer_itself(url: str, frame: str | None) -> None:
    paths: Any = {
        "/embed/": {"frame_options": None},
        "/embed/private": {"frame_options": "DENY"},
        "/tile/<int>": {"frame_options": None},
    }
    app = SecurityHeadersMiddleware(Recorder(), frame_options="SAMEORIGIN", paths=paths)

    assert (await ASGIClient(app).get(url)).headers.get("x-frame-options") == frame


def test_one_path_in_two_spellings_is_one_too_many() -> None:
    with pytest.raises(OptionError, match=r"paths='/a/' is not usable\. '/a' is there already"):
        SecurityHeadersMiddleware(Recorder(), paths={"/a": {}, "/a/": {}})


@pytest.mark.parametrize("url", ["//livez", "/x/../livez", "/livez%0A", "/livez/", "/%2Flivez"])
async def test_in_doubt_no_probe_is_answered(url: str) -> None:
    inner = Recorder()
    await ASGIClient(HealthMiddleware(inner), lint=False).get(url)

    assert len(inner.calls) == 1
