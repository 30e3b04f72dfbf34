import asyncio
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from asgi_stack import OptionError
from asgi_stack.draining import Drain
from asgi_stack.testing import ManualClock


def test_it_serves_until_it_is_told_to_drain() -> None:
    drain = Drain()
    before = repr(drain)
    drain.start()

    assert (before, repr(drain), drain.draining) == ("<Drain serving>", "<Drain draining>", True)


async def test_all_who_wait_are_woken() -> None:
    drain = Drain()
    waiting = [asyncio.create_task(drain.wait()) for _ in range(3)]
    await asyncio.sleep(0)
    drain.start()

    assert await asyncio.gather(*waiting) == [None, None, None]


async def test_who_comes_later_does_not_wait() -> None:
    drain = Drain()
    drain.start()
    drain.start()
    await drain.wait()

    assert drain._waiting == set()


async def test_who_is_cancelled_leaves_nothing_behind() -> None:
    drain = Drain()
    waiting = asyncio.create_task(drain.wait())
    await asyncio.sleep(0)
    waiting.cancel()
    drain.start()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert drain._waiting == set()


async def test_who_is_woken_twice_wakes_once() -> None:
    drain = Drain()
    waiting = asyncio.create_task(drain.wait())
    await asyncio.sleep(0)
    drain.start()
    drain.start()

    assert await waiting is None


async def test_after_a_reset_it_serves_and_can_drain_again() -> None:
    drain = Drain()
    drain.start()
    drain.reset()
    waiting = asyncio.create_task(drain.wait())
    await asyncio.sleep(0)
    done = waiting.done()
    drain.start()
    await waiting

    assert not done


def test_of_several_lifespans_the_first_that_begins_serves_again() -> None:
    drain, seen = Drain(), []
    drain.start()
    with drain.serving():
        seen.append(drain.draining)
        drain.start()
        with drain.serving():
            seen.append(drain.draining)

    assert (seen, drain.draining) == ([False, True], True)


async def test_of_several_lifespans_the_last_that_ends_wakes_who_waits() -> None:
    drain, woken = Drain(), []
    with drain.serving():
        with drain.serving():
            waiting = asyncio.create_task(drain.wait())
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        woken.append(waiting.done())
    await waiting

    assert (woken, drain.draining) == ([False], False)


def test_several_event_loops_wait_for_the_same_one() -> None:
    drain, ready, woken = Drain(), threading.Barrier(3), []

    async def wait() -> None:
        asyncio.get_running_loop().call_soon(ready.wait)
        await drain.wait()
        woken.append(True)

    threads = [threading.Thread(target=asyncio.run, args=(wait(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    ready.wait()
    drain.start()
    for thread in threads:
        thread.join()

    assert woken == [True, True]


def test_a_loop_that_is_closed_is_no_obstacle() -> None:
    drain, loop = Drain(), asyncio.new_event_loop()
    waiting = drain.wait()

    async def begin() -> None:
        waiting.send(None)

    loop.run_until_complete(begin())
    loop.close()
    drain.start()
    waiting.close()

    assert drain._waiting == set()


@pytest.fixture
def handled() -> Iterator[list[int]]:
    """What the handler of SIGUSR1 that was there before has got."""
    got: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _: got.append(number))
    yield got
    signal.signal(signal.SIGUSR1, before)


def test_a_signal_wakes_who_waits_and_reaches_the_handler_that_was_there(handled: list[int]) -> None:
    drain = Drain()

    async def wait() -> None:
        asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGUSR1)
        await drain.wait()

    with drain.on_signal(signal.SIGUSR1):
        asyncio.run(wait())

    assert (drain.draining, handled) == (True, [signal.SIGUSR1])


def test_after_the_block_the_signal_is_as_it_was(handled: list[int]) -> None:
    drain, before = Drain(), signal.getsignal(signal.SIGUSR1)
    with drain.on_signal(signal.SIGUSR1):
        pass

    assert (drain.draining, signal.getsignal(signal.SIGUSR1)) == (False, before)


def test_who_takes_the_signal_over_keeps_it(handled: list[int]) -> None:
    with Drain().on_signal(signal.SIGUSR1):
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)

    assert signal.getsignal(signal.SIGUSR1) == signal.SIG_IGN


def test_a_signal_that_was_ignored_drains_and_nothing_else(handled: list[int]) -> None:
    drain = Drain()
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    with drain.on_signal(signal.SIGUSR1):
        signal.raise_signal(signal.SIGUSR1)

    assert drain.draining


def test_a_signal_that_nobody_handled_does_what_it_does_by_default() -> None:
    drain = Drain()  # SIGURG does nothing by default
    with drain.on_signal(signal.SIGURG):
        signal.raise_signal(signal.SIGURG)

    assert (drain.draining, signal.getsignal(signal.SIGURG)) == (True, signal.SIG_DFL)


def test_of_two_blocks_the_one_that_ends_first_hears_no_more(handled: list[int]) -> None:
    first, second = Drain(), Drain()
    with ExitStack() as outer:
        one = outer.enter_context(ExitStack())
        one.enter_context(first.on_signal(signal.SIGUSR1))
        outer.enter_context(second.on_signal(signal.SIGUSR1))
        one.close()
        signal.raise_signal(signal.SIGUSR1)

    assert (first.draining, second.draining, handled) == (False, True, [signal.SIGUSR1])


def test_a_signal_that_ends_the_process_still_does() -> None:
    code = """
import signal
from asgi_stack.draining import Drain
with Drain().on_signal(signal.SIGTERM):
    signal.raise_signal(signal.SIGTERM)
print("went on")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (-signal.SIGTERM, "")


async def test_outside_of_the_main_thread_there_are_no_signals() -> None:
    def enter() -> None:
        with Drain().on_signal(signal.SIGUSR1):
            raise NotImplementedError

    with pytest.raises(ValueError, match="signal only works in main thread"):
        await asyncio.to_thread(enter)


def test_it_counts_the_seconds_from_its_first_start() -> None:
    clock = ManualClock(100)
    drain = Drain(clock=clock)
    clock.advance(5)
    seen = [drain.seconds]
    for _ in range(2):
        drain.start()
        clock.advance(3)
        seen.append(drain.seconds)
    drain.reset()

    assert [*seen, drain.seconds] == [0, 3, 6, 0]


@pytest.mark.parametrize("early", [0, 2, 5])
async def test_it_waits_for_so_many_seconds_of_the_drain(early: float) -> None:
    with ManualClock(100).drive_loop() as clock:
        drain = Drain(clock=clock)
        if early:
            drain.start()
            await clock.elapse(early)
        waiting = asyncio.create_task(drain.wait(5))
        await clock.elapse(0)
        drain.start()
        await clock.elapse(4.9 - early if early < 5 else 0)
        before = waiting.done()
        await clock.elapse(0.1)

    assert (before, waiting.done()) == (early == 5, True)


async def test_a_timer_that_is_early_is_set_again() -> None:
    ticks = iter([0.0, 0.0, 0.001, 0.002])
    drain = Drain(clock=lambda: next(ticks))
    drain.start()
    await drain.wait(0.002)

    assert next(ticks, None) is None


async def test_after_a_reset_the_seconds_count_from_the_next_start() -> None:
    with ManualClock(100).drive_loop() as clock:
        drain = Drain(clock=clock)
        drain.start()
        waiting = asyncio.create_task(drain.wait(5))
        await clock.elapse(1)
        drain.reset()
        await clock.elapse(100)
        waits_for_a_start = len(drain._waiting) == 1
        drain.start()
        await clock.elapse(4.9)
        before = waiting.done()
        await clock.elapse(0.1)

    assert (waits_for_a_start, before, waiting.done()) == (True, False, True)


def test_a_clock_that_is_none_is_refused() -> None:
    with pytest.raises(
        OptionError, match=r"Drain: clock=7 is not usable. Give a function that returns seconds"
    ):
        Drain(clock=7)  # type: ignore[arg-type]
