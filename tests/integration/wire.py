"""HTTP/1.1 by hand, for what a client library would hide or refuse to send."""

import socket
from dataclasses import dataclass

from tests.integration.servers import PATIENCE, Server


@dataclass(frozen=True)
class Answer:
    """A response as it came over the wire; header names in lower case, repeated ones kept."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


def request_bytes(method: str, target: str, host: str | None = "localhost", *more: str) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", *([f"Host: {host}"] if host is not None else []), *more]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def exchange(server: Server, data: bytes) -> Answer:
    """Send *data*, which must ask for ``Connection: close``, and read until the server closes."""
    with server.connect() as connection:
        connection.sendall(data)
        return parse(b"".join(iter(lambda: connection.recv(65536), b"")))


def parse(received: bytes) -> Answer:
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = (line.split(":", 1) for line in lines)
    return Answer(int(first.split()[1]), [(name.lower(), value.strip()) for name, value in fields], body)


def open_slowly(server: Server, target: str) -> socket.socket:
    """Ask for *target* with a small receive buffer, and read nothing yet."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    connection.settimeout(PATIENCE)
    connection.connect(("127.0.0.1", server.port))
    connection.sendall(request_bytes("GET", target, "localhost", "Connection: close"))
    return connection


def drain(connection: socket.socket, buffer: bytearray) -> int:
    """Read to the end into one buffer; the number of bytes."""
    total = 0
    while count := connection.recv_into(buffer):
        total += count
    return total
