"""The grammar of paths: what options, conditions and routers mean by one.

``/api`` is that path and all below it, never ``/apixyz``; a slash at its end says nothing. A segment may be a
pattern: ``/ping/<uuid>``. Paths are compared percent-decoded, below ``root_path``.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from asgi_stack.grammar.path_readings import is_sent_alike, local_path, readings
from asgi_stack.grammar.path_segments import PathPattern, path_fault
from asgi_stack.types import Scope

__all__ = ["ExactPaths", "PathPrefixes", "Paths", "closed", "depth", "path_fault", "without_end"]


def without_end(path: str) -> str:
    """Return a path without the slash at its end, which says nothing."""
    return path.rstrip("/") or "/"


def closed(path: str) -> str:
    """Return what a path begins with that is below this one."""
    return path if path == "/" else path + "/"


def depth(path: str) -> int:
    """Return the number of the segments of a path."""
    return 0 if path == "/" else path.count("/")


class Paths(ABC):
    """Paths, and the two questions that a layer may ask of a request: may it be one of them, is it surely.

    An application may read a path in another way than the layer does. What protects acts where it *may* be
    one; what lets pass does so where it is *surely* one, by every reading.

    Arguments:
        paths: such that `path_fault` finds nothing wrong with them.
    """

    __slots__ = ("_begins", "_keys", "_patterns", "_whole", "may_cover", "paths")

    paths: tuple[str, ...]
    """The paths, each once."""

    may_cover: Callable[[Scope], bool]
    """Tells whether some application may take the path of a request for one of these."""

    def __init__(self, paths: Iterable[str], begins: Callable[[str], tuple[str, ...]]) -> None:
        self.paths = tuple(dict.fromkeys(paths))
        literal = [path for path in self.paths if "<" not in path]
        self._patterns = tuple(PathPattern(path) for path in self.paths if "<" in path)
        self._whole = frozenset(literal)
        self._begins = tuple(begin for path in literal for begin in begins(path))
        self._keys = tuple(map(_key, self.paths))
        self.may_cover = self._made_quick()

    @abstractmethod
    def covers(self, path: str) -> bool:
        """Tell whether a path, read as it stands, is one of these."""

    def resembles(self, path: str) -> bool:
        """Tell whether a path is one of these to an application that is not exact."""
        return self.covers(path)

    def surely_covers(self, scope: Scope) -> bool:
        """Tell whether every application takes the path of this request for one of these."""
        path = local_path(scope) if scope.get("root_path") else scope["path"]
        if not (
            path.startswith(self._begins) or path in self._whole or (self._patterns and self.covers(path))
        ):
            return False
        found = readings(scope)
        return found is not None and all(map(self.covers, found)) and is_sent_alike(scope)

    def _made_quick(self) -> Callable[[Scope], bool]:
        # A closure: it is asked at every request, and finds a name quicker than a method finds an attribute.
        begins, look = self._begins, self._may_cover
        key = self._keys[0] if len(self._keys) == 1 else ""

        def may_cover(scope: Scope) -> bool:
            path: str = scope["path"]
            if path.startswith(begins) and not scope.get("root_path"):
                return True
            # A segment that every reading would hold: without it nearly all others pass by a look, in C.
            if key not in path and "%" not in path and not scope.get("root_path"):
                return False
            return look(scope, path)

        return may_cover

    def _may_cover(self, scope: Scope, path: str) -> bool:
        text = (scope.get("root_path") or "") + path
        if "%" not in path and not any(map(text.__contains__, self._keys)):
            return False
        if self.covers(local_path(scope)):
            return True
        found = readings(scope)
        return found is None or any(map(self.resembles, found))

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Paths):
            return NotImplemented
        return type(self) is type(other) and self.paths == other.paths

    def __hash__(self) -> int:
        return hash(self.paths)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({[*self.paths]!r})"


class ExactPaths(Paths):
    """Paths that are themselves alone, and not what is below them. Here a slash at the end counts.

    Whoever serves files takes it away, so a path may be one of these with it and without it.
    """

    __slots__ = ("_bare",)

    def __init__(self, paths: Iterable[str]) -> None:
        super().__init__(paths, lambda path: ())
        self._bare = frozenset(map(without_end, self._whole))

    def covers(self, path: str) -> bool:
        """Tell whether a path is one of these."""
        return path in self._whole or any(pattern.begin_of(path) == path for pattern in self._patterns)

    def resembles(self, path: str) -> bool:
        """Tell whether a path is one of these but for a slash at its end."""
        bare = without_end(path)
        return bare in self._bare or self.covers(bare) or self.covers(closed(bare))


class PathPrefixes(Paths):
    """Paths with all that is below them, on the boundary of a segment."""

    __slots__ = ("_all", "_places", "_sorted")

    def __init__(self, paths: Iterable[str]) -> None:
        super().__init__(map(without_end, paths), lambda path: (closed(path),))
        self._sorted: list[str] = []
        self._places: list[_Place] = []
        for prefix in sorted(self._whole - {"/"}, key=closed):
            around = self._nearest(prefix)
            self._sorted.append(closed(prefix))
            self._places.append((closed(prefix), (prefix, prefix), around))
        self._all = ("/", "/") if "/" in self._whole else None

    def covers(self, path: str) -> bool:
        """Tell whether a path is one of these, or below one."""
        if path.startswith(self._begins) or path in self._whole:
            return True
        return any(pattern.covers(path) for pattern in self._patterns)

    def longest(self, path: str) -> tuple[str, str] | None:
        """Return the longest prefix of a path, read as it stands, and the part of the path that it is.

        Longest is what has most segments; of two that have as many, the one without a pattern, or the first.
        """
        place = self._nearest(path)
        found = place[1] if place else self._all
        return self._longest_pattern(path, found) if self._patterns else found

    def _longest_pattern(self, path: str, found: tuple[str, str] | None) -> tuple[str, str] | None:
        deepest = depth(found[0]) if found else -1
        for pattern in self._patterns:
            if depth(pattern.text) > deepest and (begin := pattern.begin_of(path)) is not None:
                found, deepest = (pattern.text, begin), depth(pattern.text)
        return found

    def surely_longest(self, scope: Scope) -> str | None:
        """Return the longest of these for a request; None too where applications may read it differently."""
        found = self.longest(local_path(scope))
        every = readings(scope) if found else None
        if found is None or every is None or not is_sent_alike(scope):
            return None
        prefix = found[0]
        is_sure = all((other := self.longest(path)) and other[0] == prefix for path in every)
        return prefix if is_sure else None

    def _nearest(self, path: str) -> "_Place | None":
        """Return the place of the longest literal prefix of *path*, among those that are sorted in."""
        path += "/"
        index = bisect_right(self._sorted, path)
        # Whatever stands between a prefix of the path and the path, in their order, begins with that prefix.
        place = self._places[index - 1] if index else None
        while place and not path.startswith(place[0]):
            place = place[2]
        return place


_Place: TypeAlias = "tuple[str, tuple[str, str], _Place | None]"
"""A prefix, closed by a slash; what is found where it is the longest; and the place around it."""


def _key(path: str) -> str:
    """Return a text that every reading of such a path holds: its longest segment that is no pattern.

    Only ASCII: of other characters somebody may have decoded too much, or too little.
    """
    segments = [segment for segment in path.split("/") if segment.isascii() and segment[:1] != "<"]
    return max(segments, key=len)
