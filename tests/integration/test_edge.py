"""The attacks on the edge over real sockets, on every server."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import InvalidHandshake, InvalidMessage
from websockets.sync.client import connect

from tests.integration.conftest import available
from tests.integration.servers import EVERY_SERVER, PATIENCE, Server, serving
from tests.integration.wire import Answer, exchange, request_bytes

HTTPS = "X-Forwarded-Proto: https"
APP = "https://app.example"


@pytest.fixture(scope="module", params=EVERY_SERVER)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application of ``apps/edge.py``; uvicorn does not read what proxies say, as it would by default."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORWARDED_ALLOW_IPS", "")
        with serving(available(request.param), "edge:app", tmp_path_factory.mktemp("log")) as server:
            yield server


def ask(
    server: Server, *lines: str, method: str = "GET", target: str = "/", host: str = "localhost"
) -> Answer:
    return exchange(server, request_bytes(method, target, host, "Connection: close", *lines))


def seen(server: Server, *lines: str) -> dict[str, Any]:
    """What reaches the application of a request that came to the proxy by https."""
    return json.loads(ask(server, HTTPS, *lines).body)


@pytest.mark.parametrize(
    ("value", "client"),
    [
        ("6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("6.6.6.6, [2001:DB8::1]:80", "2001:db8::1"),
        ("1.2.3.4, <script>alert(1)</script>", "127.0.0.1"),
        ("1.2.3.4, 127.0.0.1, unknown", "127.0.0.1"),
    ],
)
def test_attacks_02_and_03_the_client_is_the_last_that_is_vouched_for(
    server: Server, value: str, client: str
) -> None:
    assert seen(server, f"X-Forwarded-For: {value}")["client"] == client


@pytest.mark.parametrize("name", ["x_forwarded_for", "X.Forwarded.For", "Forwarded", "X-Forwarded_For"])
def test_attacks_04_and_07_no_lookalike_and_no_other_header_goes_inward(server: Server, name: str) -> None:
    found = seen(server, f"{name}: for=6.6.6.6", "X-Forwarded-Host: evil.example")

    assert found["client"] == "127.0.0.1"
    assert not [each for each in found["names"] if "forwarded" in each.lower()]


@pytest.mark.parametrize("proto", ["https, http", "javascript", ""])
def test_attacks_06_and_08_no_other_scheme_is_believed(server: Server, proto: str) -> None:
    assert ask(server, f"X-Forwarded-Proto: {proto}").status == 301


def test_attack_10_a_long_list_is_refused(server: Server) -> None:
    assert ask(server, HTTPS, f"X-Forwarded-For: {', '.join(['1.2.3.4'] * 300)}").status == 400


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example"])
def test_attack_17_no_other_host_is_redirected_to(server: Server, host: str) -> None:
    answer = ask(server, host=host)

    assert (answer.status, answer.all("location")) == (400, [])


@pytest.mark.parametrize(
    "target", ["/a%2e%2e/%2Fb//c?x=%20&y=%2F", "//evil.example/%2f..", "/../a", "/%C3%BC?"]
)
def test_path_and_query_stay_byte_for_byte(server: Server, target: str) -> None:
    assert ask(server, target=target).all("location") == [f"https://localhost{target.removesuffix('?')}"]


@pytest.mark.parametrize("target", ["http://evil.example/", "*", "evil.example:443"])
def test_no_other_target_leads_away(server: Server, target: str) -> None:
    answer = ask(server, target=target, method="OPTIONS")

    assert all(location.startswith("https://localhost/") for location in answer.all("location"))


@pytest.mark.parametrize(
    "origin", [f"{APP}.evil.example", "https://evilapp.example", "http://app.example", f"{APP}:8443", "null"]
)
def test_attack_33_another_origin_gets_no_mark(server: Server, origin: str) -> None:
    answer = ask(server, HTTPS, f"Origin: {origin}")

    assert (answer.status, answer.all("access-control-allow-origin")) == (200, [])


@pytest.mark.parametrize(("target", "status"), [("/", 200), ("/boom", 500)])
def test_attack_36_every_answer_is_marked(server: Server, target: str, status: int) -> None:
    answer = ask(server, HTTPS, f"Origin: {APP}", target=target)

    assert (answer.status, answer.all("access-control-allow-origin")) == (status, [APP])


@pytest.mark.parametrize(
    "lines",
    [
        ["Sec-Fetch-Site: cross-site"],
        ["Sec-Fetch-Site: same-site"],
        ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"],
        ["Origin: https://evil.example"],
        ["Origin: null"],
    ],
)
def test_attacks_38_and_39_a_request_of_another_site_is_refused(server: Server, lines: list[str]) -> None:
    assert ask(server, HTTPS, "Content-Length: 0", *lines, method="POST").status == 403


@pytest.mark.parametrize(
    "line", ["Sec-Fetch-Site: same-origin", "Origin: https://localhost", f"Origin: {APP}", "X: y"]
)
def test_a_request_of_the_own_site_passes(server: Server, line: str) -> None:
    assert ask(server, HTTPS, "Content-Length: 0", line, method="POST").status == 200


def open_websocket(server: Server, origin: str) -> None:
    url = f"ws://localhost:{server.port}/"
    options: Any = {"origin": origin, "additional_headers": {"X-Forwarded-Proto": "https"}, "proxy": None}
    with server.connect() as connection, connect(url, sock=connection, open_timeout=PATIENCE, **options):
        pass


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://localhost.evil.example"])
def test_attack_40_a_websocket_of_another_origin_is_refused(server: Server, origin: str) -> None:
    with pytest.raises((InvalidHandshake, InvalidMessage)):
        open_websocket(server, origin)


@pytest.mark.parametrize("origin", [APP, "https://localhost"])
def test_a_websocket_of_the_own_site_is_accepted(server: Server, origin: str) -> None:
    open_websocket(server, f"{origin}:{server.port}" if "localhost" in origin else origin)
