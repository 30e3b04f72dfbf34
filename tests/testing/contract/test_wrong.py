"""Every check catches at least one wrong middleware, and nothing but that check does."""

import pytest

from asgi_stack.testing.contract import CHECKS, check_middleware
from tests.testing.contract import (  # noqa: F401
    wrong_answers,
    wrong_flow,
    wrong_isolation,
    wrong_making,
    wrong_messages,
)
from tests.testing.contract.wrong import WRONG, Wrong

CASES = [
    pytest.param(check_id, each, id=f"{check_id}: {each.factory.__name__}")
    for check_id, group in WRONG.items()
    for each in group
]

# Whoever breaks one of these cannot but break another: to hold a part of the request back until it is whole
# is to read ahead, and an application that listens waits for the end of a response that is held.
ENTANGLED = {
    "does-not-hold-the-end",
    "returns-with-the-inner-application",
    "shows-outer-context-inside",
    "streams-the-request",
}


def test_every_check_has_a_wrong_middleware() -> None:
    assert WRONG.keys() == CHECKS.keys()


@pytest.mark.parametrize(("check_id", "case"), CASES)
def test_a_fault_is_caught_by_its_own_check(check_id: str, case: Wrong) -> None:
    report = check_middleware(case.factory, **case.declares)

    assert {outcome.id for outcome in report.failures} == {check_id, *case.also}, str(report)


def test_every_check_catches_a_fault_that_no_other_does() -> None:
    entangled = {check_id for check_id, group in WRONG.items() if all(case.also for case in group)}

    assert entangled == ENTANGLED
