from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack import OptionError
from asgi_stack.middleware import CrossOriginProtectionMiddleware
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import Sent, call

Lines = list[tuple[str, str]]
EVIL = "https://evil.example"


async def send(
    lines: Lines,
    *,
    method: str = "POST",
    url: str = "https://example.com/pay",
    ignore: Iterable[str] = (),
    **options: Any,
) -> Sent:
    app = CrossOriginProtectionMiddleware(Recorder(), **options)
    return await call(app, http_scope(url, method=method, headers=lines), ignore=ignore)


async def connect(lines: Lines, *, extensions: Any = None, **options: Any) -> Sent:
    app = CrossOriginProtectionMiddleware(Recorder(), **options)
    return await call(app, websocket_scope("wss://example.com/chat", headers=lines, extensions=extensions))


# After the tests of Go's net/http: what browsers send, and what becomes of it.
SITES = [
    ("same-origin", True),
    ("none", True),
    ("same-site", False),
    ("cross-site", False),
    ("Same-Origin", False),
    ("same-origin, cross-site", False),
    ("same-origin ,", False),
    ('"same-origin"', False),
    ("unknown", False),
]
ORIGINS = [
    ("https://example.com", True),
    ("https://example.com:443", True),
    ("HTTPS://EXAMPLE.COM", True),
    ("http://example.com:443", True),
    ("http://example.com", True),
    (EVIL, False),
    ("null", False),
    ("https://example.com:8443", False),
    ("http://example.com:80", True),
    ("https://example.com.", False),
    ("https://example.com.evil.example", False),
    ("https://evilexample.com", False),
    ("https://exampleXcom", False),
    ("https://www.example.com", False),
    ("https://example.com/", False),
    ("https://example.com, https://evil.example", False),
    ("ftp://example.com", False),
    ("example://example.com", False),
    ("//example.com", False),
    ("example.com", False),
    ("https://user@example.com", False),
]


@pytest.mark.parametrize(("site", "passes"), SITES)
async def test_attack_38_the_browser_says_which_site_asked(site: str, passes: bool) -> None:
    outcome = await send([("sec-fetch-site", site)])

    assert outcome.status == (200 if passes else 403)


@pytest.mark.parametrize(("site", "passes"), SITES)
async def test_attack_40_of_websockets_too(site: str, passes: bool) -> None:
    outcome = await connect([("sec-fetch-site", site)])

    assert outcome.types[0] == ("websocket.accept" if passes else "websocket.http.response.start")


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE", "BREW", "get", "Head"]
)
async def test_attack_38_every_method_is_looked_at_that_is_not_known_as_safe(method: str) -> None:
    outcome = await send([("sec-fetch-site", "cross-site")], method=method, ignore={"H5"})

    assert outcome.status == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_safe_methods_pass_whoever_asks(method: str) -> None:
    assert (await send([("sec-fetch-site", "cross-site"), ("origin", EVIL)], method=method)).status == 200


@pytest.mark.parametrize("lines", [[("sec-fetch-site", "cross-site")], [("origin", EVIL)]])
@pytest.mark.parametrize("kind", [http_scope, websocket_scope])
async def test_attack_38_nothing_is_received_before_a_refusal(kind: Any, lines: Lines) -> None:
    inner = Recorder()
    scope = kind(headers=lines, **({"method": "POST"} if kind is http_scope else {}))
    outcome = await call(CrossOriginProtectionMiddleware(inner), scope)

    assert inner.calls == outcome.received == []
    assert outcome.status == 403


@pytest.mark.parametrize(
    "sites",
    [
        ["same-origin", "cross-site"],
        ["cross-site", "same-origin"],
        ["same-origin", "same-origin"],
        ["none", ""],
        ["", ""],
    ],
)
async def test_attack_39_more_than_one_line_is_refused(sites: list[str]) -> None:
    lines = [("sec-fetch-site", site) for site in sites]

    assert (await send(lines)).status == 403
    assert (
        await send([*lines, ("origin", "https://example.com")], trusted_origins=["https://example.com"])
    ).status == 403


async def test_attack_39_in_whatever_letters() -> None:
    assert (await send([("sec-fetch-site", "same-origin"), ("Sec-Fetch-Site", "cross-site")])).status == 403


@pytest.mark.parametrize("site", [[], [("sec-fetch-site", "")]])
@pytest.mark.parametrize(("origin", "passes"), ORIGINS)
async def test_where_it_says_nothing_the_origin_is_compared_with_the_host(
    origin: str, passes: bool, site: Lines
) -> None:
    host = ("host", "example.com:80" if origin == "http://example.com:80" else "example.com")
    host = ("host", "example.com:443") if origin.endswith(":443") else host

    assert (await send([*site, ("origin", origin), host])).status == (200 if passes else 403)


@pytest.mark.parametrize(
    "origin", [EVIL, "null", "https://www.example.com", "https://example.com.evil.example"]
)
@pytest.mark.parametrize(
    ("extensions", "types"),
    [
        ({}, ["websocket.close"]),
        ({"websocket.http.response": {}}, ["websocket.http.response.start", "websocket.http.response.body"]),
    ],
)
async def test_attack_40_a_websocket_of_another_origin_is_refused_before_it_is_accepted(
    origin: str, extensions: Any, types: list[str]
) -> None:
    assert (await connect([("origin", origin)], extensions=extensions)).types == types


async def test_attack_40_a_websocket_of_the_same_origin_is_accepted() -> None:
    assert (await connect([("origin", "https://example.com")])).types == ["websocket.accept"]


@pytest.mark.parametrize(
    ("url", "origin", "passes"),
    [
        ("https://example.com/", "https://example.com", True),
        ("https://example.com/", "http://example.com", False),
        ("http://example.com/", "https://example.com", False),
        ("http://example.com/", "http://example.com", True),
        ("http://example.com:8000/", "http://example.com:8000", True),
    ],
)
async def test_the_scheme_is_compared_where_that_is_wanted(url: str, origin: str, passes: bool) -> None:
    assert (await send([("origin", origin)], url=url, same_scheme=True)).status == (200 if passes else 403)


@pytest.mark.parametrize(("origin", "passes"), [("https://example.com", True), ("http://example.com", False)])
async def test_the_scheme_of_a_websocket_is_that_of_its_page(origin: str, passes: bool) -> None:
    outcome = await connect([("origin", origin)], same_scheme=True)

    assert (outcome.types == ["websocket.accept"]) is passes


async def test_a_scheme_that_nobody_knows_is_not_the_same() -> None:
    app = CrossOriginProtectionMiddleware(Recorder(), same_scheme=True)
    scope = http_scope(method="POST", headers=[("origin", "gopher://testserver")], extra={"scheme": "gopher"})

    assert (await call(app, scope)).status == 403


@pytest.mark.parametrize("hosts", [[], [b""], [b"example.com", b"evil.example"], [b"a b"]])
async def test_without_one_valid_host_no_origin_is_the_same(hosts: list[bytes]) -> None:
    fields = [(b"origin", b"https://example.com"), *((b"host", host) for host in hosts)]
    scope = http_scope(method="POST", extra={"headers": fields})

    assert (await call(CrossOriginProtectionMiddleware(Recorder()), scope)).status == 403


@pytest.mark.parametrize("lines", [[], [("origin", "")], [("sec-fetch-site", ""), ("origin", "")]])
@pytest.mark.parametrize(("required", "status"), [(False, 200), (True, 403)])
async def test_what_carries_neither_field_passes_unless_they_are_required(
    lines: Lines, required: bool, status: int
) -> None:
    assert (await send(lines, require_headers=required)).status == status


async def test_a_websocket_without_them_likewise() -> None:
    assert (await connect([])).types == ["websocket.accept"]
    assert (await connect([], require_headers=True)).status == 403


@pytest.mark.parametrize("site", [[], [("sec-fetch-site", "cross-site")], [("sec-fetch-site", "same-site")]])
@pytest.mark.parametrize(
    ("origin", "passes"),
    [
        ("https://app.example", True),
        ("https://app.example:443", True),
        ("https://a.preview.example", True),
        ("http://app.example", False),
        ("https://app.example:8443", False),
        ("https://preview.example", False),
        ("https://evilpreview.example", False),
        ("https://app.example.evil.example", False),
        ("https://app.example, https://evil.example", False),
        ("null", False),
    ],
)
async def test_a_trusted_origin_may_ask_from_anywhere(origin: str, passes: bool, site: Lines) -> None:
    trusted = ["https://app.example", "https://*.preview.example"]
    outcome = await send([*site, ("origin", origin)], trusted_origins=trusted)

    assert outcome.status == (200 if passes else 403)


async def test_two_origins_are_none() -> None:
    lines = [("origin", "https://app.example"), ("origin", "https://app.example")]

    assert (await send(lines, trusted_origins=["https://app.example"])).status == 403


@pytest.mark.parametrize(
    ("path", "root_path", "passes"),
    [
        ("/hook", "", True),
        ("/app/hook", "/app", True),
        ("/hook", "/app", True),
        ("/hook/", "", True),
        ("/hook/x", "", True),
        ("/hook//x", "", True),
        ("/hookx", "", False),
        ("/HOOK", "", False),
        ("//hook", "", False),
        ("/a/../hook", "", False),
        ("/./hook", "", False),
        ("/hook/..", "", False),
        ("/hook/../pay", "", False),
        ("/app/hook", "", False),
    ],
)
@pytest.mark.parametrize("kind", [http_scope, websocket_scope])
async def test_a_path_is_exempt_where_nobody_reads_it_otherwise(
    kind: Any, path: str, root_path: str, passes: bool
) -> None:
    app = CrossOriginProtectionMiddleware(Recorder(), exempt_paths=["/hook"])
    scope = kind(headers=[("origin", EVIL)], extra={"path": path, "root_path": root_path})
    outcome = await call(app, {**scope, "method": "POST"} if kind is http_scope else scope)

    assert (outcome[0].get("status") == 403) is not passes


async def test_the_refusal_varies_by_both_fields_and_repeats_nothing() -> None:
    outcome = await send([("origin", EVIL)])

    assert outcome.headers["vary"] == "Sec-Fetch-Site, Origin"
    assert outcome.body == b"Cross-origin request refused\n"


async def test_what_passes_goes_inward_in_the_very_scope_that_came_and_nothing_is_added() -> None:
    inner, scope = Recorder(), http_scope(method="POST", headers=[("sec-fetch-site", "same-origin")])
    outcome = await call(CrossOriginProtectionMiddleware(inner), scope)

    assert inner.scope is scope
    assert "vary" not in outcome.headers


@given(st.binary(max_size=40) | st.text("htps:/.exampl,", max_size=40).map(str.encode))
async def test_no_other_bytes_pass_for_the_same_origin(origin: bytes) -> None:
    scope = http_scope("https://example.com/", method="POST", headers=[(b"origin", origin)])
    outcome = await call(CrossOriginProtectionMiddleware(Recorder()), scope)

    assert outcome.status == (200 if not origin else 403)


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"trusted_origins": "https://a.com"}, r"Give a list, as in trusted_origins=\['https://a.com'\]"),
        (
            {"trusted_origins": ["a.com"]},
            "trusted_origins='a.com' is not usable. An origin begins with its scheme",
        ),
        ({"trusted_origins": ["https://a.com/"]}, "Leave the path out"),
        ({"trusted_origins": ["null"]}, "trusted_origins='null' is not usable"),
        ({"trusted_origins": ["*"]}, r"trusted_origins='\*' is not usable"),
        ({"trusted_origins": [None]}, "Each entry is a str"),
        ({"exempt_paths": "/hook"}, r"Give a list of paths, as in exempt_paths=\['/hook'\]"),
        ({"exempt_paths": ["hook"]}, "exempt_paths='hook' is not usable. A path begins with a slash"),
        ({"exempt_paths": ["/a/../hook"]}, "exempt_paths='/a/../hook' is not usable. Leave '.' and '..' out"),
        ({"exempt_paths": ["/./hook"]}, "Leave '.' and '..' out"),
        ({"exempt_paths": [None]}, "exempt_paths=None is not usable. Each entry is a str"),
    ],
)
def test_an_option_that_would_let_in_the_wrong_ones_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        CrossOriginProtectionMiddleware(Recorder(), **options)
