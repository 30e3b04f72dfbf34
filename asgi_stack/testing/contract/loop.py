"""An event loop that runs until nothing moves any more, so that no check ever waits on a clock."""

import asyncio
import selectors
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple, Unpack

__all__ = ["SteppedLoop"]

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

MOST_TURNS = 5_000
"""Turns of the loop after which an application that never comes to rest is taken as busy for ever."""

LEEWAY = 0.1
"""Seconds of the loop's own time that may pass while it comes to rest: a longer timer is a time limit."""

PATIENCE = 0.05
"""Real seconds that a thread or a socket, which the loop cannot see, is given to be heard of."""

LONGEST = 5.0
"""Real seconds that work given to an executor may take."""


class _Selector(selectors.DefaultSelector):
    """A selector that asks before it waits."""

    before_select: Callable[[float | None], float]

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        wait = self.before_select(timeout)
        return super().select(wait)


class SteppedLoop(asyncio.SelectorEventLoop):
    """An event loop that is run by `settle`, bit by bit, and whose time passes only when nothing else can.

    It needs no waiting in real time but for threads and sockets. Not for serving.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._until = 0.0
        self._turns = 0
        self._working = 0
        self._asked = False
        self._others = set(threading.enumerate())
        self._watched = _Selector()
        self._watched.before_select = self._before_select
        super().__init__(self._watched)
        self._own_files = len(self._watched.get_map())

    def time(self) -> float:
        """Return the loop's own time, in seconds since it was made."""
        return self._now

    def settle(self, leeway: float = LEEWAY) -> None:
        """Run until every task waits for something that only the caller, or much time, can bring about."""
        self._turns = 0
        self._until = self._now + leeway
        self._asked = False
        self.run_forever()

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> "asyncio.Future[T]":
        """Run *func* in a thread; `settle` waits for it."""
        future = super().run_in_executor(executor, func, *args)
        self._working += 1
        future.add_done_callback(self._work_ended)
        return future

    def _work_ended(self, future: "asyncio.Future[Any]") -> None:
        self._working -= 1
        # The executor's threads stay, and have nothing more to say.
        self._others |= set(threading.enumerate())

    def _before_select(self, timeout: float | None) -> float:
        """Return how long to wait for files in real seconds; at rest, stop the loop."""
        self._turns += 1
        if timeout is not None and timeout <= 0:
            if self._turns > MOST_TURNS:
                self.stop()
            self._asked = False
            return 0
        if not self._asked and (wait := self._elsewhere()):
            self._asked = True
            return wait
        if timeout is not None and self._now + timeout <= self._until:
            self._now += timeout
        else:
            self.stop()
        return 0

    def _elsewhere(self) -> float:
        """How long to wait for something that goes on outside of the loop."""
        if self._working:
            return LONGEST
        has_files = len(self._watched.get_map()) > self._own_files
        has_threads = bool(set(threading.enumerate()) - self._others)
        return PATIENCE if has_files or has_threads else 0
