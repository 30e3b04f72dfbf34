import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest

from asgi_stack import ConfigurationError, Layer, OptionError, Stack
from asgi_stack.draining import Drain
from asgi_stack.middleware import (
    BasicAuthMiddleware,
    DrainMiddleware,
    HealthMiddleware,
    HTTPSRedirectMiddleware,
    IPFilterMiddleware,
    TrustedHostMiddleware,
)
from asgi_stack.testing import ASGIClient, ManualClock, Recorder, http_scope, websocket_scope
from tests.helpers import Sent, call


async def ask(path: str = "/readyz", *, app: Any = None, **parts: Any) -> Sent:
    """The answer to a request for *path*; 200 and ``inner`` where it goes inward."""
    return await call(app or HealthMiddleware(Recorder(body=b"inner")), http_scope(path, **parts))


def ready(inner: Any = None, **options: Any) -> HealthMiddleware:
    return HealthMiddleware(inner or Recorder(body=b"inner"), **options)


async def passing() -> None:
    pass


async def failing() -> None:
    raise ConnectionError("postgres://user:secret@db")


async def refusing() -> bool:
    return False


async def hanging() -> None:
    await asyncio.Event().wait()


async def cancelling() -> None:
    task = asyncio.current_task()
    if task is not None:
        task.cancel()
    await asyncio.sleep(0)


class Counted:
    """A check that counts its runs, and waits for `gate` in each."""

    def __init__(self) -> None:
        self.runs = 0
        self.running = 0
        self.gate = asyncio.Event()

    async def __call__(self) -> None:
        self.runs += 1
        self.running += 1
        try:
            await self.gate.wait()
        finally:
            self.running -= 1


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/startupz"])
async def test_a_process_without_checks_lives_is_ready_and_has_started(path: str) -> None:
    outcome = await ask(path)

    assert (outcome.status, outcome.body) == (200, b"ok\n")
    assert outcome.headers["cache-control"] == "no-store"


async def test_a_head_request_is_answered_without_a_body() -> None:
    outcome = await ask("/livez", method="HEAD")

    assert (outcome.status, outcome.body, outcome.headers["content-length"]) == (200, b"", "3")


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/livez", "POST"),
        ("/livez", "OPTIONS"),
        ("/livez/", "GET"),
        ("/livez/x", "GET"),
        ("/x/livez", "GET"),
        ("/Livez", "GET"),
        ("/xlivez", "GET"),
        ("//livez", "GET"),
        ("/", "GET"),
    ],
)
async def test_everything_else_goes_inward(path: str, method: str) -> None:
    assert (await ask(path, method=method)).body == b"inner"


async def test_a_websocket_to_that_path_goes_inward() -> None:
    outcome = await call(ready(), websocket_scope("/livez"))

    assert outcome.types[0] == "websocket.accept"


async def test_a_path_is_compared_below_root_path() -> None:
    assert (await ask("/site/livez", root_path="/site")).body == b"ok\n"


async def test_the_paths_are_options() -> None:
    app = ready(live_path="/alive", ready_path=None, startup_path="/begun")
    paths = ("/alive", "/begun", "/livez", "/readyz", "/startupz")

    assert [(await ask(path, app=app)).body for path in paths] == [b"ok\n"] * 2 + [b"inner"] * 3


@pytest.mark.parametrize(
    ("check", "shown"),
    [(failing, "failed"), (refusing, "failed"), (cancelling, "failed"), (lambda: 7, "failed")],
)
async def test_a_check_that_fails_makes_the_process_unready(check: Any, shown: str) -> None:
    outcome = await ask(app=ready(checks={"a": passing, "db": check}))

    assert (outcome.status, outcome.body.decode()) == (503, f"unavailable\na: ok\ndb: {shown}\n")


async def test_the_process_lives_though_a_check_fails() -> None:
    assert (await ask("/livez", app=ready(checks={"db": failing}))).status == 200


async def test_the_answer_says_nothing_of_why_and_the_log_does(caplog: pytest.LogCaptureFixture) -> None:
    outcome = await ask(app=ready(checks={"db": failing}))

    assert b"secret" not in outcome.body
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "The check 'db' failed: ConnectionError")
    ]


async def test_the_names_of_checks_can_be_kept_back() -> None:
    assert (await ask(app=ready(checks={"db": failing}, show_checks=False))).body == b"unavailable\n"


async def blocking() -> None:
    time.sleep(0.1)  # noqa: ASYNC251  # it is the fault that is looked for


async def prompt() -> None:
    await asyncio.sleep(0.01)


async def swallowing() -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(60)


async def test_a_check_that_blocks_the_loop_has_taken_its_time_and_its_neighbour_has_not() -> None:
    outcome = await ask(app=ready(checks={"blocking": blocking, "prompt": prompt}, timeout=0.05))

    assert outcome.body == b"unavailable\nblocking: timed out\nprompt: ok\n"


async def test_a_check_that_swallows_its_cancellation_has_timed_out() -> None:
    outcome = await ask(app=ready(checks={"swallowing": swallowing}, timeout=0.02))

    assert outcome.body == b"unavailable\nswallowing: timed out\n"


async def test_a_check_that_takes_too_long_is_stopped() -> None:
    with ManualClock().drive_loop() as clock:
        asking = asyncio.create_task(ask(app=ready(checks={"a": passing, "slow": hanging}, timeout=3)))
        await clock.elapse(2.9)
        before = asking.done()
        await clock.elapse(0.1)

        assert (before, (await asking).body) == (False, b"unavailable\na: ok\nslow: timed out\n")


async def test_a_time_limit_of_the_check_itself_is_a_failure() -> None:
    async def timing_out() -> None:
        raise TimeoutError

    assert b"db: failed" in (await ask(app=ready(checks={"db": timing_out}))).body


async def test_checks_run_at_the_same_time() -> None:
    first, second = asyncio.Event(), asyncio.Event()

    async def one() -> None:
        first.set()
        await second.wait()

    async def other() -> None:
        await first.wait()
        second.set()

    assert (await ask(app=ready(checks={"one": one, "other": other}))).status == 200


@pytest.mark.parametrize(("seconds", "runs"), [(0.9, 1), (1.0, 2), (60, 2)])
async def test_an_outcome_is_kept_for_a_while(seconds: float, runs: int) -> None:
    check, clock = Counted(), ManualClock(1000)
    check.gate.set()
    app = ready(checks={"db": check}, cache_seconds=1, clock=clock)
    await ask(app=app)
    clock.advance(seconds)
    await ask(app=app)

    assert check.runs == runs


async def test_a_hundred_probes_at_once_are_one_run() -> None:
    check = Counted()
    app = ready(checks={"db": check}, cache_seconds=0, clock=ManualClock())
    asking = [asyncio.create_task(ask(app=app)) for _ in range(100)]
    await asyncio.sleep(0)
    check.gate.set()
    outcomes = await asyncio.gather(*asking)

    assert {outcome.status for outcome in outcomes} == {200}
    assert check.runs == 1


async def cancelled(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_where_the_first_probe_is_cancelled_another_one_runs_the_checks() -> None:
    check = Counted()
    app = ready(checks={"db": check}, clock=ManualClock())
    first, second, third = (asyncio.create_task(ask(app=app)) for _ in range(3))
    await asyncio.sleep(0.001)
    await cancelled(first)
    await asyncio.sleep(0.001)
    running = check.running
    check.gate.set()

    assert [(await task).status for task in (second, third)] == [200, 200]
    assert (running, check.runs) == (1, 2)


async def test_where_all_probes_are_cancelled_no_check_goes_on() -> None:
    check = Counted()
    app = ready(checks={"db": check})
    asking = [asyncio.create_task(ask(app=app)) for _ in range(3)]
    await asyncio.sleep(0.001)
    for task in asking:
        await cancelled(task)

    assert check.running == 0


async def test_a_probe_that_waits_and_is_cancelled_disturbs_nobody() -> None:
    check = Counted()
    app = ready(checks={"db": check})
    first, second = (asyncio.create_task(ask(app=app)) for _ in range(2))
    await asyncio.sleep(0.001)
    await cancelled(second)
    check.gate.set()

    assert ((await first).status, check.runs) == (200, 1)


def test_every_event_loop_runs_its_own_checks() -> None:
    loops = []

    async def check() -> None:
        loops.append(asyncio.get_running_loop())

    app = ready(checks={"db": check}, cache_seconds=0)

    assert [asyncio.run(ask(app=app)).status for _ in range(2)] == [200, 200]
    assert len({id(loop) for loop in loops}) == len(loops) == 2


async def test_while_the_process_drains_it_lives_and_is_not_ready() -> None:
    drain, check = Drain(), Counted()
    app = ready(drain=drain, checks={"db": check})
    drain.start()
    outcome = await ask(app=app)

    assert ((await ask("/livez", app=app)).status, outcome.status, outcome.body) == (200, 503, b"draining\n")
    assert check.runs == 0


@pytest.mark.parametrize("own", [None, Drain()])
async def test_the_drain_of_the_layer_outside_is_found_without_an_option(own: Drain | None) -> None:
    drain = Drain()
    app = DrainMiddleware(ready(drain=own), drain=drain)
    before = (await ask(app=app)).status
    drain.start()

    assert (before, (await ask(app=app)).body) == (200, b"draining\n")


async def test_it_has_started_when_all_checks_have_passed_once() -> None:
    passes = [False, True, False]

    async def warm() -> bool:
        return passes.pop(0)

    app = ready(checks={"cache": warm}, cache_seconds=0)
    asked = [(await ask(path, app=app)).status for path in ("/startupz", "/startupz", "/readyz", "/startupz")]

    assert (asked, passes) == ([503, 200, 503, 200], [])


async def test_a_probe_of_readiness_that_passes_tells_that_it_has_started() -> None:
    check, clock = Counted(), ManualClock()
    check.gate.set()
    app = ready(checks={"db": check}, clock=clock)
    await ask(app=app)
    clock.advance(100)

    assert ((await ask("/startupz", app=app)).body, check.runs) == (b"ok\n", 1)


async def test_a_process_that_drains_has_started_all_the_same() -> None:
    drain = Drain()
    drain.start()

    assert (await ask("/startupz", app=ready(drain=drain, checks={"db": passing}))).status == 200


async def test_it_answers_through_a_stack() -> None:
    async with ASGIClient(
        Stack([Layer(HealthMiddleware, checks={"db": passing})]).wrap(Recorder())
    ) as client:
        response = await client.get("/readyz")

    assert (response.status, response.text) == (200, "ok\ndb: ok\n")


OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"live_path": "livez"}, "live_path='livez' is not usable. A path begins with a slash"),
    ({"ready_path": "/a?b"}, r"ready_path='/a\?b' is not usable"),
    ({"ready_path": "/livez"}, "ready_path='/livez' is not usable. The paths must differ"),
    ({"startup_path": "/readyz"}, "startup_path='/readyz' is not usable. The paths must differ"),
    ({"drain": True}, "drain=True is not usable. Give a Drain"),
    ({"clock": 7}, "clock=7 is not usable. Give a function that returns seconds"),
    ({"timeout": 0}, "timeout=0 is not usable. Give seconds, 0.001 or more"),
    ({"timeout": float("inf")}, "timeout=inf is not usable"),
    ({"timeout": None}, "timeout=None is not usable"),
    ({"cache_seconds": -1}, "cache_seconds=-1 is not usable. Give seconds, 0 or more"),
    ({"checks": [passing]}, r"checks=\[.*\] is not usable. Give async functions by name"),
    ({"checks": {"": passing}}, "checks='' is not usable. Each name is a str of one line"),
    ({"checks": {"a\nb": passing}}, r"checks='a\\nb' is not usable. Each name is a str"),
    ({"checks": {7: passing}}, "checks=7 is not usable. Each name is a str"),
    ({"checks": {"db": True}}, "checks=True is not usable. The check 'db' must be an async function"),
]


@pytest.mark.parametrize(("options", "hint"), OPTIONS)
def test_an_option_that_cannot_be_used_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        ready(**options)


def test_a_check_may_be_anything_that_gives_something_to_await() -> None:
    check: Callable[[], Any] = lambda: passing()  # noqa: E731

    assert asyncio.run(ask(app=ready(checks={"db": check}))).status == 200


REFUSING = [
    Layer(TrustedHostMiddleware, allowed_hosts=["a.example"]),
    Layer(HTTPSRedirectMiddleware, host="a.example"),
    Layer(IPFilterMiddleware, allow=["10.0.0.0/8"]),
    Layer(BasicAuthMiddleware, users=lambda: {"ada": "x"}),
]


@pytest.mark.parametrize("inner", REFUSING, ids=lambda layer: layer.name)
def test_a_stack_has_it_outside_of_what_refuses_probes(inner: Any) -> None:
    with pytest.raises(
        ConfigurationError, match=f"outside of {inner.name}.*knows neither hosts nor passwords"
    ):
        Stack([inner, HealthMiddleware]).wrap(Recorder())
