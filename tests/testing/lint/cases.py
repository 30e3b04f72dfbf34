"""For every rule of the lint: traffic that breaks it, and traffic close to it that does not."""

from dataclasses import dataclass

from tests.testing.lint.traffic import Traffic


@dataclass(frozen=True)
class Case:
    """One small fault: the *wrong* traffic breaks the *rule* and no other; the *right* one breaks none."""

    rule: str
    what: str
    wrong: Traffic
    right: Traffic

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}"
