"""How a path may be read: as it stands in the scope, and as applications are known to read it otherwise.

Applications agree on a plain path. On others they do not: some merge slashes, resolve ``..``, drop a line
break at the end, decode once more, or take a backslash for a slash; and of ``root_path`` each takes away what
it thinks is right. Who decides by a path must know whether it is decided by all of these readings alike.
"""

from collections.abc import Collection, Iterator
from urllib.parse import unquote

from asgi_stack.grammar.django_routing import forced_script_name
from asgi_stack.grammar.request_path import has_encoded_separator
from asgi_stack.types import Scope

__all__ = ["LONGEST", "is_below", "is_sent_alike", "local_path", "readings", "sure_path"]

LONGEST = 1024
"""Characters of a path that is worth the work of reading it in many ways."""


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
    return path[len(root) :] or "/" if root and is_below(path, root) else path


def sure_path(scope: Scope) -> str | None:
    """Return the path below ``root_path`` where every application reads it alike; None in doubt."""
    found = readings(scope)
    return local_path(scope) if found is not None and len(found) == 1 and is_sent_alike(scope) else None


def readings(scope: Scope) -> Collection[str] | None:
    """Return the path below ``root_path`` in every way in which an application may read it.

    None where it can be read in many ways and is so long that nobody should take the time.
    """
    path: str = scope["path"]
    root: str = scope.get("root_path") or ""
    forced = "" if scope["type"] == "websocket" else forced_script_name()
    if forced in ("", root) and _is_plain(path):
        if not root or root not in path:
            return (path,)
        if root[-1] != "/" and is_below(path, root):
            return (path[len(root) :] or "/",)
    if len(path) > LONGEST:
        return None
    names = {root, forced or root}
    # A router puts the root in front where the server has left it out, and Django then takes another away.
    whole = path if is_below(path, root.rstrip("/")) else root.rstrip("/") + path
    below = _locals(path, names) | _locals(whole, names)
    found = spellings = _spellings(path)
    if below != {path}:
        found = {spelling for text in below for spelling in _spellings(text)}
        # Some look for the root only after they have made the path plain.
        found |= {text for spelling in spellings for text in _locals(spelling, names)}
    return found


def is_sent_alike(scope: Scope) -> bool:
    """Tell whether who goes by ``raw_path`` divides the path in the same places: no slash came encoded.

    No more is asked of it: a layer outside may have changed the path alone.
    """
    raw: bytes | None = scope.get("raw_path")
    return not raw or not has_encoded_separator(raw)


def is_below(path: str, root: str) -> bool:
    """Tell whether *path* is *root*, which has no slash at its end, or goes on from it with one."""
    return path.startswith(root) and path[len(root) : len(root) + 1] in ("", "/")


def _is_plain(path: str) -> bool:
    return (
        path[:1] == "/"
        and path.isascii()
        and path.isprintable()
        and "//" not in path
        and "/." not in path
        and "%" not in path
        and "\\" not in path
    )


def _locals(path: str, names: Collection[str]) -> set[str]:
    return {below for name in names for below in _below(path, name)}


def _below(path: str, name: str) -> Iterator[str]:
    """Give what is left of a path when one of them takes its root away."""
    root = name.rstrip("/")
    if root and is_below(path, root):
        yield path[len(root) :] or "/"
        if root == name:
            return
    elif name and name in path:
        # Taken away without a look at where a segment ends, or where the path begins.
        yield "/" + path.split(root or name, 1)[1]
    yield path


def _spellings(path: str) -> set[str]:
    """Return a path as it stands, and in every form that is made of it before it is looked up."""
    found = {path, _origin_form(path)}
    found |= {unquote(text) for text in found}
    found |= {_decoded_twice(text) for text in found}
    found |= {text.replace("\\", "/") for text in found}
    found |= {text.translate(_WITHOUT_CONTROLS) for text in found if not text.isprintable()}
    return found | {_merged(text) for text in found} | {_resolved(text) for text in found}


_WITHOUT_CONTROLS = dict.fromkeys(range(0x20))


def _origin_form(path: str) -> str:
    """Return the path of a whole URL, which some servers hand on; or put a slash in front."""
    if path.startswith("/"):
        return path
    return "/" + (path.partition("://")[2].partition("/")[2] if "://" in path else path)


def _decoded_twice(path: str) -> str:
    """Return what somebody reads who takes the text for one of WSGI, which is not decoded from UTF-8 yet."""
    try:
        return path if path.isascii() else path.encode("latin-1").decode()
    except UnicodeError:
        return path


def _merged(path: str) -> str:
    merged = "/" + "/".join(filter(None, path.split("/")))
    return merged + "/" if path.endswith("/") and merged != "/" else merged


def _resolved(path: str) -> str:
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return "/" + "/".join(segments)
