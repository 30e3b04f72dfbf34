"""`HTTPSRedirectMiddleware`, and ``SECURE_SSL_REDIRECT``."""

import re
from collections.abc import Iterator

from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart, Duplicate, Options, Translation
from asgi_stack.django.hosts import allowed_hosts
from asgi_stack.django.resolved import ResolvedStack
from asgi_stack.django.security import SECURITY

__all__ = ["COUNTERPART"]

TWICE = Duplicate(
    id="asgi_stack.W003",
    layers=["starlette.middleware.httpsredirect.HTTPSRedirectMiddleware"],
    settings=["SECURE_SSL_REDIRECT"],
    read_by=SECURITY,
    effect="two places decide which requests are redirected, and where to",
    keep=lambda: "Keep the layer, which redirects before a body is read; set SECURE_SSL_REDIRECT = False.",
)


def _defaults(given: Options) -> Options:
    # Either of the two is an answer to the other.
    if {"host", "allowed_hosts"} & given.keys():
        return {}
    host = reading.setting("SECURE_SSL_HOST")
    return {"host": host} if host else {"allowed_hosts": allowed_hosts()}


# Regular expressions that mean one path, or all that begin with it, and nothing else.
_PLAIN_PATH = re.compile(r"\^?/?([\w/-]+?)/?\$?")


def _suggest() -> Translation | None:
    if not reading.setting("SECURE_SSL_REDIRECT") or SECURITY not in reading.middleware():
        return None
    host = reading.setting("SECURE_SSL_HOST")
    options: Options = {"host": host} if host else {"allowed_hosts": [*reading.setting("ALLOWED_HOSTS", ())]}
    patterns = [str(pattern) for pattern in reading.setting("SECURE_REDIRECT_EXEMPT", ())]
    plain = {pattern: _PLAIN_PATH.fullmatch(pattern) for pattern in patterns}
    exempt = [f"/{match[1]}" for pattern, match in plain.items() if match and pattern.startswith("^")]
    notes = [
        f"SECURE_REDIRECT_EXEMPT: {pattern!r} is no plain path: name the paths in exempt_paths."
        for pattern, match in plain.items()
        if not match or not pattern.startswith("^")
    ]
    if exempt:
        options["exempt_paths"] = exempt
    used = reading.set_by_project("SECURE_SSL_REDIRECT", "SECURE_SSL_HOST", "SECURE_REDIRECT_EXEMPT")
    return Translation(options, used, notes)


def _any_host(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    if not _lets_any_host(resolved, box.HTTPS_REDIRECT):
        return
    if resolved.find(box.TRUSTED_HOST) and not _lets_any_host(resolved, box.TRUSTED_HOST):
        return
    yield Warning(
        "HTTPSRedirectMiddleware redirects to whatever host a request names, and no layer looks at the host.",
        hint="Name your hosts in ALLOWED_HOSTS or in its option allowed_hosts, or give it one in host.",
        id="asgi_stack.W008",
    )


def _lets_any_host(resolved: ResolvedStack, path: str) -> bool:
    layer = resolved.find(path)
    return layer is not None and "*" in (layer.strings("allowed_hosts") or ())


COUNTERPART = Counterpart(
    layer=box.HTTPS_REDIRECT,
    defaults=_defaults,
    suggest=_suggest,
    duplicates=[TWICE],
    deployed=[_any_host],
    told={"SECURE_PROXY_SSL_HEADER": ""},
)
