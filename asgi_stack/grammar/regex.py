"""A regular expression as the automaton of its positions (Glushkov): what it can match, and in which ways.

It takes what a pattern of an origin needs: characters, classes, groups, alternatives and repetitions. What
looks around or back, and flags that change the syntax, are refused.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["ALPHABET", "Automaton", "Position", "UnsupportedError", "automaton_of"]

ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_~+:/[]")
"""What an origin is made of, in the one form in which it is matched."""

_ATOM = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)|.", re.DOTALL)
_GROUP = re.compile(r"\((?:\?(?:P<\w+>|[:>]))?(?!\?)")
_FLAGS = re.compile(r"\(\?([aiu]+)\)")
_COUNT = re.compile(r"\{(\d*)(,?)(\d*)\}")
_POSITIONS = 256


class UnsupportedError(Exception):
    """The pattern holds what is not looked into; the text says what."""


class Position(NamedTuple):
    """One character of the pattern.

    `characters` are those that it may be. It is *literal* where it is written out and not repeated, *any* for
    an unescaped dot that is not repeated.
    """

    characters: frozenset[str]
    literal: bool
    any: bool


class Automaton(NamedTuple):
    """Where a match may begin and end, and which position may follow which, in how many ways."""

    positions: list[Position]
    first: frozenset[int]
    last: frozenset[int]
    follow: Counter[tuple[int, int]]

    def after(self, position: int) -> list[int]:
        """Return the positions that may come next."""
        return [after for before, after in self.follow if before == position]


class _Part(NamedTuple):
    empty: bool
    first: tuple[int, ...]
    last: tuple[int, ...]


_NOTHING = _Part(True, (), ())


def automaton_of(pattern: "re.Pattern[str]") -> Automaton:
    """Return the automaton of a pattern.

    Raises:
        UnsupportedError: for what it does not look into.
    """
    return _Reader(pattern).read()


class _Reader:
    """Reads a pattern that Python has compiled already, so that its syntax is right."""

    def __init__(self, pattern: "re.Pattern[str]") -> None:
        if pattern.flags & ~(re.IGNORECASE | re.UNICODE | re.ASCII):
            raise UnsupportedError("Flags other than re.IGNORECASE")
        self._text = _FLAGS.sub("", pattern.pattern)
        self._flags = pattern.flags & re.IGNORECASE
        self._at = 0
        self._positions: list[Position] = []
        self._follow: Counter[tuple[int, int]] = Counter()

    def read(self) -> Automaton:
        part = self._alternatives()
        return Automaton(self._positions, frozenset(part.first), frozenset(part.last), self._follow)

    def _alternatives(self) -> _Part:
        parts = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        return _Part(
            any(part.empty for part in parts),
            tuple(one for part in parts for one in part.first),
            tuple(one for part in parts for one in part.last),
        )

    def _sequence(self) -> _Part:
        whole = _NOTHING
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            whole = self._join(whole, self._repeated())
        return whole

    def _join(self, one: _Part, other: _Part) -> _Part:
        self._connect(one.last, other.first)
        return _Part(
            one.empty and other.empty,
            one.first + other.first if one.empty else one.first,
            one.last + other.last if other.empty else other.last,
        )

    def _repeated(self) -> _Part:
        begin, start = self._at, len(self._positions)
        part = self._group() if self._text[self._at] == "(" else self._atom()
        unit = self._text[begin : self._at]
        while (bounds := self._bounds()) is not None:
            least, most = bounds
            part = self._repeat(part, unit, start, least, most)
            unit = ""  # whatever is repeated again is no single character
        return part

    def _repeat(self, part: _Part, unit: str, start: int, least: int, most: int | None) -> _Part:
        if most == 1:
            return part._replace(empty=part.empty or least == 0)
        self._blur(start)
        if most is not None and least == most > 0 and unit[:1] != "(" and len(self._positions) == start + 1:
            # So many single characters are known to be so many, and no loop.
            for _ in range(most - 1):
                position = self._add(self._positions[start])
                part = self._join(part, _Part(False, (position,), (position,)))
            return part
        self._connect(part.last, part.first)
        return part._replace(empty=part.empty or least == 0)

    def _blur(self, start: int) -> None:
        for index in range(start, len(self._positions)):
            self._positions[index] = self._positions[index]._replace(literal=False, any=False)

    def _bounds(self) -> tuple[int, int | None] | None:
        bounds = _SIGNS.get(self._text[self._at : self._at + 1])
        if bounds is not None:
            self._at += 1
        else:
            count = _COUNT.match(self._text, self._at)
            if count is None or count[0] in ("{}", "{,}"):
                return None
            least = int(count[1] or 0)
            bounds = least, int(count[3]) if count[3] else None if count[2] else least
            self._at = count.end()
        if self._text[self._at : self._at + 1] in ("?", "+"):  # lazy, possessive: the same texts
            self._at += 1
        return bounds

    def _group(self) -> _Part:
        if self._text.startswith("(?#", self._at):
            self._at = self._text.index(")", self._at) + 1
            return _NOTHING
        opening = _GROUP.match(self._text, self._at)
        if opening is None:
            raise UnsupportedError("A group that looks around, back, or changes flags")
        self._at = opening.end()
        part = self._alternatives()
        self._at += 1  # the closing bracket
        return part

    def _atom(self) -> _Part:
        found = _ATOM.match(self._text, self._at)
        atom = found[0] if found else ""
        self._at += len(atom)
        if atom in ("^", "$", r"\A", r"\Z"):
            return self._anchor(atom)
        if atom in (r"\b", r"\B") or (atom[:1] == "\\" and atom[1:].isdigit()):
            raise UnsupportedError(f"{atom!r}")
        matches = re.compile(atom, self._flags).fullmatch
        characters = frozenset(filter(matches, ALPHABET))
        literal = len(characters) == 1 and atom not in _CLASSES and atom[:2] != "[^"
        position = self._add(Position(characters, literal, atom == "."))
        return _Part(False, (position,), (position,))

    def _anchor(self, atom: str) -> _Part:
        before, after = self._text[: self._at - len(atom)], self._text[self._at :]
        outside = (
            before.rpartition("|")[2].strip("(?:")
            if atom in ("^", r"\A")
            else after.partition("|")[0].strip(")")
        )
        if outside:
            raise UnsupportedError(f"{atom!r} in the middle")
        return _NOTHING

    def _add(self, position: Position) -> int:
        if len(self._positions) >= _POSITIONS:
            raise UnsupportedError(f"More than {_POSITIONS} characters")
        self._positions.append(position)
        return len(self._positions) - 1

    def _connect(self, ends: Iterable[int], begins: Iterable[int]) -> None:
        starts = tuple(begins)
        self._follow.update((end, start) for end in ends for start in starts)

    def _take(self, character: str) -> bool:
        if not self._text.startswith(character, self._at):
            return False
        self._at += 1
        return True


_SIGNS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_CLASSES = frozenset({".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S"})
