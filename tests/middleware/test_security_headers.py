from typing import Any

import pytest

from asgi_stack import OptionError
from asgi_stack.middleware import SecurityHeadersMiddleware
from asgi_stack.testing import Headers, Recorder, http_scope, websocket_scope
from tests.helpers import call

NOTHING: dict[str, Any] = {
    "nosniff": False,
    "frame_options": None,
    "referrer_policy": None,
    "cross_origin_opener_policy": None,
}
YEAR = 31_536_000


async def headers(url: str = "/", inner: Recorder | None = None, **options: Any) -> Headers:
    app = SecurityHeadersMiddleware(inner or Recorder(), **options)
    return (await call(app, http_scope(url))).headers


async def test_the_defaults_are_those_of_django() -> None:
    assert (await headers()).raw == [
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]


async def test_every_field_can_be_left_out() -> None:
    assert (await headers(**NOTHING)).raw == []


@pytest.mark.parametrize(
    ("option", "value", "name"),
    [
        ("frame_options", "SAMEORIGIN", "x-frame-options"),
        ("frame_options", "sameorigin", "x-frame-options"),
        ("referrer_policy", "no-referrer, strict-origin-when-cross-origin", "referrer-policy"),
        ("cross_origin_opener_policy", "noopener-allow-popups", "cross-origin-opener-policy"),
        ("cross_origin_embedder_policy", "require-corp", "cross-origin-embedder-policy"),
        ("cross_origin_resource_policy", "same-site", "cross-origin-resource-policy"),
        ("permissions_policy", "camera=(), geolocation=(self)", "permissions-policy"),
        ("content_security_policy", "default-src 'self'", "content-security-policy"),
        (
            "content_security_policy_report_only",
            "default-src 'none'; report-uri /csp",
            "content-security-policy-report-only",
        ),
    ],
)
async def test_an_option_becomes_its_field(option: str, value: str, name: str) -> None:
    assert (await headers(**{**NOTHING, option: value})).raw == [(name.encode(), value.encode())]


REPORTS = {"csp": "https://reports.example/csp", "default": "/reports"}
NAMING = [
    ("content_security_policy", "default-src 'self'; report-uri /old; report-to csp"),
    ("content_security_policy", "default-src 'self', script-src 'self';REPORT-TO csp"),
    ("content_security_policy_report_only", "report-to csp"),
    ("cross_origin_opener_policy", 'same-origin; report-to="csp"'),
    ("cross_origin_embedder_policy", 'require-corp;report-to="csp"'),
    ("permissions_policy", "camera=();report-to=csp"),
]


async def test_endpoints_of_reports_are_a_field() -> None:
    found = await headers(**NOTHING, reporting_endpoints=REPORTS)

    assert found.raw == [(b"reporting-endpoints", b'csp="https://reports.example/csp", default="/reports"')]


@pytest.mark.parametrize(("option", "value"), NAMING)
@pytest.mark.parametrize("endpoints", [REPORTS, {"csp": None}], ids=["here", "elsewhere"])
async def test_a_policy_may_report_to_what_is_declared(option: str, value: str, endpoints: Any) -> None:
    found = await headers(**{**NOTHING, option: value, "reporting_endpoints": endpoints})

    assert found[option.replace("_", "-")] == value
    assert ("reporting-endpoints" in found) is (endpoints is REPORTS)


@pytest.mark.parametrize(("option", "value"), NAMING)
@pytest.mark.parametrize("endpoints", [None, {}, {"other": "/reports"}])
def test_a_policy_that_reports_to_nobody_is_refused(option: str, value: str, endpoints: Any) -> None:
    with pytest.raises(
        OptionError,
        match=rf"{option}=.* is not usable. Nobody declares the endpoint 'csp'.*\{{'csp': '/reports'\}}",
    ):
        SecurityHeadersMiddleware(Recorder(), **{option: value, "reporting_endpoints": endpoints})


@pytest.mark.parametrize(
    "value", ["default-src 'self'; report-uri /csp", "report-tod x", "report-to", "connect-src report-to"]
)
async def test_a_policy_without_the_directive_needs_no_endpoint(value: str) -> None:
    assert (await headers(content_security_policy=value))["content-security-policy"] == value


async def test_a_path_may_have_endpoints_of_its_own() -> None:
    changes = {"content_security_policy": "report-to own", "reporting_endpoints": {"own": "/own"}}
    options = {"reporting_endpoints": REPORTS, "paths": {"/shop": changes}}

    assert (await headers("/shop", **options))["reporting-endpoints"] == 'own="/own"'
    with pytest.raises(OptionError, match=r"paths\['/shop'\]\['content_security_policy'\]=.*Nobody declares"):
        SecurityHeadersMiddleware(Recorder(), paths={"/shop": {"content_security_policy": "report-to own"}})


@pytest.mark.parametrize(
    ("endpoints", "text"),
    [
        ("csp=/a", "reporting_endpoints='csp=/a' is not usable. Give names and addresses"),
        ({"CSP": "/a"}, r"reporting_endpoints\['CSP'\]='/a' is not usable. Name an endpoint in lower-case"),
        ({"a b": "/a"}, "Name an endpoint"),
        ({"": "/a"}, "Name an endpoint"),
        ({5: "/a"}, "Name an endpoint"),
        ({"csp": "http://a.example/"}, "Give an address that begins with 'https://' or with '/'"),
        ({"csp": "//a.example/"}, "Give an address"),
        ({"csp": "reports"}, "Give an address"),
        ({"csp": ""}, "Give an address"),
        ({"csp": '/a"b'}, "Give an address"),
        ({"csp": "/a\\b"}, "Give an address"),
        ({"csp": "/a b"}, "Give an address"),
        ({"csp": "/a\r\nx: y"}, "Give an address"),
        ({"csp": "/é"}, "Give an address"),
        ({"csp": ["/a"]}, "Give an address"),
    ],
)
def test_an_endpoint_that_no_browser_knows_is_refused(endpoints: Any, text: str) -> None:
    with pytest.raises(OptionError, match=text):
        SecurityHeadersMiddleware(Recorder(), reporting_endpoints=endpoints)


@pytest.mark.parametrize("name", [b"x-frame-options", b"X-Frame-Options"])
async def test_what_the_application_sets_stays(name: bytes) -> None:
    found = await headers(inner=Recorder(headers=[(name, b"SAMEORIGIN")]))

    assert found.get_list("x-frame-options") == ["SAMEORIGIN"]


@pytest.mark.parametrize("answer", ["accept", "deny"])
async def test_a_websocket_gets_the_fields_whether_it_is_accepted_or_denied(answer: Any) -> None:
    app = SecurityHeadersMiddleware(Recorder(websocket=answer))

    assert (await call(app, websocket_scope())).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({"hsts_max_age": 3600}, "max-age=3600"),
        ({"hsts_max_age": 0}, "max-age=0"),
        ({"hsts_max_age": 1, "hsts_include_subdomains": True}, "max-age=1; includeSubDomains"),
        (
            {"hsts_max_age": YEAR, "hsts_include_subdomains": True, "hsts_preload": True},
            f"max-age={YEAR}; includeSubDomains; preload",
        ),
    ],
)
async def test_hsts_is_sent_over_https(options: Any, value: str) -> None:
    found = await headers("https://testserver/", **options)

    assert found.get_list("strict-transport-security") == [value]


async def test_hsts_is_sent_over_wss() -> None:
    app = SecurityHeadersMiddleware(Recorder(), hsts_max_age=1)

    assert "strict-transport-security" in (await call(app, websocket_scope("wss://testserver/"))).headers


@pytest.mark.parametrize("scope", [http_scope(), websocket_scope(), http_scope(extra={"scheme": None})])
async def test_hsts_is_not_sent_in_clear(scope: Any) -> None:
    app = SecurityHeadersMiddleware(Recorder(), hsts_max_age=1)

    # No scheme is the first reading of "if given", and rule H6 another.
    assert "strict-transport-security" not in (await call(app, scope, ignore={"H6"})).headers


async def test_the_hsts_of_the_application_stays() -> None:
    inner = Recorder(headers={"strict-transport-security": "max-age=7"})
    found = await headers("https://testserver/", inner, hsts_max_age=1)

    assert found.get_list("strict-transport-security") == ["max-age=7"]


async def test_a_304_changes_nothing_of_the_stored_response() -> None:
    inner = Recorder(status=304)
    found = await headers("https://testserver/", inner, hsts_max_age=1, content_security_policy="x")

    assert list(found) == ["strict-transport-security"]


async def test_named_fields_are_taken_out_in_any_letter_case() -> None:
    inner = Recorder(headers=[(b"Server", b"x"), (b"server", b"y"), (b"X-Powered-By", b"z"), (b"a", b"b")])
    found = await headers(inner=inner, remove=["Server", "x-powered-by"], **NOTHING)

    assert found.raw == [(b"a", b"b")]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/embed", None),
        ("/embed/video", None),
        ("/embed/ours/1", "SAMEORIGIN"),
        ("/embed/ours", "SAMEORIGIN"),
        ("/embedded", "DENY"),
        ("/", "DENY"),
        ("/a/embed", "DENY"),
    ],
)
async def test_a_path_has_its_own_values_and_the_longest_prefix_counts(path: str, value: str | None) -> None:
    paths: Any = {"/embed": {"frame_options": None}, "/embed/ours/": {"frame_options": "SAMEORIGIN"}}

    assert (await headers(path, paths=paths)).get("x-frame-options") == value


async def test_a_path_is_the_one_below_root_path() -> None:
    app = SecurityHeadersMiddleware(Recorder(), paths={"/embed": {"frame_options": None}})
    outcome = await call(app, http_scope("/mounted/embed", root_path="/mounted"))

    assert "x-frame-options" not in outcome.headers


async def test_a_path_keeps_what_it_does_not_change() -> None:
    found = await headers("/embed", paths={"/embed": {"frame_options": None}}, referrer_policy="origin")

    assert found["referrer-policy"] == "origin"


async def test_a_path_of_the_root_is_every_path() -> None:
    found = await headers("/anywhere", paths={"/": {"frame_options": None}})

    assert "x-frame-options" not in found


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"hsts_max_age": -1}, "hsts_max_age=-1 is not usable. Give whole seconds"),
        ({"hsts_max_age": 1.5}, "Give whole seconds"),
        ({"hsts_max_age": True}, "Give whole seconds"),
        ({"hsts_max_age": "3600"}, "Give whole seconds"),
        ({"hsts_max_age": 2**31}, "Give whole seconds"),
        ({"hsts_include_subdomains": True}, "hsts_include_subdomains=True.*give that too"),
        ({"hsts_preload": True}, "hsts_preload=True.*give that too"),
        ({"hsts_max_age": YEAR, "hsts_preload": True}, "hsts_preload=True.*needs hsts_include_subdomains"),
        (
            {"hsts_max_age": YEAR - 1, "hsts_include_subdomains": True, "hsts_preload": True},
            "hsts_max_age=31536000 or more",
        ),
        ({"frame_options": "ALLOW-FROM https://a.example"}, "frame_options=.*frame-ancestors"),
        ({"frame_options": ""}, "frame_options='' is not usable"),
        ({"referrer_policy": "same_origin"}, "referrer_policy='same_origin' is not usable"),
        ({"referrer_policy": "origin,"}, "separated by commas"),
        ({"referrer_policy": ["origin"]}, "separated by commas"),
        ({"cross_origin_opener_policy": "Same-Origin"}, "Give 'same-origin'"),
        ({"cross_origin_embedder_policy": "yes"}, "Give 'require-corp'"),
        ({"cross_origin_resource_policy": "none"}, "Give 'same-origin', 'same-site'"),
        ({"permissions_policy": "camera 'none'"}, "structured field"),
        ({"content_security_policy": "a\r\nb"}, "No line breaks"),
        ({"content_security_policy": "a\nb"}, "No line breaks"),
        ({"content_security_policy": "€"}, "Latin-1"),
        ({"content_security_policy_report_only": "\x00"}, "Give the whole policy"),
        (
            {"remove": "server"},
            r"remove='server' is not usable. Give a list of names of fields, as in remove=\['server'\]",
        ),
        ({"remove": ["a b"]}, "remove='a b' is not usable. Give names of fields"),
        ({"remove": [b"server"]}, "remove=b'server' is not usable. Each entry is a str"),
        ({"paths": {"embed": {}}}, "paths='embed' is not usable. A path begins with a slash"),
        ({"paths": {"/a?x": {}}}, "A path ends before its query"),
        ({"paths": {"/a": {"hsts_max_age": 1}}}, r"paths\['/a'\]=\['hsts_max_age'\].*Under '/a' only these"),
        ({"paths": {"/a": {"frame_options": "x"}}}, r"paths\['/a'\]\['frame_options'\]='x' is not usable"),
        ({"paths": {"/a": {"nosniff": "False"}}}, r"paths\['/a'\]\['nosniff'\]='False' is not usable"),
        ({"paths": {"/a": ["nosniff"]}}, r"paths\['/a'\]=\['nosniff'\] is not usable. Give the options"),
        ({"paths": ["/a"]}, r"paths=\['/a'\] is not usable. Give the options to change by path"),
        ({"paths": {5: {}}}, "paths=5 is not usable. Give a str"),
        ({"hsts_max_age": 1, "hsts_include_subdomains": 2}, "hsts_include_subdomains=2 is not usable"),
    ],
)
def test_an_option_that_no_browser_understands_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        SecurityHeadersMiddleware(Recorder(), **options)
