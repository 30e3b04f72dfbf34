"""Lifespan: the contexts of a stack, entered before the first request and left after the last.

The rules are those of the ASGI lifespan specification 2.0. Everything runs in the server's own task.
"""

import asyncio
import inspect
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple, NoReturn

from asgi_stack.applications import accepts, name_of
from asgi_stack.errors import OptionError
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Context", "Lifespan", "check_context"]

logger = logging.getLogger("asgi_stack.lifespan")

_INNER = "the inner application"


class Context(NamedTuple):
    """One async context of a stack: how reports call it, and what makes it."""

    name: str
    enter: Callable[[], AbstractAsyncContextManager[Mapping[str, Any] | None]]


def check_context(owner: object, enter: Any) -> None:
    """Refuse a *lifespan* of *owner* that cannot make an async context manager.

    Raises:
        OptionError: naming what was given and what to give in its place.
    """
    if inspect.isasyncgenfunction(enter):
        hint = f"Decorate {name_of(enter)} with contextlib.asynccontextmanager."
    elif not callable(enter) or isinstance(enter, AbstractAsyncContextManager):
        hint = (
            "Give functions that return an async context manager: the function, not the result of its call."
        )
    elif inspect.iscoroutinefunction(enter):
        hint = f"Let {name_of(enter)} yield once, and decorate it with contextlib.asynccontextmanager."
    elif not accepts(enter):
        hint = f"{name_of(enter)} is called without arguments."
    else:
        return
    raise OptionError(owner, "lifespan", enter, hint)


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
            run = _Run(_Entered(self._timeout, scope["state"]), self._begin, receive, send)
            await run.serve(self._contexts, app, scope)
        finally:
            self._state = None
            self.touches_requests = False

    def _begin(self) -> None:
        self.touches_requests = bool(self._state)


class _Entered:
    """The contexts that one lifespan has entered, and the state that they gave."""

    __slots__ = ("_given", "_managers", "_state", "_timeout")

    def __init__(self, timeout: float | None, state: dict[str, Any]) -> None:
        self._timeout = timeout
        self._state = state
        self._given: dict[str, tuple[str, Any]] = {}
        self._managers: list[tuple[str, AbstractAsyncContextManager[Any]]] = []

    async def enter(self, context: Context) -> None:
        async with self._limit():
            manager = context.enter()
            if not isinstance(manager, AbstractAsyncContextManager):
                raise TypeError(f"it made {manager!r}. Make an async context manager.")
            given = await manager.__aenter__()
            self._managers.append((context.name, manager))
        if given is None:
            return
        if not isinstance(given, Mapping):
            raise TypeError(f"it yielded {given!r}. Yield a mapping, or nothing.")
        for key, value in given.items():
            if key in self._state:
                giver = self._given[key][0] if key in self._given else "outside of this stack"
                raise ValueError(f"the key {key!r} is in the state already, from {giver}.")
            self._given[key] = (context.name, value)
            self._state[key] = value

    def overwritten(self) -> str | None:
        """Say which key the inner application has put something else under; None where there is none."""
        for key, (giver, value) in self._given.items():
            if self._state.get(key, value) is not value:
                return f"the key {key!r} is in the state already, from {giver}."
        return None

    async def leave(self) -> list[str]:
        """Leave every context, innermost first, none of them with another's exception in flight."""
        faults: list[str] = []
        while self._managers:
            name, manager = self._managers.pop()
            try:
                async with self._limit():
                    await manager.__aexit__(None, None, None)
            except Exception as error:
                faults.append(_report(name, error))
        return faults

    async def abandon(self, error: BaseException) -> NoReturn:
        """Leave every context with *error* in flight, and raise it, whatever they do about it."""
        while self._managers:
            name, manager = self._managers.pop()
            try:
                async with self._limit():
                    await manager.__aexit__(type(error), error, error.__traceback__)
            except Exception as fault:
                if fault is not error:
                    _report(name, fault)
            except BaseException as newer:  # a second cancellation must not stop the unwinding either
                error = newer
        raise error

    def withdraw(self) -> None:
        """Take out of the state what the contexts gave: a server may use the same state again."""
        for key in self._given:
            self._state.pop(key, None)

    @asynccontextmanager
    async def _limit(self) -> AsyncGenerator[None]:
        limit = asyncio.timeout(self._timeout)
        try:
            async with limit:
                yield
        except TimeoutError:
            if not limit.expired():
                raise
            raise TimeoutError(f"it took longer than {self._timeout} s.") from None


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

    def __init__(self, entered: _Entered, begin: Callable[[], None], receive: Receive, send: Send) -> None:
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
                self._faults.append(_report(context.name, error))
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
        elif not self._asked:
            level = logging.DEBUG if str(error).startswith(_DJANGO_DECLINES) else logging.INFO
            logger.log(level, "%s has no lifespan: %s: %s", _INNER, type(error).__name__, error)
        elif not self._faults:
            self._faults.append(_report(_INNER, error))

    async def _answer(self) -> None:
        phase = "shutdown" if self._started else "startup"
        if self._faults:
            message = "; ".join(self._faults)
            logger.error("%s failed: %s", phase.capitalize(), message)
            await self._send({"type": f"lifespan.{phase}.failed", "message": message})
        else:
            await self._send({"type": "lifespan.shutdown.complete"})


_DJANGO_DECLINES = "Django can only handle ASGI/HTTP connections"


def _report(name: str, error: Exception) -> str:
    fault = f"{name}: {type(error).__name__}: {error}"
    logger.error("%s", fault, exc_info=error)
    return fault
