"""Which layers of a stack would act on a request, and why the others would not."""

from collections.abc import Sequence
from typing import NamedTuple

from asgi_stack.base import ASGIMiddleware
from asgi_stack.composing.layer import Layer
from asgi_stack.composing.targets import unwrapped
from asgi_stack.types import Scope

__all__ = ["Explanation", "Verdict", "explain"]


class Verdict(NamedTuple):
    """One layer, and why it would not act on the request; `reason` is empty where it would."""

    layer: Layer[...]
    reason: str

    @property
    def acts(self) -> bool:
        """Tell whether the layer would act."""
        return not self.reason


class Explanation(tuple[Verdict, ...]):
    """A verdict on each layer, outermost first. It prints as a table."""

    __slots__ = ()

    def __str__(self) -> str:
        width = max((len(verdict.layer.name) for verdict in self), default=0)
        return "\n".join(
            f"{position:>3}  {verdict.layer.name:<{width}}  {verdict.reason or 'acts'}"
            for position, verdict in enumerate(self, 1)
        )


def explain(layers: Sequence[Layer[...]], scope: Scope) -> Explanation:
    """Return the verdict on every layer for a request with this scope."""
    return Explanation(Verdict(layer, _reason(layer, scope)) for layer in layers)


def _reason(layer: Layer[...], scope: Scope) -> str:
    if not layer.is_enabled():
        return "absent: it is not enabled"
    for clause in layer.clauses:
        if unmet := clause.unmet(scope):
            return f"passed by: {clause.verb}({unmet})"
    factory = unwrapped(layer.resolve())
    if (
        isinstance(factory, type)
        and issubclass(factory, ASGIMiddleware)
        and scope["type"] not in factory.scope_types
    ):
        return f"passed through: it acts on {' and '.join(sorted(factory.scope_types))} alone"
    return ""
