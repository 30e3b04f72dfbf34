"""A long response costs no memory, and a slow client slows down the view that makes it."""

import sys
import uuid
from pathlib import Path

import httpx
import pytest

from tests.integration.servers import Server
from tests.integration.wire import drain, open_slowly

MIB = 1024**2
CHUNK = 65536
# Daphne writes what it is given into memory: it has no back-pressure to keep.
KEEPS_BACK_PRESSURE = ["uvicorn-h11", "uvicorn-httptools", "hypercorn", "granian"]


def resident(server: Server) -> int:
    """The memory of the server process in bytes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return 1024 * int(status.partition("VmRSS:")[2].split()[0])


def stream(name: str, size: int) -> str:
    return f"/stream/?count={size // CHUNK}&size={CHUNK}&name={name}"


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is read from /proc")
@pytest.mark.parametrize("example", ["uvicorn-httptools"], indirect=True)
def test_a_response_of_one_gibibyte_takes_less_than_8_mib(example: Server) -> None:
    buffer = bytearray(MIB)
    with open_slowly(example, stream("warm-up", 64 * MIB)) as connection:
        drain(connection, buffer)
    before = peak = resident(example)
    with open_slowly(example, stream("long", 1024 * MIB)) as connection:
        received = 0
        while count := connection.recv_into(buffer):
            if received // (16 * MIB) != (received + count) // (16 * MIB):
                peak = max(peak, resident(example))
            received += count

    assert received > 1024 * MIB
    assert peak - before < 8 * MIB


@pytest.mark.parametrize("example", KEEPS_BACK_PRESSURE, indirect=True)
def test_a_slow_client_slows_the_view(example: Server, client: httpx.Client) -> None:
    name, size = uuid.uuid4().hex, 256 * MIB

    def progress() -> int:
        return int(client.get("/stream/progress/", params={"name": name}).json()["chunks"])

    with open_slowly(example, stream(name, size)) as connection:
        example.wait_until(lambda: progress() > 0, "the stream begins")
        example.wait_until(lambda: len({progress() for _ in range(30)}) == 1, "the stream waits")
        assert progress() * CHUNK < size / 4
        assert drain(connection, bytearray(MIB)) > size
