"""Time limits in real seconds, whatever a test has made of the time."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest import mock

import freezegun
import pytest
import time_machine

from asgi_stack.testing import ASGIClient, ManualClock, WaitTimeoutError
from asgi_stack.testing.alarms import Alarms


async def silent(scope: Any, receive: Any, send: Any) -> None:
    """Never answers."""
    await asyncio.get_running_loop().create_future()


@contextmanager
def driven() -> Iterator[None]:
    with ManualClock().drive_loop():
        yield


CLOCKS: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "the real one": lambda: mock.MagicMock(),
    "one that stands still": lambda: mock.patch("time.monotonic", return_value=1000.0),
    "ManualClock": driven,
    "freezegun": lambda: freezegun.freeze_time("2024-02-29"),
    "freezegun, ticking": lambda: freezegun.freeze_time("2024-02-29", tick=True),
    "time-machine": lambda: time_machine.travel(0.0, tick=False),
}
every_clock = pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS)


@every_clock
async def test_a_wait_ends_in_real_time(clock: Any) -> None:
    with clock(), pytest.raises(WaitTimeoutError):
        async with ASGIClient(silent, timeout=0.001, lifespan=False) as client:
            await client.get("/")


@every_clock
async def test_a_wait_does_not_end_because_an_application_moves_the_time(clock: Any) -> None:
    async def moving(scope: Any, receive: Any, send: Any) -> None:
        with clock():
            await asyncio.to_thread(time.sleep, 0)
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})

    assert (await ASGIClient(moving, timeout=60).get("/")).status == 204


async def test_an_alarm_that_is_set_later_may_ring_sooner() -> None:
    alarms, rung = Alarms(), asyncio.Event()
    call_off = alarms.set(60, pytest.fail)
    alarms.set(0.001, rung.set)
    await rung.wait()
    call_off()


async def test_an_alarm_can_be_called_off() -> None:
    alarms, passed = Alarms(), asyncio.Event()
    alarms.set(0.001, pytest.fail)()
    alarms.set(0.001, passed.set)
    await passed.wait()


async def test_one_thread_watches_and_it_ends_when_nothing_is_left_to_watch() -> None:
    alarms = Alarms()
    call_off = alarms.set(0.01, int)
    thread = alarms._thread
    alarms.set(0.01, int)()
    same = alarms._thread is thread
    call_off()
    await asyncio.to_thread(thread.join)

    assert (same, alarms._thread) == (True, None)


async def test_an_alarm_for_a_loop_that_is_closed_harms_nobody() -> None:
    alarms, passed = Alarms(), asyncio.Event()

    async def elsewhere() -> None:
        alarms.set(0.001, pytest.fail)

    await asyncio.to_thread(asyncio.run, elsewhere())
    alarms.set(0.002, passed.set)
    await passed.wait()


async def test_where_there_is_no_other_clock_the_usual_one_serves() -> None:
    alarms, passed = Alarms(), asyncio.Event()
    with mock.patch("asgi_stack.testing.alarms.time", spec=["monotonic"], monotonic=time.monotonic):
        alarms.set(0.001, passed.set)
        await passed.wait()
