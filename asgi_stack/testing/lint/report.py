"""Where the checks bring what they find: to a list, or to an exception at the point of the fault."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from asgi_stack.testing.lint.errors import LintError, Violation
from asgi_stack.testing.lint.rules import APPLICATION, RULES, SERVER
from asgi_stack.testing.lint.values import is_dict

if TYPE_CHECKING:
    from asgi_stack.testing.lint.middleware import Lint

__all__ = ["Fault", "Report", "Trace", "trace_for", "trace_var"]

Fault: TypeAlias = Callable[[str, str, str], None]
"""Called with a rule's id, what was seen, and what on: that tells two faults of one rule apart."""


_NOTHING: frozenset[tuple[str, str, str]] = frozenset()


class Trace:
    """What all `Lint`s around one connection share: a fault that passes through layers has one author."""

    __slots__ = ("error", "open", "scope_type", "seen")

    def __init__(self, scope_type: object) -> None:
        self.scope_type = scope_type
        self.seen = _NOTHING
        self.error: LintError | None = None
        self.open = True


trace_var: ContextVar[Trace | None] = ContextVar("asgi_stack.testing.lint", default=None)


def trace_for(outer: Trace | None, scope_type: object) -> Trace:
    """Give the trace of the connection that is being handled around this one, or a new one."""
    if outer is not None and outer.open and outer.scope_type == scope_type:
        return outer
    return Trace(scope_type)


class Report:
    """Names the culprit of a fault, and keeps or raises it."""

    __slots__ = ("_lint", "_scope", "_trace")

    def __init__(self, lint: "Lint", trace: Trace, scope: Any) -> None:
        self._lint = lint
        self._trace = trace
        self._scope = scope

    def application(self, rule_id: str, text: str, subject: str) -> None:
        """Charge the party inside of the `Lint`."""
        self._add(rule_id, APPLICATION, text, subject)

    def server(self, rule_id: str, text: str, subject: str) -> None:
        """Charge the party outside of the `Lint`."""
        self._add(rule_id, SERVER, text, subject)

    def ignores(self, rule_id: str) -> bool:
        """Tell whether the rule is one that is not checked."""
        return rule_id in self._lint.ignore

    def raise_swallowed(self) -> None:
        """Raise the error that somebody further in has caught: what follows from it would only hide it."""
        if self._trace.error is not None:
            raise self._trace.error

    def _add(self, rule_id: str, duty: Literal["application", "server"], text: str, subject: str) -> None:
        lint, trace, key = self._lint, self._trace, (rule_id, duty, subject)
        if rule_id in lint.ignore or (key in trace.seen and lint.mode == "collect"):
            return
        trace.seen |= {key}
        culprit = lint.name if duty == APPLICATION else lint.outer
        violation = Violation(RULES[rule_id], duty, culprit, text, self._where())
        lint.violations.append(violation)
        if lint.mode == "raise":
            trace.error = LintError(violation)
            raise trace.error

    def _where(self) -> str:
        scope = self._scope
        if not is_dict(scope):
            return type(scope).__name__
        kind, path = scope.get("type"), scope.get("path")
        return f"{kind} {path}" if isinstance(path, str) else f"{kind}"
