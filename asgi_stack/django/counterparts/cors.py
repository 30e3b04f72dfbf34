"""`CORSMiddleware`, and django-cors-headers."""

from collections.abc import Sequence

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.corsheaders import (
    CORS,
    flags_differ,
    has_receivers,
    named,
    open_patterns,
    origin_expression,
    said,
)
from asgi_stack.django.counterpart import Counterpart, Duplicate, Options, Proxies, Translation
from asgi_stack.django.routes import EVERYTHING, Route, exact_routes
from asgi_stack.django.suggested import Conditions

__all__ = ["COUNTERPART"]


def _keep() -> str:
    if has_receivers():
        return (
            "Keep django-cors-headers: functions of yours receive its signal check_request_enabled, and the "
            "layer refuses what they let in. Take the layer out."
        )
    return (
        "Keep the layer, whose fields are on error pages and on other layers' replies too; take it "
        "out of MIDDLEWARE and 'corsheaders' out of INSTALLED_APPS."
    )


TWICE = Duplicate(
    id="asgi_stack.W002",
    layers=["starlette.middleware.cors.CORSMiddleware"],
    middleware=[CORS],
    effect="two lists of origins say who may read a response, and a browser refuses two answers",
    keep=_keep,
)

# What django-cors-headers takes where the settings say nothing.
_METHODS = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")
_HEADERS = ("accept", "authorization", "content-type", "user-agent", "x-csrftoken", "x-requested-with")
_DAY = 86_400
# The settings that an option has the value of, as it is.
_VALUES = {
    "allow_origins": "CORS_ALLOWED_ORIGINS",
    "allow_methods": "CORS_ALLOW_METHODS",
    "allow_headers": "CORS_ALLOW_HEADERS",
    "expose_headers": "CORS_EXPOSE_HEADERS",
}
_OTHERS = (
    "CORS_ALLOW_ALL_ORIGINS",
    "CORS_ALLOWED_ORIGIN_REGEXES",
    "CORS_ALLOW_CREDENTIALS",
    "CORS_ALLOW_PRIVATE_NETWORK",
    "CORS_PREFLIGHT_MAX_AGE",
    "CORS_URLS_REGEX",
)


def _suggest(proxies: Proxies) -> Translation | None:
    if CORS not in reading.middleware():
        return None
    if has_receivers():
        return Translation(
            left_out=(
                "check_request_enabled of django-cors-headers has receivers, which let in what no layer "
                "can know: it stays."
            )
        )
    if flags_differ():
        patterns = named("CORS_ALLOWED_ORIGIN_REGEXES")
        return Translation(
            left_out=f"{patterns} has patterns with several flags, and one option can have one."
        )
    routes = _shared_urls()
    if not routes:
        return Translation(left_out=f"CORS_URLS_REGEX is {said('CORS_URLS_REGEX')!r}, which no path can say.")
    written = _written()
    moved = [named(name) for name in [*_VALUES.values(), *_OTHERS] if named(name) not in written.values()]
    return Translation(
        options=_options(),
        written=written,
        conditions=_conditions(routes),
        superfluous=[f"MIDDLEWARE: {CORS}", *reading.set_by_project(*moved)],
        notes=_notes(),
    )


def _options() -> Options:
    everybody = said("CORS_ALLOW_ALL_ORIGINS", False)
    expression = origin_expression()
    options: Options = {
        "allow_origins": ["*"] if everybody else [*said("CORS_ALLOWED_ORIGINS", ())],
        "allow_methods": [*said("CORS_ALLOW_METHODS", _METHODS)],
        "allow_headers": [*said("CORS_ALLOW_HEADERS", _HEADERS)],
        "max_age": min(said("CORS_PREFLIGHT_MAX_AGE", _DAY), _DAY),
        "allow_credentials": bool(said("CORS_ALLOW_CREDENTIALS", False)),
        "expose_headers": [*said("CORS_EXPOSE_HEADERS", ())],
    }
    if expression and not everybody:
        options["allow_origin_regex"] = expression
    return options


def _written() -> dict[str, str]:
    """Name the settings that are computed, so that the layer follows them."""
    if said("CORS_ALLOW_ALL_ORIGINS"):
        return {}
    return {option: named(name) for option, name in _VALUES.items() if reading.may_change(named(name))}


def _shared_urls() -> list[Route]:
    """Return the paths that are shared; none where no path can say which."""
    pattern = said("CORS_URLS_REGEX", "^.*$")
    text = str(getattr(pattern, "pattern", pattern))
    # The beginning of a path is matched, whether the expression says so or not.
    return exact_routes(text if text.startswith("^") else f"^{text}")


def _conditions(routes: Sequence[Route]) -> Conditions:
    if EVERYTHING in routes:
        return []
    paths = [route.path.rstrip("/") for route in routes if not route.is_whole]
    exact = [route.path for route in routes if route.is_whole]
    return [("only", {"path": paths} if paths else {"exact_path": exact})]


def _notes() -> list[str]:
    name = named("CORS_ALLOWED_ORIGIN_REGEXES")
    notes = [
        f"{name}, {text!r}: without an end it lets in whatever begins so today; the layer compares all of an "
        "origin."
        for text in open_patterns()
    ]
    if said("CORS_ALLOW_PRIVATE_NETWORK"):
        notes.append(
            "CORS_ALLOW_PRIVATE_NETWORK: the layer does not send access-control-allow-private-network."
        )
    if said("CORS_PREFLIGHT_MAX_AGE", 0) > _DAY:
        notes.append("CORS_PREFLIGHT_MAX_AGE: the layer says a day at most, and no browser keeps it longer.")
    moving = [named(name) for name in _OTHERS if reading.may_change(named(name))]
    notes += [f"{name}: is computed, and written out as it is now." for name in moving]
    return [
        *notes,
        "CORSMiddleware answers preflights with 204, and with 403 where it was 200 without a field.",
    ]


COUNTERPART = Counterpart(layer=box.CORS, suggest=_suggest, duplicates=[TWICE])
