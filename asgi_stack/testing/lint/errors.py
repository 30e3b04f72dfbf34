"""What `Lint` finds, as a value and as an exception."""

from dataclasses import dataclass
from typing import Literal

from asgi_stack.errors import StackError
from asgi_stack.testing.errors import Verdict
from asgi_stack.testing.lint.rules import Rule

__all__ = ["LintError", "Violation"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault: the rule that was broken, by whom, and what was seen."""

    rule: Rule
    duty: Literal["application", "server"]
    """Whose fault it is: the application's (inside of the `Lint`) or the server's (outside of it)."""
    culprit: str
    """The name of that party: of a layer in a linted stack."""
    text: str
    """What was seen, with the value."""
    where: str
    """The scope type, and the path where the scope has one: ``"http /basket"``."""

    def __str__(self) -> str:
        rule = self.rule
        return (
            f"{self.culprit} ({self.duty}, {self.where}): {self.text} "
            f"Rule {rule.id} ({rule.level}): {rule.sentence} [{rule.section}]"
        )

    def as_dict(self) -> dict[str, str]:
        """Give the violation as plain strings, for JSON."""
        rule = self.rule
        return {
            "rule": rule.id,
            "level": rule.level,
            "sentence": rule.sentence,
            "section": rule.section,
            "duty": self.duty,
            "culprit": self.culprit,
            "text": self.text,
            "where": self.where,
        }


class LintError(StackError, Verdict):
    """A rule of the ASGI specification was broken. `violation` tells which, and by whom."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(str(violation))
        self.violation = violation
