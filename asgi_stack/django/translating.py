"""From Django's settings to the options of layers, one function for each layer, outermost first."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

from django.conf import settings

from asgi_stack.django.security import CSP, FRAMES, OPTIONS, POLICIES, SECURITY, fixed_policies
from asgi_stack.middleware.security_headers import SecurityHeadersMiddleware

__all__ = ["TRANSLATIONS", "Translation"]

CSRF = "django.middleware.csrf.CsrfViewMiddleware"
GZIP = "django.middleware.gzip.GZipMiddleware"
CORS = "corsheaders.middleware.CorsMiddleware"

# Regular expressions that mean one path, or all that begin with it, and nothing else.
_PLAIN_PATH = re.compile(r"\^?/?([\w/-]+?)/?\$?")


@dataclass
class Translation:
    """A layer of this package, by name, with its options; what Django need not do then; what is open."""

    name: str
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    superfluous: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])


def _proxy_headers() -> Translation | None:
    used = _set("SECURE_PROXY_SSL_HEADER", "USE_X_FORWARDED_HOST", "USE_X_FORWARDED_PORT")
    if not used:
        return None
    parts = ["for", "proto"]
    parts += ["host"] if "USE_X_FORWARDED_HOST" in used else []
    parts += ["port"] if "USE_X_FORWARDED_PORT" in used else []
    note = "ProxyHeadersMiddleware: put the addresses of your proxies into trusted; parts are what they send."
    return Translation("ProxyHeadersMiddleware", {"trusted": ["127.0.0.1"], "parts": parts}, used, [note])


def _security_headers() -> Translation | None:
    entries = _middleware()
    policies = fixed_policies() if CSP in entries else {}
    moved = [path for path in (SECURITY, FRAMES, CSP) if path in entries and (path != CSP or policies)]
    if not moved:
        return None
    values: dict[str, Any] = {
        option: said.convert(_get(said.setting) if said.read_by in moved else None)
        for option, said in OPTIONS.items()
    }
    if not values["hsts_max_age"]:
        values |= {"hsts_include_subdomains": False, "hsts_preload": False}
    values |= policies or {}
    options = {option: value for option, value in values.items() if value != _DEFAULTS[option].default}
    superfluous = [f"MIDDLEWARE: {path}" for path in moved]
    superfluous += _set(*(said.setting for said in OPTIONS.values() if said.read_by in moved))
    superfluous += _set(*POLICIES.values()) if policies else []
    notes = [f"Keep {path} if views use its decorators." for path in moved if path != SECURITY]
    if policies is None:
        notes.append(f"Keep {CSP}: a policy of yours has a nonce, which no layer can know.")
    return Translation("SecurityHeadersMiddleware", options, superfluous, notes)


_DEFAULTS = signature(SecurityHeadersMiddleware).parameters


def _trusted_host() -> Translation | None:
    hosts = [*_get("ALLOWED_HOSTS", ())]
    if not hosts:
        return None
    note = "ALLOWED_HOSTS: keep it. Django looks at it too, whenever it builds a URL."
    return Translation("TrustedHostMiddleware", {"allowed_hosts": hosts}, [], [note])


def _https_redirect() -> Translation | None:
    if not _get("SECURE_SSL_REDIRECT") or SECURITY not in _middleware():
        return None
    host = _get("SECURE_SSL_HOST")
    options = {"host": host} if host else {"allowed_hosts": [*_get("ALLOWED_HOSTS", ())]}
    patterns = [str(pattern) for pattern in _get("SECURE_REDIRECT_EXEMPT", ())]
    plain = {pattern: _PLAIN_PATH.fullmatch(pattern) for pattern in patterns}
    exempt = [f"/{match[1]}" for pattern, match in plain.items() if match and pattern.startswith("^")]
    notes = [
        f"SECURE_REDIRECT_EXEMPT: {pattern!r} is no plain path: name the paths in exempt_paths."
        for pattern, match in plain.items()
        if not match or not pattern.startswith("^")
    ]
    if exempt:
        options["exempt_paths"] = exempt
    used = _set("SECURE_SSL_REDIRECT", "SECURE_SSL_HOST", "SECURE_REDIRECT_EXEMPT")
    return Translation("HTTPSRedirectMiddleware", options, used, notes)


def _cors() -> Translation | None:
    if CORS not in _middleware():
        return None
    expressions = [getattr(one, "pattern", one) for one in _get("CORS_ALLOWED_ORIGIN_REGEXES", ())]
    everybody = _get("CORS_ALLOW_ALL_ORIGINS", False)
    options: dict[str, Any] = {
        "allow_origins": ["*"] if everybody else [*_get("CORS_ALLOWED_ORIGINS", ())],
        "allow_methods": [*_get("CORS_ALLOW_METHODS", _CORS_METHODS)],
        "allow_headers": [*_get("CORS_ALLOW_HEADERS", _CORS_HEADERS)],
        "max_age": min(_get("CORS_PREFLIGHT_MAX_AGE", 86400), 86400),
    }
    if expressions and not everybody:
        options["allow_origin_regex"] = "|".join(f"(?:{one})" for one in expressions)
    if _get("CORS_ALLOW_CREDENTIALS", False):
        options["allow_credentials"] = True
    if exposed := [*_get("CORS_EXPOSE_HEADERS", ())]:
        options["expose_headers"] = exposed
    notes: list[str] = []
    if _get("CORS_URLS_REGEX", "^.*$") != "^.*$":
        notes.append("CORS_URLS_REGEX: say it as Layer(CORSMiddleware, ...).only(path=...).")
    names = [f"CORS_{name}" for name in _CORS_SETTINGS]
    return Translation("CORSMiddleware", options, [f"MIDDLEWARE: {CORS}", *_set(*names)], notes)


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


def _cross_origin_protection() -> Translation | None:
    if CSRF not in _middleware():
        return None
    origins = [*_get("CSRF_TRUSTED_ORIGINS", ())]
    note = f"{CSRF}: keep it as long as browsers without Sec-Fetch-Site and Origin matter to you."
    options = {"trusted_origins": origins} if origins else {}
    return Translation("CrossOriginProtectionMiddleware", options, [], [note])


def _compression() -> Translation | None:
    if GZIP not in _middleware():
        return None
    return Translation("CompressionMiddleware", {}, [f"MIDDLEWARE: {GZIP}"])


TRANSLATIONS: tuple[Callable[[], Translation | None], ...] = (
    _proxy_headers,
    _security_headers,
    _trusted_host,
    _https_redirect,
    _cors,
    _cross_origin_protection,
    _compression,
)
"""In the recommended order."""


def _get(name: str, default: Any = None) -> Any:
    return getattr(settings, name, default)


def _set(*names: str) -> list[str]:
    return [name for name in names if settings.is_overridden(name) and _get(name)]


def _middleware() -> list[str]:
    return [*_get("MIDDLEWARE", ())]
