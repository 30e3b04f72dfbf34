"""Tells the browser where the time of a request went."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from math import isfinite
from time import perf_counter
from typing import ClassVar

from asgi_stack.base import HeaderMiddleware
from asgi_stack.grammar.field import is_field_value, is_token
from asgi_stack.heads import RequestHead, ResponseHead, ResponseHook
from asgi_stack.options import clock_function, decider, text
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp

__all__ = ["ServerTiming", "ServerTimingMiddleware", "current_timing"]


class ServerTiming:
    """The metrics of one request, for the layers inside and the view to add to.

    `current_timing` finds it. What is added after the response has started is lost.
    """

    __slots__ = ("_clock", "metrics")

    metrics: list[str]
    """The metrics as they will stand in the header, in the order in which they came."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self.metrics = []

    def add(self, name: str, seconds: float | None = None, *, description: str = "") -> None:
        """Add a metric: a name alone (``cache-hit``), or with a duration, or with a description.

        Raises:
            ValueError: for a name that is no token (RFC 9110, section 5.6.2), a duration that is negative or
                not finite, or a description that a header cannot hold.
        """
        if not is_token(name):
            raise ValueError(f"ServerTiming.add: name={name!r} is not usable. Give a token, as in 'db'.")
        metric = name
        if seconds is not None:
            metric += f";dur={_milliseconds(seconds)}"
        if description:
            metric += f";desc={_quoted(description)}"
        self.metrics.append(metric)

    @contextmanager
    def measure(self, name: str, *, description: str = "") -> Generator[None, None, None]:
        """Add a metric with the time that the ``with`` block takes, even where it ends in an exception."""
        start = self._clock()
        try:
            yield
        finally:
            self.add(name, self._clock() - start, description=description)


_current: ContextVar[ServerTiming] = ContextVar("asgi_stack.server_timing")


def current_timing() -> ServerTiming:
    """Return the `ServerTiming` of the request that is being answered.

    Where several `ServerTimingMiddleware` stand in one stack it is that of the innermost. Where there is
    none, as in a command or a test, it is one that nobody reads, so that a caller need not ask first.
    """
    return _current.get(None) or ServerTiming()


class ServerTimingMiddleware(HeaderMiddleware):
    """Adds ``server-timing: app;dur=12.3`` to http responses: milliseconds until the response's head.

    The view, and whatever it calls, adds metrics of its own to the `ServerTiming` that `current_timing`
    returns. Lines that the application sent stay. Websockets pass untouched.

    Arguments:
        metric: the name of the whole duration.
        when: is given the `RequestHead` and says whether this client may see the timings; everybody may
            unless it is given. They tell an attacker which requests do more work than others.
        clock: returns seconds and never goes back.

    Raises:
        OptionError: for a metric that is no token, for a *when* or *clock* that is no function or an async
            one, and for a *when* that returns an awaitable, when it is asked.
    """

    __slots__ = ("_clock", "_metric", "_when")

    scope_types: ClassVar[frozenset[str]] = frozenset({"http"})
    order: ClassVar[Order] = Order(place=Place.CLOCK)

    def __init__(
        self,
        app: ASGIApp,
        *,
        metric: str = "app",
        when: Callable[[RequestHead], bool] | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        super().__init__(app)
        hint = "Give a token (RFC 9110), as in metric='app'."
        self._metric = text(self, "metric", metric, fits=is_token, hint=hint)
        hint = "Give a function that takes the RequestHead and returns a bool."
        self._when = None if when is None else decider(self, "when", when, "the RequestHead", hint=hint)
        self._clock = clock_function(self, "clock", clock)

    def on_request(self, request: RequestHead) -> ResponseHook | None:
        """Start the clock; the hook that is returned reads it."""
        clock, metric = self._clock, self._metric
        timing = ServerTiming(clock)
        # Never reset: servers run each request in a task, and so in a context, of its own. At worst a context
        # begins with the timing of an earlier request (pipelining), which this line replaces.
        _current.set(timing)
        if self._when is not None and not self._when(request.guarded()):
            return None
        start = clock()

        def add_timing(response: ResponseHead) -> None:
            value = f"{metric};dur={(clock() - start) * 1000:.1f}"
            if timing.metrics:
                value = ", ".join((value, *timing.metrics))
            response.headers.append(b"server-timing", value.encode("latin-1"))

        return add_timing


def _milliseconds(seconds: float) -> str:
    if not (isfinite(seconds) and seconds >= 0):
        raise ValueError(
            f"ServerTiming.add: seconds={seconds!r} is not usable. Give a finite number, 0 or more."
        )
    return f"{seconds * 1000:.1f}"


def _quoted(text: str) -> str:
    if not is_field_value(text.strip()):
        raise ValueError(
            f"ServerTiming.add: description={text!r} is not usable. Give one line of Latin-1 text."
        )
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
