"""`HTTPSRedirectMiddleware`, and ``SECURE_SSL_REDIRECT``."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart, Duplicate, Options, Proxies, Translation
from asgi_stack.django.hosts import allowed_hosts
from asgi_stack.django.resolved import ResolvedStack
from asgi_stack.django.routes import EVERYTHING, Route, exact_routes
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


def _suggest(proxies: Proxies) -> Translation | None:
    may_change = reading.may_change("SECURE_SSL_REDIRECT")
    if SECURITY not in reading.middleware() or not (reading.setting("SECURE_SSL_REDIRECT") or may_change):
        return None
    exempt = {pattern: _exempted(pattern) for pattern in reading.setting("SECURE_REDIRECT_EXEMPT", ())}
    if lost := [pattern for pattern, routes in exempt.items() if not routes]:
        return Translation(
            left_out=f"SECURE_REDIRECT_EXEMPT has {', '.join(map(repr, lost))}, which no path can say.",
            done_by=[SECURITY],
        )
    routes = [route for found in exempt.values() for route in found]
    options = _defaults({})
    paths = [route.path.rstrip("/") for route in routes if not route.is_whole]
    exact = [route.path for route in routes if route.is_whole]
    moved = ["SECURE_REDIRECT_EXEMPT"] if may_change else ["SECURE_SSL_REDIRECT", "SECURE_REDIRECT_EXEMPT"]
    return Translation(
        options={**options, "exempt_paths": paths} if paths else options,
        conditions=[("exclude", {"exact_path": exact})] if exact else [],
        switch="SECURE_SSL_REDIRECT" if may_change else "",
        superfluous=reading.set_by_project(*moved),
        notes=_notes(),
        done_by=[SECURITY],
    )


def _exempted(pattern: Any) -> list[Route]:
    """Return the paths that a pattern means, which Django looks for in the path; none where it means more."""
    # Django compares the whole path, the layer what is below the script name, which may be in it or not.
    if reading.setting("FORCE_SCRIPT_NAME"):
        return []
    routes = exact_routes(str(getattr(pattern, "pattern", pattern)))
    return [] if EVERYTHING in routes else routes


def _notes() -> list[str]:
    notes = [
        "HTTPSRedirectMiddleware redirects with cache-control: private, and what is neither GET nor HEAD "
        "with 308, where Django says 301, so that it is sent again as it was."
    ]
    if reading.may_change("SECURE_REDIRECT_EXEMPT"):
        notes.append("SECURE_REDIRECT_EXEMPT: is computed, and its paths are written out as they are now.")
    return notes


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
    refuses=True,
    told={"SECURE_PROXY_SSL_HEADER": ""},
)
