import logging
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import asgi_stack.middleware
from asgi_stack import ConfigurationError, OptionError, RequestHead, Stack
from asgi_stack.grammar.request_rules import NAME, RULES, USUAL_NAMES
from asgi_stack.middleware import RequestGuardMiddleware
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import call

HOST = (b"host", b"testserver")


async def status(scope: Any = None, *, ignore: Iterable[str] = (), **options: Any) -> int:
    """How a request is answered; 200 where it reaches the inner application.

    *ignore* has the rules that a server breaks which lets such a request through.
    """
    return (await call(RequestGuardMiddleware(Recorder(), **options), scope, ignore=ignore)).status


async def path_status(raw: str, **options: Any) -> int:
    """How the request for a path is answered: it is decoded once, as a server does it."""
    return await status(http_scope(raw), **options)


async def field_status(*fields: tuple[bytes, bytes], **options: Any) -> int:
    return await status(http_scope(headers=[HOST, *fields]), **options)


async def test_an_ordinary_request_goes_inward_in_the_very_scope_that_came() -> None:
    inner, scope = Recorder(), http_scope("/a/b?c=d", headers={"accept": "*/*"})
    await call(RequestGuardMiddleware(inner), scope)

    assert inner.scope is scope


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/a/b.html",
        "/.well-known/security.txt",
        "/a%20b",
        "/caf%C3%A9",
        "/%F0%9F%98%80",
        "/100%25",
        "/a..b/...",
        "/a//b",
        "/a?next=%2F..%2Fb&x=%00",
        "/~user/(1)!$&'*+,;=:@",
        "/%EF%BF%BD",
    ],
)
async def test_an_ordinary_path_passes(path: str) -> None:
    assert await path_status(path) == 200


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/static/..%2f..%2fsettings.py", "encoded-separators"),
        ("/static/..%2F..%2Fsettings.py", "encoded-separators"),
        ("/a%2fb", "encoded-separators"),
        ("/a%5cb", "encoded-separators"),
        ("/a%5C..%5Cb", "encoded-separators"),
        ("/a/%2e%2e/b", "dot-segments"),
        ("/a/%2E./b", "dot-segments"),
        ("/a/../b", "dot-segments"),
        ("/a/./b", "dot-segments"),
        ("/..", "dot-segments"),
        ("/%2e", "dot-segments"),
        ("/%00", "path-controls"),
        ("/a%00.html", "path-controls"),
        ("/a%0d%0ab", "path-controls"),
        ("/a%7f", "path-controls"),
        ("/a%c2%85b", "path-controls"),
        ("/%252e%252e/", "second-encoding"),
        ("/%252fa", "second-encoding"),
        ("/%25%32%65", "second-encoding"),
        ("/%c0%ae%c0%ae/", "path-utf8"),
        ("/%ff", "path-utf8"),
    ],
)
async def test_attack_18_a_path_that_layers_read_differently_is_refused(path: str, rule: str) -> None:
    assert await path_status(path) == 400
    assert await path_status(path, without={*RULES} - {rule}) == 400


@pytest.mark.parametrize("path", ["/static/..%2f..%2fsettings.py", "/a%5c..%5cb", "/%00", "/%252e%252e/"])
@pytest.mark.parametrize("kind", [http_scope, websocket_scope])
async def test_attack_18_the_answer_is_the_same_without_the_raw_path(kind: Any, path: str) -> None:
    inner = Recorder()
    outcome = await call(RequestGuardMiddleware(inner), kind(path, extra={"raw_path": None}))

    assert (outcome.status, inner.calls) == (400, [])


@pytest.mark.parametrize("raw", [b"/a/../b", b"/a/%2e%2e/b", b"/a//../b"])
async def test_attack_18_what_the_server_has_resolved_is_seen_all_the_same(raw: bytes) -> None:
    assert await status(http_scope("/b", extra={"raw_path": raw})) == 400


@pytest.mark.parametrize("path", ["/a\\..\\b", "/a\\b"])
async def test_attack_18_a_backslash_is_a_separator_without_encoding_too(path: str) -> None:
    extra = {"path": path, "raw_path": path.encode()}

    assert await status(http_scope(extra=extra)) == 400


@pytest.mark.parametrize("path", ["", "a", "http://testserver/a", "*", "testserver:443"])
async def test_a_target_that_is_no_path_is_refused(path: str) -> None:
    assert await status(http_scope(extra={"path": path, "raw_path": path.encode()})) == 400


@pytest.mark.parametrize("path", ["/caf\xe9", "/\u0105\u0160", "/\U0001f600", "/\xc5"])
async def test_a_path_that_was_sent_in_utf8_without_encoding_passes(path: str) -> None:
    assert await status(http_scope(extra={"path": path, "raw_path": path.encode()})) == 200


async def test_the_asterisk_is_a_target_for_options_alone() -> None:
    extra = {"path": "*", "raw_path": b"*"}

    assert await status(http_scope(method="OPTIONS", extra=extra)) == 200
    assert await status(websocket_scope(extra=extra)) == 400


@pytest.mark.parametrize("path", ["//a", "/a//b", "/a//"])
async def test_empty_segments_are_refused_where_that_is_asked_for(path: str) -> None:
    assert await path_status(path, refuse_empty_segments=True) == 400
    assert await path_status(path, refuse_empty_segments=True, without=["empty-segments"]) == 200


@pytest.mark.parametrize(
    ("target", "expected"),
    [("/" + "a" * 49, 200), ("/" + "a" * 50, 414), ("/?" + "a" * 48, 200), ("/?" + "a" * 49, 414)],
)
async def test_a_target_has_a_longest_length_the_query_included(target: str, expected: int) -> None:
    assert await path_status(target, max_target=50) == expected


@pytest.mark.parametrize("target", ["/" + "%C3%A9" * 9, "/" + "%3C" * 17])
async def test_the_length_of_a_target_is_that_of_what_was_sent(target: str) -> None:
    assert await path_status(target, max_target=50) == 414
    assert await status(http_scope(target, extra={"raw_path": None}), max_target=50) == 414


async def test_attack_19_five_thousand_copies_of_a_field_are_431() -> None:
    inner = Recorder()
    outcome = await call(RequestGuardMiddleware(inner), http_scope(headers=[(b"x-a", b"b")] * 5000))

    assert (outcome.status, inner.calls) == (431, [])


@pytest.mark.parametrize(
    ("fields", "options", "expected"),
    [
        ([(b"x-%d" % n, b"") for n in range(99)], {}, 200),
        ([(b"x-%d" % n, b"") for n in range(100)], {}, 431),
        ([(b"a", b"")] * 3, {"max_headers": 4}, 200),
        ([(b"a", b"")] * 4, {"max_headers": 4}, 431),
        ([(b"a", b"x" * 16383)], {}, 200),
        ([(b"a", b"x" * 16384)], {}, 431),
        ([(b"a" * 16385, b"")], {}, 431),
        ([(b"a", b"x" * 16000), (b"b", b"x" * 16000)], {}, 200),
        ([(b"a", b"x" * 16383), (b"b", b"x" * 16383)], {}, 431),
        ([(b"a", b"x" * 8)], {"max_header_line": 9}, 431),
        ([(b"a", b"x" * 10), (b"b", b"x" * 10)], {"max_header_bytes": 35}, 431),
        ([(b"a", b"x" * 10), (b"b", b"x" * 10)], {"max_header_bytes": 36}, 200),
        ([(b"a", b"x" * 10), (b"a", b"x" * 10)], {"max_header_bytes": 35}, 431),
        ([(b"accept-encoding", b"x" * 11)], {"max_header_bytes": 39}, 431),
        ([(b"accept-encoding", b"x" * 11)], {"max_header_bytes": 40}, 200),
        ([(b"x-abcdef", b"")] * 5, {"max_header_bytes": 53}, 431),
        ([(b"x-abcdef", b"")] * 5, {"max_header_bytes": 54}, 200),
    ],
)
async def test_attack_19_headers_have_a_number_and_a_size(fields: Any, options: Any, expected: int) -> None:
    # The host takes 14 bytes; where a line may hold 9, it is the host's that is too long.
    assert await field_status(*fields, **options) == expected


@pytest.mark.parametrize(
    "char",
    [b"\x00", b"\r", b"\n", b"\r\n", b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x1f", b"\x7f", b"\x85"],
)
@pytest.mark.parametrize("name", [b"x-a", b"user-agent", b"cookie", b"X-A"])
async def test_attack_20_a_control_character_in_a_value_is_refused(name: bytes, char: bytes) -> None:
    assert await field_status((name, b"a" + char + b"b")) == 400


@pytest.mark.parametrize("value", [b"", b"a\tb", b"caf\xe9", b"\xf0\x9f\x98\x80", b"~", b" "])
async def test_attack_20_other_bytes_in_a_value_pass(value: bytes) -> None:
    assert await field_status((b"x-a", value)) == 200


@pytest.mark.parametrize(
    "name", [b"", b"a b", b"a:", b"caf\xe9", b"a\x00", b"a(b)", b":path", b"a\r\nb", b"a,b"]
)
async def test_a_field_whose_name_is_no_token_is_refused(name: bytes) -> None:
    assert await field_status((name, b"1"), ignore={"H14"}) == 400


@pytest.mark.parametrize("name", [b"x_forwarded_for", b"X_Forwarded-For", b"x.forwarded.for", b"a_", b"."])
async def test_a_name_that_may_be_taken_for_another_is_refused(name: bytes) -> None:
    assert await field_status((name, b"127.0.0.1")) == 400
    assert await field_status((name, b"127.0.0.1"), without=["ambiguous-names"]) == 200


@pytest.mark.parametrize("name", [b"host", b"content-length", b"content-type", b"authorization", b"origin"])
async def test_a_field_that_can_come_once_only_is_refused_twice(name: bytes) -> None:
    fields = [(name, b"5"), (name.title(), b"5")]

    assert await status(http_scope(extra={"headers": fields})) == 400
    assert await status(http_scope(extra={"headers": fields[:1]})) == 200


@pytest.mark.parametrize("name", [b"cookie", b"accept", b"x-a", b"via"])
async def test_other_fields_may_come_in_lines(name: bytes) -> None:
    assert await field_status((name, b"a"), (name, b"b")) == 200


@pytest.mark.parametrize(
    "length",
    [
        b"-5",
        b"1_0",
        b"+5",
        "٣".encode(),
        b"\xb2",
        b"5, 6",
        b"5, 5",
        b"5,5",
        b"",
        b" 5",
        b"0x5",
        b"5.0",
        b"1" * 20,
    ],
)
async def test_attack_24_a_content_length_that_is_no_number_is_refused(length: bytes) -> None:
    assert await field_status((b"content-length", length)) == 400


@pytest.mark.parametrize("pair", [(b"5", b"6"), (b"5", b"5"), (b"5", b"")])
async def test_attack_24_two_lengths_are_refused_by_two_rules(pair: tuple[bytes, bytes]) -> None:
    fields = [(b"content-length", pair[0]), (b"Content-Length", pair[1])]

    assert await field_status(*fields) == 400


@pytest.mark.parametrize("length", [b"0", b"5", b"05", b"9" * 19])
async def test_a_content_length_of_digits_passes(length: bytes) -> None:
    assert await field_status((b"content-length", length)) == 200


async def test_a_length_beside_a_transfer_encoding_is_refused() -> None:
    chunked = (b"transfer-encoding", b"chunked")

    assert await field_status(chunked, (b"content-length", b"5")) == 400
    assert await field_status(chunked) == 200


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("GET", 200),
        ("PATCH", 200),
        ("TRACE", 405),
        ("CONNECT", 405),
        ("PROPFIND", 501),
        ("get", 501),
        ("G T", 400),
        ("", 400),
        ("GÉT", 400),
        ("GET\r\n", 400),
    ],
)
async def test_a_method_is_let_in_or_answered_as_rfc_9110_says(method: str, expected: int) -> None:
    assert await status(http_scope(method=method), ignore={"H5"}) == expected


async def test_who_may_not_use_a_method_is_told_which_ones_may_be() -> None:
    app = RequestGuardMiddleware(Recorder(), methods=["POST", "GET"])
    outcome = await call(app, http_scope(method="DELETE"))

    assert (outcome.status, outcome.headers["allow"]) == (405, "GET, POST")


async def test_a_method_of_ones_own_can_be_let_in() -> None:
    assert await status(http_scope(method="PROPFIND"), methods=["PROPFIND"]) == 200


async def test_a_websocket_is_not_held_to_the_methods() -> None:
    outcome = await call(RequestGuardMiddleware(Recorder(), methods=["POST"]), websocket_scope())

    assert outcome.types[0] == "websocket.accept"


async def test_the_refusal_is_short_not_stored_and_repeats_nothing() -> None:
    app = RequestGuardMiddleware(Recorder())
    outcome = await call(app, http_scope("/%00secret", headers={"x-a": "secret"}))

    assert outcome.body == b"Bad Request\n"
    assert outcome.headers["cache-control"] == "no-store"


async def test_the_log_names_the_rule_and_nothing_of_the_request(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "asgi_stack.request_guard")
    await path_status("/secret%00")

    assert caplog.messages == ["Refused by the rule path-controls"]


BROKEN: dict[str, Any] = {
    "method-token": {"method": "G T"},
    "method-known": {"method": "BREW"},
    "method-allowed": {"method": "TRACE"},
    "target-length": {"path": "/" + "a" * 9000, "raw_path": b"/" + b"a" * 9000},
    "header-count": {"headers": [(b"a", b"")] * 101},
    "header-line": {"headers": [(b"a", b"x" * 20000)]},
    "header-bytes": {"headers": [(b"a", b"x" * 12000)] * 3},
    "header-names": {"headers": [(b"a b", b"")]},
    "ambiguous-names": {"headers": [(b"a_b", b"")]},
    "header-values": {"headers": [(b"a", b"\x00")]},
    "singletons": {"headers": [HOST, HOST]},
    "content-length": {"headers": [(b"content-length", b"-1")]},
    "transfer-encoding": {"headers": [(b"content-length", b"1"), (b"transfer-encoding", b"chunked")]},
    "path-form": {"path": "a", "raw_path": b"a"},
    "path-utf8": {"path": "/\ufffd", "raw_path": b"/%ff"},
    "path-controls": {"path": "/\x00", "raw_path": b"/%00"},
    "dot-segments": {"path": "/..", "raw_path": b"/.."},
    "encoded-separators": {"path": "/a/b", "raw_path": b"/a%2fb"},
    "second-encoding": {"path": "/%2e", "raw_path": b"/%252e"},
    "empty-segments": {"path": "//", "raw_path": b"//"},
}


@pytest.mark.parametrize("rule", RULES)
async def test_every_rule_is_turned_off_by_its_name_and_by_no_other(rule: str) -> None:
    scope = http_scope(extra=BROKEN[rule])
    # What is no method is no known one, and what is not known is not allowed.
    methods = [name for name in RULES if name.startswith("method-")]
    off = methods if rule in methods else [rule]

    assert await status(scope, refuse_empty_segments=True, without=off) == 200
    assert await status(scope, refuse_empty_segments=True, without={*RULES} - {rule}) == RULES[rule].status


names = st.sampled_from(
    [b"host", b"x-a", b"X-B", b"a_b", b"", b"content-length", b"transfer-encoding", b"cookie"]
)
values = st.one_of(st.binary(max_size=12), st.sampled_from([b"5", b"5,5", b"chunked", b"x" * 40]))
pieces = st.sampled_from(
    ["/", ".", "..", "a", "%2f", "%2e", "%25", "%00", "\\", "é", "//", "%ff", "%", "*", "\n"]
)
scopes = st.builds(
    lambda path, fields, method, raw: http_scope("/" + path, method=method, extra={"headers": fields} | raw),
    st.lists(pieces, max_size=5).map("".join),
    st.lists(st.tuples(names, values), max_size=6),
    st.sampled_from(["GET", "POST", "TRACE", "X"]),
    st.sampled_from([{}, {}, {"raw_path": None}, {"raw_path": b"/a%20"}, {"query_string": b"x" * 15}]),
)


async def test_a_cookie_in_many_lines_needs_no_closer_look() -> None:
    fields = [HOST, *[(b"cookie", b"a=b")] * 20]
    guard = RequestGuardMiddleware(Recorder())

    assert guard._has_plain_headers(RequestHead(http_scope(headers=fields)))


def test_every_name_that_is_known_to_be_plain_is_plain() -> None:
    assert not [name for name in USUAL_NAMES if name.translate(None, NAME) or name != name.lower()]


@given(scopes)
def test_what_is_let_in_without_a_closer_look_breaks_no_rule(scope: Any) -> None:
    options = {"max_headers": 5, "max_header_line": 30, "max_header_bytes": 60, "max_target": 20}
    guard = RequestGuardMiddleware(Recorder(), refuse_empty_segments=True, **options)
    broken = {name for name, rule in RULES.items() if rule.is_broken(scope, guard._limits)}

    assert (guard.on_request(RequestHead(scope)) is None) == (not broken)


@pytest.mark.parametrize("piece", ["/..", "%2e", "%", "\\", "/", "é", "%ff", "\ufffd"])
async def test_a_path_of_64_kib_is_answered(piece: str) -> None:
    path = "/" + piece * (2**16 // len(piece))
    guard = RequestGuardMiddleware(Recorder(), without=["target-length"])

    # Some servers hand a path inward as it was sent, against rule H7.
    scope = http_scope(extra={"path": path, "raw_path": path.encode()})

    assert (await call(guard, scope, ignore={"H7"})).status in (200, 400)


@pytest.mark.parametrize("name", ["CrossOriginProtectionMiddleware"])
def test_a_stack_has_it_outside_of_what_reads_paths(name: str) -> None:
    stack = Stack([getattr(asgi_stack.middleware, name), RequestGuardMiddleware])

    with pytest.raises(ConfigurationError, match=f"outside of {name}"):
        stack.wrap(Recorder())


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"methods": "GET"}, "methods='GET' is not usable. Give a list of methods"),
        ({"methods": []}, r"methods=\[\] is not usable. Give at least one, as in methods=\['GET', 'HEAD'\]"),
        ({"methods": ["get"]}, "methods='get' is not usable. Methods are case-sensitive: 'GET'"),
        ({"methods": ["G T"]}, "methods='G T' is not usable"),
        ({"methods": [None]}, "methods=None is not usable"),
        ({"max_headers": 0}, "max_headers=0 is not usable. Give a whole number, 1 or more"),
        ({"max_header_bytes": -1}, "max_header_bytes=-1 is not usable"),
        ({"max_header_line": 1.5}, "max_header_line=1.5 is not usable"),
        ({"max_target": None}, "max_target=None is not usable.*name its rule in 'without'"),
        ({"without": "dot-segments"}, r"Give a list, as in without=\['dot-segments'\]"),
        ({"without": ["dots"]}, "without='dots' is not usable. The rules are method-token, .*dot-segments"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        RequestGuardMiddleware(Recorder(), **options)
