"""Tells the platform whether the process lives, has started, and should be sent requests."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import ClassVar

from asgi_stack import box
from asgi_stack.base import ASGIMiddleware
from asgi_stack.draining import Drain
from asgi_stack.draining.drain import DRAIN
from asgi_stack.draining.probes import Check, Probes, Report, has_passed
from asgi_stack.errors import OptionError
from asgi_stack.grammar.path_readings import sure_path
from asgi_stack.heads import Reply
from asgi_stack.loops import need_asyncio
from asgi_stack.options import (
    async_function,
    clock_function,
    flag,
    instance,
    mapping,
    one_path,
    seconds,
    text,
)
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["HealthMiddleware"]

_ANSWERS = "a probe of the platform knows neither hosts nor passwords"
_FULL = "a process that is busy is not to be restarted"


class HealthMiddleware(ASGIMiddleware):
    """Answers ``/livez``, ``/readyz`` and ``/startupz`` for the probes of a platform.

    ``/livez`` is 200 as long as the event loop runs. ``/readyz`` is 200 where all checks pass, and 503 where
    one fails or the process drains. ``/startupz`` is 503 until all checks have passed once, and 200 from then
    on. All are for GET and HEAD on exactly these paths, below ``root_path``; everything else goes inward.

    The process drains when the `DrainMiddleware` outside of this one, or *drain*, says so.

    Arguments:
        checks: async functions by name; one fails by an exception, by returning False, or by its limit.
        live_path: where to ask whether the process lives; None for nowhere.
        ready_path: where to ask whether it is ready; None for nowhere.
        startup_path: where to ask whether it has started; None for nowhere.
        timeout: seconds that each check may take.
        cache_seconds: how long the outcome of the checks is good for.
        show_checks: list the checks by name in the answer, each ``ok``, ``failed`` or ``timed out``. Why a
            check failed is in the log only.
        drain: a `Drain` to be asked where no `DrainMiddleware` is outside, or besides that one.
        clock: returns seconds and never goes back.

    Raises:
        OptionError: for a value that cannot be used.
    """

    __slots__ = (
        "_drain",
        "_live_path",
        "_paths",
        "_probes",
        "_ready_path",
        "_show_checks",
        "_startup_path",
    )

    scope_types: ClassVar[frozenset[str]] = frozenset({"http"})
    order: ClassVar[Order] = Order(
        inside_of={box.DRAIN: "readiness is over when the drain begins"},
        outside_of={
            box.TRUSTED_HOST: _ANSWERS,
            box.HTTPS_REDIRECT: _ANSWERS,
            box.IP_FILTER: _ANSWERS,
            box.BASIC_AUTH: _ANSWERS,
            box.RATE_LIMIT: _FULL,
            box.CONCURRENCY_LIMIT: _FULL,
        },
        once=True,
        place=Place.PROBE,
    )

    def __init__(
        self,
        app: ASGIApp,
        *,
        checks: Mapping[str, Check] | None = None,
        live_path: str | None = "/livez",
        ready_path: str | None = "/readyz",
        startup_path: str | None = "/startupz",
        timeout: float = 2.0,
        cache_seconds: float = 1.0,
        show_checks: bool = True,
        drain: Drain | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(app)
        paths = {"live_path": live_path, "ready_path": ready_path, "startup_path": startup_path}
        self._paths = self._checked_paths(paths)
        self._live_path, self._ready_path, self._startup_path = live_path, ready_path, startup_path
        self._drain = None if drain is None else instance(self, "drain", drain, Drain, hint="Give a Drain.")
        self._show_checks = flag(self, "show_checks", show_checks)
        self._probes = Probes(
            self._checked_checks({} if checks is None else checks),
            seconds(self, "timeout", timeout, least=0.001),
            seconds(self, "cache_seconds", cache_seconds),
            clock_function(self, "clock", clock),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a probe; hand everything else inward."""
        # The end of the path is looked at first: nearly every other request goes on here.
        if scope["type"] == "http" and scope["path"].endswith(self._paths):
            await (await self._answer(scope) or self.app)(scope, receive, send)
        else:
            if scope["type"] == "lifespan" and self._probes.has_checks:
                need_asyncio("HealthMiddleware: checks")
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope) -> Reply | None:
        if scope["method"] not in ("GET", "HEAD"):
            return None
        path = sure_path(scope)
        if path == self._live_path or (path == self._startup_path and self._probes.have_passed):
            return _made(200, "ok")
        if path == self._startup_path:
            return await self._checked()
        if path != self._ready_path:
            return None
        return _made(503, "draining") if self._drains(scope) else await self._checked()

    def _drains(self, scope: Scope) -> bool:
        drains: tuple[Drain | None, ...] = self._drain, scope.get(DRAIN)
        return any(drain is not None and drain.draining for drain in drains)

    async def _checked(self) -> Reply:
        report = await self._probes.report()
        passed, shown = has_passed(report), report if self._show_checks else None
        return _made(200 if passed else 503, "ok" if passed else "unavailable", shown)

    def _checked_paths(self, options: Mapping[str, str | None]) -> tuple[str, ...]:
        paths: list[str] = []
        for option, path in options.items():
            if path is None:
                continue
            one_path(self, option, path)
            if path in paths:
                raise OptionError(self, option, path, "The paths must differ.")
            paths.append(path)
        return tuple(paths)

    def _checked_checks(self, checks: Mapping[str, Check]) -> Mapping[str, Check]:
        hint = "Give async functions by name, as in checks={'database': ping}."
        for name, check in mapping(self, "checks", checks, hint=hint).items():
            text(self, "checks", name, fits=str.isprintable, hint="Each name is a str of one line.")
            hint = f"The check {name!r} must be an async function without arguments."
            async_function(self, "checks", check, hint=hint)
        return checks


def _made(status: int, verdict: str, report: Report | None = None) -> Reply:
    lines = [verdict]
    if report is not None:
        lines += [f"{name}: {outcome}" for name, outcome in report.items()]
    return Reply(status, "\n".join(lines) + "\n", headers=[(b"cache-control", b"no-store")])
