"""Layers of the edge that the settings contradict, or that lack the layer that they rely on."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django.resolved import ResolvedLayer, ResolvedStack
from asgi_stack.grammar.origin import Origins, parse_origin

__all__ = ["look"]

CSRF = "django.middleware.csrf.CsrfViewMiddleware"
PROXY_LAYERS = (
    box.PROXY_HEADERS,
    "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware",
    "hypercorn.middleware.ProxyFixMiddleware",
)
# What a setting says that a proxy tells, and the layers that go by it, with the option that makes them.
TOLD: Mapping[str, Mapping[str, str]] = {
    "SECURE_PROXY_SSL_HEADER": {
        "HTTPSRedirectMiddleware": "",
        "SecurityHeadersMiddleware": "hsts_max_age",
        "IPFilterMiddleware": "",
        "DrainMiddleware": "drain_path",
    },
    "USE_X_FORWARDED_HOST": {
        "TrustedHostMiddleware": "",
        "CrossOriginProtectionMiddleware": "",
        "IPFilterMiddleware": "",
        "DrainMiddleware": "drain_path",
    },
}


def look(resolved: ResolvedStack) -> list[CheckMessage]:
    """Report what the settings and the layers say of one thing in two ways."""
    found = (
        _origins(resolved),
        _any_host(resolved),
        _no_proxy_layer(resolved),
        _drain_of_the_proxy(resolved),
    )
    return [message for message in found if message is not None]


def _origins(resolved: ResolvedStack) -> CheckMessage | None:
    layer = resolved.find(box.CROSS_ORIGIN_PROTECTION)
    given = _strings(layer, "trusted_origins")
    if given is None or CSRF not in getattr(settings, "MIDDLEWARE", ()):
        return None
    django = [*settings.CSRF_TRUSTED_ORIGINS]
    parts = [
        f"{', '.join(map(repr, missing))} only {where}"
        for missing, where in (
            (_missing(given, django), "the layer, and Django will answer 403"),
            (_missing(django, given), "CSRF_TRUSTED_ORIGINS, and the layer will answer 403"),
        )
        if missing
    ]
    if not parts:
        return None
    return Warning(
        "CSRF_TRUSTED_ORIGINS and the option trusted_origins of CrossOriginProtectionMiddleware differ: "
        f"{'; '.join(parts)}.",
        hint="Leave the option trusted_origins out: the layer then takes CSRF_TRUSTED_ORIGINS.",
        id="asgi_stack.W007",
    )


def _any_host(resolved: ResolvedStack) -> CheckMessage | None:
    redirect = resolved.find(box.HTTPS_REDIRECT)
    trusted = resolved.find(box.TRUSTED_HOST)
    if "*" not in (_strings(redirect, "allowed_hosts") or ()):
        return None
    if trusted is not None and "*" not in (_strings(trusted, "allowed_hosts") or ()):
        return None
    return Warning(
        "HTTPSRedirectMiddleware redirects to whatever host a request names, and no layer looks at the host.",
        hint="Name your hosts in ALLOWED_HOSTS or in its option allowed_hosts, or give it one in host.",
        id="asgi_stack.W008",
    )


def _no_proxy_layer(resolved: ResolvedStack) -> CheckMessage | None:
    used = [name for name in TOLD if getattr(settings, name, None)]
    if not used or resolved.find(*PROXY_LAYERS):
        return None
    misled = {
        layer: None
        for name in used
        for layer, option in TOLD[name].items()
        if _goes_by_it(resolved.find(box.path_to(layer)), option)
    }
    if not misled:
        return None
    return Warning(
        f"{' and '.join(used)}: requests come through a proxy. To {', '.join(misled)} they look as the proxy "
        "sent them, for these settings are Django's alone.",
        hint=(
            "Put ProxyHeadersMiddleware outside of them, and take the settings out. Where the server reads "
            "what the proxy says by itself, add this id to SILENCED_SYSTEM_CHECKS."
        ),
        id="asgi_stack.W009",
    )


def _drain_of_the_proxy(resolved: ResolvedStack) -> CheckMessage | None:
    drain, proxy = resolved.find(box.DRAIN), resolved.find(*PROXY_LAYERS)
    if drain is None or proxy is None or proxy.index < drain.index or not _goes_by_it(drain, "drain_path"):
        return None
    return Warning(
        "DrainMiddleware stands outside of the layer that reads what the proxy says. It compares "
        "drain_clients with the address of the proxy: all who come through that may begin the drain, "
        "or nobody may.",
        hint="Move DrainMiddleware inside of that layer.",
        id="asgi_stack.W016",
    )


def _goes_by_it(layer: ResolvedLayer | None, option: str) -> bool:
    return layer is not None and (not option or bool(layer.layer.options.get(option)))


def _strings(layer: ResolvedLayer | None, option: str) -> list[str] | None:
    """The list that is given as an option; None where there is none, or an iterator, which is not ours."""
    given: Any = layer.layer.options.get(option) if layer else None
    return None if not hasattr(given, "__len__") else [each for each in given if isinstance(each, str)]


def _missing(origins: Iterable[str], among: Iterable[str]) -> list[str]:
    held = Origins(among)
    return [origin for origin in origins if not _is_held(origin, held)]


def _is_held(entry: str, held: Origins) -> bool:
    # A host that nobody names stands for all those that a wildcard means.
    origin = parse_origin(entry.replace("://*.", "://any-host-at-all.", 1).encode("ascii", "replace"))
    return origin is None or origin in held
