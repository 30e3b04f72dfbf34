"""What both a layer and Django itself would do, and which of the two to keep."""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Warning

from asgi_stack.django.counterparts import COUNTERPARTS
from asgi_stack.django.entry import find_entry
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["look"]


def look(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    """Report what is done in both places, once the stack is surely not passed by."""
    if find_entry().is_bypassed:
        return
    for counterpart in COUNTERPARTS:
        for duplicate in counterpart.duplicates:
            layer, others = resolved.find(counterpart.layer, *duplicate.layers), duplicate.others()
            if layer and others:
                text = f"{' and '.join(others)} and the layer {layer.layer.name}: {duplicate.effect}."
                yield Warning(text, hint=duplicate.keep(), id=duplicate.id)
