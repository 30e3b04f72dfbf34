"""What a header layer must not do, told with its name and the mend. A good layer pays nothing for it."""

from collections.abc import Callable
from functools import partial
from inspect import isawaitable, unwrap
from types import CoroutineType
from typing import Any

from asgi_stack.errors import LayerError

__all__ = ["checked_hook", "refuse_awaitable"]


def checked_hook(answer: Any, on_request: Callable[..., Any]) -> Callable[..., None]:
    """Return what `on_request` returned as a hook.

    Raises:
        LayerError: if nobody can call it.
    """
    if callable(answer):
        return answer  # type: ignore[no-any-return]  # what it takes is seen when it is called
    _close(answer)
    raise LayerError(
        f"{_name_of(on_request)} returned {answer!r}. "
        "Return None, a Reply, or a function that takes the ResponseHead on its way out."
    )


def refuse_awaitable(left: object, hook: Callable[..., Any]) -> None:
    """Raise if what a response hook returned would have to be awaited.

    Raises:
        LayerError: naming the hook.
    """
    if isawaitable(left):
        _close(left)
        raise LayerError(
            f"{_name_of(hook)} is a response hook, and an async function: nobody would await it. "
            "Write a plain def, or derive the layer from ASGIMiddleware."
        )


def _name_of(function: Any) -> str:
    """Return the class and the name of a method, the full name of any other function."""
    while isinstance(function, partial):
        function = function.func
    function = unwrap(function)
    if (owner := getattr(function, "__self__", None)) is not None:
        return f"{type(owner).__name__}.{function.__name__}"
    name: str = getattr(function, "__qualname__", type(function).__qualname__)
    return name.replace(".<locals>", "")


def _close(answer: object) -> None:
    # Python would warn that a coroutine was never awaited.
    if isinstance(answer, CoroutineType):
        answer.close()
