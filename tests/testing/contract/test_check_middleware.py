"""What `check_middleware` takes, where it can be called, and what its report says."""

import asyncio
import json
from typing import Any

import pytest

from asgi_stack import ASGIMiddleware, Layer
from asgi_stack.errors import LayerError, OptionError
from asgi_stack.middleware import TrustedHostMiddleware
from asgi_stack.testing.contract import CHECKS, Outcome, Report, check_middleware
from asgi_stack.types import ASGIApp, Receive, Scope, Send

TWO = ["takes-the-application", "calls-inward-once"]


class ForHTTPAlone(ASGIMiddleware):
    """Reads what only http has; needs a condition to be kept to it."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["method"].upper()
        await self.app(scope, receive, send)


def results(report: Report) -> dict[str, str]:
    return {outcome.id: outcome.result for outcome in report.outcomes}


def test_a_report_has_an_outcome_for_every_check_in_order() -> None:
    assert list(results(check_middleware(ASGIMiddleware))) == list(CHECKS)


def test_the_subject_is_the_layer_as_it_would_be_written() -> None:
    report = check_middleware(TrustedHostMiddleware, allowed_hosts=["testserver"], only=TWO)

    assert report.subject == "TrustedHostMiddleware(allowed_hosts=['testserver'])"


def test_a_layer_brings_its_own_options() -> None:
    assert check_middleware(Layer(TrustedHostMiddleware, allowed_hosts=["testserver"]), only=TWO).passed


def test_the_conditions_of_a_layer_hold() -> None:
    layer = Layer(ForHTTPAlone).only(scope_type="http")

    assert not check_middleware(ForHTTPAlone, only="forwards-lifespan").passed
    assert check_middleware(layer, only="forwards-lifespan").passed


def test_options_beside_a_layer_are_refused() -> None:
    with pytest.raises(OptionError, match=r"options=\{'volume': 11\} .* Write them into the layer"):
        check_middleware(Layer(ASGIMiddleware), volume=11)


def test_a_misspelt_option_is_refused_at_once() -> None:
    with pytest.raises(LayerError, match="allowed_hosts"):
        check_middleware(TrustedHostMiddleware, alowed_hosts=["testserver"])


@pytest.mark.parametrize("name", ["only", "without"])
def test_a_check_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(OptionError, match=rf"{name}='made-up' .*takes-the-application"):
        check_middleware(ASGIMiddleware, **{name: ["made-up"]})


def test_one_check_may_be_named_without_a_list() -> None:
    assert results(check_middleware(ASGIMiddleware, only=TWO[0])) == {TWO[0]: "passed"}


def test_a_check_that_is_left_out_is_skipped() -> None:
    report = check_middleware(ASGIMiddleware, only=TWO, without=TWO[:1])

    assert results(report) == {TWO[0]: "skipped", TWO[1]: "passed"}


def test_the_request_can_be_made_one_that_is_let_in() -> None:
    hosts = {"allowed_hosts": ["example.com"]}

    assert not check_middleware(TrustedHostMiddleware, only=TWO, **hosts).passed
    assert check_middleware(
        TrustedHostMiddleware, request={"url": "https://example.com/"}, only=TWO, **hosts
    ).passed


async def test_it_works_where_an_event_loop_is_running() -> None:
    assert check_middleware(ASGIMiddleware, only=TWO).passed


class SendsNonsense(ASGIMiddleware):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.body", "body": 7})


def test_a_check_that_stumbles_over_nonsense_has_failed() -> None:
    outcome = check_middleware(SendsNonsense, only=["replies-to-head-without-body"]).outcomes[0]

    assert outcome.result == "failed"
    assert outcome.detail.startswith("TypeError in body: ")


def busy(app: ASGIApp) -> ASGIApp:
    async def spin(scope: Scope, receive: Receive, send: Send) -> None:
        while True:  # noqa: ASYNC110
            await asyncio.sleep(0)

    return spin


def waits_for_ever(app: ASGIApp) -> ASGIApp:
    async def wait(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    return wait


@pytest.mark.parametrize("factory", [busy, waits_for_ever])
def test_nothing_hangs(factory: Any) -> None:
    report = check_middleware(factory, only=["calls-inward-once"])

    assert "the call hangs" in report.failures[0].detail


PASSED = Outcome("a", "It is a.", "passed")
FAILED = Outcome("b", "It is b.", "failed", "It was c.")
SKIPPED = Outcome("d", "It is d.", "skipped", "It declares e=True.")
REPORT = Report("Mine(x=1)", (PASSED, FAILED, SKIPPED))


def test_a_report_reads_as_a_list_of_what_failed_and_why() -> None:
    assert str(REPORT).splitlines() == [
        "Mine(x=1): 1 passed, 1 failed, 1 skipped",
        "  failed b: It is b.",
        "    It was c.",
        "  skipped d: It declares e=True.",
    ]


@pytest.mark.parametrize(("count", "named"), [(2, "d0, d1"), (5, "5 checks")])
def test_checks_skipped_for_one_reason_share_a_line(count: int, named: str) -> None:
    skipped = tuple(Outcome(f"d{number}", "It is.", "skipped", "No.") for number in range(count))

    assert str(Report("Mine()", skipped)).splitlines()[1:] == [f"  skipped {named}: No."]


def test_a_report_passes_when_nothing_failed() -> None:
    assert Report("Mine()", (PASSED, SKIPPED)).passed
    assert (REPORT.passed, REPORT.failures, REPORT.skipped) == (False, (FAILED,), (SKIPPED,))


def test_a_report_is_json_for_programs() -> None:
    found = json.loads(REPORT.to_json())

    assert (found["subject"], found["passed"]) == ("Mine(x=1)", False)
    assert found["outcomes"][1] == {
        "id": "b",
        "sentence": "It is b.",
        "result": "failed",
        "detail": "It was c.",
    }


def test_an_outcome_that_passed_is_one_line() -> None:
    assert str(PASSED) == "passed a: It is a."
