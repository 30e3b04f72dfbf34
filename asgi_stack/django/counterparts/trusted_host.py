"""`TrustedHostMiddleware`, and ``ALLOWED_HOSTS``."""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart, Options, Translation
from asgi_stack.django.hosts import allowed_hosts, is_allowed
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["COUNTERPART"]


def _defaults(given: Options) -> Options:
    return {"allowed_hosts": allowed_hosts()}


def _suggest() -> Translation | None:
    hosts = [*reading.setting("ALLOWED_HOSTS", ())]
    if not hosts:
        return None
    note = "ALLOWED_HOSTS: keep it. Django looks at it too, whenever it builds a URL."
    return Translation({"allowed_hosts": hosts}, [], [note])


def _refused_inside(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    layer = resolved.find(box.TRUSTED_HOST)
    hosts = (layer.strings("allowed_hosts") if layer else None) or []
    refused = [host for host in hosts if not is_allowed(host)]
    if refused:
        yield Warning(
            f"TrustedHostMiddleware lets {', '.join(map(repr, refused))} pass, which ALLOWED_HOSTS refuses: "
            "Django will answer 400.",
            hint="Leave the option allowed_hosts out: the layer then takes ALLOWED_HOSTS.",
            id="asgi_stack.W006",
        )


COUNTERPART = Counterpart(
    layer=box.TRUSTED_HOST,
    defaults=_defaults,
    suggest=_suggest,
    deployed=[_refused_inside],
    told={"USE_X_FORWARDED_HOST": ""},
)
