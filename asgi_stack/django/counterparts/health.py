"""`HealthMiddleware`, and a page inside of Django that answers probes like everybody else."""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["COUNTERPART"]

MAINTENANCE = "maintenance_mode.middleware.MaintenanceModeMiddleware"


def _closed_to_probes(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    if MAINTENANCE not in reading.middleware() or resolved.find(box.HEALTH):
        return
    if not reading.setting("MAINTENANCE_MODE_IGNORE_URLS"):
        yield Warning(
            f"{MAINTENANCE} answers every path with 503 while the site is closed, probes included, and a "
            "platform restarts the processes.",
            hint=(
                "Put HealthMiddleware into ASGI_STACK, which is outside of Django, and let the platform ask "
                "/livez; or name the paths of the probes in MAINTENANCE_MODE_IGNORE_URLS."
            ),
            id="asgi_stack.W022",
        )


COUNTERPART = Counterpart(layer=box.HEALTH, deployed=[_closed_to_probes])
