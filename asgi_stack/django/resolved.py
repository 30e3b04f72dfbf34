"""What the stack of the settings is, for the checks and the command to look at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from asgi_stack.composing.conditions import decision_for
from asgi_stack.composing.layer import Layer
from asgi_stack.composing.stack import Stack
from asgi_stack.composing.targets import is_target
from asgi_stack.types import Scope

__all__ = ["ResolvedLayer", "ResolvedStack", "request_for"]


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

    def acts_on(self, path: str, method: str) -> bool:
        """Tell whether the conditions let the layer act on an ordinary request of http."""
        decision = decision_for(self.layer.clauses, "http")
        return decision is True or (decision is not False and decision(request_for(path, method)))

    def strings(self, option: str) -> list[str] | None:
        """Return the list that is given as an option; None where there is none, or an iterator.

        An iterator is not ours to consume.
        """
        given: Any = self.layer.options.get(option)
        return None if not hasattr(given, "__len__") else [each for each in given if isinstance(each, str)]


def request_for(path: str, method: str) -> Scope:
    """Return the scope of a request as a layer looks at it: by https, for a host like any other."""
    return {
        "type": "http",
        "method": method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"example.com")],
    }


class ResolvedStack(NamedTuple):
    """What the settings declare, and every fault that building it has brought to light."""

    stack: Stack
    layers: Sequence[ResolvedLayer] = ()
    contexts: Sequence[str] = ()
    faults: Sequence[tuple[str, Exception]] = ()

    def find(self, *paths: str) -> ResolvedLayer | None:
        """Return the outermost enabled layer that one of these dotted paths means."""
        return next((found for found in self.layers if found.is_enabled and found.is_any(paths)), None)
