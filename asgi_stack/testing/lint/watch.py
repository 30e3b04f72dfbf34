"""Whether scopes, events and header lists stay as they were when they changed hands."""

from typing import Any, Final

from asgi_stack.testing.lint.blame import Blame, Fault
from asgi_stack.testing.lint.rules import APPLICATION
from asgi_stack.testing.lint.values import MISSING

__all__ = ["RECEIVED", "SENT", "START", "Watch"]

# Of each place the first of its two seats in a row: the dict, and its header list.
_SCOPE = 0
RECEIVED: Final = 2
"""The place of the last event that was received."""
START: Final = 4
"""The place of the last head of a response."""
SENT: Final = 6
"""The place of the last other message that was sent."""


class Watch:
    """The dicts of one connection that somebody else may still look at.

    Of each dict its keys are compared, its values by identity or equality, its header list one level deep.
    """

    __slots__ = ("_blame", "before", "now")

    def __init__(self, scope: dict[str, Any], blame: Blame) -> None:
        self._blame = blame
        # Two lists, so that a look at everything that nobody changed is one comparison.
        self.now: list[Any] = [scope, None, None, None, None, None, None, None]
        self.before: list[Any] = [None, None, None, None, None, None, None, None]
        self.take(_SCOPE, scope)

    def take(self, place: int, now: dict[str, Any]) -> None:
        """Watch a dict from now on, in place of the last one of that kind."""
        self.now[place] = now
        self.before[place] = now.copy()
        headers: Any = now.get("headers")
        if headers.__class__ is list:
            self.now[place + 1] = headers
            self.before[place + 1] = headers.copy()
        else:
            self.now[place + 1] = self.before[place + 1] = None

    def charge(self, duty: str | None) -> None:
        """Charge every change since the last look to the party that ran since then, or to nobody.

        To be called where `now` and `before` differ.
        """
        inside = duty == APPLICATION
        for seat in range(0, len(self.now), 2):
            if self.now[seat : seat + 2] != self.before[seat : seat + 2]:
                rule = "X8" if seat != _SCOPE else "C11" if inside else "C12"
                fault = self._blame.application if inside else self._blame.server
                if duty is None or self._blame.ignores(rule):
                    self.take(seat, self.now[seat])
                else:
                    self._charge(seat, rule, fault)

    def _charge(self, seat: int, rule: str, fault: Fault) -> None:
        # As it was before: its very type may have changed.
        title = "the scope that was handed inward" if seat == _SCOPE else self.before[seat]["type"]
        for key in self._changes(seat):
            fault(rule, f"it changed {key!r} in {title}. Change a copy.", f"{title} {key!r}")

    def _changes(self, seat: int) -> list[Any]:
        """Give the keys that changed, and take the dict as it is now as the new starting point."""
        now, before = self.now[seat], self.before[seat]
        keys = [key for key in {**before, **now} if _differ(now.get(key, MISSING), before.get(key, MISSING))]
        if self.now[seat + 1] != self.before[seat + 1] and "headers" not in keys:
            keys.append("headers")
        self.take(seat, now)
        return keys


def _differ(one: Any, other: Any) -> bool:
    # As dicts compare: what is the same object need not be comparable.
    return one is not other and bool(one != other)
