"""The checks by name."""

from collections.abc import Callable
from typing import NamedTuple

from asgi_stack.testing.contract.subject import Subject

__all__ = ["CHECKS", "Check", "check"]


class Check(NamedTuple):
    """One point of the contract."""

    id: str
    """Its name, which stays the same from release to release."""
    sentence: str
    """What a middleware that passes does."""
    group: str
    """The heading under which it is listed."""
    run: Callable[[Subject], None]
    """Raises `Broken` or `NotApplicable`."""


CHECKS: dict[str, Check] = {}
"""Every check, in the order in which they are run and listed."""


def check(sentence: str, group: str) -> Callable[[Callable[[Subject], None]], Callable[[Subject], None]]:
    """Make a check of a function; its id is the function's name with dashes."""

    def register(function: Callable[[Subject], None]) -> Callable[[Subject], None]:
        check_id = function.__name__.replace("_", "-")
        CHECKS[check_id] = Check(check_id, sentence, group, function)
        return function

    return register
