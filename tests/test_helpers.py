"""The driver of our own tests holds what it drives to the specification."""

import pytest

from asgi_stack.testing import LintError, Recorder, http_scope
from tests.helpers import STARTED, Answering, Server, Side, attempt, call

CAPITALS = Recorder(headers=[(b"X-A", b"1")])


@pytest.mark.parametrize("drive", [call, attempt])
async def test_a_call_fails_for_illegal_traffic(drive: object) -> None:
    with pytest.raises(LintError, match="H28"):
        await drive(CAPITALS)  # type: ignore[operator]


async def test_a_call_that_is_told_so_lets_it_pass() -> None:
    assert (await call(CAPITALS, ignore={"H28"})).headers == (await call(CAPITALS, lint=False)).headers


async def test_a_call_in_steps_fails_for_illegal_traffic() -> None:
    side = Side({"type": "http.request"})
    with pytest.raises(LintError, match="H28"):
        await side.begin(CAPITALS, http_scope())


async def test_a_lifespan_fails_for_illegal_traffic() -> None:
    with pytest.raises(LintError, match="LS14"):
        await Server().run(Answering(STARTED, STARTED))
