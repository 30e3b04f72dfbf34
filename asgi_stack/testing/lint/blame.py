"""Where the checks bring what they find: to a list, or to an exception at the point of the fault."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Literal, NamedTuple, TypeAlias

from asgi_stack.testing.lint.errors import LintError, Violation
from asgi_stack.testing.lint.rules import APPLICATION, RULES, SERVER
from asgi_stack.testing.lint.values import is_dict

__all__ = ["Blame", "Fault", "LintOptions", "blame_var"]

Fault: TypeAlias = Callable[[str, str, str], None]
"""Called with a rule's id, what was seen, and what on: that tells two faults of one rule apart."""


_NOTHING: frozenset[tuple[str, str, str]] = frozenset()


class LintOptions(NamedTuple):
    """What a `Lint` was made with: which faults count, what becomes of them, and who is who."""

    mode: Literal["raise", "collect"]
    ignore: frozenset[str]
    name: str
    outer: str
    violations: list[Violation]


class Blame:
    """Names the culprit of a fault, and keeps or raises it.

    Of all `Lint`s around one connection, the outermost has what they share: a fault that passes
    through layers has one author.
    """

    __slots__ = ("_scope", "_scope_type", "error", "open", "options", "outermost", "seen")

    def __init__(self, options: LintOptions, scope: Any, around: "Blame | None") -> None:
        self.options = options
        self._scope = scope
        self._scope_type: object = scope.get("type") if is_dict(scope) else None
        # None stands for itself, which would be a cycle.
        self.outermost = around if around is not None and around.surrounds(self) else None
        self.seen = _NOTHING
        self.error: LintError | None = None
        self.open = True

    def surrounds(self, other: "Blame") -> bool:
        """Tell whether it is of the connection that is being handled around the other one."""
        return self.open and self._scope_type == other._scope_type

    def application(self, rule_id: str, text: str, subject: str) -> None:
        """Charge the party inside of the `Lint`."""
        self._add(rule_id, APPLICATION, text, subject)

    def server(self, rule_id: str, text: str, subject: str) -> None:
        """Charge the party outside of the `Lint`."""
        self._add(rule_id, SERVER, text, subject)

    def ignores(self, rule_id: str) -> bool:
        """Tell whether the rule is one that is not checked."""
        return rule_id in self.options.ignore

    def raise_swallowed(self) -> None:
        """Raise the error that somebody further in has caught: what follows from it would only hide it."""
        error = (self.outermost or self).error
        if error is not None:
            raise error

    def _add(self, rule_id: str, duty: Literal["application", "server"], text: str, subject: str) -> None:
        options, outermost, key = self.options, self.outermost or self, (rule_id, duty, subject)
        if rule_id in options.ignore or (key in outermost.seen and options.mode == "collect"):
            return
        outermost.seen |= {key}
        culprit = options.name if duty == APPLICATION else options.outer
        violation = Violation(RULES[rule_id], duty, culprit, text, self._where())
        options.violations.append(violation)
        if options.mode == "raise":
            outermost.error = LintError(violation)
            raise outermost.error

    def _where(self) -> str:
        scope = self._scope
        if not is_dict(scope):
            return type(scope).__name__
        kind, path = scope.get("type"), scope.get("path")
        # As repr shows it: no log and no terminal takes the surrogates of a path that nobody could decode.
        return f"{kind} {repr(path)[1:-1]}" if isinstance(path, str) else f"{kind}"


blame_var: ContextVar[Blame | None] = ContextVar("asgi_stack.testing.lint", default=None)
"""Of the `Lint`s around the connection that is being handled, what the outermost one knows."""
