"""The loop that runs until nothing moves any more."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from asgi_stack.testing.contract.loop import SteppedLoop


@pytest.fixture
def loop() -> Iterator[SteppedLoop]:
    loop = SteppedLoop()
    yield loop
    loop.close()


def test_it_runs_until_everything_waits(loop: SteppedLoop) -> None:
    future = loop.create_future()
    task = loop.create_task(asyncio.wait_for(future, None))
    loop.settle()
    assert not task.done()

    future.set_result(7)
    loop.settle()
    assert task.result() == 7


def test_a_short_timer_runs_at_once_and_a_long_one_waits(loop: SteppedLoop) -> None:
    short, long = loop.create_task(asyncio.sleep(0.05)), loop.create_task(asyncio.sleep(3600))
    loop.settle()
    assert (short.done(), long.done()) == (True, False)

    loop.settle(4000)
    assert long.done()


def test_it_gives_up_on_what_never_rests(loop: SteppedLoop) -> None:
    async def spin() -> None:
        while True:  # noqa: ASYNC110
            await asyncio.sleep(0)

    task = loop.create_task(spin())
    loop.settle()
    task.cancel()
    loop.settle()

    assert task.cancelled()


def test_it_waits_for_an_executor(loop: SteppedLoop) -> None:
    task = loop.create_task(asyncio.to_thread(time.sleep, 0.002))
    loop.settle()

    assert task.done()


def test_it_waits_for_a_thread_that_it_does_not_know(loop: SteppedLoop) -> None:
    future = loop.create_future()
    thread = threading.Timer(0.002, loop.call_soon_threadsafe, [future.set_result, 7])
    loop.call_soon(thread.start)
    loop.settle()
    thread.join()

    assert future.result() == 7


async def receive_from(reader: socket.socket) -> bytes:
    return await asyncio.get_running_loop().sock_recv(reader, 1)


def test_it_waits_for_a_socket_for_a_moment(loop: SteppedLoop) -> None:
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        task = loop.create_task(receive_from(reader))
        loop.settle()
        assert not task.done()

        writer.send(b"x")
        loop.settle()
        assert task.result() == b"x"
