"""`DrainMiddleware`, which asks who wants the drain."""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django.counterpart import Counterpart
from asgi_stack.django.proxies import PROXY_LAYERS
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["COUNTERPART"]


def _drain_of_the_proxy(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    drain, proxy = resolved.find(box.DRAIN), resolved.find(*PROXY_LAYERS)
    if drain is None or proxy is None or proxy.index < drain.index:
        return
    if not drain.layer.options.get("drain_path"):
        return
    yield Warning(
        "DrainMiddleware stands outside of the layer that reads what the proxy says. It compares "
        "drain_clients with the address of the proxy: all who come through that may begin the drain, "
        "or nobody may.",
        hint="Move DrainMiddleware inside of that layer.",
        id="asgi_stack.W016",
    )


COUNTERPART = Counterpart(
    layer=box.DRAIN,
    deployed=[_drain_of_the_proxy],
    told={"SECURE_PROXY_SSL_HEADER": "drain_path", "USE_X_FORWARDED_HOST": "drain_path"},
)
