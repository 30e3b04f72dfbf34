"""Order: what a middleware says of its place in a stack."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from asgi_stack.errors import LayerError

__all__ = ["Order"]

Targets: TypeAlias = Iterable[type[Any] | str] | Mapping[Any, str]


class Order:
    """Where a middleware class must stand in a stack: ``order: ClassVar[Order] = Order(inside_of=[...])``.

    A target is a class, which stands for its subclasses too, or the dotted path of anything that may be a
    layer. A target that is not in the stack is ignored, and one that nobody has imported is not imported.

    Arguments:
        inside_of: must see a request before this class does; a mapping gives the reason for each.
        outside_of: must see a request after this class does; likewise.
        once: the class may not be in a stack twice.

    Raises:
        LayerError: for a target that is neither a class nor a dotted path.
    """

    __slots__ = ("inside_of", "once", "outside_of")

    def __init__(self, *, inside_of: Targets = (), outside_of: Targets = (), once: bool = False) -> None:
        self.inside_of = _targets("inside_of", inside_of)
        self.outside_of = _targets("outside_of", outside_of)
        self.once = once

    def __repr__(self) -> str:
        sides = {"inside_of": [*self.inside_of], "outside_of": [*self.outside_of], "once": self.once}
        return f"Order({', '.join(f'{key}={value!r}' for key, value in sides.items() if value)})"


def _targets(side: str, given: Any) -> Mapping[Any, str]:
    if isinstance(given, (str, type)):
        raise LayerError(f"Order({side}={given!r}): give a list, as in {side}=[{given!r}].")
    targets: dict[Any, str] = dict(given) if hasattr(given, "items") else dict.fromkeys(given, "")
    for target in targets:
        if not isinstance(target, type) and not (isinstance(target, str) and "." in target):
            raise LayerError(f"Order({side}=...): {target!r} is neither a class nor a dotted path.")
    return targets
