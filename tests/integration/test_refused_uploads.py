"""A refusal of an upload arrives: to a client that sends all before it reads, and through nginx."""

import http.client
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.servers import PATIENCE, Kind, Server, free_port
from tests.integration.wire import request_bytes

SIZE = 5_000_000
NGINX = """\
daemon off; {user} pid nginx.pid; error_log stderr; events {{}}
http {{
    access_log off; client_max_body_size 100m;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fcgi; uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{upstream}; {more} }} }}
}}
"""
# As root nginx changes its user, who may not write into a folder of ours.
USER = "user root;" if os.getuid() == 0 else ""
BUFFERED, STREAMED = "", "proxy_request_buffering off; proxy_http_version 1.1;"


@pytest.fixture
def refusing(start: Callable[[str], Server]) -> Server:
    return start("refusing:application")


@pytest.fixture(params=[BUFFERED, STREAMED], ids=["buffered", "streamed"])
def through_nginx(request: pytest.FixtureRequest, refusing: Server, tmp_path: Path) -> Iterator[Server]:
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed")
    port, log_file, config = free_port(), tmp_path / "nginx.log", tmp_path / "config"
    config.write_text(NGINX.format(user=USER, port=port, upstream=refusing.port, more=request.param))
    with log_file.open("wb") as log:
        command = ["nginx", "-p", str(tmp_path), "-c", str(config)]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    server = Server(Kind("nginx", lambda app, port: command, ()), port, process, log_file)
    try:
        server.wait_until(server.listens, "it listens")
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)


def final_response(connection: socket.socket) -> http.client.HTTPResponse:
    """The next response that is no 100, whole."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    response.read()
    return response


def upload(server: Server, *lines: str, size: int = SIZE) -> http.client.HTTPResponse:
    """Send everything, then read: what cannot be written is an answer that is lost."""
    head = ["Origin: https://other.example", f"Content-Length: {size}", *lines]
    with server.connect() as connection:
        connection.sendall(request_bytes("POST", "/", "example.com", *head) + b"x" * size)
        return final_response(connection)


def test_a_refusal_reaches_a_client_that_sends_all_first(refusing: Server) -> None:
    ways = ["Connection: close", "Connection: keep-alive"]

    assert [upload(refusing, way).status for way in ways for _ in range(5)] == [403] * 10


@pytest.mark.parametrize("size", [15_000, 200_000, SIZE])
def test_a_refusal_reaches_the_client_of_nginx(through_nginx: Server, size: int) -> None:
    assert [upload(through_nginx, size=size).status for _ in range(20)] == [403] * 20


def test_the_connection_serves_the_next_request(refusing: Server) -> None:
    data = request_bytes(
        "POST", "/", "example.com", "Origin: https://other.example", "Content-Length: 100000"
    )
    with refusing.connect() as connection:
        answers = []
        for _ in range(2):
            connection.sendall(data + b"x" * 100_000)
            answers.append(final_response(connection).status)

    assert answers == [403, 403]


def test_a_client_that_waits_for_a_100_need_not_send_anything(refusing: Server) -> None:
    if refusing.kind.name == "daphne":
        pytest.skip("daphne asks for the body before it calls the application")
    lines = ["Origin: https://other.example", "Content-Length: 5", "Expect: 100-continue"]
    with refusing.connect() as connection:
        connection.sendall(request_bytes("POST", "/", "example.com", *lines))
        answer = final_response(connection)

    assert answer.status == 403


def test_a_body_beyond_the_bound_ends_the_connection(refusing: Server) -> None:
    if refusing.kind.name == "daphne":
        pytest.skip("daphne reads the whole body before it calls the application")
    lines = ["Origin: https://other.example", f"Content-Length: {30 * 1024 * 1024}"]
    with refusing.connect() as connection:
        connection.sendall(request_bytes("POST", "/", "example.com", *lines))
        answer = final_response(connection)

    assert (answer.status, answer.headers.get_all("connection")) == (403, ["close"])
