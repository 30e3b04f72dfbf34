"""`TrustedHostMiddleware`, and ``ALLOWED_HOSTS``."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from django.core.checks import CheckMessage, Warning
from django.urls import NoReverseMatch, reverse

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.corsheaders import CORS
from asgi_stack.django.counterpart import Counterpart, Options, Proxies, Translation
from asgi_stack.django.hosts import allowed_hosts, declared_hosts, is_allowed
from asgi_stack.django.resolved import ResolvedStack
from asgi_stack.django.suggested import Conditions

__all__ = ["COUNTERPART"]


COMMON = "django.middleware.common.CommonMiddleware"
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


def _suggest(proxies: Proxies) -> Translation | None:
    hosts = declared_hosts()
    if not hosts:
        return None
    lets_in = let_in()
    if CIDR in lets_in:
        return Translation(left_out=f"{CIDR} lets {lets_in[CIDR]} in, which no list of hosts can name.")
    conditions: Conditions = [("exclude", {"exact_path": _alive_paths()})] if ALIVE in lets_in else []
    notes = [
        "ALLOWED_HOSTS: keep it. The layer takes it, and Django looks at it whenever it builds a URL.",
        "TrustedHostMiddleware answers other hosts by a 400 of its own, in plain text.",
    ]
    if early := _before_django_looks():
        notes.append(
            f"{', '.join(early)}: what these answer by themselves, ahead of CommonMiddleware, goes to any "
            "host; the layer refuses other hosts first. Exclude their paths, as those of probes."
        )
    return Translation(options={"allowed_hosts": hosts}, conditions=conditions, notes=notes)


def _alive_paths() -> list[str]:
    found: list[str] = []
    for name in ("alive_alive", "alive_health"):
        with suppress(NoReverseMatch):
            found.append(reverse(name))
    return found


def _before_django_looks() -> list[str]:
    """Return the entries of others that stand ahead of the one which looks at the host of each request."""
    entries = reading.middleware()
    ahead = entries[: entries.index(COMMON)] if COMMON in entries else entries
    return [path for path in ahead if not path.startswith("django.") and path not in (ALIVE, CORS)]


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
    refuses=True,
    told={"USE_X_FORWARDED_HOST": ""},
)
