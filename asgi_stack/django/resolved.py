"""What the stack of the settings is, for the checks and the command to look at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from asgi_stack.composing.layer import Layer
from asgi_stack.composing.stack import Stack
from asgi_stack.composing.targets import is_target

__all__ = ["ResolvedLayer", "ResolvedStack"]


@dataclass(frozen=True, slots=True)
class ResolvedLayer:
    """One entry of ``ASGI_STACK``; `factory` is None where it cannot be resolved.

    Layers with the same number as their `group` are fused; None is a layer that runs by itself.
    """

    index: int
    layer: Layer[...]
    factory: Any
    is_enabled: bool
    group: int | None

    def is_any(self, paths: Iterable[str]) -> bool:
        """Tell whether one of these dotted paths means this layer."""
        return any(path == self.layer.factory_name or is_target(path, self.factory) for path in paths)

    def strings(self, option: str) -> list[str] | None:
        """Return the list that is given as an option; None where there is none, or an iterator.

        An iterator is not ours to consume.
        """
        given: Any = self.layer.options.get(option)
        return None if not hasattr(given, "__len__") else [each for each in given if isinstance(each, str)]


class ResolvedStack(NamedTuple):
    """What the settings declare, and every fault that building it has brought to light."""

    stack: Stack
    layers: Sequence[ResolvedLayer] = ()
    contexts: Sequence[str] = ()
    faults: Sequence[tuple[str, Exception]] = ()

    def find(self, *paths: str) -> ResolvedLayer | None:
        """Return the outermost enabled layer that one of these dotted paths means."""
        return next((found for found in self.layers if found.is_enabled and found.is_any(paths)), None)
