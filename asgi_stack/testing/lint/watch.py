"""Whether scopes, events and header lists stay as they were when they changed hands."""

from typing import Any

from asgi_stack.testing.lint.report import Report
from asgi_stack.testing.lint.rules import APPLICATION
from asgi_stack.testing.lint.values import MISSING

__all__ = ["Watch", "Watched"]


class Watched:
    """One dict as it was: its keys, its values by identity or equality, its header list one level deep."""

    __slots__ = ("before", "headers", "headers_before", "now", "title")

    def __init__(self, title: str, now: dict[str, Any]) -> None:
        self.title = title
        self.now = now
        self.before = now.copy()
        headers = now.get("headers")
        self.headers: Any = headers if headers.__class__ is list else None
        self.headers_before: Any = self.headers and self.headers.copy()

    def changes(self) -> list[Any]:
        """Give the keys that changed, and take the dict as it is now as the new starting point."""
        now, before = self.now, self.before
        keys = [key for key in {**before, **now} if _differ(now.get(key, MISSING), before.get(key, MISSING))]
        if self.headers != self.headers_before and "headers" not in keys:
            keys.append("headers")
        Watched.__init__(self, self.title, now)
        return keys


def _differ(one: Any, other: Any) -> bool:
    # As dicts compare: what is the same object need not be comparable.
    return one is not other and bool(one != other)


class Watch:
    """The dicts of one connection that somebody else may still look at."""

    __slots__ = ("_report", "_watched")

    def __init__(self, scope: dict[str, Any], report: Report) -> None:
        self._report = report
        self._watched = {"scope": Watched("the scope that was handed inward", scope)}

    def add(self, place: str, event: dict[str, Any]) -> None:
        """Watch an event from now on, in place of the last one of that kind."""
        self._watched[place] = Watched(event["type"], event)

    def check(self, duty: str | None) -> None:
        """Charge every change since the last look to the party that ran since then, or to nobody."""
        for watched in self._watched.values():
            if watched.now != watched.before or watched.headers != watched.headers_before:
                self._charge(duty, watched)

    def _charge(self, duty: str | None, watched: Watched) -> None:
        inside = duty == APPLICATION
        rule = "X8" if watched is not self._watched["scope"] else "C11" if inside else "C12"
        fault = self._report.application if inside else self._report.server
        changes = watched.changes()
        for key in changes if duty else ():
            fault(rule, f"it changed {key!r} in {watched.title}. Change a copy.", f"{watched.title} {key!r}")
