"""What clients notice of a drain, on every server."""

import signal
from collections.abc import Callable

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.integration.servers import PATIENCE, Server

Start = Callable[[str], Server]


def begin(server: Server) -> httpx.Response:
    return httpx.post(f"{server.url}/drain", timeout=PATIENCE, trust_env=False)


def test_an_open_websocket_is_closed_and_ends_inside(start: Start) -> None:
    server = start("draining:app")
    with connect(server.url.replace("http", "ws"), open_timeout=PATIENCE) as session:
        begin(server)
        with pytest.raises(ConnectionClosed) as caught:
            session.recv(PATIENCE)

    assert caught.value.rcvd is not None
    # Daphne refuses to send 1012.
    assert caught.value.rcvd.code == (1000 if server.kind.name == "daphne" else 1012)
    server.wait_until(lambda: "the websocket has ended" in server.log(), "the application ends")


def test_a_websocket_that_comes_too_late_is_refused(start: Start) -> None:
    server = start("draining:app")
    begin(server)

    def refused() -> bool:
        try:
            with connect(server.url.replace("http", "ws"), open_timeout=PATIENCE):
                return False
        except InvalidStatus as error:
            return error.response.status_code in (403, 503)

    server.wait_until(refused, "a handshake is refused")


def test_a_stream_of_events_ends_as_a_whole_response_and_inside(start: Start) -> None:
    server = start("draining:app")
    with httpx.stream("GET", f"{server.url}/", timeout=PATIENCE, trust_env=False) as response:
        lines = response.iter_lines()
        next(lines)
        answer = begin(server)

        assert set(lines) == {"", "data: tick"}
    assert (answer.text, answer.headers["connection"]) == ("draining\n", "close")
    server.wait_until(lambda: "the stream has ended" in server.log(), "the application ends")
    assert "Traceback" not in server.log()


@pytest.mark.parametrize("kind", ["uvicorn-h11", "uvicorn-httptools", "granian"], indirect=True)
def test_a_server_that_is_told_to_stop_need_not_wait_for_a_stream(start: Start) -> None:
    server = start("draining:app_that_hears_signals")
    with httpx.stream("GET", f"{server.url}/", timeout=PATIENCE, trust_env=False) as response:
        lines = response.iter_lines()
        next(lines)
        server.process.send_signal(signal.SIGTERM)

        assert set(lines) == {"", "data: tick"}
    server.wait()
