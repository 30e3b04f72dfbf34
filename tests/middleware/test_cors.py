import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack import HeaderMiddleware, Layer, OptionError, Reply, RequestHead, Stack
from asgi_stack.middleware import CORSMiddleware, ErrorBoundaryMiddleware
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import Sent, attempt, call

Lines = list[tuple[str, str]]
APP = "https://app.example"
PREFLIGHT_VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"


async def get(origin: str | None = APP, *, answers: Lines = (), method: str = "GET", **options: Any) -> Sent:
    options.setdefault("allow_origins", [APP])
    app = CORSMiddleware(Recorder(headers=answers), **options)
    return await call(app, http_scope(method=method, headers=[] if origin is None else [("origin", origin)]))


async def preflight(
    origin: str = APP,
    *,
    method: str = "GET",
    headers: str | bytes | None = None,
    lines: Lines = (),
    **options: Any,
) -> Sent:
    options.setdefault("allow_origins", [APP])
    asked = [] if headers is None else [("access-control-request-headers", headers)]
    asked = [("origin", origin), ("access-control-request-method", method), *asked, *lines]
    return await call(CORSMiddleware(Recorder(), **options), http_scope(method="OPTIONS", headers=asked))


def marks(outcome: Sent) -> dict[str, str]:
    """The fields of the protocol, without the beginning that they share."""
    return {name[15:]: value for name, value in outcome.headers.items() if name.startswith("access-control-")}


@pytest.mark.parametrize(
    "options",
    [
        {"allow_origins": ["*"]},
        {"allow_origins": ["null"]},
        {"allow_origins": [APP, "null"]},
        {"allow_origins": [APP], "expose_headers": ["*"]},
    ],
)
def test_attack_32_wildcards_and_credentials_are_refused(options: Any) -> None:
    with pytest.raises(OptionError, match=r"='\*'|='null'|=\['\*'\]"):
        CORSMiddleware(Recorder(), allow_credentials=True, **options)


OTHERS = [
    "https://example.com.evil.com",
    "https://evilexample.com",
    "https://exampleXcom",
    "https://example.community",
    "http://example.com",
    "https://example.com:8443",
    "https://example.com.",
    "https://www.example.com",
    "https://example.com/",
    "https://example.com@evil.com",
    "https://example.com, https://example.com",
    "null",
    "",
    "*",
    "example.com",
    "ws://example.com",
]
CONFIGURED = [
    {"allow_origins": ["https://example.com"]},
    {"allow_origin_regex": r"https://example\.com"},
    {"allow_origins": ["https://*.a.example.com", "https://a.com"]},
]


@pytest.mark.parametrize("origin", OTHERS)
@pytest.mark.parametrize("options", CONFIGURED, ids=["exact", "regex", "wildcard"])
async def test_attack_33_another_origin_gets_no_mark(origin: str, options: Any) -> None:
    outcome = await get(origin, **{"allow_origins": [], **options}, allow_credentials=True)

    assert marks(outcome) == {}
    assert outcome.headers["vary"] == "Origin"


@pytest.mark.parametrize("origin", OTHERS)
@pytest.mark.parametrize("options", CONFIGURED, ids=["exact", "regex", "wildcard"])
async def test_attack_33_nor_does_its_preflight(origin: str, options: Any) -> None:
    outcome = await preflight(origin, **{"allow_origins": [], **options}, allow_credentials=True)

    assert (outcome.status, marks(outcome)) == (403, {})
    assert outcome.body == b"CORS preflight refused: origin not allowed\n"


@pytest.mark.parametrize("origin", ["https://barfoo.com", "https://foobar.com", "https://foo.com.bar.com"])
async def test_attack_34_names_do_not_run_into_one_another(origin: str) -> None:
    assert marks(await get(origin, allow_origins=["https://foo.com", "https://bar.com"])) == {}


@pytest.mark.parametrize("origin", [APP, "https://evil.example", None])
async def test_attack_35_vary_is_not_taken_from_the_request(origin: str | None) -> None:
    lines = [("vary", "X-Evil"), *([("origin", origin)] if origin else [])]
    outcome = await call(CORSMiddleware(Recorder(), allow_origins=[APP]), http_scope(headers=lines))

    assert outcome.headers["vary"] == "Origin"


async def test_attack_36_a_500_is_marked() -> None:
    failing = Recorder(fail_at="call", error=ValueError("broken"))
    app = Stack([Layer(CORSMiddleware, allow_origins=[APP]), ErrorBoundaryMiddleware]).wrap(failing)
    outcome = await attempt(app, http_scope(headers=[("origin", APP)]))

    assert (outcome.status, marks(outcome)) == (500, {"allow-origin": APP})


class Refusing(HeaderMiddleware):
    """Answers with the status that it is given."""

    __slots__ = ("_status",)

    def __init__(self, app: Any, *, status: int) -> None:
        super().__init__(app)
        self._status = status

    def on_request(self, request: RequestHead) -> Reply:
        return Reply.refusal(self._status)


@pytest.mark.parametrize("status", [403, 413, 429, 503, 504])
async def test_attack_36_so_are_the_answers_of_layers_inside(status: int) -> None:
    app = Stack([Layer(CORSMiddleware, allow_origins=[APP]), Layer(Refusing, status=status)]).wrap(Recorder())
    outcome = await call(app, http_scope(method="POST", headers=[("origin", APP)]))

    assert (outcome.status, marks(outcome)) == (status, {"allow-origin": APP})


@pytest.mark.parametrize("allowed", [["*"], ["x-a"]])
@pytest.mark.parametrize(
    "asked",
    [
        b"x" * 2**20,
        b"x-a," * 2**18,
        b"x-a\r\nset-cookie: b",
        b"x-a\x00",
        b"x a",
        b"x-a;b",
        b'"x-a"',
        b"x-\xe9",
        b"x:a",
    ],
    ids=lambda asked: ascii(asked[:12]),
)
async def test_attack_37_what_is_no_list_of_names_is_not_reflected(asked: bytes, allowed: list[str]) -> None:
    outcome = await preflight(headers=asked, allow_headers=allowed)

    assert (outcome.status, marks(outcome)) == (403, {})
    assert outcome.body == b"CORS preflight refused: header not allowed\n"


@pytest.mark.parametrize("method", ["POST", "get", "", "GET, GET", "GET\r\nx: y", "G E T", "\xe9"])
@pytest.mark.parametrize("allowed", [["GET"], ["GET", "PUT"]])
async def test_a_method_that_is_not_allowed_is_refused(method: str, allowed: list[str]) -> None:
    outcome = await preflight(method=method.encode("latin-1"), allow_methods=allowed)

    assert (outcome.status, marks(outcome)) == (403, {})
    assert outcome.body == b"CORS preflight refused: method not allowed\n"


@pytest.mark.parametrize("method", ["", "GET, GET", "GET\r\nx: y", "G E T", "\xe9"])
async def test_where_every_method_is_allowed_it_must_be_one(method: str) -> None:
    assert (await preflight(method=method.encode("latin-1"), allow_methods=["*"])).status == 403


async def test_every_reason_of_a_refusal_is_named() -> None:
    outcome = await preflight("https://evil.example", method="PUT", headers="x-evil")

    assert outcome.body == (
        b"CORS preflight refused: origin not allowed, method not allowed, header not allowed\n"
    )
    assert (outcome.headers["vary"], outcome.headers["cache-control"]) == (PREFLIGHT_VARY, "no-store")


async def test_a_preflight_is_answered_with_what_is_allowed() -> None:
    options = {
        "allow_methods": ["GET", "PUT"],
        "allow_headers": ["X-A"],
        "allow_credentials": True,
        "max_age": 5,
    }
    outcome = await preflight(method="PUT", headers="x-a, content-type", **options)

    assert (outcome.status, outcome.body, outcome.headers["vary"]) == (204, b"", PREFLIGHT_VARY)
    assert marks(outcome) == {
        "allow-origin": APP,
        "allow-credentials": "true",
        "allow-methods": "GET, PUT",
        "allow-headers": "accept, accept-language, content-language, content-type, x-a",
        "max-age": "5",
    }


@pytest.mark.parametrize("credentials", [True, False])
async def test_wildcards_are_answered_by_what_was_asked_for(credentials: bool) -> None:
    options = {"allow_methods": ["*"], "allow_headers": ["*"], "allow_credentials": credentials}
    found = marks(await preflight(method="PURGE", headers="Authorization,,\tX-B", **options))

    assert (found["allow-methods"], found["allow-headers"]) == ("PURGE", "authorization, x-b")
    assert ("allow-credentials" in found) is credentials


async def test_no_names_are_answered_where_none_were_asked_for() -> None:
    assert "allow-headers" not in marks(await preflight(allow_headers=["*"]))


async def test_the_inner_application_sees_no_preflight() -> None:
    inner = Recorder()
    lines = [("origin", APP), ("access-control-request-method", "GET")]
    await call(CORSMiddleware(inner, allow_origins=[APP]), http_scope(method="OPTIONS", headers=lines))

    assert inner.calls == []


@pytest.mark.parametrize(
    ("method", "lines"),
    [
        ("OPTIONS", []),
        ("OPTIONS", [("origin", APP)]),
        ("OPTIONS", [("access-control-request-method", "GET")]),
        ("GET", [("origin", APP), ("access-control-request-method", "GET")]),
        ("POST", [("origin", "https://evil.example"), ("access-control-request-method", "GET")]),
    ],
)
async def test_what_is_no_preflight_goes_inward(method: str, lines: Lines) -> None:
    inner, scope = Recorder(), http_scope(method=method, headers=lines)
    await call(CORSMiddleware(inner, allow_origins=[APP]), scope)

    assert inner.scope is scope


@pytest.mark.parametrize(
    ("allowed", "origin"),
    [
        (APP, APP),
        (APP, "https://app.example:443"),
        (APP, "HTTPS://APP.example"),
        ("https://app.example:443", APP),
        ("https://*.app.example", "https://a.b.app.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("null", "null"),
    ],
)
async def test_an_allowed_origin_is_repeated_as_it_was_sent(allowed: str, origin: str) -> None:
    outcome = await get(origin, allow_origins=["https://other.example", allowed])

    assert marks(outcome) == {"allow-origin": origin}
    assert outcome.headers["vary"] == "Origin"


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://pr-7.app.example", True),
        ("https://pr-7.app.example:443", True),
        ("https://pr-x.app.example", False),
        ("https://pr-7.app.example.evil.example", False),
        ("https://evil.example/?https://pr-7.app.example", False),
        ("https://pr-7.app.example\n", False),
        ("http://pr-7.app.example", False),
    ],
)
async def test_a_regular_expression_must_fit_the_whole_origin(origin: str, allowed: bool) -> None:
    outcome = await get(origin.encode(), allow_origin_regex=r"https://pr-\d+\.app\.example")

    assert bool(marks(outcome)) is allowed


@pytest.mark.parametrize("origin", [None, APP, "null", "anything"])
async def test_where_every_origin_may_read_all_answers_are_alike(origin: str | None) -> None:
    outcome = await get(origin, allow_origins=["*"], expose_headers=["*"])

    assert marks(outcome) == {"allow-origin": "*", "expose-headers": "*"}
    assert "vary" not in outcome.headers


async def test_a_preflight_of_any_origin_is_then_answered_with_a_star() -> None:
    assert marks(await preflight("anything", allow_origins=["*"]))["allow-origin"] == "*"


async def test_an_answer_is_marked_with_all_that_is_configured() -> None:
    outcome = await get(allow_credentials=True, expose_headers=["X-A", "x-b"])

    assert marks(outcome) == {"allow-origin": APP, "allow-credentials": "true", "expose-headers": "X-A, x-b"}


OWN = [("Access-Control-Allow-Origin", "*"), ("access-control-allow-credentials", "true"), ("X-A", "1")]


@pytest.mark.parametrize(
    ("origin", "options", "found"),
    [
        (APP, {}, {"allow-origin": APP}),
        (APP, {"allow_credentials": True}, {"allow-origin": APP, "allow-credentials": "true"}),
        ("https://evil.example", {"allow_credentials": True}, {}),
        (None, {}, {}),
        (APP, {"allow_origins": ["*"]}, {"allow-origin": "*"}),
    ],
)
async def test_what_the_application_set_is_replaced(origin: str | None, options: Any, found: Any) -> None:
    outcome = await get(origin, answers=OWN, **options)

    assert marks(outcome) == found
    assert outcome.headers["x-a"] == "1"


@pytest.mark.parametrize(
    ("given", "vary"),
    [("Cookie", "Cookie, Origin"), ("cookie, origin", "cookie, origin"), ("ORIGIN", "ORIGIN"), ("*", "*")],
)
@pytest.mark.parametrize("origin", [APP, "https://evil.example", None])
async def test_vary_is_merged_once(given: str, vary: str, origin: str | None) -> None:
    outcome = await get(origin, answers=[("Vary", given)])

    assert outcome.headers["vary"] == vary


async def test_what_the_application_exposes_stays_exposed() -> None:
    outcome = await get(answers=[("access-control-expose-headers", "x-own")], expose_headers=["x-a"])
    lines = [value for name, value in outcome[0]["headers"] if name == b"access-control-expose-headers"]

    assert lines == [b"x-own", b"x-a"]


@pytest.mark.parametrize("origin", [APP, "https://evil.example"])
async def test_a_websocket_is_not_subject_to_cors(origin: str) -> None:
    inner, scope = Recorder(), websocket_scope(headers=[("origin", origin)])
    outcome = await call(CORSMiddleware(inner, allow_origins=[APP]), scope)

    assert inner.scope is scope
    assert outcome[0]["headers"] == []


@given(st.binary(max_size=40) | st.text("htps:/.examl,*", max_size=40).map(str.encode))
async def test_no_other_bytes_pass_for_an_allowed_origin(origin: bytes) -> None:
    outcome = await get(origin, allow_origins=["https://*.app.example"], allow_origin_regex=r"https://a\.b")

    assert marks(outcome) == {} or origin.lower().rstrip(b"0123456789:").endswith((b".app.example", b"a.b"))


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"allow_origins": APP}, r"allow_origins='https://app.example' is not usable. Give a list"),
        ({"allow_origins": ["app.example"]}, "An origin begins with its scheme: 'https://app.example'"),
        ({"allow_origins": [f"{APP}/"]}, "Leave the path out"),
        ({"allow_origins": ["*", APP]}, r"Give '\*' alone, or a list without it"),
        ({"allow_origins": [b"https://a"]}, "Each entry is a str"),
        ({"allow_origins": ["https://*.com"]}, "Anybody may have a name that ends with 'com'"),
        (
            {"allow_origins": ["*"], "allow_origin_regex": "https://a"},
            r"allow_origins=\['\*'\] is every origin already",
        ),
        (
            {"allow_origins": ["*"], "unchecked_origin_regex": "https://a"},
            r"allow_origins=\['\*'\] is every origin already",
        ),
        (
            {"allow_methods": "GET"},
            r"allow_methods='GET' is not usable. Give a list of methods, as in allow_methods=\['GET'\]",
        ),
        ({"allow_methods": ["GET", "*"]}, r"Give '\*' alone"),
        ({"allow_methods": ["get"]}, "allow_methods='get' is not usable. Methods are case-sensitive: 'GET'"),
        ({"allow_methods": ["patch"]}, "Methods are case-sensitive: 'PATCH'"),
        ({"allow_methods": ["G E T"]}, "Give methods, as in allow_methods="),
        ({"allow_methods": [None]}, "allow_methods=None is not usable"),
        ({"allow_headers": "x-a"}, r"Give a list of names of fields, as in allow_headers=\['x-a'\]"),
        ({"allow_headers": ["x a"]}, "allow_headers='x a' is not usable"),
        ({"allow_headers": ["*", "x-a"]}, r"Give '\*' alone"),
        (
            {"expose_headers": ["x:a"]},
            r"expose_headers='x:a' is not usable. .*as in expose_headers=\['x-request-id'\]",
        ),
        ({"max_age": -1}, "max_age=-1 is not usable. Give whole seconds, 0 to 86400"),
        ({"max_age": 86401}, "Give whole seconds"),
        ({"max_age": True}, "Give whole seconds"),
        ({"max_age": 1.5}, "Give whole seconds"),
        ({"max_age": None}, "Give whole seconds"),
    ],
)
def test_an_option_that_contradicts_the_protocol_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        CORSMiddleware(Recorder(), **options)


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        (b"https://a", "Give a str"),
        (re.compile(b"https://a"), "Give a str"),
        ("https://(a", "It is no regular expression"),
        (r"https://.*example\.com", "It fits 'https://xexample.com', which anybody may have"),
        (r"https://([a-z]+)+\.example\.com", "It can match one text in several ways"),
        (r"https://(?=a).*\.example\.com", "looks around"),
    ],
)
def test_a_regular_expression_that_does_harm_is_refused(pattern: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        CORSMiddleware(Recorder(), allow_origin_regex=pattern)


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        (r"https://.*example\.com", "https://evilexample.com"),
        (re.compile(r"https://\w+\.Example\.com", re.IGNORECASE), "https://a.example.com"),
    ],
)
async def test_a_regular_expression_is_taken_unchecked_on_ones_own_account(given: Any, origin: str) -> None:
    assert marks(await get(origin, unchecked_origin_regex=given)) == {"allow-origin": origin}


@pytest.mark.parametrize("given", [b"https://a", "https://(a", 5])
def test_an_unchecked_one_must_still_be_a_regular_expression(given: Any) -> None:
    with pytest.raises(OptionError, match="unchecked_origin_regex="):
        CORSMiddleware(Recorder(), unchecked_origin_regex=given)


async def test_a_compiled_pattern_keeps_its_flag() -> None:
    pattern = re.compile(r"https://\w+\.Example\.com", re.IGNORECASE)

    assert marks(await get("https://a.example.com", allow_origin_regex=pattern)) != {}


@pytest.mark.parametrize("origin", ["null", "file://"])
async def test_an_origin_that_names_nobody_is_allowed_by_its_name(origin: str) -> None:
    assert marks(await get(origin, allow_origins=[origin, APP])) == {"allow-origin": origin}
    assert marks(await get(origin, allow_origins=[APP])) == {}


@pytest.mark.parametrize("origin", ["null", "file://"])
def test_but_not_with_credentials(origin: str) -> None:
    with pytest.raises(OptionError, match=f"allow_origins='{origin}' is not usable"):
        CORSMiddleware(Recorder(), allow_origins=[origin], allow_credentials=True)


@pytest.mark.parametrize("allowed", ["https://pr-*.app.example", "https://*.app.example:*"])
async def test_a_star_stands_for_a_part_of_a_name(allowed: str) -> None:
    outcome = await get("https://pr-7.app.example", allow_origins=[allowed])

    assert marks(outcome) == {"allow-origin": "https://pr-7.app.example"}
