"""`TrustedHostMiddleware`, and ``ALLOWED_HOSTS``."""

from collections.abc import Iterator, Mapping

from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart, Options, Translation
from asgi_stack.django.hosts import allowed_hosts, is_allowed
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["COUNTERPART"]


CIDR = "allow_cidr.middleware.AllowCIDRMiddleware"
ALIVE = "django_alive.middleware.healthcheck_bypass_host_check"


def let_in() -> Mapping[str, str]:
    """Return the entries of ``MIDDLEWARE`` that let in what ``ALLOWED_HOSTS`` refuses, and what that is."""
    entries = reading.middleware()
    networks = reading.setting("ALLOWED_CIDR_NETS")
    found = {CIDR: f"hosts in {networks!r} (ALLOWED_CIDR_NETS)"} if networks and CIDR in entries else {}
    return found | ({ALIVE: "any host at the paths of django-alive"} if ALIVE in entries else {})


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


def _let_in_inside(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    layer = resolved.find(box.TRUSTED_HOST)
    if layer is None or layer.layer.clauses or "*" in (layer.strings("allowed_hosts") or ()):
        return
    for path, what in let_in().items():
        yield Warning(
            f"{path} lets requests for {what} in, which TrustedHostMiddleware answers with 400.",
            hint=(
                "Put HealthMiddleware outside of it for the probes of a platform, exclude their paths, as in "
                "Layer.at(...).exclude(path=...), or take the layer out."
            ),
            id="asgi_stack.W021",
        )


COUNTERPART = Counterpart(
    layer=box.TRUSTED_HOST,
    defaults=_defaults,
    suggest=_suggest,
    deployed=[_refused_inside, _let_in_inside],
    told={"USE_X_FORWARDED_HOST": ""},
)
