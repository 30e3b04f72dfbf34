"""Contexts of a stack: entered in order, left in reverse, and what they give to the state."""

import asyncio
import inspect
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple, NoReturn

from asgi_stack.applications import accepts, name_of
from asgi_stack.errors import OptionError
from asgi_stack.logs import late_logger

__all__ = ["Context", "EnteredContexts", "check_context", "report"]

logger = late_logger("asgi_stack.lifespan")


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
    elif not callable(enter) or hasattr(type(enter), "__aenter__"):
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


class EnteredContexts:
    """The contexts that one lifespan has entered, and the state that they gave."""

    __slots__ = ("_given", "_managers", "_state", "_timeout")

    def __init__(self, timeout: float | None, state: dict[str, Any]) -> None:
        self._timeout = timeout
        self._state = state
        self._given: dict[str, tuple[str, Any]] = {}
        self._managers: list[tuple[str, AbstractAsyncContextManager[Any]]] = []

    async def enter(self, context: Context) -> None:
        """Enter one more context, and put what it gives into the state."""
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
                faults.append(report(name, error))
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
                    report(name, fault)
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


def report(name: str, error: Exception) -> str:
    """Log a fault with its traceback, and return the line that the server is told."""
    fault = f"{name}: {type(error).__name__}: {error}"
    logger.error("%s", fault, exc_info=error)
    return fault
