"""Applications by the beginning of the path."""

from collections.abc import Mapping
from urllib.parse import unquote

from asgi_stack.matching import is_under, path_fault
from asgi_stack.routing.mount import Mount
from asgi_stack.routing.router import NOTHING, REQUESTS, Router
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["PathRouter"]


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

    __slots__ = ("_by_segment", "_prefixes", "_root")

    def __init__(self, mounts: Mapping[str, ASGIApp]) -> None:
        super().__init__(mounts, _prefix_fault, "PathRouter({'/api': api, '/': site})")
        self._prefixes = tuple(sorted((key for key in self.mounts if key != "/"), key=len, reverse=True))
        self._by_segment: dict[str, list[tuple[str, str, Mount]]] = {}
        for prefix in self._prefixes:
            entry = (prefix, prefix + "/", self._mount(prefix))
            end = prefix.find("/", 1)
            self._by_segment.setdefault(prefix if end < 0 else prefix[:end], []).append(entry)
        self._root = self._mount("/") if "/" in self.mounts else NOTHING

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one scope to the application that it is for."""
        if scope["type"] not in REQUESTS:
            await self._serve_other(scope, receive, send)
            return
        path = scope["path"]
        if scope.get("root_path"):
            scope, path = _rooted(scope)
        mount = self._root
        # One look, in C, lets what is for "/" pass: with Django there, most of all requests.
        if path.startswith(self._prefixes):
            mount, scope = self._enter(scope, path)
        if mount.state:
            scope = mount.overlay(scope)
        await mount.app(scope, receive, send)

    def _enter(self, scope: Scope, path: str) -> tuple[Mount, Scope]:
        end = path.find("/", 1)
        for prefix, closed, mount in self._by_segment.get(path if end < 0 else path[:end], ()):
            if path.startswith(closed) or path == prefix:
                raw = scope.get("raw_path")
                # What is encoded is longer.
                if raw and len(raw) > len(path) and _is_cut_by_encoded_slash(raw, path, closed):
                    return NOTHING, scope
                root = scope.get("root_path")
                scope = scope.copy()
                scope["root_path"] = root + prefix if root else prefix
                return mount, scope
        return self._root, scope


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


def _is_cut_by_encoded_slash(raw_path: bytes, path: str, start: str) -> bool:
    """Tell whether a slash of *start*, which *path* begins with, came percent-encoded."""
    if b"%2f" not in raw_path.lower():
        return False
    raw = raw_path.decode("ascii", "replace")
    if not unquote(raw).endswith(path):
        return False  # a layer outside has changed the path, and the raw one tells nothing about it
    marked = "/".join(unquote(segment).replace("/", "\0") for segment in raw.split("/"))
    return not (marked[-len(path) :] + "/").startswith(start)


def _prefix_fault(prefix: object) -> str | None:
    if isinstance(prefix, str) and prefix.endswith("/") and len(prefix) > 1:
        return f"Leave the slash at the end out: {'/' + prefix.strip('/')!r} is for what follows it as well."
    return path_fault(prefix)
