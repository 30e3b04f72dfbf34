"""Attacks on a whole edge around Django, over real sockets on every server.

The attacks that end in a refusal are in ``attacks.py``, with the servers that refuse them by themselves.
Those that must have no effect are here.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.attacks import CLOSE, EARLIER, FOO, HTTPS, OTHER_STATUS, REFUSED
from tests.integration.conftest import available
from tests.integration.servers import EVERY_SERVER, Server, serving
from tests.integration.wire import Answer, exchange, parse, request_bytes

BAR = "https://bar.com"


@pytest.fixture(scope="module", params=EVERY_SERVER)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The three sites of ``apps/edge_attacks.py``; uvicorn is kept from believing proxies by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORWARDED_ALLOW_IPS", "")
        kind = available(request.param)
        with serving(kind, "edge_attacks:application", tmp_path_factory.mktemp("log")) as server:
            yield server


def ask(server: Server, target: str, *lines: str, method: str = "GET", host: str | None = None) -> Answer:
    return exchange(server, request_bytes(method, target, host or "example.com", CLOSE, *lines))


def seen(server: Server, target: str, *lines: str) -> dict[str, Any]:
    """What Django made of a request."""
    return json.loads(ask(server, target, *lines).body)


def hidden(found: dict[str, Any]) -> bool:
    return not [name for name in found["names"] if "FORWARD" in name or "REAL_IP" in name]


# ---- who the client is


@pytest.mark.parametrize(
    "line",
    [
        "X-Forwarded-For: 10.0.0.1",
        "X-Forwarded-For: 127.0.0.1",
        "X-Real-IP: 10.0.0.1",
        "Forwarded: for=10.0.0.1",
    ],
)
def test_attack_01_a_stranger_says_who_it_is(server: Server, line: str) -> None:
    found = seen(server, "/stranger/plain", line, HTTPS, "X-Forwarded-Host: evil.com")

    assert (found["client"], found["secure"], found["host"]) == ("127.0.0.1", False, "example.com")
    assert hidden(found)


@pytest.mark.parametrize(
    ("lines", "client"),
    [
        (["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
        (["6.6.6.6", "1.2.3.4"], "1.2.3.4"),
        (["6.6.6.6, 1.2.3.4:80, 127.0.0.1"], "1.2.3.4"),
        (["6.6.6.6, ::ffff:1.2.3.4"], "1.2.3.4"),
        (["6.6.6.6, [2001:db8::1]:443"], "2001:db8::1"),
    ],
)
def test_attack_02_the_client_writes_the_start_of_the_list(
    server: Server, lines: list[str], client: str
) -> None:
    assert seen(server, "/plain", *[f"X-Forwarded-For: {line}" for line in lines])["client"] == client


@pytest.mark.parametrize(
    "entry", ["<script>alert(1)</script>", "unknown", "1.2.3", "1.2.3.4.5", "0x7f.1", "::1::"]
)
def test_attack_03_text_takes_the_place_of_an_address(server: Server, entry: str) -> None:
    assert seen(server, "/plain", f"X-Forwarded-For: 1.2.3.4, {entry}")["client"] == "127.0.0.1"


@pytest.mark.parametrize("name", ["x_forwarded_for", "x.forwarded.for", "X-Forwarded_For", "X_FORWARDED-FOR"])
@pytest.mark.parametrize("site", ["/plain", "/stranger/plain"])
def test_attack_04_a_name_looks_alike(server: Server, name: str, site: str) -> None:
    found = seen(server, site, f"{name}: 10.0.0.1")

    assert (found["client"], hidden(found)) == ("127.0.0.1", True)


def test_attack_05_a_quoted_host_carries_another_parameter(server: Server) -> None:
    found = seen(server, "/forwarded/plain", 'Forwarded: for=1.1.1.1;host="x;proto=https"')

    assert (found["client"], found["secure"], found["host"]) == ("1.1.1.1", False, "example.com")


@pytest.mark.parametrize("value", ["javascript", "file", "httpss", '"https "'])
def test_attack_06_a_scheme_that_is_none(server: Server, value: str) -> None:
    found = seen(server, "/forwarded/plain", f"Forwarded: for=1.2.3.4;proto={value}")

    assert (found["client"], found["secure"]) == ("1.2.3.4", False)


@pytest.mark.parametrize(
    ("site", "line"),
    [
        ("/plain", "Forwarded: for=6.6.6.6;proto=https;host=evil.com"),
        ("/forwarded/plain", "X-Forwarded-For: 6.6.6.6"),
        ("/forwarded/plain", HTTPS),
        ("/forwarded/plain", "X-Forwarded-Host: evil.com"),
    ],
)
def test_attack_07_the_header_that_the_proxy_does_not_set(server: Server, site: str, line: str) -> None:
    found = seen(server, site, line)

    assert (found["client"], found["secure"], found["host"]) == ("127.0.0.1", False, "example.com")
    assert hidden(found)


@pytest.mark.parametrize("lines", [["https, http"], ["https", "http"], ["https,http"], ["https, ftp"]])
def test_attack_08_the_client_writes_the_start_of_the_schemes(server: Server, lines: list[str]) -> None:
    assert seen(server, "/plain", *[f"X-Forwarded-Proto: {line}" for line in lines])["secure"] is False


@pytest.mark.parametrize(
    "prefix", ["//evil.com", "/../admin", "/a/./b", "https://evil.com", "/a?b", "/%2e%2e"]
)
def test_attack_09_a_prefix_that_leads_away(server: Server, prefix: str) -> None:
    assert seen(server, "/plain", f"X-Forwarded-Prefix: {prefix}")["path"] == "/plain"


@pytest.mark.parametrize("connection", ["X-Forwarded-For, close", "X-Forwarded-Proto, Host, close"])
def test_attack_11_a_connection_header_takes_fields_away(server: Server, connection: str) -> None:
    data = request_bytes("GET", "/plain", "example.com", f"Connection: {connection}")
    found = json.loads(exchange(server, data).body)

    assert (found["client"], found["secure"], found["host"]) == ("127.0.0.1", False, "example.com")


# ---- what is refused before Django is asked


@pytest.mark.parametrize("name", REFUSED)
def test_attack_is_refused_and_django_is_not_asked(server: Server, name: str) -> None:
    status, data = REFUSED[name]
    answer = exchange(server, data)

    assert answer.status == OTHER_STATUS.get((server.kind.name, name), status)
    assert (answer.all("x-inner"), answer.all("location"), b"evil" in answer.body) == ([], [], False)


@pytest.mark.parametrize("name", REFUSED)
def test_attack_is_refused_by_the_edge_unless_the_server_is_known_to_do_it(server: Server, name: str) -> None:
    answer = exchange(server, REFUSED[name][1])

    assert answer.all("cache-control") == ["no-store"] or name in EARLIER[server.kind.name]


# ---- what other origins may read


@pytest.mark.parametrize(
    "origin",
    [
        f"{FOO}.evil.com",
        "https://evilfoo.com",
        "https://fooXcom",
        "https://foo.community",
        "http://foo.com",
        f"{FOO}:8443",
        f"{FOO}/",
        "null",
    ],
)
def test_attack_33_an_origin_that_resembles_an_allowed_one(server: Server, origin: str) -> None:
    answer = ask(server, "/", HTTPS, f"Origin: {origin}")

    assert (answer.status, "Origin" in ", ".join(answer.all("vary"))) == (200, True)
    assert not [name for name, _ in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "origin", ["https://barfoo.com", f"{FOO},{BAR}", f"{FOO} {BAR}", "https://foo.combar.com"]
)
def test_attack_34_two_allowed_origins_in_one(server: Server, origin: str) -> None:
    assert not ask(server, "/", HTTPS, f"Origin: {origin}").all("access-control-allow-origin")


def test_attack_35_the_request_has_a_vary(server: Server) -> None:
    answer = ask(server, "/", HTTPS, "Vary: X-Evil", f"Origin: {FOO}")

    assert ", ".join(answer.all("vary")) == "Cookie, Origin"


@pytest.mark.parametrize(("target", "site", "status"), [("/boom", "none", 500), ("/", "cross-site", 403)])
def test_attack_36_an_error_is_read_by_an_allowed_page(
    server: Server, target: str, site: str, status: int
) -> None:
    lines = f"Origin: {BAR}", f"Sec-Fetch-Site: {site}", "Content-Length: 0"
    answer = ask(server, target, HTTPS, *lines, method="POST")

    assert (answer.status, answer.all("access-control-allow-origin")) == (status, [BAR])
    assert answer.all("strict-transport-security") == ["max-age=3600"]


# ---- websockets


def handshake(server: Server, *lines: str, target: str = "/", host: str | None = "example.com") -> int:
    """The status of the answer to a websocket's handshake."""
    version = "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    received = b""
    with server.connect() as connection:
        upgrade = "Connection: Upgrade", "Upgrade: websocket", *version, *lines
        connection.sendall(request_bytes("GET", target, host, *upgrade))
        while b"\r\n\r\n" not in received:
            more = connection.recv(4096)
            assert more, f"{server.kind.name} closed without an answer"
            received += more
    return parse(received).status


WEBSOCKETS: dict[str, tuple[str, str | None, list[str]]] = {
    "10 a long list": ("/", "example.com", [HTTPS, "X-Forwarded-For: " + ", ".join(["1.2.3.4"] * 300)]),
    "12 another host": ("/", "evil.com", [HTTPS]),
    "13 two hosts": ("/", "example.com", [HTTPS, "Host: evil.com"]),
    "14 a host with a path": ("/", "example.com/../admin", [HTTPS]),
    "15 one letter for the dot": ("/", "exampleXcom", [HTTPS]),
    "16 no host": ("/", None, [HTTPS, "X-Forwarded-Host: example.com"]),
    "17 in clear": ("/", "example.com", []),
    "18 an encoded slash": ("/a%2fb", "example.com", [HTTPS]),
    "18 encoded dots": ("/a/%2e%2e/b", "example.com", [HTTPS]),
    # Daphne makes one line of those of one name.
    "19 many lines": ("/", "example.com", [HTTPS, *(f"X-{number}: b" for number in range(120))]),
    "20 next line": ("/", "example.com", [HTTPS, "X-A: a\x85b"]),
    "39 said twice": ("/", "example.com", [HTTPS, "Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site"]),
}


@pytest.mark.parametrize("name", WEBSOCKETS)
def test_attack_by_a_websocket_is_refused_as_by_a_request(server: Server, name: str) -> None:
    target, host, lines = WEBSOCKETS[name]

    # A server without denial responses makes a 403 of whatever is refused.
    assert handshake(server, *lines, target=target, host=host) in (400, 403, 431)


@pytest.mark.parametrize(
    "lines",
    [
        ["Origin: https://evil.com"],
        ["Origin: null"],
        ["Origin: https://example.com.evil.com"],
        ["Origin: https://example.com:8443"],
        [f"Origin: {BAR}"],
        ["Sec-Fetch-Site: cross-site", "Origin: https://evil.com"],
        ["Sec-Fetch-Site: same-site"],
    ],
)
def test_attack_40_a_page_of_another_origin_opens_a_websocket(server: Server, lines: list[str]) -> None:
    assert handshake(server, HTTPS, *lines) == 403


@pytest.mark.parametrize("lines", [[f"Origin: {FOO}"], ["Origin: https://example.com"], []])
def test_a_websocket_of_the_site_is_accepted(server: Server, lines: list[str]) -> None:
    assert handshake(server, HTTPS, *lines) == 101


# ---- ids, and an honest request


@pytest.mark.parametrize("given", ["{uuid}", "a" * 9000, "caf\xe9", "a b", "a;Set-Cookie: x=1"])
def test_attack_47_an_id_that_is_malformed(server: Server, given: str) -> None:
    answer = ask(server, "/", HTTPS, f"X-Request-ID: {given}")
    (request_id,) = answer.all("x-request-id")

    assert (answer.status, len(request_id), answer.all("set-cookie")) == (200, 32, [])


def test_an_honest_request_reaches_django_as_the_client_sent_it(server: Server) -> None:
    found = seen(server, "/caf%C3%A9", HTTPS, "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Prefix: /shop")

    assert (found["client"], found["secure"], found["path"]) == ("203.0.113.9", True, "/shop/café")
    assert (found["host"], hidden(found)) == ("example.com", True)
