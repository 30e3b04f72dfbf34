"""Lifespan: the contexts of a stack, entered before the first request and left after the last.

The rules are those of the ASGI lifespan specification 2.0. Everything runs in the server's own task.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from asgi_stack.lifespan.contexts import Context, EnteredContexts, check_context, report
from asgi_stack.logs import late_logger
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Context", "Lifespan", "check_context"]

logger = late_logger("asgi_stack.lifespan")

_INNER = "the inner application"


class Lifespan:
    """The contexts of one stacked application, and what its requests must be told of them."""

    __slots__ = ("_contexts", "_state", "_timeout", "touches_requests")

    def __init__(self, contexts: Sequence[Context], timeout: float | None) -> None:
        self._contexts = tuple(contexts)
        self._timeout = timeout
        self._state: dict[str, Any] | None = None
        # True only until the lifespan begins, or while requests need a state that the server has not got.
        self.touches_requests = bool(contexts)

    def touch(self, scope: Scope) -> Scope:
        """Return the scope of a request with the state in it, or warn once where no lifespan has begun."""
        if self._state is not None:
            return scope if "state" in scope else {**scope, "state": self._state.copy()}
        self.touches_requests = False
        names = "; ".join(context.name for context in self._contexts)
        logger.warning("The server sends no lifespan events, so these contexts are not entered: %s.", names)
        return scope

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Enter the contexts, run the inner application's own lifespan, leave the contexts."""
        self.touches_requests = False
        if scope.get("state") is None:
            scope = {**scope, "state": {}}
            self._state = scope["state"]
        try:
            run = _Run(EnteredContexts(self._timeout, scope["state"]), self._begin, receive, send)
            await run.serve(self._contexts, app, scope)
        finally:
            self._state = None
            self.touches_requests = False

    def _begin(self) -> None:
        self.touches_requests = bool(self._state)


class _ResponseError(Exception):
    """Stops an application that answers a lifespan as it answers a request."""


class _Run:
    """One lifespan, from ``lifespan.startup`` to the answer to ``lifespan.shutdown``."""

    __slots__ = (
        "_asked",
        "_begin",
        "_crash",
        "_entered",
        "_faults",
        "_receive",
        "_send",
        "_started",
        "_stopping",
    )

    def __init__(
        self, entered: EnteredContexts, begin: Callable[[], None], receive: Receive, send: Send
    ) -> None:
        self._entered = entered
        self._begin = begin
        self._receive = receive
        self._send = send
        self._asked = self._started = self._stopping = False
        self._faults: list[str] = []
        self._crash: Exception | None = None

    async def serve(self, contexts: Sequence[Context], app: ASGIApp, scope: Scope) -> None:
        startup = await self._receive()
        try:
            await self._enter(contexts)
            if not self._faults:
                await self._run_inner(app, scope, startup)
            if self._started and not self._stopping and self._crash is None:
                await self._receive()
            self._faults += await self._entered.leave()
        except BaseException as error:
            await self._entered.abandon(error)
        finally:
            self._entered.withdraw()
        if self._crash is not None:
            raise self._crash
        await self._answer()

    async def _enter(self, contexts: Sequence[Context]) -> None:
        for context in contexts:
            try:
                await self._entered.enter(context)
            except Exception as error:
                self._faults.append(report(context.name, error))
                return

    async def _run_inner(self, app: ASGIApp, scope: Scope, startup: Message) -> None:
        async def receive_from_stack() -> Message:
            if not self._asked:
                self._asked = True
                return startup
            if self._faults:
                return {"type": "lifespan.shutdown"}
            message: Message = await self._receive()
            self._stopping = True
            return message

        try:
            await app(scope, receive_from_stack, self._send_from_inner)
        except Exception as error:
            self._take_exception(error)
        else:
            if not self._started and not self._faults:
                level = logging.WARNING if self._asked else logging.INFO
                logger.log(level, "%s returned from its lifespan without an answer: it has none.", _INNER)
        if not self._started and not self._faults:
            await self._complete_startup({"type": "lifespan.startup.complete"})

    async def _send_from_inner(self, message: Message) -> None:
        kind = message["type"]
        if kind == "lifespan.startup.complete":
            await self._complete_startup(message)
        elif kind in ("lifespan.startup.failed", "lifespan.shutdown.failed"):
            self._faults.append(f"{_INNER}: {message.get('message') or 'it gave no reason'}")
        elif not kind.startswith("lifespan."):
            raise _ResponseError(f"it sent {kind!r}")
        elif kind != "lifespan.shutdown.complete":  # held back until our own contexts have closed
            await self._send(message)

    async def _complete_startup(self, message: Message) -> None:
        if fault := self._entered.overwritten():
            self._faults.append(f"{_INNER}: {fault}")
            return
        self._started = True
        self._begin()
        await self._send(message)

    def _take_exception(self, error: Exception) -> None:
        if self._started and not self._stopping:
            logger.error("The lifespan of %s crashed while serving.", _INNER, exc_info=error)
            self._crash = error
        elif not self._asked or isinstance(error, _ResponseError):
            level = logging.DEBUG if str(error).startswith(_DJANGO_DECLINES) else logging.INFO
            logger.log(level, "%s has no lifespan: %s: %s", _INNER, type(error).__name__, error)
        elif not self._faults:
            self._faults.append(report(_INNER, error))

    async def _answer(self) -> None:
        phase = "shutdown" if self._started else "startup"
        if self._faults:
            message = "; ".join(self._faults)
            logger.error("%s failed: %s", phase.capitalize(), message)
            await self._send({"type": f"lifespan.{phase}.failed", "message": message})
        else:
            await self._send({"type": "lifespan.shutdown.complete"})


_DJANGO_DECLINES = "Django can only handle ASGI/HTTP connections"
