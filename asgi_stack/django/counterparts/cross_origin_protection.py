"""`CrossOriginProtectionMiddleware`, and Django's ``CsrfViewMiddleware``."""

from collections.abc import Iterable, Iterator

from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart, Options, Translation
from asgi_stack.django.resolved import ResolvedStack
from asgi_stack.grammar.origin import Origins, parse_origin

__all__ = ["COUNTERPART"]

CSRF = "django.middleware.csrf.CsrfViewMiddleware"


def _defaults(given: Options) -> Options:
    origins = reading.setting("CSRF_TRUSTED_ORIGINS")
    return {"trusted_origins": origins} if origins else {}


def _suggest() -> Translation | None:
    if CSRF not in reading.middleware():
        return None
    origins = [*reading.setting("CSRF_TRUSTED_ORIGINS", ())]
    note = f"{CSRF}: keep it as long as browsers without Sec-Fetch-Site and Origin matter to you."
    return Translation({"trusted_origins": origins} if origins else {}, [], [note])


def _two_lists(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    layer = resolved.find(box.CROSS_ORIGIN_PROTECTION)
    given = layer.strings("trusted_origins") if layer else None
    if given is None or CSRF not in reading.middleware():
        return
    django = [*reading.setting("CSRF_TRUSTED_ORIGINS", ())]
    parts = [
        f"{', '.join(map(repr, missing))} only {where}"
        for missing, where in (
            (_missing(given, django), "the layer, and Django will answer 403"),
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
    deployed=[_two_lists],
    told={"USE_X_FORWARDED_HOST": ""},
)
