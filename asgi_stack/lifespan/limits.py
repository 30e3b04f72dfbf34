"""Limits of time for the parts of a lifespan."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from asgi_stack.types import Scope

__all__ = ["TIME_LIMIT", "TimeLimit", "limited", "share_of_limit", "too_long"]

TIME_LIMIT = "asgi_stack.lifespan_timeout"
"""The key of a lifespan scope under which a stack or a router inside finds the `TimeLimit` outside."""


class TimeLimit:
    """So many seconds for an application to start, and again to stop.

    An application of several parts lifts the limit of the whole, and gives each part as much.
    """

    __slots__ = ("_is_lifted", "_timer", "seconds")

    def __init__(self, seconds: float, timer: asyncio.Timeout) -> None:
        self.seconds = seconds
        self._is_lifted = False
        self._timer = timer

    def begin(self) -> None:
        """Count from now."""
        if not self._is_lifted:
            self._count_until(asyncio.get_running_loop().time() + self.seconds)

    def pause(self) -> None:
        """Count no more until it begins again."""
        self._count_until(None)

    def lift(self) -> None:
        """Count no more at all."""
        self._is_lifted = True
        self.pause()

    def _count_until(self, time: float | None) -> None:
        # Too late is too late: an application that is being cancelled may still send.
        if not self._timer.expired():
            self._timer.reschedule(time)


@asynccontextmanager
async def limited(seconds: float | None) -> AsyncGenerator[None]:
    """Give the block so many seconds; None for no limit, and then it need not run in asyncio."""
    if seconds is None:
        yield
        return
    timer = asyncio.timeout(seconds)
    try:
        async with timer:
            yield
    except TimeoutError:
        if not timer.expired():
            raise
        raise too_long(seconds) from None


def share_of_limit(scope: Scope) -> float | None:
    """Return how long each part of a lifespan with this scope may take; the whole may take longer then."""
    limit: TimeLimit | None = scope.get(TIME_LIMIT)
    if limit is None:
        return None
    limit.lift()
    return limit.seconds


def too_long(seconds: float) -> TimeoutError:
    """Return the error that says so."""
    return TimeoutError(f"it took longer than {seconds} s.")
