"""What django-cors-headers is told by the settings, under its names of today or its older ones."""

import re
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.conf import settings

from asgi_stack.django import reading
from asgi_stack.grammar.origin import origin_fault

__all__ = [
    "CORS",
    "Shared",
    "flags_differ",
    "has_receivers",
    "named",
    "open_patterns",
    "origin_expression",
    "said",
    "shared_origins",
]

CORS = "corsheaders.middleware.CorsMiddleware"

_OLDER: Mapping[str, str] = {
    "CORS_ALLOWED_ORIGINS": "CORS_ORIGIN_WHITELIST",
    "CORS_ALLOW_ALL_ORIGINS": "CORS_ORIGIN_ALLOW_ALL",
    "CORS_ALLOWED_ORIGIN_REGEXES": "CORS_ORIGIN_REGEX_WHITELIST",
}


def named(setting: str) -> str:
    """Return the name of a setting that the project uses: the older one where only that is there."""
    older = _OLDER.get(setting, setting)
    return older if not hasattr(settings, setting) and hasattr(settings, older) else setting


def said(setting: str, default: Any = None) -> Any:
    """Return what a setting says, by whichever name."""
    return reading.setting(named(setting), default)


def has_receivers() -> bool:
    """Tell whether functions of the project let further requests in, which no layer can ask."""
    signals = sys.modules.get("corsheaders.signals")
    return signals is not None and signals.check_request_enabled.has_listeners()


class Shared(NamedTuple):
    """The origins that may read responses, and the settings that let in others, which are no list."""

    origins: list[str]
    others: list[str]


def shared_origins() -> Shared:
    """Return the origins with which the project shares its responses by django-cors-headers."""
    if CORS not in reading.middleware():
        return Shared([], [])
    origins = [origin for origin in said("CORS_ALLOWED_ORIGINS", ()) if origin_fault(origin) is None]
    others = [named(name) for name in ("CORS_ALLOW_ALL_ORIGINS", "CORS_ALLOWED_ORIGIN_REGEXES") if said(name)]
    return Shared(origins, others + ["check_request_enabled"] * has_receivers())


def open_patterns() -> list[str]:
    """Return the patterns of origins that have no end: django-cors-headers looks at the beginning alone."""
    return [text for text, _ in _patterns() if not text.endswith(("$", r"\Z", r"\z"))]


def flags_differ() -> bool:
    """Tell whether the patterns have not all the same flags, or such as one expression cannot have."""
    return len({flags for _, flags in _patterns()}) > 1


def origin_expression() -> str:
    """Return one expression for all patterns of origins, flags included; empty where there is none."""
    patterns = _patterns()
    flags = "(?i)" if patterns and patterns[0][1] & re.IGNORECASE else ""
    return flags + "|".join(f"(?:{text})" for text, _ in patterns)


def _patterns() -> list[tuple[str, int]]:
    patterns = said("CORS_ALLOWED_ORIGIN_REGEXES", ())
    return [(str(getattr(one, "pattern", one)), getattr(one, "flags", 0) & ~re.UNICODE) for one in patterns]
