"""Applications by the beginning of the path."""

from collections.abc import Coroutine, Mapping
from typing import Any
from urllib.parse import unquote

from asgi_stack.grammar.path_prefixes import PathPrefixes, closed, depth, path_fault, without_end
from asgi_stack.grammar.path_readings import is_below
from asgi_stack.routing.router import NOTHING, REQUESTS, Router
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["PathRouter"]

_PERCENT = ord("%")


class PathRouter(Router):
    """Gives each request to the application of the longest prefix: ``PathRouter({"/api": api, "/": site})``.

    A prefix ends where a segment ends: ``/api`` is for ``/api`` and ``/api/x``, never for ``/apixyz``. ``/``
    is for every other request. A slash at the end of a prefix says nothing, and a segment may be a pattern:
    ``/team/<slug>``. An application is called with the prefix, as the request has it, added to ``root_path``
    and with the whole ``path`` (ASGI www 2.5, "HTTP Connection Scope"). Where a server leaves its
    ``root_path`` out of the ``path`` it is put in front. ``raw_path`` stays as it came.

    Nothing is resolved or decoded: ``..`` and an empty segment are segments like any other, and a slash that
    came as ``%2F`` ends none. As the applications behind could not tell it from one, a request in which such
    a slash would end a prefix is for no application.

    Without an application for it, a request is answered with 404, a websocket before it is accepted.

    Arguments:
        mounts: applications by their prefixes, percent-decoded.

    Raises:
        OptionError: for something that is no dictionary, or an empty one.
        RouterError: naming every prefix that cannot match and everything that is no application.
        ScopeTypeError: when it is called with a scope that is neither http, nor websocket, nor lifespan.
    """

    __slots__ = (
        "_begins",
        "_deepest",
        "_deepest_begin",
        "_mount_of_deepest",
        "_prefixes",
        "_rest",
    )

    def __init__(self, mounts: Mapping[str, ASGIApp]) -> None:
        super().__init__(mounts, path_fault, "PathRouter({'/api': api, '/': site})", without_end)
        self._prefixes = PathPrefixes(self.mounts)
        self._rest = self._mount_of.get("/", NOTHING)
        # A pattern begins with what stands before its first bracket.
        self._begins = tuple(prefix.partition("<")[0] for prefix in sorted(self._prefixes) if prefix != "/")
        # No other prefix can be longer than this one, so it needs no search. A pattern does.
        deepest = max(self._prefixes, key=lambda prefix: (depth(prefix), "<" not in prefix, len(prefix)))
        self._deepest, self._mount_of_deepest = deepest, self._mount_of[deepest]
        self._deepest_begin = "<" if "<" in deepest else closed(deepest)

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
        if not path.startswith(self._begins):
            return self._rest.serve(scope, receive, send)
        prefix, mount = self._deepest, self._mount_of_deepest
        if not path.startswith(self._deepest_begin):
            found = self._prefixes.longest(path)
            if found is None or found[0] == "/":
                return self._rest.serve(scope, receive, send)
            mount, prefix = self._mount_of[found[0]], found[1]
        raw = scope.get("raw_path")
        if raw and _PERCENT in raw and _is_cut_by_encoded_slash(raw, path, prefix):
            return NOTHING.serve(scope, receive, send)
        scope = scope.copy()
        scope["root_path"] = root + prefix if root else prefix
        return mount.serve(scope, receive, send)


def _rooted(scope: Scope) -> tuple[Scope, str]:
    """Return the scope in the specified form, where ``path`` begins with ``root_path``; and what follows.

    A slash at the end of ``root_path`` is taken away: Django 5.2 would take it for the path's own.
    """
    path: str = scope["path"]
    root: str = scope["root_path"].rstrip("/")
    if root != scope["root_path"]:
        scope = {**scope, "root_path": root}
    if not root or is_below(path, root):
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
    return not (marked[-len(path) :] + "/").startswith(closed(prefix))
