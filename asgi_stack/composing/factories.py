"""Checking a middleware factory against the options that it is given."""

import inspect
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from asgi_stack.applications import accepts, name_of, signature_of
from asgi_stack.composing.masking import outline
from asgi_stack.errors import LayerError

__all__ = ["check_factory"]


def check_factory(factory: Any, options: Mapping[str, Any]) -> None:
    """Refuse what cannot be called with an inner application and these options.

    Raises:
        LayerError: naming the factory, what does not fit, and what would.
    """
    if not callable(factory):
        shown = outline(factory)
        hint = _WANTED
        if isinstance(factory, str):
            path = shown if shown != "a str" else "'package.module.Name'"
            hint = f"For a dotted path write Layer.at({path})."
        raise LayerError(f"{shown} is not a middleware. {hint}")
    name = name_of(factory)
    if _is_async(factory):
        what = "an application already" if accepts(factory, None, None, None) else "an async function"
        raise LayerError(f"{name} is {what}, not a middleware. {_WANTED}")
    signature = signature_of(factory)
    if signature is None:
        return
    try:
        signature.bind(None, **options)
    except TypeError as error:
        raise LayerError(f"{name}: {error}.{_hint(signature, options)}") from None


_WANTED = "Give a class or a function that takes the inner application and returns an application."


def _is_async(factory: Any) -> bool:
    if inspect.isclass(factory):
        return False
    call = factory if inspect.isroutine(factory) else getattr(factory, "__call__", factory)  # noqa: B004
    return inspect.iscoroutinefunction(call)


def _hint(signature: inspect.Signature, options: Mapping[str, Any]) -> str:
    known = [p.name for p in [*signature.parameters.values()][1:] if p.kind in _BY_NAME]
    for option in options:
        if option not in known and (close := get_close_matches(option, known, n=1)):
            return f" Did you mean {close[0]!r}?"
    return f" Its options: {', '.join(known)}." if known else " It takes no options."


_BY_NAME = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
