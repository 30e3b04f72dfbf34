"""The way of a lifespan through the layers of a stack to the application that was wrapped.

A layer that raises on a lifespan, or drops it, takes the application its own, and nobody would know.
"""

from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from types import TracebackType
from typing import Any, NamedTuple

from asgi_stack.errors import described
from asgi_stack.lifespan.application import DeclinedError, is_meant
from asgi_stack.lifespan.faults import Fault, FaultsError
from asgi_stack.logs import late_logger
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["WARNINGS", "Arrival", "Passage", "Passed", "is_djangos_own", "say_that_django_has_none"]

logger = late_logger("asgi_stack.lifespan")

WARNINGS = "asgi_stack.lifespan_warnings"
"""The key of a lifespan scope under which a test client finds what only the log would say."""

_MEND = "Keep it out of the lifespan: .only(scope_type=['http', 'websocket'])."


class Passed(NamedTuple):
    """A layer that a lifespan passes: how reports call it, and the application that it is."""

    where: str
    app: ASGIApp


class _Reach:
    """How far one lifespan has come."""

    __slots__ = ("arrival", "is_reached")

    def __init__(self, arrival: "Arrival") -> None:
        self.arrival = arrival
        self.is_reached = False


_reach: ContextVar[_Reach | None] = ContextVar("asgi_stack.lifespan", default=None)


class Arrival:
    """Where a lifespan reaches the application that was wrapped.

    Django's own handler has none, and says so by an exception, which tools that watch for errors report. It
    is not asked.
    """

    __slots__ = ("app", "is_asked")

    _asgi_single_callable = True

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.is_asked = not is_djangos_own(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the lifespan on as it came."""
        reach = _reach.get()
        if reach is not None and reach.arrival is self:
            reach.is_reached = True
        if self.is_asked:
            await self.app(scope, receive, send)


class Passage:
    """An application made of layers, with a word for the log where a lifespan does not come through them."""

    __slots__ = ("_arrival", "_entry", "_passed")

    _asgi_single_callable = True

    def __init__(self, entry: ASGIApp, passed: Sequence[Passed], arrival: Arrival) -> None:
        self._entry = entry
        self._passed = tuple(passed)
        self._arrival = arrival

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a lifespan inward, and see whether it arrives."""
        reach = _Reach(self._arrival)
        _reach.set(reach)
        asked = answered = False

        async def receive_asked() -> Message:
            nonlocal asked
            asked = True
            message: Message = await receive()
            return message

        async def send_answered(message: Message) -> None:
            nonlocal answered
            if not (answered or reach.is_reached):
                self._warn(scope, "answers the lifespan itself")
            answered = True
            await send(message)

        try:
            await self._entry(scope, receive_asked, send_answered)
        except Exception as error:
            if reach.is_reached or answered or is_meant(error):
                raise
            self._blame(scope, error, asked)
        if not answered and not (reach.is_reached and self._arrival.is_asked):
            self._decline(scope, reach)

    def _decline(self, scope: Scope, reach: _Reach) -> None:
        if not reach.is_reached:
            self._warn(scope, "does not hand the lifespan inward")
        if not self._arrival.is_asked:
            say_that_django_has_none("the inner application")
        raise DeclinedError

    def _blame(self, scope: Scope, error: Exception, asked: bool) -> None:
        where = _among(_suspected(error, self._passed))
        if asked:  # the start has begun, and this is what it fails with
            text = f"{where}: {described(error)}"
            raise FaultsError([Fault(f"{text}. {_MEND}", error)]) from error
        self._warn(scope, f"raises on the lifespan, {described(error)}", where)
        raise DeclinedError

    def _warn(self, scope: Scope, what: str, where: str = "") -> None:
        if not self._arrival.is_asked:
            return
        text = f"{where or _among(self._passed)} {what}, so that the inner application was not asked. {_MEND}"
        logger.warning("%s", text)
        scope.get(WARNINGS, []).append(text)


def is_djangos_own(app: Any) -> bool:
    """Tell whether lifespans come to Django's own handler here, which takes none.

    It is known by the class that its ``__call__`` is in, and not by the function, which others replace.
    """
    owner = next((kind for kind in type(app).__mro__ if "__call__" in vars(kind)), type(None))
    path = f"{owner.__module__}.{owner.__qualname__}"
    if path == "django.contrib.staticfiles.handlers.ASGIStaticFilesHandler":
        return is_djangos_own(app.application)
    return path == "django.core.handlers.asgi.ASGIHandler"


def say_that_django_has_none(name: str) -> None:
    """Leave a word in the log of why *name* is not asked."""
    logger.debug("%s has no lifespan: it is Django's own handler, which is not asked.", name)


def _among(passed: Sequence[Passed]) -> str:
    names = [layer.where for layer in passed]
    return names[0] if len(names) == 1 else f"one of these layers ({'; '.join(names)})"


def _suspected(error: Exception, passed: Sequence[Passed]) -> Sequence[Passed]:
    """Return the layer that the exception was raised in, or those among which it is."""
    places = {_code_of(layer.app): place for place, layer in enumerate(passed)}
    codes = [*_frames(error.__traceback__)]
    found = [places[code] for code in codes if code in places]
    innermost = found[-1] if found else 0
    # What was raised further in was raised by this layer or, where a layer hides its code, inside of it.
    return passed[innermost : innermost + 1] if codes[-1] in places else passed[innermost:]


def _frames(traceback: TracebackType | None) -> Iterator[object]:
    while traceback is not None:
        yield traceback.tb_frame.f_code
        traceback = traceback.tb_next


def _code_of(app: Any) -> object:
    call: Any = app if hasattr(app, "__code__") else type(app).__call__
    return getattr(call, "__code__", None)
