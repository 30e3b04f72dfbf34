import asyncio

import pytest

from asgi_stack.errors import OptionError
from asgi_stack.testing import ClockError, ManualClock
from asgi_stack.testing.clock import settle


def test_a_clock_stands_still_until_it_is_moved() -> None:
    clock = ManualClock(start=10)
    clock.advance(2.5)

    assert clock() == 12.5
    assert repr(clock) == "ManualClock(12.5)"


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(
        OptionError, match=r"ManualClock.advance: seconds=-1 is not usable. .* Time does not run back"
    ):
        ManualClock().advance(-1)


async def test_a_sleep_ends_when_its_time_has_come_and_not_before() -> None:
    with ManualClock().drive_loop() as clock:
        task = asyncio.create_task(asyncio.sleep(60, "slept"))

        await clock.elapse(59)
        assert not task.done()
        await clock.elapse(1)
        assert task.result() == "slept"


async def test_a_timeout_is_reached_without_waiting() -> None:
    async def limited() -> float:
        try:
            async with asyncio.timeout(30):
                await asyncio.Event().wait()
        except TimeoutError:
            pass
        return clock()

    with ManualClock().drive_loop() as clock:
        task = asyncio.create_task(limited())
        await clock.elapse(100)

    assert await task == 30


async def test_what_a_timer_sets_off_runs_at_its_own_time() -> None:
    seen: list[float] = []

    async def tick() -> None:
        for _ in range(3):
            await asyncio.sleep(10)
            seen.append(clock())

    with ManualClock(start=5).drive_loop() as clock:
        task = asyncio.create_task(tick())
        await clock.elapse(25)
        assert seen == [15, 25]
        await clock.elapse(10)

    assert task.done()


async def test_sums_of_fractions_reach_a_timer() -> None:
    with ManualClock().drive_loop() as clock:
        task = asyncio.create_task(asyncio.sleep(0.8))
        await clock.elapse(0.1)
        await clock.elapse(0.7)

        assert task.done()


async def test_a_timer_that_was_called_off_moves_nothing() -> None:
    with ManualClock().drive_loop() as clock:
        asyncio.get_running_loop().call_later(1, pytest.fail).cancel()
        await clock.elapse(2)

        assert clock() == 2


async def test_advance_makes_timers_due_at_the_next_turn() -> None:
    with ManualClock().drive_loop() as clock:
        task = asyncio.create_task(asyncio.sleep(5))
        await asyncio.sleep(0)
        clock.advance(7)
        await task

    assert clock() == 7


async def test_the_loop_has_its_own_time_again_after_the_block() -> None:
    before = asyncio.get_running_loop().time()
    with ManualClock().drive_loop():
        assert asyncio.get_running_loop().time() == 0

    assert asyncio.get_running_loop().time() >= before


async def test_elapse_needs_a_loop_to_drive() -> None:
    with pytest.raises(ClockError, match=r"elapse\(\) needs a loop to drive: 'with clock.drive_loop\(\)"):
        await ManualClock().elapse(1)


async def test_elapse_does_not_run_backwards_either() -> None:
    with (
        ManualClock().drive_loop() as clock,
        pytest.raises(OptionError, match=r"ManualClock.elapse: seconds=-1 is not usable"),
    ):
        await clock.elapse(-1)


async def test_a_loop_has_one_clock() -> None:
    with ManualClock().drive_loop(), pytest.raises(ClockError, match="a loop has one clock"):
        ManualClock().drive_loop().__enter__()


async def test_a_clock_drives_one_loop() -> None:
    clock = ManualClock()

    with clock.drive_loop(), pytest.raises(ClockError, match="a clock drives one event loop"):
        await asyncio.to_thread(asyncio.run, drive(clock))


async def drive(clock: ManualClock) -> None:
    with clock.drive_loop():
        pytest.fail("a second loop is driven")


def test_a_loop_that_is_not_asyncios_own_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio, "get_running_loop", object)

    with pytest.raises(ClockError, match=r"object cannot be driven. Use an event loop of asyncio"):
        ManualClock().drive_loop().__enter__()


async def test_settling_does_not_wait_for_a_task_that_polls() -> None:
    loop = asyncio.get_running_loop()
    turns = iter(range(2000))

    def again() -> None:
        if next(turns, None) is not None:
            loop.call_soon(again)

    again()
    await settle(loop)

    assert next(turns) > 900
