"""Time that only moves when the test moves it."""

import asyncio
import heapq
import itertools
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from asgi_stack.options import seconds
from asgi_stack.testing.errors import ClockError

__all__ = ["ManualClock"]

# asyncio's own tolerance when it asks whether a timer is due, in seconds.
RESOLUTION = 1e-9


class ManualClock:
    """A clock that stands still until the test moves it. Calling it gives the time, in seconds.

    It serves as the ``clock=`` of a middleware (`advance` moves it), and within `drive_loop` it is the
    time of the running event loop as well: `asyncio.sleep`, `asyncio.timeout` and ``call_later`` then wait
    for `elapse`, and no test sleeps. Threads are not driven: what runs in one takes real time.
    """

    __slots__ = ("_counter", "_loop", "_now", "_timers")

    def __init__(self, start: float = 0.0) -> None:
        self._now = seconds(self, "start", start)
        self._loop: asyncio.BaseEventLoop | None = None
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._counter = itertools.count()

    def __call__(self) -> float:
        """Return the time, in seconds."""
        return self._now

    def __repr__(self) -> str:
        return f"ManualClock({self._now!r})"

    def advance(self, seconds: float) -> None:
        """Move the time forward at once. Timers that are due run later, when the loop gets to run."""
        self._now += _checked("advance", seconds)

    async def elapse(self, seconds: float) -> None:
        """Let *seconds* pass: every timer runs at its own time, in order, and so does what follows from it.

        Returns when the event loop has nothing left to do at the new time. Only within `drive_loop`.
        """
        loop = self._driven()
        end = self._now + _checked("elapse", seconds)
        await settle(loop)
        while (when := self._next_timer()) is not None and when <= end + RESOLUTION:
            self._now = max(self._now, when)
            await settle(loop)
        self._now = max(self._now, end)
        await settle(loop)

    @contextmanager
    def drive_loop(self) -> Generator["ManualClock", None, None]:
        """Make this clock the time of the running event loop until the block is left.

        Timers that were set before do not run within the block; those still set at its end are then due
        at once. Needs one of asyncio's own event loops: others do not ask Python for the time.
        """
        loop = asyncio.get_running_loop()
        if not isinstance(loop, asyncio.BaseEventLoop):
            raise ClockError(
                f"ManualClock: {type(loop).__name__} cannot be driven. Use an event loop of asyncio."
            )
        if is_driven(loop) or self._loop is not None:
            raise ClockError(
                "ManualClock: a clock drives one event loop, and a loop has one clock. Use one block."
            )
        self._loop = loop
        vars(loop).update(time=self, call_at=self._remembering(loop.call_at))
        try:
            yield self
        finally:
            del vars(loop)["time"], vars(loop)["call_at"]
            self._loop = None
            self._timers.clear()

    def _remembering(self, call_at: Callable[..., asyncio.TimerHandle]) -> Callable[..., asyncio.TimerHandle]:
        def call_at_and_remember(when: float, *args: Any, **options: Any) -> asyncio.TimerHandle:
            handle = call_at(when, *args, **options)
            heapq.heappush(self._timers, (when, next(self._counter), handle))
            return handle

        return call_at_and_remember

    def _next_timer(self) -> float | None:
        while self._timers:
            when, _, handle = self._timers[0]
            if when > self._now + RESOLUTION and not handle.cancelled():
                return when
            heapq.heappop(self._timers)
        return None

    def _driven(self) -> asyncio.BaseEventLoop:
        if self._loop is None:
            raise ClockError("ManualClock: elapse() needs a loop to drive: 'with clock.drive_loop(): ...'.")
        return self._loop


def _checked(method: str, given: float) -> float:
    return seconds(f"ManualClock.{method}", "seconds", given, hint="Time does not run backwards.")


async def settle(loop: asyncio.AbstractEventLoop) -> None:
    """Give way until nothing is ready to run but the caller.

    A task that polls would keep the loop busy for ever: after a thousand rounds this returns as well.
    """
    for _ in range(1000):
        await asyncio.sleep(0)
        # Private, and the only way to see it: the alternative is a guess at the number of rounds.
        if not getattr(loop, "_ready", ()):
            return


def is_driven(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether a `ManualClock` is the time of *loop*."""
    return isinstance(loop.time, ManualClock)
