"""`CrossOriginProtectionMiddleware`, and Django's ``CsrfViewMiddleware``."""

from collections.abc import Iterable, Iterator

from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.corsheaders import Shared, named, shared_origins
from asgi_stack.django.counterpart import Counterpart, Options, Proxies, Translation
from asgi_stack.django.exemption import Exemption, exemption_of
from asgi_stack.django.resolved import ResolvedLayer, ResolvedStack
from asgi_stack.django.suggested import Conditions
from asgi_stack.django.views import View, all_views, is_csrf_exempt, named_views
from asgi_stack.grammar.origin import Origins, origin_fault, parse_origin
from asgi_stack.grammar.path_prefixes import PathPrefixes

__all__ = ["COUNTERPART"]

CSRF = "django.middleware.csrf.CsrfViewMiddleware"


def _defaults(given: Options) -> Options:
    origins = reading.setting("CSRF_TRUSTED_ORIGINS")
    return {"trusted_origins": origins} if origins else {}


def _suggest(proxies: Proxies) -> Translation | None:
    if CSRF not in reading.middleware():
        return None
    views = all_views()
    if not views:
        return Translation(left_out="The views could not be read, and some may be csrf_exempt.")
    exempt = [view for view in views if is_csrf_exempt(view.callback)]
    exemption = exemption_of(exempt, views)
    if not exemption.is_usable:
        return Translation(
            left_out=(
                f"{len(exempt)} of {len(views)} views are csrf_exempt, at more paths than anybody names, "
                "or at paths that cannot be told."
            )
        )
    shared = shared_origins()
    trusted = [*dict.fromkeys([*reading.setting("CSRF_TRUSTED_ORIGINS", ()), *shared.origins])]
    options: Options = {"trusted_origins": trusted} if trusted else {}
    options |= {"exempt_paths": [*exemption.paths]} if exemption.paths else {}
    notes = [
        f"{CSRF}: keep it. It sees what the layer exempts, and browsers without Sec-Fetch-Site and Origin.",
        "CrossOriginProtectionMiddleware answers 403 by itself, in plain text.",
    ]
    if shared.others:
        others = " and ".join(shared.others)
        notes.append(
            f"{others}: what only these let in may read, and not change: name it in trusted_origins."
        )
    return Translation(
        options=options,
        written=_written(shared),
        conditions=_conditions(exemption),
        notes=notes,
    )


def _written(shared: Shared) -> dict[str, str]:
    """Name the settings that are computed, where the layer does not take them by itself."""
    lists = {"CSRF_TRUSTED_ORIGINS": [*reading.setting("CSRF_TRUSTED_ORIGINS", ())]}
    lists[named("CORS_ALLOWED_ORIGINS")] = shared.origins
    if not shared.origins or not any(reading.may_change(name) for name in lists):
        return {}
    parts = [
        f"*{name if reading.may_change(name) else repr(values)}" for name, values in lists.items() if values
    ]
    return {"trusted_origins": f"[{', '.join(parts)}]"}


def _conditions(exemption: Exemption) -> Conditions:
    return [("exclude", {"exact_path": exemption.exact_paths})] if exemption.exact_paths else []


def _two_lists(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    layer = resolved.find(box.CROSS_ORIGIN_PROTECTION)
    given = layer.strings("trusted_origins") if layer else None
    if given is None or CSRF not in reading.middleware():
        return
    django = [*reading.setting("CSRF_TRUSTED_ORIGINS", ())]
    # Who may read what is answered may be trusted here too: views that are csrf_exempt take their requests.
    read = [*shared_origins().origins, *_shared_by_layer(resolved)]
    parts = [
        f"{', '.join(map(repr, missing))} only {where}"
        for missing, where in (
            (_missing(given, [*django, *read]), "the layer, and Django will answer 403"),
            (_missing(django, given), "CSRF_TRUSTED_ORIGINS, and the layer will answer 403"),
        )
        if missing
    ]
    if parts:
        yield Warning(
            "CSRF_TRUSTED_ORIGINS and the option trusted_origins of CrossOriginProtectionMiddleware differ: "
            f"{'; '.join(parts)}.",
            hint="Leave the option trusted_origins out: the layer then takes CSRF_TRUSTED_ORIGINS.",
            id="asgi_stack.W007",
        )


def _refused_outside(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    layer = resolved.find(box.CROSS_ORIGIN_PROTECTION)
    views = all_views() if layer else []
    exempt = [view for view in views if is_csrf_exempt(view.callback) and _refuses(layer, view)]
    if exempt:
        yield Warning(
            f"{len(exempt)} of {len(views)} views are csrf_exempt, as {named_views(exempt)}. What pages of "
            "other origins send there, CrossOriginProtectionMiddleware refuses.",
            hint=(
                f"{_named(exemption_of(exempt, views))}Where only your own pages send there, add this id to "
                "SILENCED_SYSTEM_CHECKS."
            ),
            id="asgi_stack.W023",
        )


def _named(exemption: Exemption) -> str:
    paths = f"exempt_paths={[*exemption.paths]!r}" if exemption.paths else ""
    exact = f".exclude(exact_path={[*exemption.exact_paths]!r})" if exemption.exact_paths else ""
    given = " and ".join(filter(None, (paths, exact)))
    return f"Exempt them: {given}. " if exemption.is_usable else ""


def _refuses(layer: ResolvedLayer | None, view: View) -> bool:
    path = view.route.example if view.route else "/"
    exempt = PathPrefixes((layer.strings("exempt_paths") if layer else None) or [])
    return layer is not None and layer.acts_on(path, "POST") and not exempt.covers(path)


def _shared_by_layer(resolved: ResolvedStack) -> list[str]:
    layer = resolved.find(box.CORS)
    origins = (layer.strings("allow_origins") if layer else None) or []
    return [origin for origin in origins if origin_fault(origin) is None]


def _missing(origins: Iterable[str], among: Iterable[str]) -> list[str]:
    held = Origins(among)
    return [origin for origin in origins if not _is_held(origin, held)]


def _is_held(entry: str, held: Origins) -> bool:
    # A host that nobody names stands for all those that a wildcard means.
    origin = parse_origin(entry.replace("://*.", "://any-host-at-all.", 1).encode("ascii", "replace"))
    return origin is None or origin in held


COUNTERPART = Counterpart(
    layer=box.CROSS_ORIGIN_PROTECTION,
    defaults=_defaults,
    suggest=_suggest,
    deployed=[_two_lists, _refused_outside],
    refuses=True,
    told={"USE_X_FORWARDED_HOST": ""},
)
