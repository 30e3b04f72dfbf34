"""Layers that refuse by path or by host, and what stands outside of them."""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django.resolved import ResolvedLayer, ResolvedStack

__all__ = ["look"]

FENCES = (box.BASIC_AUTH, box.CROSS_ORIGIN_PROTECTION, box.IP_FILTER, box.MAINTENANCE)

# What a fence may go by, and the layer that lets in only what everybody reads alike.
GUARDS = {
    "path": box.REQUEST_GUARD,
    "exempt_paths": box.REQUEST_GUARD,
    "exact_path": box.REQUEST_GUARD,
    "method": box.REQUEST_GUARD,
    "host": box.TRUSTED_HOST,
}


def look(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    """Report every fence that goes by what may be read otherwise, with nothing outside that refuses it."""
    for fence in resolved.layers:
        if not fence.is_enabled or not fence.is_any(FENCES):
            continue
        keys = _goes_by(fence)
        missing = {GUARDS[key]: None for key in keys if not _is_guarded(resolved, fence, GUARDS[key])}
        if missing:
            guards = " and ".join(guard.rpartition(".")[2] for guard in missing)
            yield Warning(
                f"{fence.layer.name} goes by {' and '.join(keys)}, and there is no {guards} outside of it: "
                "what an application may read otherwise than the layer comes to both.",
                hint=f"Put {guards} outside of it. The layer itself acts where it is in doubt.",
                id="asgi_stack.W019",
            )


def _goes_by(fence: ResolvedLayer) -> list[str]:
    used = [key for key in GUARDS if any(getattr(clause, key, ()) for clause in fence.layer.clauses)]
    return [*used, "exempt_paths"] if fence.strings("exempt_paths") else used


def _is_guarded(resolved: ResolvedStack, fence: ResolvedLayer, guard: str) -> bool:
    outside = resolved.layers[: fence.index]
    return any(layer.is_enabled and layer.is_any([guard]) and not layer.layer.clauses for layer in outside)
