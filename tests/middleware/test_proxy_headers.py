import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack import OptionError
from asgi_stack.grammar.client_fields import CLIENT_FIELDS
from asgi_stack.middleware import ProxyHeadersMiddleware
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from asgi_stack.types import Scope
from tests.helpers import call

PEER = ("10.0.0.1", 40000)
STRANGER = ("203.0.113.9", 40000)
ALL = ("for", "proto", "host", "port", "prefix")
Lines = list[tuple[str, str]]


async def inward(
    lines: Lines,
    *,
    client: Any = PEER,
    kind: Any = http_scope,
    url: str = "/",
    scope: Any = None,
    ignore: Iterable[str] = (),
    **options: Any,
) -> Scope:
    """What the inner application sees of a request with these lines."""
    inner = Recorder()
    options = options if options.keys() & {"trusted", "hops"} else {"trusted": ["10.0.0.0/8"], **options}
    app = ProxyHeadersMiddleware(inner, **options)
    await call(app, kind(url, headers=lines, client=client, extra=scope), ignore=ignore)
    return inner.scope


def names(scope: Scope) -> list[bytes]:
    return [name for name, _ in scope["headers"]]


def x_for(value: str) -> Lines:
    return [("x-forwarded-for", value)]


@pytest.mark.parametrize("lines", [x_for("127.0.0.1"), [("X-Forwarded-For", "127.0.0.1")], x_for("10.0.0.2")])
async def test_attack_01_a_stranger_stays_who_he_is(lines: Lines) -> None:
    scope = await inward(lines, client=STRANGER)

    assert scope["client"] == STRANGER
    assert names(scope) == [b"host"]


async def test_attack_01_a_stranger_changes_nothing_else_either() -> None:
    lines = [
        (f"x-forwarded-{part}", value)
        for part, value in zip(ALL, ["1.1.1.1", "https", "a", "1", "/a"], strict=True)
    ]
    scope = await inward(lines, client=STRANGER, parts=ALL)

    assert {**scope, "asgi_stack.peer": None} == {**http_scope(client=STRANGER), "asgi_stack.peer": None}


@pytest.mark.parametrize(
    ("value", "client"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("6.6.6.6,1.2.3.4, 10.9.9.9 ,10.0.0.2", "1.2.3.4"),
        ("127.0.0.1, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("6.6.6.6, 2001:db8::1", "2001:db8::1"),
        ("6.6.6.6, [2001:DB8:0::1]:80", "2001:db8::1"),
        ("6.6.6.6, ::ffff:1.2.3.4", "1.2.3.4"),
        ("1.2.3.4, ::ffff:10.0.0.2", "1.2.3.4"),
        ("fe80::1%eth0", "fe80::1"),
        (", ,1.2.3.4,", "1.2.3.4"),
    ],
)
async def test_attack_02_the_client_is_the_last_address_that_is_no_proxy(value: str, client: str) -> None:
    assert (await inward(x_for(value)))["client"][0] == client


async def test_attack_02_lines_count_in_their_order() -> None:
    lines = [*x_for("6.6.6.6"), ("X-Forwarded-For", "1.2.3.4"), *x_for("10.0.0.2")]

    assert (await inward(lines))["client"] == ("1.2.3.4", 0)


@pytest.mark.parametrize(("value", "port"), [("1.2.3.4:5678", 5678), ("[::2]:1", 1), ("1.2.3.4:_x", 0)])
async def test_the_port_of_the_client_is_kept_if_it_is_one(value: str, port: int) -> None:
    assert (await inward(x_for(value)))["client"][1] == port


@pytest.mark.parametrize(
    ("value", "client"),
    [
        ("1.2.3.4, <script>alert(1)</script>", PEER),
        ("1.2.3.4, unknown", PEER),
        ("1.2.3.4, _hidden", PEER),
        ("1.2.3.4, 1.2.3.4.5", PEER),
        ("1.2.3.4, 010.0.0.2", PEER),
        ("1.2.3.4, evil.example", PEER),
        ("1.2.3.4, junk, 10.0.0.2", ("10.0.0.2", 0)),
        ("1.2.3.4, junk, 5.6.7.8", ("5.6.7.8", 0)),
        ("", PEER),
        (" , ", PEER),
    ],
)
async def test_attack_03_what_is_no_address_ends_the_search(value: str, client: Any) -> None:
    assert (await inward(x_for(value)))["client"] == client


@pytest.mark.parametrize("client", [PEER, STRANGER])
@pytest.mark.parametrize(
    "name",
    [
        "x_forwarded_for",
        "x.forwarded.for",
        "x-forwarded_for",
        "X_Forwarded-For",
        "x_forwarded_proto",
        "x.forwarded-host",
        "X-Forwarded_Ssl",
        "forwarded",
        "FORWARDED",
        "x-forwarded-scheme",
        "x-forwarded-protocol",
        "x-forwarded-server",
    ],
)
async def test_attack_04_no_lookalike_goes_inward(name: str, client: Any) -> None:
    scope = await inward([(name, "127.0.0.1")], client=client)

    assert scope["client"] == client
    assert names(scope) == [b"host"]


@pytest.mark.parametrize("host", ['"x;proto=https"', '"x,for=6.6.6.6"', '"x\\";proto=https"', '"a b"', '""'])
async def test_attack_05_nothing_is_injected_in_quotes(host: str) -> None:
    lines = [("forwarded", f"for=1.1.1.1;host={host}")]
    scope = await inward(lines, header="forwarded", parts=("for", "proto", "host"))

    assert (scope["client"], scope["scheme"]) == (("1.1.1.1", 0), "http")
    assert scope["headers"] == [(b"host", b"testserver")]


SCHEMES = ["javascript", "ftp", "httpss", "", "https, javascript", "<https>", "https\x00", "'https'"]


@pytest.mark.parametrize("proto", SCHEMES)
async def test_attack_06_an_unknown_scheme_changes_nothing(proto: str) -> None:
    assert (await inward([("x-forwarded-proto", proto)]))["scheme"] == "http"


@pytest.mark.parametrize("proto", SCHEMES)
async def test_attack_06_nor_does_it_in_forwarded(proto: str) -> None:
    scope = await inward([("forwarded", f'for=1.2.3.4;proto="{proto}"')], header="forwarded")

    assert scope["scheme"] == "http"


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("x-forwarded", ("forwarded", "for=1.2.3.4;proto=https")),
        ("forwarded", ("x-forwarded-for", "1.2.3.4")),
        ("forwarded", ("x-forwarded-proto", "https")),
    ],
)
async def test_attack_07_the_other_header_is_ignored_and_stripped(header: str, line: tuple[str, str]) -> None:
    scope = await inward([line], header=header)

    assert (scope["client"], scope["scheme"]) == (PEER, "http")
    assert names(scope) == [b"host"]


@pytest.mark.parametrize(
    ("proto", "client", "scheme"),
    [
        ("https, http", None, "http"),
        ("http, https", None, "https"),
        ("https, http", "1.2.3.4", "http"),
        ("https, http", "1.2.3.4, 10.0.0.2", "https"),
        ("http, https, http", "6.6.6.6, 1.2.3.4, 10.0.0.2", "https"),
        ("https", "1.2.3.4, 10.0.0.2", "https"),
        ("HTTPS", "1.2.3.4", "https"),
        (" https\t", "1.2.3.4", "https"),
        ("https, http", "1.2.3.4, unknown", "http"),
    ],
)
async def test_attack_08_the_scheme_is_what_the_proxy_next_to_the_client_says(
    proto: str, client: str | None, scheme: str
) -> None:
    lines = [("x-forwarded-proto", proto), *(x_for(client) if client else [])]

    assert (await inward(lines))["scheme"] == scheme


@override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"), USE_X_FORWARDED_HOST=True)
@pytest.mark.parametrize(("client", "secure"), [(PEER, True), (STRANGER, False)])
async def test_attack_08_django_agrees_whatever_its_settings_trust(client: Any, secure: bool) -> None:
    lines = [
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.example"),
        ("x_forwarded_proto", "https"),
    ]
    request = ASGIRequest(await inward(lines, client=client), None)

    assert request.is_secure() is secure
    assert request.get_host() == "testserver"


@override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
async def test_attack_08_django_does_not_take_the_leftmost_scheme() -> None:
    request = ASGIRequest(await inward([("x-forwarded-proto", "https, http")]), None)

    assert not request.is_secure()


@pytest.mark.parametrize(
    "prefix", ["//evil.com", "/../admin", "/a/..", "http://evil.com", "/a?b", "\\evil", "/%2e%2e"]
)
async def test_attack_09_a_prefix_that_leads_elsewhere_is_ignored(prefix: str) -> None:
    scope = await inward([("x-forwarded-prefix", prefix)], parts=["prefix"])

    assert (scope["root_path"], scope["path"]) == ("", "/")


async def test_a_prefix_is_put_before_all_paths() -> None:
    scope = await inward(
        [("x-forwarded-prefix", "/app/")], parts=["prefix"], url="/a%2Fb", scope={"root_path": "/in"}
    )

    assert (scope["root_path"], scope["path"], scope["raw_path"]) == ("/app/in", "/app/a/b", b"/app/a%2Fb")


@pytest.mark.parametrize("extra", [{"path": "*", "raw_path": b"*"}, {"path": "http://a/"}])
async def test_what_is_no_path_gets_no_prefix(extra: Any) -> None:
    scope = await inward([("x-forwarded-prefix", "/app")], parts=["prefix"], scope=extra)

    assert (scope["root_path"], scope["path"]) == ("", extra["path"])


async def test_a_server_need_give_no_raw_path() -> None:
    scope = await inward([("x-forwarded-prefix", "/app")], parts=["prefix"], scope={"raw_path": None})

    assert (scope["path"], scope["raw_path"]) == ("/app/", None)


LONG = [
    ", ".join(["1.2.3.4"] * 10_000),
    " ," * 32_768,
    "," * 65_536,
    '"' * 65_536,
    ", ".join(["for=a"] * 65),
    "a" * 8193,
]


@pytest.mark.parametrize("value", LONG, ids=lambda value: value[:6])
@pytest.mark.parametrize(("header", "name"), [("x-forwarded", "x-forwarded-for"), ("forwarded", "forwarded")])
async def test_attack_10_a_long_list_is_refused_unread(header: str, name: str, value: str) -> None:
    inner = Recorder()
    app = ProxyHeadersMiddleware(inner, trusted=["10.0.0.0/8"], header=header)
    outcome = await call(app, http_scope(headers=[(name, value)], client=PEER))

    assert (outcome.status, outcome.body) == (400, b"Bad Request\n")
    assert inner.calls == []


async def test_attack_10_many_lines_are_one_list() -> None:
    app = ProxyHeadersMiddleware(Recorder(), trusted=["10.0.0.0/8"], header="forwarded")
    lines = [("forwarded", "for=1.2.3.4")] * 65

    assert (await call(app, http_scope(headers=lines, client=PEER))).status == 400


async def test_attack_10_a_long_list_from_a_stranger_is_only_taken_out() -> None:
    assert names(await inward(x_for(LONG[0]), client=STRANGER)) == [b"host"]


async def test_attack_11_a_list_that_was_dropped_on_the_way_leaves_the_peer() -> None:
    scope = await inward([("connection", "close, X-Forwarded-For, X-Forwarded-Proto")])

    assert (scope["client"], scope["scheme"]) == (PEER, "http")


async def test_attack_11_naming_a_field_in_connection_changes_no_trust() -> None:
    scope = await inward([("connection", "close, X-Forwarded-For"), *x_for("127.0.0.1")], client=STRANGER)

    assert scope["client"] == STRANGER


@pytest.mark.parametrize(
    ("value", "client", "scheme"),
    [
        ("for=1.2.3.4;proto=https", "1.2.3.4", "https"),
        ("For=1.2.3.4;PROTO=HTTPS", "1.2.3.4", "https"),
        ("for=6.6.6.6;proto=https, for=1.2.3.4", "1.2.3.4", "http"),
        ("for=1.2.3.4;proto=https, for=10.0.0.2;proto=http", "1.2.3.4", "https"),
        ('for="[2001:db8::1]:8";proto=https', "2001:db8::1", "https"),
        ("for=1.2.3.4;proto=https, for=unknown;proto=http", "10.0.0.1", "http"),
        ("for=1.2.3.4, proto=https", "10.0.0.1", "https"),
        ("for=1.2.3.4;for=5.6.7.8;proto=https", "10.0.0.1", "http"),
        ("for=1.2.3.4;proto=https, junk, for=10.0.0.2", "10.0.0.2", "http"),
        ('for=6.6.6.6, for=", for=1.2.3.4;proto=https', "10.0.0.1", "http"),
        ("", "10.0.0.1", "http"),
    ],
)
async def test_forwarded_is_read_element_by_element(value: str, client: str, scheme: str) -> None:
    scope = await inward([("forwarded", value)], header="forwarded")

    assert (scope["client"][0], scope["scheme"]) == (client, scheme)


async def test_an_open_quotation_mark_swallows_no_further_line() -> None:
    scope = await inward([("forwarded", 'for="'), ("forwarded", "for=1.2.3.4")], header="forwarded")

    assert scope["client"] == ("1.2.3.4", 0)


@pytest.mark.parametrize("header", ["x-forwarded", "forwarded"])
async def test_only_the_parts_that_are_named_are_believed(header: str) -> None:
    lines = [*x_for("1.2.3.4"), ("x-forwarded-proto", "https"), ("forwarded", "for=1.2.3.4;proto=https")]
    scope = await inward(lines, header=header, parts=["proto"])

    assert (scope["client"], scope["scheme"]) == (PEER, "https")


@pytest.mark.parametrize(
    ("hops", "value", "client"),
    [
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 5.6.7.8", "1.2.3.4"),
        (2, "1.2.3.4", "1.2.3.4"),
        (2, "1.2.3.4, unknown", "203.0.113.9"),
        (64, "1.2.3.4, 5.6.7.8", "1.2.3.4"),
    ],
)
async def test_hops_count_proxies_whose_addresses_are_not_known(hops: int, value: str, client: str) -> None:
    assert (await inward(x_for(value), client=STRANGER, hops=hops))["client"][0] == client


async def test_fewer_clients_than_hops_leave_fewer_schemes_to_choose_among() -> None:
    lines = [*x_for("1.2.3.4"), ("x-forwarded-proto", "https, http")]

    assert (await inward(lines, hops=2))["scheme"] == "http"


async def test_hops_also_choose_among_schemes_where_no_clients_are_read() -> None:
    lines = [("x-forwarded-proto", "http, https, http")]

    assert (await inward(lines, hops=2, parts=["proto"]))["scheme"] == "https"


@pytest.mark.parametrize(("client", "found"), [(PEER, "1.2.3.4"), (STRANGER, STRANGER[0])])
async def test_with_hops_the_trusted_networks_are_for_the_peer_alone(client: Any, found: str) -> None:
    scope = await inward(x_for("6.6.6.6, 1.2.3.4, 5.6.7.8"), client=client, trusted=["10.0.0.1"], hops=2)

    assert scope["client"][0] == found


@pytest.mark.parametrize("client", [None, ("", 0)])
@pytest.mark.parametrize(
    ("options", "believed"),
    [
        ({"trusted": ["unix"]}, True),
        ({"trusted": ["unix"], "hops": 1}, True),
        ({"trusted": ["0.0.0.0/0"], "hops": 1}, False),
        ({"hops": 1}, False),
        ({"trusted": ["10.0.0.0/8"]}, False),
    ],
)
async def test_a_peer_without_an_address_is_trusted_by_name_only(
    client: Any, options: Any, believed: bool
) -> None:
    scope = await inward(x_for("1.2.3.4"), scope={"client": client}, **options)

    assert scope["client"] == (("1.2.3.4", 0) if believed else client)


@pytest.mark.parametrize("peer", ["10.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0", "FE80::1", "2001:db8::5"])
@pytest.mark.parametrize(
    "trusted", [["10.0.0.0/8", "fe80::/10", "2001:db8::5"], ["::ffff:10.0.0.1", "fe80::1", "2001:DB8:0::5"]]
)
async def test_peers_and_networks_meet_in_whatever_spelling(peer: str, trusted: list[str]) -> None:
    assert (await inward(x_for("1.2.3.4"), client=(peer, 1), trusted=trusted))["client"] == ("1.2.3.4", 0)


@pytest.mark.parametrize("peer", ["testclient", "10.0.0.1.evil", "/run/app.sock", "010.0.0.1", "\ud800"])
async def test_a_peer_that_is_no_address_is_not_trusted(peer: str) -> None:
    assert (await inward(x_for("1.2.3.4"), client=(peer, 1)))["client"] == (peer, 1)


@pytest.mark.parametrize("client", [PEER, STRANGER, list(PEER), ("10.0.0.1", "40000")])
async def test_the_peer_stays_readable(client: Any) -> None:
    # One server writes its ports as text, against rule H15.
    scope = await inward(x_for("1.2.3.4"), scope={"client": client}, ignore={"H15"})

    assert scope["asgi_stack.peer"] == client


async def test_the_peer_cannot_be_given_by_a_request() -> None:
    assert (await inward([("asgi_stack.peer", "1.2.3.4")], client=STRANGER))["asgi_stack.peer"] == STRANGER


@pytest.mark.parametrize(
    ("proto", "scheme"), [("https", "wss"), ("wss", "wss"), ("http", "ws"), ("ws", "ws")]
)
async def test_the_scheme_of_a_websocket_is_one_of_websockets(proto: str, scheme: str) -> None:
    lines = [*x_for("6.6.6.6, 1.2.3.4"), ("x-forwarded-proto", proto)]
    scope = await inward(lines, kind=websocket_scope)

    assert (scope["scheme"], scope["client"][0]) == (scheme, "1.2.3.4")


@pytest.mark.parametrize(("proto", "scheme"), [("ws", "http"), ("wss", "https")])
async def test_the_scheme_of_a_request_is_one_of_http(proto: str, scheme: str) -> None:
    assert (await inward([("x-forwarded-proto", proto)]))["scheme"] == scheme


HOST_AND_PORT = ["host", "port"]


@pytest.mark.parametrize(
    ("lines", "host"),
    [
        ([("x-forwarded-host", "example.com")], [b"example.com"]),
        ([("x-forwarded-host", "evil.com, example.com")], [b"example.com"]),
        ([("x-forwarded-host", "example.com:8443")], [b"example.com:8443"]),
        ([("x-forwarded-host", "[::1]")], [b"[::1]"]),
        ([("x-forwarded-host", "a b")], [b"testserver"]),
        ([("x-forwarded-host", "evil.com:fake@example.com")], [b"testserver"]),
        ([("x-forwarded-host", "example.com/../admin")], [b"testserver"]),
        ([("x-forwarded-host", "http://example.com")], [b"testserver"]),
        ([("x-forwarded-host", "")], [b"testserver"]),
        ([("x-forwarded-port", "8443")], [b"testserver:8443"]),
        ([("x-forwarded-port", "80")], [b"testserver"]),
        ([("x-forwarded-host", "example.com:"), ("x-forwarded-port", "8443")], [b"example.com:8443"]),
        ([("x-forwarded-host", "example.com:1"), ("x-forwarded-port", "8443")], [b"example.com:1"]),
        ([("x-forwarded-port", "8443"), ("host", "a.example:1")], [b"a.example:1"]),
        ([("x-forwarded-host", "example.com"), ("host", "a"), ("Host", "b")], [b"a", b"b"]),
        ([("x-forwarded-port", "8443"), ("host", "a b")], [b"a b"]),
    ],
)
async def test_there_is_one_host_the_forwarded_one_if_it_is_valid(lines: Lines, host: list[bytes]) -> None:
    scope = await inward(lines, parts=HOST_AND_PORT)

    assert [value for name, value in scope["headers"] if name.lower() == b"host"] == host


async def test_a_port_that_is_the_schemes_own_is_not_written() -> None:
    lines = [("x-forwarded-host", "example.com"), ("x-forwarded-proto", "https"), ("x-forwarded-port", "443")]
    scope = await inward(lines, parts=["proto", "host", "port"])

    assert scope["headers"] == [(b"host", b"example.com")]
    assert scope["server"] == ("testserver", 443)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "+1", "1_0", "x", "", "٣", "999999", "80 80"])
async def test_what_is_no_port_changes_nothing(port: str) -> None:
    scope = await inward([], parts=["port"], scope={"headers": [(b"x-forwarded-port", port.encode())]})

    assert scope["server"] == ("testserver", 80)


async def test_a_server_that_is_not_known_stays_so() -> None:
    assert (await inward([("x-forwarded-port", "8443")], parts=["port"], scope={"server": None}))[
        "server"
    ] is None


@pytest.mark.parametrize("client", [PEER, STRANGER])
@pytest.mark.parametrize("name", [*CLIENT_FIELDS, "X_Real_IP", "Client.IP", "CF_Connecting-IP"])
async def test_no_field_that_says_who_asks_goes_inward(name: str, client: Any) -> None:
    assert names(await inward([(name, "x")], client=client)) == [b"host"]


@pytest.mark.parametrize("client", [PEER, STRANGER])
async def test_further_names_are_taken_out_too(client: Any) -> None:
    scope = await inward([("x-site-client", "x"), ("x-other", "y")], client=client, strip=["X-Site-Client"])

    assert names(scope) == [b"host", b"x-other"]


@pytest.mark.parametrize(("client", "kept"), [(PEER, [b"cf-connecting-ip"]), (STRANGER, [])])
async def test_a_name_can_be_kept_from_trusted_peers(client: Any, kept: list[bytes]) -> None:
    lines = [("cf-connecting-ip", "x"), ("cf_connecting_ip", "y"), ("x-real-ip", "z")]
    scope = await inward(lines, client=client, keep=["CF-Connecting-IP"])

    assert names(scope) == [b"host", *kept]


async def test_a_list_that_is_read_here_can_be_kept_as_well() -> None:
    scope = await inward([("x-forwarded-for", "1.2.3.4")], keep=["x-forwarded-for"])

    assert (scope["client"], names(scope)) == (("1.2.3.4", 0), [b"host", b"x-forwarded-for"])


def test_the_page_names_each_of_these_fields_with_its_source() -> None:
    page = (Path(__file__).parents[2] / "docs/middleware/proxy-headers.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.*) \|$", page.partition("## Fields")[2], re.MULTILINE))

    assert listed == CLIENT_FIELDS


async def test_other_fields_stay_in_their_order_and_their_letters() -> None:
    fields = [(b"Accept", b"a"), (b"X-Forwarded-For", b"1.2.3.4"), (b"accept", b"b"), (b"X-Forward", b"c")]
    scope = await inward([], scope={"headers": fields})

    assert scope["headers"] == [(b"Accept", b"a"), (b"accept", b"b"), (b"X-Forward", b"c")]


async def test_a_list_without_forwarding_fields_is_handed_on_as_it_is() -> None:
    fields = [(b"host", b"a"), (b"accept", b"b")]

    assert (await inward([], client=STRANGER, scope={"headers": fields}))["headers"] is fields


async def test_a_server_may_give_the_fields_once() -> None:
    scope = await inward([], scope={"headers": iter([(b"x-forwarded-for", b"1.2.3.4"), (b"accept", b"b")])})

    assert (scope["client"], scope["headers"]) == (("1.2.3.4", 0), [(b"accept", b"b")])


untrusted = st.text(st.characters(max_codepoint=255), max_size=40) | st.text(
    '0123456789abf.:,[]"=; for', max_size=60
)


@given(untrusted, st.sampled_from(["x-forwarded", "forwarded"]))
async def test_whatever_a_client_writes_cannot_move_the_last_entry(text: str, header: str) -> None:
    value = f"{text}, 1.2.3.4" if header == "x-forwarded" else f"{text}, for=1.2.3.4"
    name = "x-forwarded-for" if header == "x-forwarded" else "forwarded"
    extra = {"headers": [(name.encode(), value.encode("latin-1"))]}
    scope = await inward([], header=header, scope=extra)

    assert scope["client"] in (("1.2.3.4", 0), PEER)


values = st.sampled_from(
    ["1.2.3.4", "::1", "10.0.0.2", " 1.2.3.4", "1.2.3.4, 10.0.0.2", "1.2.3.4:5", "x", ""]
)
protos = st.sampled_from(["https", "http", "wss", "HTTPS", " https", "https, http", "ftp", ""])


class NeverUsual(ProxyHeadersMiddleware):
    """Looks at every request as if it had come past several proxies."""

    def _believe_usual(self, request: Any, peer: Any) -> bool:
        return False


@given(
    st.lists(
        st.tuples(st.just(b"x-forwarded-for"), values) | st.tuples(st.just(b"x-forwarded-proto"), protos)
    ),
    st.sampled_from([http_scope, websocket_scope]),
    st.sampled_from([{"trusted": ["10.0.0.0/8"]}, {"hops": 1}, {"hops": 2}]),
)
async def test_what_is_usual_is_believed_as_anything_else_is(lines: Any, kind: Any, options: Any) -> None:
    seen = []
    for factory in (ProxyHeadersMiddleware, NeverUsual):
        headers = [(name, value.encode()) for name, value in lines]
        await call(factory(inner := Recorder(), **options), kind(client=PEER, extra={"headers": headers}))
        seen.append(inner.scope)

    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({}, r"trusted=\[\] is not usable. Give the addresses of your proxies"),
        ({"trusted": []}, "or how many entries they append to the list, as in hops=1"),
        (
            {"trusted": "10.0.0.1"},
            r"trusted='10.0.0.1' is not usable. Give a list, as in trusted=\['10.0.0.1'\]",
        ),
        ({"trusted": b"10.0.0.1"}, r"Give a list, as in trusted=\['10.0.0.0/8'\]"),
        ({"trusted": [None]}, "trusted=None is not usable. Each entry is a str"),
        (
            {"trusted": ["*"]},
            r"trusted='\*' is not usable. .*give how many entries your proxies append to",
        ),
        ({"trusted": ["*"], "hops": 1}, "give how many entries your proxies append to the list: hops=1."),
        ({"trusted": ["0.0.0.0/0"]}, "anybody can pass for anybody"),
        ({"trusted": ["::/0"]}, "anybody can pass for anybody"),
        ({"trusted": ["10.0.0.1/8"]}, "10.0.0.1/8 has host bits set. Write networks as .*'unix'"),
        ({"trusted": ["proxy.local"]}, "'proxy.local' does not appear to be"),
        ({"trusted": ["10.0.0.1", ""]}, "trusted='' is not usable"),
        ({"hops": 0}, "hops=0 is not usable. Give how many entries your proxies append, 1 to 64"),
        ({"hops": 65}, "hops=65 is not usable"),
        ({"hops": True}, "hops=True is not usable"),
        ({"hops": "1"}, "hops='1' is not usable"),
        (
            {"hops": 1, "header": "x-forwarded-for"},
            "Give 'x-forwarded' or 'forwarded'. Did you mean 'x-forwarded'",
        ),
        ({"hops": 1, "header": None}, "header=None is not usable"),
        (
            {"hops": 1, "parts": []},
            "With header='x-forwarded' give some of 'for', 'proto', 'host', 'port', 'prefix'",
        ),
        ({"hops": 1, "parts": ["by"]}, "parts='by' is not usable. With header='x-forwarded' give some of"),
        ({"hops": 1, "parts": "for"}, "parts='for' is not usable. Give a list, as in parts="),
        (
            {"hops": 1, "header": "forwarded", "parts": ["port"]},
            "With header='forwarded' give some of 'for', 'proto', 'host'",
        ),
        ({"hops": 1, "strip": "x-real-ip"}, "strip='x-real-ip' is not usable. Give a list"),
        ({"hops": 1, "strip": ["a b"]}, "strip='a b' is not usable. Give names of fields"),
        ({"hops": 1, "strip": ["a-b-c-d-e-f-g-h"]}, "Give names with at most 6 '-'"),
        ({"hops": 1, "keep": "x-real-ip"}, "keep='x-real-ip' is not usable. Give a list"),
        ({"hops": 1, "keep": ["a b"]}, "keep='a b' is not usable. Give names of fields"),
    ],
)
def test_an_option_that_would_trust_the_wrong_ones_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        ProxyHeadersMiddleware(Recorder(), **options)
