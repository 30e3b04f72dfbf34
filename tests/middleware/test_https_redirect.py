from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack import Layer, OptionError, Stack
from asgi_stack.middleware import HTTPSRedirectMiddleware, ProxyHeadersMiddleware, TrustedHostMiddleware
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import Sent, call


async def get(
    url: str = "http://example.com/",
    *,
    scope: Any = None,
    method: str = "GET",
    ignore: Iterable[str] = (),
    **options: Any,
) -> Sent:
    options = (
        options
        if options.keys() & {"host", "allowed_hosts"}
        else {"allowed_hosts": ["example.com"], **options}
    )
    app = HTTPSRedirectMiddleware(Recorder(), **options)
    return await call(app, http_scope(url, method=method, extra=scope), ignore=ignore)


async def location(url: str = "http://example.com/", **options: Any) -> str | None:
    outcome = await get(url, **options)
    return outcome.headers.get("location")


@pytest.mark.parametrize(
    ("method", "status"),
    [
        ("GET", 301),
        ("HEAD", 301),
        ("POST", 308),
        ("PUT", 308),
        ("DELETE", 308),
        ("OPTIONS", 308),
        ("BREW", 308),
    ],
)
async def test_the_status_keeps_the_method(method: str, status: int) -> None:
    outcome = await get(method=method)

    assert (outcome.status, outcome.headers["location"]) == (status, "https://example.com/")
    assert outcome.headers["cache-control"] == "private"  # by https a shared cache would answer with it too
    assert outcome.body == b""


@pytest.mark.parametrize(("method", "status"), [("GET", 302), ("HEAD", 302), ("POST", 307)])
async def test_a_redirect_need_not_be_permanent(method: str, status: int) -> None:
    assert (await get(method=method, permanent=False)).status == status


@pytest.mark.parametrize(("method", "status"), [("GET", 301), ("HEAD", 301), ("POST", 403), ("get", 403)])
async def test_what_is_not_safe_can_be_refused(method: str, status: int) -> None:
    outcome = await get(method=method, redirect_unsafe=False, ignore={"H5"})

    assert outcome.status == status
    assert ("location" in outcome.headers) is (status == 301)


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/a%2e%2e/b",
        "/../a",
        "//evil.com",
        "//evil.com/%2f..",
        "/a%2Fb",
        "/%C3%A9?q=%20+",
        "/a?",
        "/?a=b&c=//d",
        "/a;b=c",
    ],
)
async def test_path_and_query_stay_byte_for_byte(target: str) -> None:
    path, mark, query = target.partition("?")
    scope = {"raw_path": path.encode(), "query_string": query.encode()}

    assert await location(scope=scope) == f"https://example.com{path}{mark if query else ''}{query}"


@pytest.mark.parametrize(
    ("path", "quoted"),
    [("/a b", "/a%20b"), ("/é?#", "/%C3%A9%3F%23"), ("/a\r\nb", "/a%0D%0Ab"), ("/\udcff", "/%ED%B3%BF")],
)
async def test_a_server_need_give_no_raw_path(path: str, quoted: str) -> None:
    # A path that nobody could decode is no Unicode string: rule H7.
    found = await location(scope={"path": path, "raw_path": None}, ignore={"H7"})

    assert found == f"https://example.com{quoted}"


@pytest.mark.parametrize(
    "scope",
    [
        {"raw_path": b"*", "path": "*"},
        {"raw_path": b"@evil.com/"},
        {"raw_path": b".evil.com/"},
        {"raw_path": b":8443/"},
        {"raw_path": b"http://evil.com/"},
        {"raw_path": b""},
        {"raw_path": None, "path": "http://evil.com/"},
        {"raw_path": b"/a\r\nset-cookie: b"},
        {"raw_path": b"/\x00"},
        {"query_string": b"a\r\nb"},
        {"query_string": b"a "},
    ],
)
async def test_what_would_lead_elsewhere_is_refused(scope: Any) -> None:
    outcome = await get(scope=scope)

    assert (outcome.status, outcome.headers.get("location")) == (400, None)


@given(st.binary(max_size=30), st.binary(max_size=30))
async def test_whatever_is_asked_for_leads_to_the_same_host_or_nowhere(path: bytes, query: bytes) -> None:
    outcome = await get(scope={"raw_path": path, "query_string": query}, ignore={"H8"})

    assert outcome.status == 400 or outcome.headers["location"].startswith("https://example.com/")


@pytest.mark.parametrize("hosts", [["example.com"], [".example.com"], ["*.example.com"], ["a.example"]])
@pytest.mark.parametrize(
    "lines",
    [
        [b"evil.com"], [], [b""], [b"example.com", b"evil.com"], [b"evil.com", b"example.com"],
        [b"example.com@evil.com"], [b"example.com.evil.com"], [b"exampleXcom"], [b"evilexample.com"],
        [b"example.com/a"], [b"example.com?"], [b"example.com\r\nx: y"],
    ],
)  # fmt: skip
async def test_attack_17_no_other_host_is_redirected_to(lines: list[bytes], hosts: list[str]) -> None:
    outcome = await get(scope={"headers": [(b"host", line) for line in lines]}, allowed_hosts=hosts)

    assert (outcome.status, outcome.headers.get("location")) == (400, None)
    assert outcome.body == b"Bad Request\n"


async def test_attack_17_a_forwarded_host_is_no_host() -> None:
    headers = [
        (b"host", b"evil.com"),
        (b"x-forwarded-host", b"example.com"),
        (b"forwarded", b"host=example.com"),
    ]

    assert (await get(scope={"headers": headers})).status == 400


@pytest.mark.parametrize(
    ("url", "hosts", "to"),
    [
        ("http://example.com:8000/", ["example.com"], "https://example.com/"),
        ("http://EXAMPLE.com./", ["example.com"], "https://example.com/"),
        ("http://a.example.com/", [".example.com"], "https://a.example.com/"),
        ("http://a.example.com/", ["*.example.com"], "https://a.example.com/"),
        ("http://[::1]:80/", ["[::1]"], "https://[::1]/"),
        ("http://any.where/", ["*"], "https://any.where/"),
    ],
)
async def test_an_allowed_host_is_redirected_to_without_its_port(url: str, hosts: list[str], to: str) -> None:
    assert await location(url, allowed_hosts=hosts) == to


async def test_even_where_every_host_is_allowed_it_must_be_one() -> None:
    assert (await get(scope={"headers": [(b"host", b"a b")]}, allowed_hosts=["*"])).status == 400


@pytest.mark.parametrize("headers", [[], [(b"host", b"evil.com")], [(b"host", b"a"), (b"host", b"b")]])
async def test_a_fixed_host_needs_no_host_in_the_request(headers: Any) -> None:
    assert await location(scope={"headers": headers}, host="www.example.com") == "https://www.example.com/"


async def test_https_may_have_a_port_of_its_own() -> None:
    assert await location("http://example.com:8080/", port=8443) == "https://example.com:8443/"


@pytest.mark.parametrize("kind", [http_scope, websocket_scope])
async def test_what_came_by_https_passes_in_the_very_scope_that_came(kind: Any) -> None:
    inner, scope = Recorder(), kind(extra={"scheme": "https" if kind is http_scope else "wss"})
    await call(HTTPSRedirectMiddleware(inner, host="a.example"), scope)

    assert inner.scope is scope


@pytest.mark.parametrize(
    ("extensions", "types"),
    [
        ({}, ["websocket.close"]),
        ({"websocket.http.response": {}}, ["websocket.http.response.start", "websocket.http.response.body"]),
    ],
)
async def test_a_websocket_is_refused_and_not_redirected(extensions: Any, types: list[str]) -> None:
    app = HTTPSRedirectMiddleware(Recorder(), host="a.example")
    outcome = await call(app, websocket_scope("ws://a.example/", extensions=extensions))

    assert outcome.types == types
    assert outcome[0].get("status") in (403, None)


@pytest.mark.parametrize(
    ("path", "root_path", "passes"),
    [
        ("/livez", "", True),
        ("/.well-known/acme-challenge/x", "", True),
        ("/livezz", "", False),
        ("/a/livez", "", False),
        ("/app/livez", "/app", True),
        ("/", "", False),
    ],
)
async def test_exempt_paths_are_served_by_http(path: str, root_path: str, passes: bool) -> None:
    exempt = ["/livez", "/.well-known/acme-challenge/"]
    outcome = await get(scope={"path": path, "root_path": root_path}, exempt_paths=exempt)

    assert outcome.status == (200 if passes else 301)


async def test_an_exempt_path_holds_for_websockets_too() -> None:
    app = HTTPSRedirectMiddleware(Recorder(), host="a.example", exempt_paths=["/"])

    assert (await call(app, websocket_scope("ws://a.example/"))).types == ["websocket.accept"]


@pytest.mark.parametrize(("peer", "status"), [("10.0.0.1", 200), ("203.0.113.9", 301)])
async def test_a_trusted_proxy_says_what_came_by_https(peer: str, status: int) -> None:
    app = Stack([
        Layer(ProxyHeadersMiddleware, trusted=["10.0.0.1"]),
        Layer(TrustedHostMiddleware, allowed_hosts=["testserver"]),
        Layer(HTTPSRedirectMiddleware, allowed_hosts=["*"]),
    ]).wrap(Recorder())  # fmt: skip
    scope = http_scope(headers=[("x-forwarded-proto", "https")], client=(peer, 1))

    assert (await call(app, scope)).status == status


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({}, r"host=None is not usable. Give either host='www.example.com' or allowed_hosts="),
        ({"host": "a", "allowed_hosts": ["a"]}, "Give either host"),
        ({"host": ""}, "host='' is not usable"),
        ({"host": "https://a"}, "host='https://a' is not usable. Give the host alone, without a scheme"),
        ({"host": "a:8443"}, "Leave the port out"),
        ({"host": ".a"}, "host='.a' is not usable. Give one host, as in host='www.example.com'"),
        ({"host": "*.a"}, "Give one host"),
        ({"host": b"a"}, "Give a str"),
        (
            {"allowed_hosts": "a"},
            r"allowed_hosts='a' is not usable. Give a list of hosts, as in allowed_hosts=\['a'\]",
        ),
        ({"allowed_hosts": []}, r"allowed_hosts=\[\] is not usable. Give at least one"),
        ({"allowed_hosts": ["a/b"]}, "allowed_hosts='a/b' is not usable"),
        ({"allowed_hosts": [None]}, "allowed_hosts=None is not usable. Each entry is a str"),
        ({"host": "a", "port": 0}, "port=0 is not usable. Give the port of https, 1 to 65535"),
        ({"host": "a", "port": 65536}, "port=65536 is not usable"),
        ({"host": "a", "port": "443"}, "port='443' is not usable"),
        ({"host": "a", "port": True}, "port=True is not usable"),
        ({"host": "a", "exempt_paths": "/livez"}, r"Give a list of paths, as in exempt_paths=\['/livez'\]"),
        (
            {"host": "a", "exempt_paths": ["livez"]},
            "exempt_paths='livez' is not usable. A path begins with a slash",
        ),
        ({"host": "a", "exempt_paths": [None]}, "exempt_paths=None is not usable. Each entry is a str"),
    ],
)
def test_an_option_that_leads_nowhere_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        HTTPSRedirectMiddleware(Recorder(), **options)
