"""Contexts of a lifespan: entered in order, left in reverse, and what they give to the state."""

import asyncio
import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import MethodType
from typing import Any, NamedTuple, cast

from asgi_stack.applications import accepts, name_of
from asgi_stack.errors import OptionError
from asgi_stack.lifespan.faults import Fault, report
from asgi_stack.lifespan.limits import limited
from asgi_stack.loops import is_being_cancelled

__all__ = ["Context", "EnteredContexts", "check_context"]


class Context(NamedTuple):
    """One async context of a lifespan: how reports call it, and what makes it."""

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
    elif not accepts(enter) or not accepts(_decorated(enter)):
        hint = f"{name_of(enter)} is called without arguments."
    else:
        return
    raise OptionError(owner, "lifespan", enter, hint)


def _decorated(enter: Any) -> Any:
    # What asynccontextmanager makes takes anything, and hands it on.
    function = getattr(enter, "__func__", enter)
    if getattr(function, "__code__", None) is not _HANDS_ON:
        return enter
    return function.__wrapped__ if function is enter else MethodType(function.__wrapped__, enter.__self__)


_HANDS_ON = getattr(asynccontextmanager(cast("Any", accepts)), "__code__", None)


class EnteredContexts:
    """The contexts that one lifespan has entered, and the state that they gave."""

    __slots__ = ("_given", "_managers", "_state", "_timeout")

    def __init__(self, timeout: float | None, state: dict[str, Any]) -> None:
        self._timeout = timeout
        self._state = state
        self._given: dict[str, tuple[str, Any]] = {}
        self._managers: list[tuple[str, AbstractAsyncContextManager[Any]]] = []

    async def enter(self, context: Context) -> list[Fault]:
        """Enter one more context, put what it gives into the state, and return what was wrong with it."""
        try:
            async with limited(self._timeout):
                manager = context.enter()
                if not isinstance(manager, AbstractAsyncContextManager):
                    raise TypeError(f"it made {manager!r}. Make an async context manager.")
                given = await manager.__aenter__()
                self._managers.append((context.name, manager))
            self._take(context.name, given)
        except Exception as error:
            return report(context.name, error)
        return []

    def overwritten(self) -> str | None:
        """Say which key the inner application has put something else under; None where there is none."""
        for key, (giver, value) in self._given.items():
            if self._state.get(key, value) is not value:
                return f"the key {key!r} is in the state already, from {giver}."
        return None

    async def leave(self) -> list[Fault]:
        """Leave every context, innermost first, none of them with another's exception in flight."""
        faults: list[Fault] = []
        while self._managers:
            name, manager = self._managers.pop()
            try:
                async with limited(self._timeout):
                    await manager.__aexit__(None, None, None)
            except Exception as error:
                faults += report(name, error)
        return faults

    async def abandon(self, error: BaseException) -> tuple[BaseException, str]:
        """Leave every context with *error* in flight; return what is in flight in the end, and whose it is.

        It is as with nested ``async with`` blocks, but that nobody swallows it: a context may raise something
        else in its place, as a task group does that has cancelled itself, for a task of its own has crashed.
        """
        owner = ""
        while self._managers:
            name, manager = self._managers.pop()
            try:
                async with limited(self._timeout):
                    await manager.__aexit__(type(error), error, error.__traceback__)
            except Exception as newer:
                if newer is error:
                    continue
                if isinstance(error, asyncio.CancelledError) and is_being_cancelled():
                    report(name, newer)  # whoever cancels is waiting for the cancellation
                else:
                    error, owner = newer, name
            except BaseException as newer:  # a second cancellation must not stop the unwinding either
                error, owner = newer, name
        return error, owner

    def withdraw(self) -> None:
        """Take out of the state what the contexts gave: a server may use the same state again."""
        for key in self._given:
            self._state.pop(key, None)

    def _take(self, name: str, given: Any) -> None:
        if given is None:
            return
        if not isinstance(given, Mapping):
            raise TypeError(f"it yielded {given!r}. Yield a mapping, or nothing.")
        for key, value in cast("Mapping[str, Any]", given).items():
            if key in self._state:
                giver = self._given[key][0] if key in self._given else "outside of this stack"
                raise ValueError(f"the key {key!r} is in the state already, from {giver}.")
            self._given[key] = (name, value)
            self._state[key] = value
