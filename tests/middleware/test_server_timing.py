import asyncio
import contextvars
from collections.abc import Callable
from typing import Any

import pytest

from asgi_stack import OptionError
from asgi_stack.middleware import ServerTimingMiddleware
from asgi_stack.middleware.server_timing import ServerTiming, current_timing
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import call


def clock(*seconds: float) -> Callable[[], float]:
    """A clock that shows these times, in order."""
    rest = iter(seconds)
    return lambda: next(rest)


def answering(act: Callable[[ServerTiming], None]) -> Any:
    """An application that does something with its timing before it responds."""

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        act(current_timing())
        await Recorder()(scope, receive, send)

    return inner


async def test_the_time_to_the_head_is_told_in_milliseconds() -> None:
    outcome = await call(ServerTimingMiddleware(Recorder(), clock=clock(10.0, 10.0123)))

    assert outcome.headers["server-timing"] == "app;dur=12.3"


async def test_the_metric_has_the_name_that_the_option_gives() -> None:
    outcome = await call(ServerTimingMiddleware(Recorder(), metric="total", clock=clock(0, 0)))

    assert outcome.headers["server-timing"] == "total;dur=0.0"


async def test_the_line_of_the_application_stays() -> None:
    inner = Recorder(headers={"Server-Timing": "db;dur=1"})
    outcome = await call(ServerTimingMiddleware(inner, clock=clock(0, 1)))

    assert outcome.headers.get_list("server-timing") == ["db;dur=1", "app;dur=1000.0"]


@pytest.mark.parametrize(
    ("act", "shown"),
    [
        (lambda timing: timing.add("hit"), "hit"),
        (lambda timing: timing.add("db", 0.0021), "db;dur=2.1"),
        (lambda timing: timing.add("db", description="two queries"), 'db;desc="two queries"'),
        (lambda timing: timing.add("db", 1, description='a "b" \\'), 'db;dur=1000.0;desc="a \\"b\\" \\\\"'),
        (lambda timing: (timing.add("a"), timing.add("b")), "a, b"),
    ],
)
async def test_the_view_adds_metrics_of_its_own(act: Any, shown: str) -> None:
    outcome = await call(ServerTimingMiddleware(answering(act), clock=clock(0, 0)))

    assert outcome.headers["server-timing"] == f"app;dur=0.0, {shown}"


def test_a_block_is_measured_even_when_it_fails() -> None:
    timing = ServerTiming(clock(1.0, 1.5))
    with pytest.raises(KeyError), timing.measure("db", description="x"):
        raise KeyError

    assert timing.metrics == ['db;dur=500.0;desc="x"']


@pytest.mark.parametrize("name", ["", "a b", "a;b", "a,b", "é", "a\r\n"])
def test_a_metric_whose_name_is_no_token_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"ServerTiming.add: name=.* is not usable. Give a token"):
        ServerTiming().add(name)


@pytest.mark.parametrize("description", ["a\r\nSet-Cookie: x=1", "€", "\x00"])
def test_a_description_that_no_header_can_hold_is_refused(description: str) -> None:
    with pytest.raises(ValueError, match=r"description=.* is not usable. Give one line of Latin-1 text"):
        ServerTiming().add("a", description=description)


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -0.001])
def test_a_duration_that_no_clock_can_measure_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match=r"seconds=.* is not usable. Give a finite number, 0 or more"):
        ServerTiming().add("a", seconds)


def test_outside_of_a_request_metrics_go_nowhere() -> None:
    contextvars.Context().run(lambda: current_timing().add("db", 1))

    assert contextvars.Context().run(current_timing).metrics == []


async def test_code_in_a_thread_finds_the_timing_of_its_request() -> None:
    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.to_thread(lambda: current_timing().add("thread"))
        await Recorder()(scope, receive, send)

    outcome = await call(ServerTimingMiddleware(inner, clock=clock(0, 0)))

    assert outcome.headers["server-timing"] == "app;dur=0.0, thread"


async def test_who_may_not_see_the_timings_gets_none() -> None:
    outcome = await call(ServerTimingMiddleware(Recorder(), when=lambda request: False))

    assert "server-timing" not in outcome.headers


async def test_the_view_need_not_know_who_may_see_the_timings() -> None:
    inner = answering(lambda timing: timing.add("db", 1))
    outcome = await call(ServerTimingMiddleware(inner, when=lambda request: False))

    assert "server-timing" not in outcome.headers


async def test_the_request_decides_who_may_see_the_timings() -> None:
    app = ServerTimingMiddleware(Recorder(), when=lambda request: b"x-debug" in request.headers)

    assert "server-timing" in (await call(app, http_scope(headers={"x-debug": "1"}))).headers


async def test_a_websocket_goes_inward_in_the_very_scope_that_came() -> None:
    inner, scope = Recorder(), websocket_scope()
    await call(ServerTimingMiddleware(inner), scope)

    assert inner.scope is scope


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"metric": "my app"}, "metric='my app' is not usable. Give a token"),
        ({"metric": ""}, "metric='' is not usable"),
        ({"when": True}, "when=True is not usable. Give a function that takes the RequestHead"),
        ({"clock": 7}, "clock=7 is not usable. Give a function that returns seconds"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        ServerTimingMiddleware(Recorder(), **options)
