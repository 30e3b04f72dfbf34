"""What matters once the project is deployed."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.http.request import validate_host

from asgi_stack.django.defaults import allowed_hosts
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["look"]

BOX = "asgi_stack.middleware"

MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
# Each option of the layer, the setting that says the same, and the middleware that reads it.
SAME = (
    ("hsts_max_age", "SECURE_HSTS_SECONDS", MIDDLEWARE[0]),
    ("nosniff", "SECURE_CONTENT_TYPE_NOSNIFF", MIDDLEWARE[0]),
    ("referrer_policy", "SECURE_REFERRER_POLICY", MIDDLEWARE[0]),
    ("cross_origin_opener_policy", "SECURE_CROSS_ORIGIN_OPENER_POLICY", MIDDLEWARE[0]),
    ("frame_options", "X_FRAME_OPTIONS", MIDDLEWARE[1]),
)


def look(resolved: ResolvedStack) -> list[CheckMessage]:
    """Report what a deployed project would notice."""
    found = (_security_headers(resolved), _hosts(resolved), _uvicorn(resolved))
    return [message for message in found if message is not None]


def _security_headers(resolved: ResolvedStack) -> CheckMessage | None:
    layer = resolved.find(f"{BOX}.SecurityHeadersMiddleware")
    entries: list[str] = [*getattr(settings, "MIDDLEWARE", ())]
    used = [name for _, name, owner in SAME if owner in entries and getattr(settings, name, None)]
    if layer is None or not used:
        return None
    return Warning(
        f"{', '.join(used)} and the layer {layer.layer.name} set the same fields: on Django's own responses "
        "the settings win, on all others the layer.",
        hint=(
            "Keep the layer, which covers static files, other applications and other layers' replies, and "
            "takes these settings where it is given no option; take "
            f"{' and '.join(MIDDLEWARE)} out of MIDDLEWARE where nothing else of theirs is used."
        ),
        id="asgi_stack.W005",
    )


def _hosts(resolved: ResolvedStack) -> CheckMessage | None:
    layer = resolved.find(f"{BOX}.TrustedHostMiddleware")
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
    if not resolved.find(f"{BOX}.ProxyHeadersMiddleware") or find_spec("uvicorn") is None:
        return None
    return Warning(
        "uvicorn believes X-Forwarded-For and X-Forwarded-Proto from 127.0.0.1 by itself, so the layer "
        "ProxyHeadersMiddleware would take the client for the proxy.",
        hint="Start it as 'uvicorn --no-proxy-headers ...', then add this id to SILENCED_SYSTEM_CHECKS.",
        id="asgi_stack.W015",
    )
