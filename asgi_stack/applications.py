"""Telling an ASGI 3 application from what is often put in its place."""

import inspect
from asyncio import coroutines
from collections.abc import Callable, Coroutine
from functools import partial
from importlib import import_module
from sys import version_info
from typing import Any, TypeAlias, TypeGuard

from asgi_stack.errors import ApplicationError
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = [
    "ASYNC_FUNCTION",
    "Serve",
    "accepts",
    "as_async",
    "awaited",
    "check_application",
    "kind_without_answer",
    "name_of",
    "signature_of",
]

Serve: TypeAlias = Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]
"""An application whose calls are coroutines: a task can be made of them, and not only an await."""

ASYNC_FUNCTION = "an async function"

_WANTED = "Give an ASGI 3 application: an async callable (scope, receive, send)."
_TO_ASGI_3 = "asgiref.compatibility.guarantee_single_callable makes one of it."


def name_of(thing: Any) -> str:
    """Return the short name that a reader knows a class, a function or an instance by."""
    thing = _without_arguments(thing)
    return getattr(thing, "__name__", None) or type(thing).__name__


def check_application(application: Any) -> None:
    """Refuse what no server could call.

    Raises:
        ApplicationError: naming what was given and what to give in its place.
    """
    fault = _fault(application)
    if fault:
        raise ApplicationError(fault)


def as_async(application: ASGIApp) -> Serve:
    """Return *application* itself where its calls are known to be coroutines, else one that awaits it."""
    return application if _is_async(application) else awaited(application)


def awaited(application: ASGIApp) -> Serve:
    """Return an async function that awaits what *application* returns, be it a coroutine or a future."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        await application(scope, receive, send)

    return call


def _is_async(application: Any) -> TypeGuard[Serve]:
    return inspect.iscoroutinefunction(application) or inspect.iscoroutinefunction(application.__call__)


def accepts(function: Any, *args: Any) -> bool:
    """Tell whether these positional arguments fit; True where the signature cannot be read."""
    signature = signature_of(function)
    if signature is None:
        return True
    try:
        signature.bind(*args)
    except TypeError:
        return False
    return True


def signature_of(function: Any) -> inspect.Signature | None:
    """Return what *function* itself takes; None where that cannot be read, as of some callables in C.

    Not what it wraps takes: a decorator may take other arguments than what it decorates, as ``as_asgi()`` of
    Channels does. Annotations are not evaluated: they may be there for the type checker alone.
    """
    try:
        return inspect.signature(function, follow_wrapped=False, **_UNEVALUATED)
    except Exception:  # whatever its __signature__ raises, that is no reason not to call it
        return None


# Python 3.14 evaluates annotations when they are first looked at, and they may name what nobody has imported.
_UNEVALUATED: dict[str, Any] = (
    {"annotation_format": import_module("annotationlib").Format.FORWARDREF} if version_info >= (3, 14) else {}
)


def kind_without_answer(function: Any) -> str | None:
    """Say what kind of function this is where no call of it gives an answer by itself; None where one may.

    What it gives, a coroutine or a generator, counts as true, whatever it would come to.
    """
    function = _without_arguments(function)
    for made in (function, type(function).__call__):
        if _is_coroutine_function(made):
            return ASYNC_FUNCTION
        if inspect.isasyncgenfunction(made):
            return "an asynchronous generator"
        if inspect.isgeneratorfunction(made):
            return "a generator"
    return None


def _without_arguments(thing: Any) -> Any:
    while isinstance(thing, partial):
        thing = thing.func
    return thing


def _is_coroutine_function(function: Any) -> bool:
    # Before Python 3.12 an object is marked as one by this, as asgiref and AsyncMock do.
    mark = getattr(coroutines, "_is_coroutine", None)
    is_marked = mark is not None and getattr(function, "_is_coroutine", None) is mark
    return is_marked or inspect.iscoroutinefunction(function) or _is_generator_to_await(function)


def _is_generator_to_await(function: Any) -> bool:
    # What types.coroutine makes of a generator.
    flags: object = getattr(getattr(function, "__code__", None), "co_flags", 0)
    return isinstance(flags, int) and bool(flags & inspect.CO_ITERABLE_COROUTINE)


def _fault(application: Any) -> str | None:
    if not callable(application):
        return f"{application!r} is not an application. {_WANTED}"
    name = name_of(application)
    if inspect.isclass(application):
        return _fault_of_class(application, name)
    if (kind := kind_without_answer(application)) not in (None, ASYNC_FUNCTION):
        return f"{name} is {kind}: it has a yield. {_WANTED}"
    if accepts(application, None, None, None):
        return None
    if accepts(application, None):
        return f"{name} is an ASGI 2 application. {_WANTED} {_TO_ASGI_3}"
    if accepts(application):
        return f"{name} takes no scope: it seems to return the application. Call it: {name}()."
    return f"{name} does not take (scope, receive, send). {_WANTED}"


def _fault_of_class(made: type[Any], name: str) -> str | None:
    # Starlette's endpoints are made for one request, of its three arguments, and are awaited themselves.
    if hasattr(made, "__await__") and accepts(made, None, None, None):
        return None
    if accepts(made.__call__, None, None, None) and not accepts(made.__call__, None, None, None, None):
        return f"the class {name} is an ASGI 2 application. {_WANTED} {_TO_ASGI_3}"
    # Channels' consumers are one object for each connection: their class has a method that makes them.
    instance = f"{name}.as_asgi()" if hasattr(made, "as_asgi") else f"{name}(...)"
    return f"the class {name} itself is not an application. Give an instance of it: {instance}."
