"""The lifespan of one application: what it is told, what it says, and what that means."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from asgi_stack.errors import EventLoopError, ScopeTypeError, StackError, described
from asgi_stack.lifespan.faults import Fault, FaultsError, report
from asgi_stack.lifespan.limits import TIME_LIMIT, TimeLimit, too_long
from asgi_stack.logs import late_logger
from asgi_stack.loops import is_being_cancelled
from asgi_stack.types import ASGIApp, Message, Scope, Send

__all__ = ["COMPLETE", "ApplicationLifespan", "DeclinedError", "is_meant"]

logger = late_logger("asgi_stack.lifespan")

COMPLETE: Message = {"type": "lifespan.startup.complete"}

Shutdown: TypeAlias = Callable[[], Awaitable[Message]]


class DeclinedError(Exception):
    """Comes out of what stands around an application that has no lifespan, once the log says so."""


class NotLifespanError(Exception):
    """Stops an application that answers a lifespan as it answers a request."""


class NothingFollowsError(asyncio.CancelledError):
    """Ends an application that asks for an event which never comes.

    A cancellation, because whoever catches every error and asks again would never end.
    """


class ApplicationLifespan:
    """Asks an application for its lifespan in the place of a server (ASGI lifespan specification 2.0).

    One that raises or returns before it has asked for an event has no lifespan. Nor has one that was made for
    something else, as for websockets alone: it asks for a second event before it has answered the first,
    sends what is no event of a lifespan, or does not know the event that it gets. Any other exception in its
    start fails the start.

    Arguments:
        name: what reports call the application.
        startup: the event that it is asked with.
        shutdown: waits for the wish to stop.
        started: is told when the application has started.
        send: takes the events that are neither a start nor an end.
    """

    __slots__ = (
        "_asked",
        "_is_over",
        "_limit",
        "_name",
        "_send",
        "_shutdown",
        "_started",
        "_startup",
        "crash",
        "faults",
        "has_started",
        "stops",
    )

    def __init__(self, name: str, startup: Message, shutdown: Shutdown, started: Send, send: Send) -> None:
        self._name = name
        self._startup = startup
        self._shutdown = shutdown
        self._started = started
        self._send = send
        self._limit: TimeLimit | None = None
        self._asked = self._is_over = False
        self.has_started = self.stops = False
        self.faults: list[Fault] = []
        self.crash: BaseException | None = None

    @property
    def has_declined(self) -> bool:
        """Whether the application is to be served without a lifespan, once it has ended."""
        return not self.faults and not self.has_started

    async def serve(self, app: ASGIApp, scope: Scope, seconds: float | None = None) -> None:
        """Call the application, and return when its lifespan has ended, however that came.

        It may take so many *seconds* to start, and again to stop.
        """
        if seconds is None:
            await self._serve(app, scope)
            return
        timer = asyncio.timeout(seconds)
        self._limit = TimeLimit(seconds, timer)
        try:
            async with timer:
                await self._serve(app, {**scope, TIME_LIMIT: self._limit})
        except TimeoutError:
            # It may have given its cancellation as the reason, as Starlette does; this is the better one.
            self.faults = report(self._name, too_long(seconds))
        finally:
            self._limit = None

    async def _serve(self, app: ASGIApp, scope: Scope) -> None:
        try:
            await app(scope, self._receive, self._send_on)
        except asyncio.CancelledError:
            # What was raised in another task of the application comes out as a plain cancellation.
            if not self._is_over or is_being_cancelled():
                raise
        except Exception as error:
            self.take(error)
        else:
            if self.has_declined and not self._is_over:
                level = logging.WARNING if self._asked else logging.INFO
                text = "%s returned from its lifespan without an answer: it has none."
                logger.log(level, text, self._name)

    def take(self, error: BaseException) -> None:
        """Judge what the application has raised."""
        if self.has_started and not self.stops:
            logger.error("The lifespan of %s crashed while serving.", self._name, exc_info=error)
            self.crash = error
            self.faults.append(Fault(f"{self._name}: {described(error)}", error))
        elif self.faults:  # it has said why, and raises too, as Starlette does
            self.faults[-1] = Fault(self.faults[-1].text, error)
        elif isinstance(error, FaultsError):
            self.faults += error.faults
        elif not self._declines_by(error):
            logger.error("%s failed.", self._name, exc_info=error)
            # One of the loop says who needs another.
            whose = "" if isinstance(error, EventLoopError) else f"{self._name}: "
            self.faults.append(Fault(f"{whose}{described(error)}", error))
        elif not self._is_over and not isinstance(error, DeclinedError):
            level = logging.WARNING if self._asked else logging.INFO
            why = str(error) if isinstance(error, NotLifespanError) else described(error)
            logger.log(level, "%s has no lifespan: %s", self._name, why)

    def _declines_by(self, error: BaseException) -> bool:
        if self.has_started or is_meant(error):
            return False
        return not self._asked or self._is_over or _is_of_no_lifespan(error)

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return self._startup
        if self.stops or self.has_declined:
            self._end()
        # An application that goes on after its own failure is told to stop; the server waits for no more.
        message: Message = await self._shutdown() if self.has_started else {"type": "lifespan.shutdown"}
        self.stops = True
        if self._limit is not None:
            self._limit.begin()
        return message

    def _end(self) -> None:
        if self.has_declined and not self._is_over:
            text = "%s asks for a second event before it has answered the first: it has no lifespan."
            logger.warning(text, self._name)
        self._is_over = True
        raise NothingFollowsError

    async def _send_on(self, message: Message) -> None:
        kind = message["type"]
        if kind == "lifespan.startup.complete":
            await self._started(message)
            if self._limit is not None and self.has_started:
                self._limit.pause()
        elif kind in ("lifespan.startup.failed", "lifespan.shutdown.failed"):
            self.faults.append(Fault(f"{self._name}: {message.get('message') or 'it gave no reason'}"))
        elif not kind.startswith("lifespan."):
            raise NotLifespanError(f"it sent {kind!r}")
        elif kind != "lifespan.shutdown.complete":  # said by whoever answers for all
            await self._send(message)


def is_meant(error: BaseException) -> bool:
    """Tell whether an error is raised to fail a start, and not because there is no lifespan."""
    ours = isinstance(error, StackError) and not isinstance(error, ScopeTypeError)
    return ours or isinstance(error, FaultsError)


def _is_of_no_lifespan(error: BaseException) -> bool:
    # Who is asked for what it does not know names that: "No handler for message type lifespan.startup".
    if isinstance(error, (NotLifespanError, DeclinedError)):
        return True
    return any(name in str(error) for name in ("lifespan.startup", "lifespan_startup"))
