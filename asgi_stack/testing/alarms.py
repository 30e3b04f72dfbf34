"""Time limits in real seconds, whatever a test has made of the time.

A test may freeze `time.monotonic`, move it, or drive its event loop by a clock of its own; the loop's timers
then come never, or at once. So a thread watches the time.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable

__all__ = ["Alarms", "call_after"]


def _real_time() -> float:
    # The one clock that libraries for tests leave alone; elsewhere than on Unix the one that they may move.
    if hasattr(time, "clock_gettime"):
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


class _Alarm:
    """Calls a function in its event loop, once, at a time."""

    __slots__ = ("_function", "_loop", "when")

    def __init__(self, when: float, function: Callable[[], object]) -> None:
        self.when = when
        self._loop = asyncio.get_running_loop()
        self._function = function

    def ring(self) -> None:
        """Have it called. Any thread may do that."""
        # The test may be over, and its loop with it.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._function)


class Alarms:
    """Alarms that one thread watches. It ends when there is none, but not before the last would have rung."""

    __slots__ = ("_alarms", "_changed", "_looks_at", "_thread")

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._alarms = set[_Alarm]()
        self._looks_at = 0.0
        self._thread: threading.Thread | None = None

    def set(self, seconds: float, function: Callable[[], object]) -> Callable[[], object]:
        """Call *function* in the running loop after so many real seconds; return what calls it off."""
        alarm = _Alarm(_real_time() + seconds, function)
        with self._changed:
            self._alarms.add(alarm)
            # After a fork there is the name of a thread and no thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, name="asgi_stack alarms", daemon=True)
                self._thread.start()
            elif alarm.when < self._looks_at:
                self._changed.notify()
        return lambda: self._call_off(alarm)

    def _call_off(self, alarm: _Alarm) -> None:
        with self._changed:
            self._alarms.discard(alarm)

    def _watch(self) -> None:
        with self._changed:
            while self._alarms:
                self._looks_at = min(alarm.when for alarm in self._alarms)
                self._changed.wait(max(0.0, self._looks_at - _real_time()))
                due = {alarm for alarm in self._alarms if alarm.when <= _real_time()}
                self._alarms -= due
                for alarm in due:
                    alarm.ring()
            self._thread = None


call_after = Alarms().set
"""Call a function in the running loop after so many real seconds; gives what calls it off."""
