"""Deciding whether a regular expression fits origins of one's own alone, by what it can match.

Every way to its end must pass two labels that are written out, so that a name can be told whose it is, or
``localhost``, or an address. There is no list of public suffixes: ``example.co.uk`` counts as ``co.uk`` does.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, cast

from asgi_stack.grammar.ambiguity import is_ambiguous
from asgi_stack.grammar.regex import Automaton, UnsupportedError, automaton_of

__all__ = ["origin_regex_fault", "regex_fault"]

_LOCAL = "localhost"
_OWN_RISK = "If you know better, give it as unchecked_origin_regex."


def origin_regex_fault(pattern: object) -> str | None:
    """Say what is wrong with the regular expression of an origin; None if nothing is.

    *pattern* is a str, or a compiled pattern without flags but ``re.IGNORECASE``.
    """
    if fault := regex_fault(pattern):
        return fault
    try:
        automaton = automaton_of(re.compile(cast("str", pattern)))
    except UnsupportedError as error:
        return f"{error} cannot be looked into. Write it without. {_OWN_RISK}"
    if is_ambiguous(automaton):
        return (
            "It can match one text in several ways, so that a long origin takes very long. Let each "
            rf"repetition end with what nothing in it fits, as in r'([a-z]+\.)*'. {_OWN_RISK}"
        )
    return _fault(automaton, cast("str", pattern))


def regex_fault(pattern: object) -> str | None:
    """Say why this is no regular expression of a str; None if it is one."""
    text: object = getattr(pattern, "pattern", pattern)
    if not isinstance(text, str):
        return r"Give a str, as in r'https://[a-z]+\.example\.com'."
    try:
        re.compile(text)
    except re.error as error:
        return f"It is no regular expression: {error}."
    return None


def _fault(automaton: Automaton, pattern: str) -> str | None:
    fits = False
    for text, place in _ways(automaton):
        if place.verdict is False:
            if any(position.any for position in automaton.positions):
                return rf"A dot fits any character, so that {text!r} fits. Escape it: '\.'. {_OWN_RISK}"
            # A repetition is followed for any number of times, so that the example may be too short.
            example = f"{text!r}, which" if re.fullmatch(pattern, text) else "what"
            return (
                f"It fits {example} anybody may have. Write out at least two labels at the end, with a "
                rf"dot ahead of them, as in r'https://[a-z]+\.example\.com'. {_OWN_RISK}"
            )
        fits = fits or place.verdict is True
    if fits:
        return None
    return (
        "It fits no origin. Write scheme and host, and the port if there is one, in lower case, as in "
        r"r'https://[a-z]+\.example\.com'. 'null' and 'file://' are for allow_origins."
    )


class _Place(NamedTuple):
    """How far a match has come through an origin, and what is known of the labels that it has passed."""

    part: str = "scheme"
    labels: int = 0
    """How many labels have ended, 2 for more."""
    before: bool = False
    """Whether the label before this one is written out."""
    written: bool = True
    """Whether this one is."""
    empty: bool = True
    numeric: bool = True
    """Whether this label is a number."""
    leading: int = 0
    """How many numbers are written out at the beginning of the host, 2 for more."""
    local: int | None = 0
    """How much of "localhost" this label is; None where it is another one."""
    good: bool | None = None
    """What was found of the host, once it has ended."""

    @property
    def verdict(self) -> bool | None:
        """Whether only one's own origins end here; None where no origin ends here."""
        if self.part == "port":
            return self.good
        if self.part == "address":
            return self.written if self.good else None
        if self.part != "host" or self.empty:
            return None
        if self.local == len(_LOCAL):
            return True
        if self.numeric:
            return self.leading + (self.written and self.labels == self.leading) >= 2
        return self.labels > 0 and self.before and self.written


def _ways(automaton: Automaton) -> Iterator[tuple[str, _Place]]:
    """Yield an example for everything that can be known where a match ends."""
    queue = [(index, step) for index in automaton.first for step in _steps(automaton, index, "", _Place())]
    after = {index: automaton.after(index) for index in range(len(automaton.positions))}
    seen = {(index, place) for index, (_, place) in queue}
    for index, (text, place) in queue:
        if index in automaton.last:
            yield text, place
        for following in after[index]:
            for step in _steps(automaton, following, text, place):
                if (following, step[1]) not in seen:
                    seen.add((following, step[1]))
                    queue.append((following, step))


def _steps(automaton: Automaton, index: int, text: str, place: _Place) -> Iterator[tuple[str, _Place]]:
    """Yield where one more position leads, for each kind of character that it may be."""
    position = automaton.positions[index]
    for kind in _KINDS:
        found = position.characters & kind
        if found:
            character = "x" if "x" in found else min(found)
            following = _follow(place, character, position.literal)
            if following is not None:
                yield text + character, following


_KINDS = [
    frozenset(kind) for kind in ("abcdefghijklmnopqrstuvwxyz-_~+", "0123456789", ".", ":", "/", "[", "]")
]


def _follow(place: _Place, character: str, literal: bool) -> _Place | None:
    return _PARTS[place.part](place, character, literal)


def _in_scheme(place: _Place, character: str, literal: bool) -> _Place | None:
    if character == ":" and literal:
        return place._replace(part="colon")
    return place if character.isalnum() or character in "+-." else None


def _in_colon(place: _Place, character: str, literal: bool) -> _Place | None:
    return place._replace(part="slash") if character == "/" and literal else None


def _in_slash(place: _Place, character: str, literal: bool) -> _Place | None:
    return place._replace(part="host") if character == "/" and literal else None


def _in_host(place: _Place, character: str, literal: bool) -> _Place | None:
    if character == ":":
        return None if place.verdict is None else place._replace(part="port", good=place.verdict)
    if character == "[" and place.empty and not place.labels:
        return place._replace(part="address", written=literal)
    if character == ".":
        return _label_ended(place)
    if character in "/[]":
        return None
    local = place.local
    if local is not None:
        local = local + 1 if literal and _LOCAL[local : local + 1] == character else None
    return place._replace(
        written=place.written and literal,
        empty=False,
        numeric=place.numeric and character.isdigit(),
        local=local,
    )


def _label_ended(place: _Place) -> _Place | None:
    if place.empty:
        return None
    leads = place.numeric and place.written and place.labels == place.leading
    return _Place(
        part="host",
        labels=min(place.labels + 1, 2),
        before=place.written,
        leading=min(place.leading + leads, 2),
    )


def _in_address(place: _Place, character: str, literal: bool) -> _Place | None:
    if place.good:
        return place._replace(part="port", good=place.written) if character == ":" else None
    return place._replace(written=place.written and literal, good=True if character == "]" else None)


def _in_port(place: _Place, character: str, literal: bool) -> _Place | None:
    return place if character.isdigit() else None


_PARTS = {
    "scheme": _in_scheme,
    "colon": _in_colon,
    "slash": _in_slash,
    "host": _in_host,
    "address": _in_address,
    "port": _in_port,
}
