"""`SecurityHeadersMiddleware`, and the middleware of Django that sends the same fields."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart, Options, Proxies, Translation
from asgi_stack.django.entry import find_entry
from asgi_stack.django.resolved import ResolvedLayer, ResolvedStack
from asgi_stack.django.security import (
    CSP,
    FRAMES,
    OF_PACKAGES,
    OPTIONS,
    POLICIES,
    REFERRER,
    SECURITY,
    fixed_policies,
)
from asgi_stack.django.views import View, all_views, is_frames_exempt, named_views, sets_policy
from asgi_stack.grammar.browser_policy import endpoints_named
from asgi_stack.grammar.path_prefixes import PathPrefixes, without_end
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


def _suggest(proxies: Proxies) -> Translation | None:
    entries = reading.middleware()
    stays = _what_stays(entries)
    moved = [path for path in (SECURITY, FRAMES, CSP, REFERRER) if path in entries and path not in stays]
    if not moved:
        return None
    options: Options = {
        option: said.convert(reading.setting(said.setting) if said.read_by in moved else None)
        for option, said in OPTIONS.items()
    }
    if not options["hsts_max_age"]:
        options |= {"hsts_include_subdomains": False, "hsts_preload": False}
    policies = (fixed_policies() or {}) if CSP in moved else {}
    options |= policies
    endpoints = [name for option, policy in policies.items() for name in endpoints_named(option, policy)]
    # Whoever declares them now still does.
    options |= {"reporting_endpoints": dict.fromkeys(endpoints)} if endpoints else {}
    options |= {"referrer_policy": reading.setting("REFERRER_POLICY")} if REFERRER in moved else {}
    settings_moved = [
        *(POLICIES.values() if CSP in moved else ()),
        *(["REFERRER_POLICY"] * (REFERRER in moved)),
    ]
    return Translation(
        options=options,
        superfluous=[*(f"MIDDLEWARE: {path}" for path in moved), *reading.set_by_project(*settings_moved)],
        notes=[f"{path} stays: {why}" for path, why in stays.items()] + _notes(moved),
    )


def _what_stays(entries: Sequence[str]) -> dict[str, str]:
    """Return the entries that no layer can do the work of in this project, each with the reason."""
    found = {path: why for path, why in _OF_VIEWS.items() if path in entries}
    if FRAMES in entries and (exempt := [view for view in all_views() if is_frames_exempt(view.callback)]):
        found[FRAMES] = f"{named_views(exempt)} may be embedded, and the layer cannot see which response may."
    if CSP in entries and (own := [view for view in all_views() if sets_policy(view.callback)]):
        found[CSP] = f"{named_views(own)} has a policy of its own, or none."
    elif CSP in entries and fixed_policies() is None:
        found[CSP] = "a policy of yours has a nonce, which no layer can know."
    return found


def _notes(moved: Sequence[str]) -> list[str]:
    notes = [
        "SecurityHeadersMiddleware sends its fields with every answer, errors and other layers' included."
    ]
    notes += ["SECURE_*: keep those that are set. The layer takes them."] if SECURITY in moved else []
    if FRAMES in moved:
        notes.append(
            "X-Frame-Options: a view that sets response.xframe_options_exempt itself, without the decorator, "
            "is closed by the layer. Name its path in the option paths."
        )
    return notes


_OF_VIEWS = {
    "csp.middleware.CSPMiddleware": "views of django-csp may have a policy, or a nonce, of their own.",
    "django_permissions_policy.PermissionsPolicyMiddleware": "views may have a policy of their own.",
}
_DEFAULTS: Mapping[str, Any] = vars(SecurityHeadersMiddleware)["__init__"].__kwdefaults__


def _both(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    layer = resolved.find(box.SECURITY_HEADERS)
    used = _read_inside(layer.layer.options) if layer else {}
    if layer is None or not used or find_entry().is_bypassed:
        return
    stays = _what_stays(reading.middleware())
    taken = [path for path in dict.fromkeys(used.values()) if path not in stays]
    yield Warning(
        f"{', '.join(used)} and the layer {layer.layer.name} set the same fields: on Django's own responses "
        "the settings win, on all others the layer.",
        hint=(
            "Keep the layer, which covers static files, other applications and other layers' replies, and "
            "takes Django's settings where it is given no option, policies excepted"
            + (f"; take {' and '.join(taken)} out of MIDDLEWARE." if taken else ".")
            + "".join(f" {path} stays: {why}" for path, why in stays.items())
        ),
        id="asgi_stack.W005",
    )


def _given_back(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    layer = resolved.find(box.SECURITY_HEADERS)
    if layer is None:
        return
    fields = {
        "frame_options": ("x-frame-options", is_frames_exempt),
        "content_security_policy": ("content-security-policy", sets_policy),
    }
    for option, (field, is_exempt) in fields.items():
        exempt = [view for view in all_views() if is_exempt(view.callback) and _sends(layer, option, view)]
        if exempt:
            yield Warning(
                f"SecurityHeadersMiddleware adds {field} to what views leave without it by a decorator of "
                f"Django's: {named_views(exempt)}.",
                hint=(
                    f"Give the layer {option}=None and leave the field to Django, or name these paths in its "
                    f"option paths={{...: {{{option!r}: None}}}}."
                ),
                id="asgi_stack.W024",
            )


def _sends(layer: ResolvedLayer, option: str, view: View) -> bool:
    path = view.route.example if view.route else "/"
    values: Options = {option: _DEFAULTS[option], **layer.layer.options}
    paths: Mapping[str, Any] = values.get("paths") or {}
    own: Options = {without_end(prefix): changes for prefix, changes in paths.items()}
    found = PathPrefixes(own).longest(path)
    values |= own[found[0]] if found else {}
    return bool(values[option]) and layer.acts_on(path, "GET")


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
    deployed=[_both, _given_back],
    told={"SECURE_PROXY_SSL_HEADER": "hsts_max_age"},
)
