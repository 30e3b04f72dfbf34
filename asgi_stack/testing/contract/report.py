"""What `check_middleware` gives: the outcome of every check, for people and for programs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from asgi_stack.errors import StackError

__all__ = ["Broken", "ContractError", "NotApplicable", "Outcome", "Report", "Result"]

MOST_NAMED = 4

Result: TypeAlias = Literal["passed", "failed", "skipped"]


class ContractError(StackError, AssertionError):
    """A middleware does not keep the contract; the text says in which point, and what was seen."""


class Broken(Exception):  # noqa: N818
    """Raised within a check: the contract is not kept. The text is what was seen."""


class NotApplicable(Exception):  # noqa: N818
    """Raised within a check: it does not apply to this middleware. The text is the reason."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one check ended."""

    id: str
    """The name of the check, which stays the same from release to release."""
    sentence: str
    """What a middleware that passes does."""
    result: Result
    """``"passed"``, ``"failed"`` or ``"skipped"``."""
    detail: str = ""
    """What was seen where it failed; the reason where it was skipped; empty where it passed."""

    def __str__(self) -> str:
        tail = f"\n    {self.detail}" if self.detail else ""
        return f"{self.result} {self.id}: {self.sentence}{tail}"

    def as_dict(self) -> dict[str, str]:
        """Give the outcome as plain strings."""
        return {"id": self.id, "sentence": self.sentence, "result": self.result, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Report:
    """The outcomes of all checks that were run on one middleware. ``print`` shows what a person needs."""

    subject: str
    """The middleware and its options, as they would be written."""
    outcomes: tuple[Outcome, ...]
    """One for every check, in the order of the table of checks."""

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return not self.failures

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The checks that failed."""
        return self._with("failed")

    @property
    def skipped(self) -> tuple[Outcome, ...]:
        """The checks that do not apply to this middleware, each with the reason."""
        return self._with("skipped")

    def _with(self, result: Result) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.result == result)

    def __str__(self) -> str:
        counts = ", ".join(f"{len(self._with(result))} {result}" for result in get_args(Result))
        failed = (f"  {outcome}" for outcome in self.failures)
        return "\n".join([f"{self.subject}: {counts}", *failed, *self._reasons()])

    def _reasons(self) -> Iterator[str]:
        """One line for each reason why checks were skipped."""
        reasons: dict[str, list[str]] = {}
        for outcome in self.skipped:
            reasons.setdefault(outcome.detail, []).append(outcome.id)
        for detail, ids in reasons.items():
            yield f"  skipped {', '.join(ids) if len(ids) <= MOST_NAMED else f'{len(ids)} checks'}: {detail}"

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain values."""
        outcomes = [outcome.as_dict() for outcome in self.outcomes]
        return {"subject": self.subject, "passed": self.passed, "outcomes": outcomes}

    def to_json(self) -> str:
        """Render the report as JSON, indented."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False)
