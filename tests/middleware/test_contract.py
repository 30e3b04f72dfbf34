"""Every middleware in the box keeps the whole contract; a new one is held to it by being exported.

No check is left out for any of them. What one is meant to do, what makes a request that it lets in, and what
makes one that it answers itself, its record declares.
"""

import pytest

from asgi_stack.testing.contract import check_middleware
from tests.middleware.cases import CASES, Case, Way

REPLYING = {name: (case, case.replies) for name, case in CASES.items() if case.replies}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_keeps_the_contract(case: Case) -> None:
    declared = dict.fromkeys(case.declares, True)
    report = check_middleware(case.factory, request=case.request, **declared, **case.options)

    assert report.passed, str(report)


@pytest.mark.parametrize(("case", "way"), REPLYING.values(), ids=REPLYING)
def test_its_own_replies_keep_the_contract(case: Case, way: Way) -> None:
    report = check_middleware(case.factory, replies=True, request=way.request, **way.options)

    assert report.passed, str(report)
    assert "replies-completely" not in {outcome.id for outcome in report.skipped}
