"""`SecurityHeadersMiddleware`, and the middleware of Django that sends the same fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart, Options, Translation
from asgi_stack.django.entry import find_entry
from asgi_stack.django.resolved import ResolvedStack
from asgi_stack.django.security import CSP, FRAMES, OF_PACKAGES, OPTIONS, POLICIES, SECURITY, fixed_policies
from asgi_stack.grammar.browser_policy import endpoints_named
from asgi_stack.middleware.security_headers import SecurityHeadersMiddleware

__all__ = ["COUNTERPART"]


def _defaults(given: Options) -> Options:
    found = {
        option: said.convert(reading.setting(said.setting))
        for option, said in OPTIONS.items()
        if settings.is_overridden(said.setting) and hasattr(settings, said.setting)
    }
    # Django ignores both while there is no age, and projects set that in production alone.
    if not {**found, **given}.get("hsts_max_age"):
        found.pop("hsts_include_subdomains", None)
        found.pop("hsts_preload", None)
    return found


def _suggest() -> Translation | None:
    entries = reading.middleware()
    policies = fixed_policies() if CSP in entries else {}
    moved = [path for path in (SECURITY, FRAMES, CSP) if path in entries and (path != CSP or policies)]
    if not moved:
        return None
    values: Options = {
        option: said.convert(reading.setting(said.setting) if said.read_by in moved else None)
        for option, said in OPTIONS.items()
    }
    if not values["hsts_max_age"]:
        values |= {"hsts_include_subdomains": False, "hsts_preload": False}
    values |= policies or {}
    named = [name for option, policy in (policies or {}).items() for name in endpoints_named(option, policy)]
    # Whoever declares them now still does.
    values |= {"reporting_endpoints": dict.fromkeys(named)} if named else {}
    options = {option: value for option, value in values.items() if value != _DEFAULTS[option]}
    superfluous = [f"MIDDLEWARE: {path}" for path in moved]
    superfluous += reading.set_by_project(
        *(said.setting for said in OPTIONS.values() if said.read_by in moved)
    )
    superfluous += reading.set_by_project(*POLICIES.values()) if policies else []
    notes = [f"Keep {path} if views use its decorators." for path in moved if path != SECURITY]
    if policies is None:
        notes.append(f"Keep {CSP}: a policy of yours has a nonce, which no layer can know.")
    return Translation(options, superfluous, notes)


_DEFAULTS: Mapping[str, Any] = vars(SecurityHeadersMiddleware)["__init__"].__kwdefaults__


def _both(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    layer = resolved.find(box.SECURITY_HEADERS)
    used = _read_inside(layer.layer.options) if layer else {}
    if layer is None or not used or find_entry().is_bypassed:
        return
    yield Warning(
        f"{', '.join(used)} and the layer {layer.layer.name} set the same fields: on Django's own responses "
        "the settings win, on all others the layer.",
        hint=(
            "Keep the layer, which covers static files, other applications and other layers' replies, and "
            "takes Django's settings where it is given no option, policies excepted; take "
            f"{' and '.join(dict.fromkeys(used.values()))} out of MIDDLEWARE where nothing else of theirs is "
            "used."
        ),
        id="asgi_stack.W005",
    )


def _read_inside(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings that say what the layer says too, each with the middleware that reads it."""
    readers = {said.setting: said.read_by for said in OPTIONS.values()}
    # The layer has no policy unless it is given one.
    readers |= {name: CSP for option, name in POLICIES.items() if options.get(option)}
    sent = {**_DEFAULTS, **options}
    readers |= {name: path for name, (option, path) in OF_PACKAGES.items() if sent[option]}
    entries = reading.middleware()
    return {name: path for name, path in readers.items() if path in entries and reading.setting(name)}


COUNTERPART = Counterpart(
    layer=box.SECURITY_HEADERS,
    defaults=_defaults,
    suggest=_suggest,
    deployed=[_both],
    told={"SECURE_PROXY_SSL_HEADER": "hsts_max_age"},
)
