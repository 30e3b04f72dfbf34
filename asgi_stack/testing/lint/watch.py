"""Whether scopes, events and header lists stay as they were when they changed hands."""

from typing import Any

from asgi_stack.testing.lint.report import Report
from asgi_stack.testing.lint.rules import APPLICATION
from asgi_stack.testing.lint.values import MISSING, is_list

__all__ = ["Watch", "Watched"]


class Watched:
    """One dict as it was: its keys, its values by identity or equality, its header list one level deep."""

    __slots__ = ("_headers", "_headers_before", "before", "now", "title")

    def __init__(self, title: str, now: dict[str, Any]) -> None:
        self.title = title
        self.now = now
        self.before = now.copy()
        headers = now.get("headers")
        self._headers = headers if is_list(headers) else None
        self._headers_before = None if self._headers is None else self._headers[:]

    def is_same(self) -> bool:
        """Tell whether nothing changed."""
        return self.now == self.before and self._headers == self._headers_before

    def changes(self) -> list[Any]:
        """Give the keys that changed, and take the dict as it is now as the new starting point."""
        now, before = self.now, self.before
        keys = [key for key in {**before, **now} if now.get(key, MISSING) != before.get(key, MISSING)]
        if self._headers != self._headers_before and "headers" not in keys:
            keys.append("headers")
        Watched.__init__(self, self.title, now)
        return keys


class Watch:
    """The dicts of one connection that somebody else may still look at."""

    __slots__ = ("_events", "_report", "_scope")

    def __init__(self, scope: dict[str, Any], report: Report) -> None:
        self._report = report
        self._scope = Watched("its caller's scope", scope)
        # The last event of either direction, and the response's start: layers hold a start back.
        self._events: dict[str, Watched] = {}

    def add(self, place: str, event: dict[str, Any]) -> None:
        """Watch an event from now on, in place of the last one of that kind."""
        self._events[place] = Watched(f"the event {event.get('type')!r} after it was handed over", event)

    def check(self, duty: str) -> None:
        """Charge every change since the last look to the party that was running since then."""
        if not self._scope.is_same():
            self._charge_scope(duty)
        for watched in self._events.values():
            if not watched.is_same():
                self._charge("X8", duty, watched)

    def _charge_scope(self, duty: str) -> None:
        if duty == APPLICATION:
            self._charge("C11", duty, self._scope)
        else:
            self._charge("C12", duty, self._scope)

    def _charge(self, rule: str, duty: str, watched: Watched) -> None:
        fault = self._report.application if duty == APPLICATION else self._report.server
        for key in watched.changes():
            fault(rule, f"it changed {key!r} in {watched.title}. Change a copy.", f"{watched.title} {key!r}")
