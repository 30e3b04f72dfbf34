"""From what Django routes by to the grammar of paths of this package.

A regular expression can say more than a path with ``<int>``, ``<slug>``, ``<uuid>`` and ``<str>`` in it. What
is not understood ends the path at the segment before it, which then stands for more than was meant.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from asgi_stack.grammar.path_prefixes import path_fault

__all__ = ["EVERYTHING", "Piece", "Route", "exact_routes", "read_regex", "read_route", "route_of"]


class Piece(NamedTuple):
    """What one part of a route says: text with ``<int>`` and its kin; whether that is all of it."""

    text: str
    is_whole: bool = True


class Route(NamedTuple):
    """A path, and whether it stands for itself alone: else for all that is below it too."""

    path: str
    is_whole: bool

    @property
    def example(self) -> str:
        """A path that goes by this route."""
        return "/".join(_EXAMPLES.get(segment, segment) for segment in self.path.split("/"))


_EXAMPLES = {"<int>": "1", "<slug>": "a-1", "<str>": "a", "<uuid>": "12345678-1234-5678-1234-567812345678"}

EVERYTHING = Route("/", False)
"""The whole site."""

_CONVERTER = re.compile(r"<(?:(?P<kind>\w+):)?\w+>")
_KINDS = frozenset({"int", "slug", "uuid", "str"})


def read_route(route: str) -> Piece:
    """Read what ``path()`` was given."""
    text, at = "", 0
    for found in _CONVERTER.finditer(route):
        kind = found["kind"] or "str"
        text += route[at : found.start()]
        if kind not in _KINDS:
            return Piece(text, False)
        text, at = f"{text}<{kind}>", found.end()
    return Piece(text + route[at:])


# What never matches a slash: a class, an escape, and a group of these and of letters.
_CLASS = r"(?:\[(?:\^/[^]\\]*|(?!\^)(?:\\[dw-]|[^]\\/])+)\]|\\[dw])(?:[+*]|\{[\d,]+\})?"
_SEGMENT = re.compile(rf"(?:\((?:\?P<\w+>|\?:)?(?:{_CLASS}|\\-|[\w-])+\)|{_CLASS})(?![?*+{{])")
_DIGITS = re.compile(r"(?:\((?:\?P<\w+>|\?:)?)?(?:\\d|\[0-9\])\+\)?")
_LITERAL = re.compile(r"(?:\\(?P<escaped>\W)|(?P<plain>[\w/~%@:,;=-]))(?![?*+{])")
_ENDS = {"$": "", r"\Z": "", r"\z": "", "/?$": "/", r"/?\Z": "/", r"/?\z": "/"}


def read_regex(pattern: str, *, is_end: bool) -> Piece:
    """Read what ``re_path()`` was given; at the end of a route it must be matched to its own end."""
    if not pattern.startswith("^"):
        return Piece("", False)  # it may match anywhere
    text, rest = "", pattern[1:]
    while rest and rest not in _ENDS:
        if found := _SEGMENT.match(rest):
            text += "<int>" if _DIGITS.fullmatch(found[0]) else "<str>"
        elif found := _LITERAL.match(rest):
            text += found["escaped"] or found["plain"]
        else:
            return Piece(text, False)
        rest = rest[found.end() :]
    return Piece(text + _ENDS.get(rest, ""), bool(rest) or not is_end)


def exact_routes(pattern: str) -> list[Route]:
    """Return the routes that mean just what an expression does which is matched from the beginning of a path.

    None where no route does: those that may be anywhere, or that a ``<str>`` would be wider than.
    """
    body, is_whole = next(
        ((pattern.removesuffix(end), False) for end in _ANYTHING if pattern.endswith(end)),
        (pattern.removesuffix("$"), pattern.endswith("$")),
    )
    bodies = [body.removesuffix("/?"), body.removesuffix("/?") + "/"] if body.endswith("/?") else [body]
    if not body.startswith("^") or (not is_whole and not body.endswith(("/", "^"))):
        return []
    pieces = [read_regex(each, is_end=False) for each in bodies]
    routes = [route_of([piece]) for piece in pieces if piece.is_whole and "<str>" not in piece.text]
    return [Route(route.path, is_whole) for route in routes if route] if len(routes) == len(bodies) else []


_ANYTHING = ("(.*)$", ".*$", "(.*)", ".*")


def route_of(pieces: Iterable[Piece]) -> Route | None:
    """Put the pieces of a route together; None where it is no path that this package could be given."""
    text, is_whole = "", True
    for piece in pieces:
        text += piece.text
        if not piece.is_whole:
            text, is_whole = text.rpartition("/")[0] + "/", False
            break
    segments = [_segment(segment) for segment in text.removeprefix("/").split("/")]
    path = "/" + "/".join(segments)
    return None if path_fault(path) else Route(path, is_whole)


def _segment(text: str) -> str:
    return text if "<" not in text or text in ("<int>", "<slug>", "<uuid>") else "<str>"
