"""What no honest client sends, over real sockets: refused by the guard, or by the server before it."""

from collections.abc import Callable, Iterator

import pytest

from tests.integration.conftest import available
from tests.integration.servers import EVERY_SERVER, Kind, Server, serving
from tests.integration.wire import Answer, exchange, request_bytes

ADA = "Authorization: Basic YWRhOmxvdmVsYWNl"
SPAN = "2" * 16


@pytest.fixture(scope="module", params=EVERY_SERVER)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(available(request.param), "guarded:application", tmp_path_factory.mktemp("log")) as server:
        yield server


def ask(server: Server, target: str, *lines: str, method: str = "GET") -> Answer:
    return exchange(server, request_bytes(method, target, "localhost", "Connection: close", *lines))


@pytest.mark.parametrize(
    "target",
    [
        "/static/..%2f..%2fsettings.py",
        "/static/..%2F..%2Fsettings.py",
        "/a/%2e%2e/b",
        "/a/%2E./b",
        "/a/../b",
        "/%00",
        "/a%0d%0aSet-Cookie:%20x=1",
        "/a%5c..%5cb",
        "/%252e%252e/",
        "/%c0%ae%c0%ae/",
        "/%ff",
    ],
)
def test_attack_18_a_path_that_layers_read_differently_is_400(server: Server, target: str) -> None:
    assert ask(server, target).status == 400


def test_attack_19_copies_of_a_field_are_431(server: Server) -> None:
    assert ask(server, "/", *["X-A: b"] * 120).status == 431


@pytest.mark.parametrize("char", ["\x00", "\x0b", "\x0c", "\x1c", "\x1e", "\x7f", "\x85"])
def test_attack_20_a_control_character_in_a_value_is_400(server: Server, char: str) -> None:
    assert ask(server, "/", f"X-A: a{char}b").status == 400


@pytest.mark.parametrize("length", ["-5", "1_0", "+5", "5, 6", "0x5", "\xb2"])
def test_attack_24_a_length_that_is_no_number_is_400(server: Server, length: str) -> None:
    assert ask(server, "/", f"Content-Length: {length}").status == 400


def test_attack_24_two_lengths_are_400(server: Server) -> None:
    assert ask(server, "/", "Content-Length: 5", "Content-Length: 6").status == 400


@pytest.mark.parametrize("given", ["{uuid}", "a" * 9000, "caf\xe9", "a b"])
def test_attack_47_an_id_that_is_malformed_gives_way_to_a_new_one(server: Server, given: str) -> None:
    answer = ask(server, "/", f"X-Request-ID: {given}")
    (request_id,) = answer.all("x-request-id")

    assert (answer.status, len(request_id)) == (200, 32)


def test_a_method_that_is_not_allowed_is_405(server: Server) -> None:
    answer = ask(server, "/", method="TRACE")

    assert (answer.status, "GET" in answer.all("allow")[0]) == (405, True)


@pytest.mark.parametrize(
    ("target", "shown"),
    [("/", "/"), ("/caf%C3%A9%20x?next=%2Fa", "/café x"), ("/.well-known/x", "/.well-known/x")],
)
def test_an_honest_request_passes_and_its_trace_goes_on(server: Server, target: str, shown: str) -> None:
    answer = ask(server, target, f"traceparent: 00-{'1' * 32}-{SPAN}-01", "Cookie: a=b", "Accept: */*")

    assert answer.status == 200
    assert f"{shown} {SPAN}".encode() in answer.body


def test_the_password_is_asked_for_and_lets_in(server: Server) -> None:
    asked = ask(server, "/staging")

    assert (asked.status, asked.all("www-authenticate")) == (
        401,
        ['Basic realm="Restricted", charset="UTF-8"'],
    )
    assert ask(server, "/staging", ADA).status == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_the_process_lives_and_is_ready(server: Server, path: str) -> None:
    assert ask(server, path).status == 200
    assert ask(server, path, method="HEAD").body == b""


# Hypercorn's main process keeps the signal from its workers; daphne has no lifespan to take it over in.
TELLS_OF_SIGTERM = ["uvicorn-h11", "uvicorn-httptools", "granian"]


@pytest.mark.parametrize("kind", TELLS_OF_SIGTERM, indirect=True)
def test_a_stream_ends_by_itself_when_the_server_is_to_stop(
    kind: Kind, start: Callable[[str], Server]
) -> None:
    server = start("guarded:application")
    with server.connect() as connection:
        connection.sendall(request_bytes("GET", "/stream", "localhost", "Connection: close"))
        received = b""
        while b"begun" not in received:
            received += connection.recv(65536)
        server.stop()
        received += b"".join(iter(lambda: connection.recv(65536), b""))

    assert b"/stream None" in received
