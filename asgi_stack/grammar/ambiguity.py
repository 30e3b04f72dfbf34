"""Telling whether an expression can match one text in several ways, which is what makes backtracking slow.

After A. Weber and H. Seidl, "On the degree of ambiguity of finite automata" (1991): the number of ways grows
without end where one loop can read a text in two ways, or where two loops, one after the other, can read the
same text.
"""

from collections.abc import Iterator

from asgi_stack.grammar.regex import Automaton

__all__ = ["is_ambiguous"]

_MOST_STEPS = 50_000


def is_ambiguous(automaton: Automaton) -> bool:
    """Tell whether matching can take more than linear time; True, too, where that takes long to find out."""
    if any(ways > 1 for ways in automaton.follow.values()):
        return True  # a repetition directly within a repetition
    try:
        search = _Search(automaton)
        return search.one_loop_reads_in_two_ways() or search.two_loops_read_the_same()
    except _TooManyStepsError:
        return True


class _TooManyStepsError(Exception):
    """The search would take long."""


class _Search:
    """Follows several matches of one text at a time."""

    def __init__(self, automaton: Automaton) -> None:
        self._characters = [position.characters for position in automaton.positions]
        self._after: list[list[int]] = [[] for _ in automaton.positions]
        for before, after in automaton.follow:
            self._after[before].append(after)
        self._reach = [self._reached_from(index) for index in range(len(self._after))]
        self._looping = [index for index, reach in enumerate(self._reach) if index in reach]
        self._steps = 0

    def one_loop_reads_in_two_ways(self) -> bool:
        """Tell whether two matches can part within a loop, and meet again after the same text."""
        loops = self._looping
        parted = {pair for one in loops for pair in self._next((one, one)) if pair[0] < pair[1]}
        queue = [pair for pair in parted if self._same_loop(*pair)]
        seen = set(queue)
        for pair in queue:
            for one, other in self._next(pair):
                if one == other:
                    return True
                following = min(one, other), max(one, other)
                if following not in seen and self._same_loop(one, other):
                    seen.add(following)
                    queue.append(following)
        return False

    def two_loops_read_the_same(self) -> bool:
        """Tell whether a text can be read staying in one loop, going on to another, and staying in that."""
        return any(
            self._leads((one, one, other), (one, other, other))
            for one in self._looping
            for other in self._looping
            if other in self._reach[one] and not self._same_loop(one, other)
        )

    def _leads(self, start: tuple[int, ...], end: tuple[int, ...]) -> bool:
        one, other = start[0], start[2]
        queue, seen = [start], {start}
        for places in queue:
            for following in self._next(places):
                if following == end:
                    return True
                stays = self._same_loop(following[0], one) and self._same_loop(following[2], other)
                if stays and following not in seen:
                    seen.add(following)
                    queue.append(following)
        return False

    def _next(self, places: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Yield where matches at these places can be after one more character, the same for all."""
        found: list[tuple[tuple[int, ...], frozenset[str] | None]] = [((), None)]
        for place in places:
            found = [
                ((*before, after), common)
                for before, characters in found
                for after in self._after[place]
                if (common := self._common(characters, after))
            ]
        self._steps += len(found) + 1
        if self._steps > _MOST_STEPS:
            raise _TooManyStepsError
        return (before for before, _ in found)

    def _common(self, characters: frozenset[str] | None, place: int) -> frozenset[str]:
        mine = self._characters[place]
        return mine if characters is None else characters & mine

    def _same_loop(self, one: int, other: int) -> bool:
        return other in self._reach[one] and one in self._reach[other]

    def _reached_from(self, start: int) -> set[int]:
        queue = [*self._after[start]]
        seen = set(queue)
        for place in queue:
            new = [after for after in self._after[place] if after not in seen]
            seen.update(new)
            queue.extend(new)
        return seen
