"""Matching paths and hosts: what conditions and routers have in common.

Nothing here is a regular expression. A path matches by whole segments and a host by whole labels, so that
``/api`` never matches ``/apixyz`` and ``example.com`` never ``notexample.com``. A path is compared as it
stands in the scope: percent-decoded once by the server, and neither ``..`` nor ``//`` is resolved.
"""

from collections.abc import Iterable
from urllib.parse import unquote

from asgi_stack.grammar.host import parse_host
from asgi_stack.types import Scope

__all__ = ["host_fault", "host_field", "host_matches", "is_under", "local_path", "names_host", "path_fault"]


def local_path(scope: Scope) -> str:
    """Return the path below ``root_path``: what an application that is mounted there routes by.

    A path that is not below ``root_path`` is returned whole: some servers leave the prefix out
    (ASGI www specification 2.5, "HTTP Connection Scope").
    """
    path: str = scope["path"]
    root: str | None = scope.get("root_path")
    if not root:
        return path
    root = root.rstrip("/")
    return path[len(root) :] or "/" if root and is_under(path, root) else path


def is_under(path: str, prefix: str) -> bool:
    """Tell whether *path* is *prefix*, or goes on from it at the boundary of a segment."""
    if not path.startswith(prefix):
        return False
    return len(path) == len(prefix) or prefix.endswith("/") or path[len(prefix)] == "/"


def path_fault(path: object) -> str | None:
    """Say what is wrong with a path that somebody wrote in a condition or a route; None if nothing is."""
    if not isinstance(path, str):
        return "Give a str, as in '/api'."
    if not path.startswith("/"):
        return f"A path begins with a slash: {'/' + path!r}."
    if "?" in path or "#" in path:
        return "A path ends before its query: leave '?' and '#' out."
    if unquote(path) != path:
        return f"A path is compared percent-decoded: {unquote(path)!r}."
    return None


def host_field(scope: Scope) -> bytes | None:
    """Return the value of the one ``Host`` line of a request; None where there is none, or more than one."""
    host: bytes | None = None
    for name, value in scope["headers"]:
        # The length is looked at first, for nearly every other name differs in it.
        if len(name) == 4 and name.lower() == b"host":
            if host is not None:
                return None
            host = value
    return host


def host_matches(host: str, pattern: str) -> bool:
    """Tell whether *host* is *pattern*, or fits its wildcard.

    ``.example.com`` is that host and every name below it, ``*.example.com`` the names below it alone.
    """
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    if pattern.startswith("."):
        return host == pattern[1:] or host.endswith(pattern)
    return host == pattern


def names_host(field: bytes, patterns: Iterable[str]) -> bool:
    """Tell whether the value of a ``Host`` line names a host that one of the patterns is for."""
    host = parse_host(field)
    return host is not None and any(host_matches(host.name, pattern) for pattern in patterns)


def host_fault(pattern: object) -> str | None:
    """Say what is wrong with a host that somebody wrote in a condition or a route; None if nothing is."""
    if not isinstance(pattern, str):
        return "Give a str, as in 'example.com'."
    wildcard = "*." if pattern.startswith("*.") else "." if pattern.startswith(".") else ""
    name = pattern.removeprefix(wildcard)
    host = parse_host(name.encode("ascii", "replace"))
    if host is None or host.port is not None or (wildcard and name.startswith("[")):
        return "Give a host without scheme, port or path: 'example.com', '.example.com' or '*.example.com'."
    if host.name != name:
        return f"Write it as it is compared: {wildcard + host.name!r}."
    return None
