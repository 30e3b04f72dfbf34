"""What `Lint` finds in the traffic of real servers: true violations only, and the known ones."""

from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.integration.conftest import available
from tests.integration.servers import EVERY_SERVER, PATIENCE, Server, serving
from tests.integration.wire import exchange, open_slowly, request_bytes

# Granian gives ports as str.
KNOWN = {"granian": {"H15", "H16", "W11"}}
# Of a client that speaks HTTP/1.0: the specification knows "1.0", and granian says "1".
KNOWN_OF_HTTP_1_0 = {"granian": {"H4"}}

MORE = ("Connection: close", "X_Y: 1", "X-Y: \xff")


@pytest.fixture(scope="module", params=EVERY_SERVER)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application of ``apps/linted.py``, served by each server."""
    with serving(available(request.param), "linted:app", tmp_path_factory.mktemp("log")) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=PATIENCE, trust_env=False) as client:
        yield client


def found(client: httpx.Client) -> dict[str, str]:
    """The rules that were broken, and how, since the last time this was asked."""
    return {violation["rule"]: str(violation) for violation in client.get("/violations").json()}


def unknown(server: Server, client: httpx.Client) -> dict[str, str]:
    """What was found and is not known of this server."""
    known = KNOWN.get(server.kind.name, set()) | KNOWN_OF_HTTP_1_0.get(server.kind.name, set())
    return {rule: text for rule, text in found(client).items() if rule not in known}


def test_plain_requests_break_no_rule(server: Server, client: httpx.Client) -> None:
    for method in ("GET", "HEAD", "POST", "DELETE", "OPTIONS"):
        client.request(method, "/a%20b/%C3%BC?c=%20d", content=b"hello" if method == "POST" else None)

    assert unknown(server, client) == {}


def test_large_and_chunked_bodies_break_no_rule(server: Server, client: httpx.Client) -> None:
    client.post("/", content=b"x" * 300_000)
    client.post("/", content=iter([b"one", b"two"]))

    assert unknown(server, client) == {}


def test_a_streamed_response_breaks_no_rule(server: Server, client: httpx.Client) -> None:
    assert client.get("/stream").content == b"part 0part 1part 2"
    assert unknown(server, client) == {}


def test_unusual_heads_break_no_rule(server: Server, client: httpx.Client) -> None:
    for target in ("/%ff", "/a?b?c", "//a", "/%3F", f"http://127.0.0.1:{server.port}/a"):
        exchange(
            server, request_bytes("GET", target, "localhost", "Connection: close", "X_Y: 1", "X-Y: \xff")
        )

    assert unknown(server, client) == {}


def test_http_1_0_shows_what_is_known(server: Server, client: httpx.Client) -> None:
    exchange(server, b"GET / HTTP/1.0\r\n\r\n")

    assert found(client).keys() & {"H4"} == KNOWN_OF_HTTP_1_0.get(server.kind.name, set())


def test_a_client_that_leaves_breaks_no_rule(server: Server, client: httpx.Client) -> None:
    open_slowly(server, "/stream").close()
    with server.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")

    assert unknown(server, client) == {}


def test_a_websocket_breaks_no_rule(server: Server, client: httpx.Client) -> None:
    with connect(f"ws://127.0.0.1:{server.port}/ws?a=b", proxy=None) as websocket:
        websocket.send("hello")
        websocket.send(b"bytes")
        assert [websocket.recv(), websocket.recv()] == ["hello", b"bytes"]

    assert unknown(server, client) == {}


def test_a_refused_websocket_breaks_no_rule(server: Server, client: httpx.Client) -> None:
    with (
        pytest.raises(InvalidStatus, match="403"),
        connect(f"ws://127.0.0.1:{server.port}/refused", proxy=None),
    ):
        pass

    assert unknown(server, client) == {}


def test_the_known_violations_are_still_there(server: Server, client: httpx.Client) -> None:
    client.get("/")
    with connect(f"ws://127.0.0.1:{server.port}/ws", proxy=None):
        pass

    assert found(client).keys() == KNOWN.get(server.kind.name, set())
