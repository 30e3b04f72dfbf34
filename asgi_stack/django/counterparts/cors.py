"""`CORSMiddleware`, and django-cors-headers."""

import sys

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart, Duplicate, Options, Translation

__all__ = ["COUNTERPART"]

CORS = "corsheaders.middleware.CorsMiddleware"


def has_receivers() -> bool:
    """Tell whether functions of the project let further requests in, which no layer can ask."""
    signals = sys.modules.get("corsheaders.signals")
    return signals is not None and signals.check_request_enabled.has_listeners()


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


def _suggest() -> Translation | None:
    if CORS not in reading.middleware():
        return None
    expressions = [getattr(one, "pattern", one) for one in reading.setting("CORS_ALLOWED_ORIGIN_REGEXES", ())]
    everybody = reading.setting("CORS_ALLOW_ALL_ORIGINS", False)
    options: Options = {
        "allow_origins": ["*"] if everybody else [*reading.setting("CORS_ALLOWED_ORIGINS", ())],
        "allow_methods": [*reading.setting("CORS_ALLOW_METHODS", _CORS_METHODS)],
        "allow_headers": [*reading.setting("CORS_ALLOW_HEADERS", _CORS_HEADERS)],
        "max_age": min(reading.setting("CORS_PREFLIGHT_MAX_AGE", 86400), 86400),
    }
    if expressions and not everybody:
        options["allow_origin_regex"] = "|".join(f"(?:{one})" for one in expressions)
    if reading.setting("CORS_ALLOW_CREDENTIALS", False):
        options["allow_credentials"] = True
    if exposed := [*reading.setting("CORS_EXPOSE_HEADERS", ())]:
        options["expose_headers"] = exposed
    notes: list[str] = []
    if reading.setting("CORS_URLS_REGEX", "^.*$") != "^.*$":
        notes.append("CORS_URLS_REGEX: say it as Layer(CORSMiddleware, ...).only(path=...).")
    names = [f"CORS_{name}" for name in _CORS_SETTINGS]
    return Translation(options, [f"MIDDLEWARE: {CORS}", *reading.set_by_project(*names)], notes)


# What django-cors-headers takes where the settings say nothing.
_CORS_METHODS = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")
_CORS_HEADERS = ("accept", "authorization", "content-type", "user-agent", "x-csrftoken", "x-requested-with")
_CORS_SETTINGS = (
    "ALLOWED_ORIGINS",
    "ALLOWED_ORIGIN_REGEXES",
    "ALLOW_ALL_ORIGINS",
    "ALLOW_METHODS",
    "ALLOW_HEADERS",
    "ALLOW_CREDENTIALS",
    "EXPOSE_HEADERS",
    "PREFLIGHT_MAX_AGE",
    "URLS_REGEX",
)


COUNTERPART = Counterpart(layer=box.CORS, suggest=_suggest, duplicates=[TWICE])
