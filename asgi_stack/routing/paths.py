"""Applications by the beginning of the path."""

from bisect import bisect_right
from collections.abc import Coroutine, Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from asgi_stack.grammar.matching import is_under, path_fault
from asgi_stack.routing.mount import Mount
from asgi_stack.routing.router import NOTHING, REQUESTS, Router
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["PathRouter"]

_PERCENT = ord("%")


class PathRouter(Router):
    """Gives each request to the application of the longest prefix: ``PathRouter({"/api": api, "/": site})``.

    A prefix ends where a segment ends: ``/api`` is for ``/api`` and ``/api/x``, never for ``/apixyz``. ``/``
    is for every other request. An application is called with the prefix added to ``root_path`` and with the
    whole ``path`` (ASGI www 2.5, "HTTP Connection Scope"). Where a server leaves its ``root_path`` out of the
    ``path`` it is put in front. ``raw_path`` stays as it came.

    Nothing is resolved or decoded: ``..`` and an empty segment are segments like any other, and a slash that
    came as ``%2F`` ends none. As the applications behind could not tell it from one, a request in which such
    a slash would end a prefix is for no application.

    Without an application for it, a request is answered with 404, a websocket before it is accepted.

    Arguments:
        mounts: applications by their prefixes, percent-decoded, without a slash at the end.

    Raises:
        OptionError: for something that is no dictionary, or an empty one.
        RouterError: naming every prefix that cannot match and everything that is no application.
        ScopeTypeError: when it is called with a scope that is neither http, nor websocket, nor lifespan.
    """

    __slots__ = (
        "_deepest",
        "_deepest_start",
        "_mount_of_deepest",
        "_places",
        "_prefixes",
        "_rest",
        "_sorted",
    )

    def __init__(self, mounts: Mapping[str, ASGIApp]) -> None:
        super().__init__(mounts, _prefix_fault, "PathRouter({'/api': api, '/': site})")
        self._rest = self._mount("/") if "/" in self.mounts else NOTHING
        self._prefixes = tuple(sorted((key for key in self.mounts if key != "/"), key=_closed))
        self._sorted = [*map(_closed, self._prefixes)]
        self._places: list[_Place] = [("", "", self._rest, None)]
        for prefix in self._prefixes:
            self._places.append((_closed(prefix), prefix, self._mount(prefix), self._longest(prefix)))
        # No other prefix can be longer than this one: it needs no search. Apart, because unpacking is slower.
        deepest = max(self._places, key=lambda place: len(place[0]))
        self._deepest_start, self._deepest, self._mount_of_deepest, _ = deepest

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """Hand one scope to the application that it is for."""
        if scope["type"] != "http" and scope["type"] not in REQUESTS:
            return self._serve_other(scope, receive, send)
        path = scope["path"]
        root = scope.get("root_path")
        if root:
            scope, path = _rooted(scope)
            root = scope["root_path"]
        # One look, in C, lets what is for "/" pass: with Django there, most of all requests.
        if not path.startswith(self._prefixes):
            return self._rest.serve(scope, receive, send)
        prefix, mount = self._deepest, self._mount_of_deepest
        if not path.startswith(self._deepest_start):
            _, prefix, mount, _ = self._longest(path)
            if not prefix:
                return mount.serve(scope, receive, send)
        raw = scope.get("raw_path")
        if raw and _PERCENT in raw and _is_cut_by_encoded_slash(raw, path, prefix):
            return NOTHING.serve(scope, receive, send)
        scope = scope.copy()
        scope["root_path"] = root + prefix if root else prefix
        return mount.serve(scope, receive, send)

    def _longest(self, path: str) -> "_Place":
        """Return the place of the longest prefix of *path*, among those that are sorted in."""
        path = _closed(path)
        # Whatever stands between a prefix of the path and the path, in their order, begins with that prefix.
        place = self._places[bisect_right(self._sorted, path, hi=len(self._places) - 1)]
        while place[3] and not path.startswith(place[0]):
            place = place[3]
        return place


_Place: TypeAlias = "tuple[str, str, Mount, _Place | None]"
"""A prefix, closed by a slash and as it was given, what is mounted there, and the place around it."""


def _closed(prefix: str) -> str:
    return prefix + "/"


def _rooted(scope: Scope) -> tuple[Scope, str]:
    """Return the scope in the specified form, where ``path`` begins with ``root_path``; and what follows.

    A slash at the end of ``root_path`` is taken away: Django 5.2 would take it for the path's own.
    """
    path: str = scope["path"]
    root: str = scope["root_path"].rstrip("/")
    if root != scope["root_path"]:
        scope = {**scope, "root_path": root}
    if not root or is_under(path, root):
        return scope, path[len(root) :]
    if not path.startswith("/"):  # as in "OPTIONS *"
        return scope, path
    return {**scope, "path": root + path}, path


def _is_cut_by_encoded_slash(raw_path: bytes, path: str, prefix: str) -> bool:
    """Tell whether a slash of *prefix*, or the one that ends it in *path*, came percent-encoded."""
    if b"%2f" not in raw_path.lower():
        return False
    raw = raw_path.decode("ascii", "replace")
    if not unquote(raw).endswith(path):
        return False  # a layer outside has changed the path, and the raw one tells nothing about it
    marked = "/".join(unquote(segment).replace("/", "\0") for segment in raw.split("/"))
    return not (marked[-len(path) :] + "/").startswith(_closed(prefix))


def _prefix_fault(prefix: object) -> str | None:
    if isinstance(prefix, str) and prefix.endswith("/") and len(prefix) > 1:
        return f"Leave the slash at the end out: {'/' + prefix.strip('/')!r} is for what follows it as well."
    return path_fault(prefix)
