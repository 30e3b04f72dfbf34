"""Checks of readiness: all at once, each with a limit, never two runs at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping
from functools import partial
from time import monotonic
from typing import Any, NamedTuple, TypeAlias

from asgi_stack.logs import late_logger
from asgi_stack.loops import need_asyncio

__all__ = ["Check", "Probes", "Report", "has_passed"]

logger = late_logger("asgi_stack.health")

Check: TypeAlias = Callable[[], Awaitable[object]]
"""An async function: it fails by an exception, by returning False, or by taking too long."""

Report: TypeAlias = Mapping[str, str]
"""``"ok"``, ``"failed"`` or ``"timed out"`` for the name of each check."""


def has_passed(report: Report) -> bool:
    """Tell whether every check has passed."""
    return all(outcome == "ok" for outcome in report.values())


class _Kept(NamedTuple):
    report: Report
    until: float


class _Run:
    """One run of all checks: for those who wait for it, and what came of it."""

    __slots__ = ("done", "report")

    def __init__(self) -> None:
        self.done = asyncio.Event()
        self.report: Report | None = None


class Probes:
    """Named checks whose last report is kept for a while.

    The call that finds no report runs the checks within itself; calls that come meanwhile wait for it. Where
    it is cancelled, its checks are too, and one of those who wait runs them anew: nothing goes on that nobody
    waits for. Each event loop runs its own; the report that is kept is everybody's.
    """

    __slots__ = ("_checks", "_clock", "_keep", "_kept", "_runs", "_timeout", "has_checks", "have_passed")

    has_checks: bool
    """Whether there are any checks."""

    have_passed: bool
    """Whether all checks have passed once."""

    def __init__(
        self, checks: Mapping[str, Check], timeout: float, keep: float, clock: Callable[[], float]
    ) -> None:
        self._checks = dict(checks)
        self.has_checks, self.have_passed = bool(checks), not checks
        self._timeout = timeout
        self._keep = keep
        self._clock = clock
        self._kept: _Kept | None = None
        self._runs: dict[asyncio.AbstractEventLoop, _Run] = {}

    async def report(self) -> Report:
        """Return how the checks stand, from a run that ended at most *keep* seconds ago."""
        if not self.has_checks:
            return {}
        need_asyncio("HealthMiddleware: checks")
        loop = asyncio.get_running_loop()
        while True:
            if self._kept is not None and self._clock() < self._kept.until:
                return self._kept.report
            run = self._runs.get(loop)
            if run is None:
                return await self._run(loop)
            await run.done.wait()
            if run.report is not None:
                return run.report

    async def _run(self, loop: asyncio.AbstractEventLoop) -> Report:
        run = self._runs[loop] = _Run()
        try:
            run.report = await self._run_all()
            self.have_passed = self.have_passed or has_passed(run.report)
            self._kept = _Kept(run.report, self._clock() + self._keep)
            return run.report
        finally:
            del self._runs[loop]
            run.done.set()

    async def _run_all(self) -> Report:
        # A check whose task is cancelled from within leaves no word, and has not passed.
        report = dict.fromkeys(self._checks, "failed")
        clock = _Clock()
        async with asyncio.TaskGroup() as group:
            for name, check in self._checks.items():
                group.create_task(self._run_one(name, _Attempt(check, clock), report))
        return report

    async def _run_one(self, name: str, attempt: "_Attempt", report: dict[str, str]) -> None:
        passed, error = await attempt.outcome(self._timeout)
        if attempt.seconds >= self._timeout:
            report[name] = "timed out"
            logger.warning("The check %r took longer than %s s", name, self._timeout)
        elif passed is _CANCELLED:
            logger.warning("The check %r was cancelled from within", name)
        elif error is not None:
            logger.warning("The check %r failed: %s", name, type(error).__name__, exc_info=error)
        elif passed is False:
            logger.warning("The check %r returned False", name)
        else:
            report[name] = "ok"


_CANCELLED = object()
_BLOCKS = 0.01  # seconds; a shorter step of a check is nothing that a neighbour would feel


class _Clock:
    """How long all checks of one run have kept the loop busy."""

    def __init__(self) -> None:
        self.busy = 0.0


class _Attempt:
    """One check that runs, and the time that it takes.

    What other checks block the loop for does not count: a check must not fail for its neighbour.
    """

    def __init__(self, check: Check, clock: _Clock) -> None:
        self._check = check
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._begun, self._busy_before, self._busy = self._loop.time(), clock.busy, 0.0
        self._ended: float | None = None

    @property
    def seconds(self) -> float:
        """The time that it has taken; once it has ended, no more."""
        ended = self._loop.time() if self._ended is None else self._ended
        others = self._clock.busy - self._busy_before - self._busy
        # Some loops look at the clock once a turn, so that a step that blocks takes no time by them.
        return max(ended - self._begun - others, self._busy)

    async def outcome(self, limit: float) -> tuple[object, Exception | None]:
        """Return what it returned, or what it raised; it is cancelled at its limit."""
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self._run())
            while not task.done() and (left := limit - self.seconds) > 0:
                await asyncio.wait([task], timeout=left)
            task.cancel()
        return (_CANCELLED, None) if task.cancelled() else task.result()

    async def _run(self) -> tuple[object, Exception | None]:
        try:
            return await _Stepped(self._check(), self._count), None
        except Exception as error:
            return None, error
        finally:
            self._ended = self._loop.time()

    def _count(self, seconds: float) -> None:
        if seconds > _BLOCKS:
            self._busy += seconds
            self._clock.busy += seconds


class _Stepped:
    """An awaitable that tells how long each step of another one has kept the loop busy."""

    def __init__(self, inner: Awaitable[object], tell: Callable[[float], None]) -> None:
        self._inner = inner
        self._tell = tell

    def __await__(self) -> Generator[Any, Any, object]:
        steps = self._inner.__await__()
        step: Callable[[], Any] = partial(next, steps)
        while True:
            begun = monotonic()
            try:
                waiting = step()
            except StopIteration as end:
                return end.value
            finally:
                self._tell(monotonic() - begun)
            try:
                yield waiting
                step = partial(next, steps)
            except BaseException as error:
                # A cancellation, above all, is thrown into what waits.
                step = partial(steps.throw, error)
