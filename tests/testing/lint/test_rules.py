"""Every rule has traffic that breaks it and traffic that does not."""

import pytest

from asgi_stack.testing.lint import RULES, LintError
from tests.testing.lint.cases import Case
from tests.testing.lint.cases_coding import CODING_CASES
from tests.testing.lint.cases_core import CORE_CASES
from tests.testing.lint.cases_extensions import EXTENSION_CASES
from tests.testing.lint.cases_http import HTTP_CASES
from tests.testing.lint.cases_scope import SCOPE_CASES
from tests.testing.lint.cases_websocket import LIFESPAN_CASES, WEBSOCKET_CASES

CASES = [*CORE_CASES, *SCOPE_CASES, *HTTP_CASES, *CODING_CASES]
CASES += [*WEBSOCKET_CASES, *LIFESPAN_CASES, *EXTENSION_CASES]
each = pytest.mark.parametrize("case", CASES, ids=str)


@each
async def test_a_fault_is_charged_to_its_rule_and_to_no_other(case: Case) -> None:
    violations = await case.wrong.collect()

    assert {violation.rule.id for violation in violations} == {case.rule}


@each
async def test_traffic_without_the_fault_passes(case: Case) -> None:
    assert await case.right.collect() == []


@each
async def test_a_fault_is_raised_where_it_happens(case: Case) -> None:
    with pytest.raises(LintError, match=rf"Rule {case.rule} \("):
        await case.wrong.run()


@each
async def test_an_ignored_rule_is_not_charged(case: Case) -> None:
    await case.wrong.run(ignore={case.rule})


@each
async def test_the_duty_of_a_violation_is_the_one_of_its_rule(case: Case) -> None:
    for violation in await case.wrong.collect():
        assert violation.rule.duty in (violation.duty, "both")


def test_every_rule_has_a_case() -> None:
    assert RULES.keys() == {case.rule for case in CASES}


def test_the_faults_are_many_and_each_is_another() -> None:
    assert len({str(case) for case in CASES}) >= 250
