"""Checks of readiness: all at once, each with a limit, never two runs at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple, TypeAlias

__all__ = ["Check", "Probes", "Report", "has_passed"]

logger = logging.getLogger("asgi_stack.health")

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

    __slots__ = ("_checks", "_clock", "_keep", "_kept", "_runs", "_timeout", "have_passed")

    have_passed: bool
    """Whether all checks have passed once."""

    def __init__(
        self, checks: Mapping[str, Check], timeout: float, keep: float, clock: Callable[[], float]
    ) -> None:
        self._checks = dict(checks)
        self.have_passed = not checks
        self._timeout = timeout
        self._keep = keep
        self._clock = clock
        self._kept: _Kept | None = None
        self._runs: dict[asyncio.AbstractEventLoop, _Run] = {}

    async def report(self) -> Report:
        """Return how the checks stand, from a run that ended at most *keep* seconds ago."""
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
        async with asyncio.TaskGroup() as group:
            for name, check in self._checks.items():
                group.create_task(self._run_one(name, check, report))
        return report

    async def _run_one(self, name: str, check: Check, report: dict[str, str]) -> None:
        limit = asyncio.timeout(self._timeout)
        try:
            async with limit:
                passed = await check()
        except Exception as error:
            if limit.expired():
                report[name] = "timed out"
                logger.warning("The check %r took longer than %s s", name, self._timeout)
            else:
                logger.warning("The check %r failed: %s", name, type(error).__name__, exc_info=error)
        else:
            if passed is False:
                logger.warning("The check %r returned False", name)
            else:
                report[name] = "ok"
