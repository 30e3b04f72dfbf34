"""What matters once the project is deployed."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.http.request import validate_host

from asgi_stack import box
from asgi_stack.django.defaults import allowed_hosts
from asgi_stack.django.resolved import ResolvedStack
from asgi_stack.django.security import CSP, OPTIONS, POLICIES

__all__ = ["look"]


def look(resolved: ResolvedStack) -> list[CheckMessage]:
    """Report what a deployed project would notice."""
    found = (_security_headers(resolved), _hosts(resolved), _uvicorn(resolved))
    return [message for message in found if message is not None]


def _security_headers(resolved: ResolvedStack) -> CheckMessage | None:
    layer = resolved.find(box.SECURITY_HEADERS)
    used = _read_by_django(layer.layer.options) if layer else {}
    if layer is None or not used:
        return None
    return Warning(
        f"{', '.join(used)} and the layer {layer.layer.name} set the same fields: on Django's own responses "
        "the settings win, on all others the layer.",
        hint=(
            "Keep the layer, which covers static files, other applications and other layers' replies, and "
            "takes these settings where it is given no option, policies excepted; take "
            f"{' and '.join(dict.fromkeys(used.values()))} out of MIDDLEWARE where nothing else of theirs is "
            "used."
        ),
        id="asgi_stack.W005",
    )


def _read_by_django(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings that say what the layer says too, each with the middleware that reads it."""
    readers = {said.setting: said.read_by for said in OPTIONS.values()}
    # The layer has no policy unless it is given one.
    readers |= {name: CSP for option, name in POLICIES.items() if options.get(option)}
    entries: list[str] = [*getattr(settings, "MIDDLEWARE", ())]
    return {name: path for name, path in readers.items() if path in entries and getattr(settings, name, None)}


def _hosts(resolved: ResolvedStack) -> CheckMessage | None:
    layer = resolved.find(box.TRUSTED_HOST)
    hosts = _as_strings(layer.layer.options.get("allowed_hosts")) if layer else []
    refused = [host for host in hosts if not _django_allows(host)]
    if not refused:
        return None
    return Warning(
        f"TrustedHostMiddleware lets {', '.join(map(repr, refused))} pass, which ALLOWED_HOSTS refuses: "
        "Django will answer 400.",
        hint="Leave the option allowed_hosts out: the layer then takes ALLOWED_HOSTS.",
        id="asgi_stack.W006",
    )


def _as_strings(hosts: Any) -> list[str]:
    if not hasattr(hosts, "__len__"):  # an iterator is not ours to consume
        return []
    return [host for host in hosts if isinstance(host, str)]


def _django_allows(host: str) -> bool:
    allowed: list[str] = [*allowed_hosts()]
    if host in allowed or "*" in allowed:
        return True
    return host != "*" and validate_host(host.removeprefix("*"), allowed)


def _uvicorn(resolved: ResolvedStack) -> CheckMessage | None:
    if not resolved.find(box.PROXY_HEADERS) or find_spec("uvicorn") is None:
        return None
    return Warning(
        "uvicorn believes X-Forwarded-For and X-Forwarded-Proto from 127.0.0.1 by itself, so the layer "
        "ProxyHeadersMiddleware would take the client for the proxy.",
        hint="Start it as 'uvicorn --no-proxy-headers ...', then add this id to SILENCED_SYSTEM_CHECKS.",
        id="asgi_stack.W015",
    )
