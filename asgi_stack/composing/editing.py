"""Finding the one layer of a stack that somebody means."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, TypeAlias

from asgi_stack.applications import name_of
from asgi_stack.composing.layer import Layer
from asgi_stack.composing.targets import is_target
from asgi_stack.errors import ImportPathError, TargetError
from asgi_stack.types import MiddlewareFactory

__all__ = ["Target", "find_layer"]

Target: TypeAlias = str | MiddlewareFactory[...]
"""A middleware factory, the dotted path of one, or the name that `Layer.named` gave."""


def find_layer(layers: Sequence[Layer[...]], target: Target) -> int:
    """Return the index of the one layer that *target* means.

    Raises:
        TargetError: where there is none, or more than one; the text lists what there is.
    """
    found = [index for index, layer in enumerate(layers) if _is_meant(layer, target)]
    if len(found) == 1:
        return found[0]
    shown = repr(target) if isinstance(target, str) else name_of(target)
    held = ", ".join(layer.name for layer in layers) or "no layer"
    if found:
        places = ", ".join(str(index + 1) for index in found)
        raise TargetError(
            f"{shown} means several layers of the stack: {places}. Tell them apart with .named()."
        )
    raise TargetError(f"{shown} is not in the stack.{_hint(layers, target)} It holds: {held}.")


def _is_meant(layer: Layer[...], target: Any) -> bool:
    if isinstance(target, str) and target in (layer.name, layer.factory_name):
        return True
    if isinstance(target, str) and "." not in target:
        return False
    try:
        factory = layer.resolve()
    except ImportPathError:  # wrap() will report it
        return False
    return is_target(target, factory)


def _hint(layers: Sequence[Layer[...]], target: Any) -> str:
    wanted = target if isinstance(target, str) else name_of(target)
    close = get_close_matches(wanted, [layer.name for layer in layers], n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
