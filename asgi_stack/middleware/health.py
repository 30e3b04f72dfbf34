"""Tells the platform whether the process lives, and whether it should be sent requests."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from math import isfinite
from signal import SIGTERM
from time import monotonic
from typing import Any, ClassVar

from asgi_stack.base import ASGIMiddleware
from asgi_stack.draining import Drain
from asgi_stack.draining.ending import Ending
from asgi_stack.draining.probes import Check, Probes, Report
from asgi_stack.errors import OptionError
from asgi_stack.grammar.address import Networks, parse_address
from asgi_stack.grammar.matching import local_path, path_fault
from asgi_stack.heads import Reply, ResponseHead
from asgi_stack.order import Order
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HealthMiddleware"]

_ANSWERS = "a probe of the platform knows neither hosts nor passwords"
_FULL = "a process that is busy is not to be restarted"


class HealthMiddleware(ASGIMiddleware):
    """Answers ``/livez`` and ``/readyz``, and lets the process drain before it stops.

    ``/livez`` is 200 as long as the event loop runs. ``/readyz`` is 200 where all checks pass, and 503 where
    one fails or the process drains. Both are for GET and HEAD on exactly these paths, below ``root_path``;
    everything else goes inward, with the `Drain` in ``scope["asgi_stack.drain"]``. While the process drains,
    every http/1 response says ``connection: close``.

    Draining begins when `Drain.start` is called or *drain_path* is asked for, and with the end of the
    lifespan at the latest. With *close_after* websockets and streams of events that stay open are ended.

    Arguments:
        checks: async functions by name; one fails by an exception, by returning False, or by its limit.
        live_path: where to ask whether the process lives; None for nowhere.
        ready_path: where to ask whether it is ready; None for nowhere.
        timeout: seconds that each check may take.
        cache_seconds: how long the outcome of the checks is good for.
        show_checks: list the checks by name in the answer, each ``ok``, ``failed`` or ``timed out``. Why a
            check failed is in the log only.
        drain: to be shared with who starts it; one of its own unless given.
        drain_on_sigterm: begin to drain with the signal SIGTERM, which the server gets as well. It needs a
            server that sends lifespan events, and runs the application in its main thread.
        drain_path: where to ask for the drain, by GET or POST; None for nowhere. For *drain_clients* alone:
            for anybody else it goes inward.
        drain_clients: addresses and networks, as in ``["127.0.0.1", "10.0.0.0/8"]``.
        close_after: seconds from the beginning of the drain after which an open websocket is closed, one that
            is not yet accepted is refused with 503, and a response of ``text/event-stream`` is ended; None
            leaves them to the server.
        close_code: of those websockets: 1012 (service restart), 1001 (going away), or one of your own, 3000
            to 4999 (RFC 6455, section 7.4).
        clock: returns seconds and never goes back.

    Raises:
        OptionError: for a value that cannot be used.
    """

    __slots__ = (
        "_drain",
        "_drain_clients",
        "_drain_on_sigterm",
        "_drain_path",
        "_ending",
        "_live_path",
        "_paths",
        "_probes",
        "_ready_path",
        "_show_checks",
    )

    order: ClassVar[Order] = Order(
        outside_of={
            "asgi_stack.middleware.TrustedHostMiddleware": _ANSWERS,
            "asgi_stack.middleware.HTTPSRedirectMiddleware": _ANSWERS,
            "asgi_stack.middleware.IPFilterMiddleware": _ANSWERS,
            "asgi_stack.middleware.BasicAuthMiddleware": _ANSWERS,
            "asgi_stack.middleware.RateLimitMiddleware": _FULL,
            "asgi_stack.middleware.ConcurrencyLimitMiddleware": _FULL,
        },
        once=True,
    )

    def __init__(
        self,
        app: ASGIApp,
        *,
        checks: Mapping[str, Check] | None = None,
        live_path: str | None = "/livez",
        ready_path: str | None = "/readyz",
        timeout: float = 2.0,
        cache_seconds: float = 1.0,
        show_checks: bool = True,
        drain: Drain | None = None,
        drain_on_sigterm: bool = False,
        drain_path: str | None = None,
        drain_clients: Iterable[str] = (),
        close_after: float | None = None,
        close_code: int = 1012,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(app)
        paths = {"live_path": live_path, "ready_path": ready_path, "drain_path": drain_path}
        self._paths = self._checked_paths(paths)
        self._live_path, self._ready_path, self._drain_path = live_path, ready_path, drain_path
        self._drain_clients = self._checked_clients(drain_path, drain_clients)
        if drain is not None and not isinstance(drain, Drain):
            raise OptionError(self, "drain", drain, "Give a Drain.")
        if not callable(clock):
            hint = "Give a function that returns seconds, as time.monotonic."
            raise OptionError(self, "clock", clock, hint)
        self._drain = Drain(clock=clock) if drain is None else drain
        self._ending = self._checked_ending(close_after, close_code)
        self._drain_on_sigterm = drain_on_sigterm
        self._show_checks = show_checks
        self._probes = Probes(
            self._checked_checks({} if checks is None else checks),
            self._checked_seconds("timeout", timeout, least=0.001),
            self._checked_seconds("cache_seconds", cache_seconds, least=0),
            clock,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a probe; hand everything else inward."""
        if scope["type"] not in self.scope_types:
            await self.app(scope, receive, send)
            return
        app = await self._answer(scope) or self.app
        if scope["type"] == "http" and scope.get("http_version", "1.1")[:1] == "1":
            send = self._closing(send)
        scope = {**scope, "asgi_stack.drain": self._drain}
        if self._ending is None:
            await app(scope, receive, send)
        else:
            await self._ending.serve(app, scope, receive, send)

    def lifespan(self) -> AbstractAsyncContextManager[Mapping[str, Any] | None]:
        """Return the context at whose end the process drains; its beginning ends an earlier drain."""
        return self._serving()

    @asynccontextmanager
    async def _serving(self) -> AsyncGenerator[None]:
        self._drain.reset()
        try:
            with self._drain.on_signal(SIGTERM) if self._drain_on_sigterm else nullcontext():
                yield
        finally:
            self._drain.start()

    async def _answer(self, scope: Scope) -> Reply | None:
        # The end of the path is looked at first: nearly every other request goes on here.
        if not scope["path"].endswith(self._paths) or scope["type"] != "http":
            return None
        path, method = local_path(scope), scope["method"]
        if path == self._drain_path:
            return self._start(scope) if method in ("GET", "POST") else None
        if method not in ("GET", "HEAD"):
            return None
        if path == self._live_path:
            return _made(200, "ok")
        return await self._readiness() if path == self._ready_path else None

    def _start(self, scope: Scope) -> Reply | None:
        client = scope.get("client")
        address = parse_address(client[0]) if client else None
        if address is None or address not in self._drain_clients:
            return None
        self._drain.start()
        return _made(200, "draining")

    async def _readiness(self) -> Reply:
        if self._drain.draining:
            return _made(503, "draining")
        report = await self._probes.report()
        failing = any(outcome != "ok" for outcome in report.values())
        shown = report if self._show_checks else None
        return _made(503 if failing else 200, "unavailable" if failing else "ok", shown)

    def _closing(self, send: Send) -> Send:
        drain = self._drain

        async def send_with_close(message: Message) -> None:
            # Asked when the response starts, which may be long after the request.
            if drain.draining and message["type"] == "http.response.start":
                head = ResponseHead(message)
                head.headers.set(b"connection", b"close")
                message = head.message
            await send(message)

        return send_with_close

    def _checked_paths(self, options: Mapping[str, str | None]) -> tuple[str, ...]:
        paths: list[str] = []
        for option, path in options.items():
            if path is None:
                continue
            if fault := path_fault(path):
                raise OptionError(self, option, path, fault)
            if path in paths:
                raise OptionError(self, option, path, "The paths must differ.")
            paths.append(path)
        return tuple(paths)

    def _checked_clients(self, drain_path: str | None, clients: Iterable[str]) -> Networks:
        hint = "Give a list of addresses and networks, as in drain_clients=['127.0.0.1', '10.0.0.0/8']."
        entries = [] if isinstance(clients, str | bytes) else list(clients)
        if isinstance(clients, str | bytes) or not all(isinstance(entry, str) for entry in entries):
            raise OptionError(self, "drain_clients", clients, hint)
        if bool(entries) != (drain_path is not None):
            hint = f"It goes with drain_path, neither without the other. {hint}"
            raise OptionError(self, "drain_clients", clients, hint)
        try:
            return Networks(entries)
        except ValueError as error:
            raise OptionError(self, "drain_clients", clients, f"{error}. {hint}") from None

    def _checked_ending(self, close_after: float | None, close_code: int) -> Ending | None:
        if type(close_code) is not int or not (close_code in (1001, 1012) or 3000 <= close_code <= 4999):
            hint = "Give 1012 (service restart), 1001 (going away), or one of your own, 3000 to 4999."
            raise OptionError(self, "close_code", close_code, hint)
        if close_after is None:
            return None
        return Ending(self._drain, self._checked_seconds("close_after", close_after, least=0), close_code)

    def _checked_checks(self, checks: Mapping[str, Check]) -> Mapping[str, Check]:
        if not isinstance(checks, Mapping):
            hint = "Give async functions by name, as in checks={'database': ping}."
            raise OptionError(self, "checks", checks, hint)
        for name, check in checks.items():
            if not isinstance(name, str) or not name.isprintable() or not name:
                raise OptionError(self, "checks", name, "Each name is a str of one line.")
            if not callable(check):
                hint = f"The check {name!r} must be an async function without arguments."
                raise OptionError(self, "checks", check, hint)
        return checks

    def _checked_seconds(self, option: str, seconds: float, *, least: float) -> float:
        if not isinstance(seconds, int | float) or not isfinite(seconds) or seconds < least:
            raise OptionError(self, option, seconds, f"Give seconds, {least} or more.")
        return seconds


def _made(status: int, verdict: str, report: Report | None = None) -> Reply:
    lines = [verdict]
    if report is not None:
        lines += [f"{name}: {outcome}" for name, outcome in report.items()]
    return Reply(status, "\n".join(lines) + "\n", headers=[(b"cache-control", b"no-store")])
