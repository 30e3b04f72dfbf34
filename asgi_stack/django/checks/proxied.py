"""Layers that go by what a proxy says, in a stack where nobody reads it."""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Warning

from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart
from asgi_stack.django.counterparts import COUNTERPARTS
from asgi_stack.django.proxies import PROXY_LAYERS, PROXY_SETTINGS
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["look"]


def look(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    """Report settings that tell Django of a proxy, and layers that are not told of it."""
    if resolved.find(*PROXY_LAYERS):
        return
    misled = [each for each in COUNTERPARTS if _is_misled(each, resolved)]
    told = {name for counterpart in misled for name in counterpart.told}
    used = [name for name in reading.with_value(*PROXY_SETTINGS) if name in told]
    if misled:
        yield Warning(
            f"{' and '.join(used)}: requests come through a proxy. To "
            f"{', '.join(each.name for each in misled)} they look as the proxy sent them, for these settings "
            "are Django's alone.",
            hint=(
                "Put ProxyHeadersMiddleware outside of them, and take the settings out. Where the server "
                "reads what the proxy says by itself, add this id to SILENCED_SYSTEM_CHECKS."
            ),
            id="asgi_stack.W009",
        )


def _is_misled(counterpart: Counterpart, resolved: ResolvedStack) -> bool:
    layer = resolved.find(counterpart.layer)
    if layer is None:
        return False
    told = [counterpart.told[name] for name in reading.with_value(*counterpart.told)]
    return any(not option or layer.layer.options.get(option) for option in told)
