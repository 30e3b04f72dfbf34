"""One path, and many paths in one: ``/ping/<uuid>``, as Django's URLconf would write it."""

from collections.abc import Callable
from difflib import get_close_matches
from string import ascii_letters, digits
from urllib.parse import unquote

__all__ = ["PathPattern", "path_fault"]

_SLUG = frozenset(f"{ascii_letters}{digits}-_")
_HEX = frozenset("0123456789abcdefABCDEF")

Kind = Callable[[str], bool]


def _is_int(segment: str) -> bool:
    return segment.isascii() and segment.isdigit()


def _is_slug(segment: str) -> bool:
    return _SLUG.issuperset(segment) and segment != ""


def _is_uuid(segment: str) -> bool:
    parts = segment.split("-")
    is_written_so = [len(part) for part in parts] in ([8, 4, 4, 4, 12], [32])
    return is_written_so and _HEX.issuperset("".join(parts))


KINDS: dict[str, Kind] = {"str": bool, "int": _is_int, "slug": _is_slug, "uuid": _is_uuid}
"""What a segment of each kind is; that of ``str`` is any but an empty one."""


class PathPattern:
    """A path whose segments stand as they are, or in angle brackets as Django writes them.

    ``<int>``, ``<slug>``, ``<uuid>`` and ``<str>`` are one segment each, with a name or without, as in
    ``<int:pk>``; any other name is a ``<str>``.

    Arguments:
        text: such that `path_fault` finds nothing wrong with it, without a slash at its end.
    """

    __slots__ = ("_segments", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._segments = [*map(_test_of, text.split("/"))]

    def covers(self, path: str) -> bool:
        """Tell whether *path* fits, or goes on from a path that does."""
        return self.begin_of(path) is not None

    def begin_of(self, path: str) -> str | None:
        """Return the part of *path* that fits; None where it does not begin so."""
        count = len(self._segments)
        segments = path.split("/", count)[:count]
        if len(segments) < count:
            return None
        fits = all(test(segment) for test, segment in zip(self._segments, segments, strict=True))
        return "/".join(segments) if fits else None


def path_fault(path: object) -> str | None:
    """Say what is wrong with a path that somebody configured; None if nothing is."""
    if not isinstance(path, str):
        return "Give a str, as in '/api'."
    if not path.startswith("/"):
        return f"A path begins with a slash: {'/' + path!r}."
    if "?" in path or "#" in path:
        return "A path ends before its query: leave '?' and '#' out."
    if unquote(path) != path:
        return f"A path is compared percent-decoded: {unquote(path)!r}."
    if not path.isprintable() or "\\" in path:
        return "Leave backslashes and control characters out: no two applications read them alike."
    return _fault_of_segments(path.removesuffix("/").split("/")[1:])


def _fault_of_segments(segments: list[str]) -> str | None:
    plain = [segment for segment in segments if segment not in ("", ".", "..")]
    if plain != segments:
        what = "the empty segment" if "" in segments else "'.' and '..'"
        return f"Leave {what} out: no two applications read them alike. Write {'/' + '/'.join(plain)!r}."
    return next((fault for segment in segments if (fault := _fault_of_segment(segment))), None)


def _fault_of_segment(segment: str) -> str | None:
    if "<" not in segment and ">" not in segment:
        return None
    inside = segment[1:-1]
    if segment != f"<{inside}>" or not inside or "<" in inside or ">" in inside:
        return f"{segment!r} is no segment: angle brackets are around a whole one, as in '/ping/<uuid>'."
    kind, named, name = inside.partition(":")
    if kind == "path":
        return f"Leave {segment!r} out: what is below a path is always part of it."
    if named and kind not in KINDS:
        near = get_close_matches(kind, KINDS, n=1)
        known = f"Did you mean {near[0]!r}?" if near else f"The kinds are {', '.join(KINDS)}."
        return f"{kind!r} is no kind of segment. {known}"
    wanted = name if named else kind
    return None if wanted.isidentifier() else f"{segment!r} needs a name, as in '<uuid:code>'."


def _test_of(segment: str) -> Kind:
    if segment[:1] != "<":
        return segment.__eq__
    return KINDS.get(segment[1:-1].partition(":")[0], KINDS["str"])
