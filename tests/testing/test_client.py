import asyncio
import contextvars
from typing import Any

import pytest

from asgi_stack.errors import OptionError
from asgi_stack.testing import (
    ASGIClient,
    LeftRunningError,
    ManualClock,
    Recorder,
    ResponseError,
    WaitTimeoutError,
)
from asgi_stack.testing.lint import LintError

START = {"type": "http.response.start", "status": 200, "headers": []}
BODY = {"type": "http.response.body", "body": b"ok"}
QUICK = 0.005


async def never(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.Event().wait()


async def broken(scope: Any, receive: Any, send: Any) -> None:
    raise ZeroDivisionError("broken on purpose")


async def test_a_response_has_status_headers_and_content() -> None:
    response = await ASGIClient(Recorder(status=201, headers={"x-a": "1"}, body=[b"a", b"b"])).get("/")

    assert (response.status, response.headers["X-A"], response.content) == (201, "1", b"ab")
    assert response.after == ["returned"]


@pytest.mark.parametrize("method", ["get", "head", "options", "post", "put", "patch", "delete"])
async def test_every_method_has_a_function(method: str) -> None:
    inner = Recorder()
    await getattr(ASGIClient(inner), method)("/a?b=c", params={"d": 1})

    assert (inner.scope["method"], inner.scope["query_string"]) == (method.upper(), b"b=c&d=1")


async def test_a_body_is_sent_with_its_type_and_length() -> None:
    inner = Recorder()
    await ASGIClient(inner).post("/", json=[1])

    assert inner.scope["headers"][1:] == [(b"content-type", b"application/json"), (b"content-length", b"3")]
    assert inner.body == b"[1]"


@pytest.mark.parametrize(
    ("method", "options", "length"),
    [
        ("GET", {}, None),
        ("POST", {}, b"0"),
        ("GET", {"content": b"a"}, b"1"),
        ("POST", {"content": [b"a", b"b"]}, None),
        ("POST", {"content": b"a", "headers": {"Content-Length": "7"}}, b"7"),
    ],
)
async def test_a_content_length_is_sent_as_clients_do(
    method: str, options: Any, length: bytes | None
) -> None:
    inner = Recorder()
    await ASGIClient(inner).request(method, "/", **options)

    assert dict(inner.scope["headers"]).get(b"content-length") == length


async def test_chunks_of_content_arrive_as_messages() -> None:
    inner = Recorder()
    await ASGIClient(inner).post("/", content=[b"a", b"b"])

    assert [(m["body"], m["more_body"]) for m in inner.received] == [(b"a", True), (b"b", False)]


async def test_headers_of_a_request_replace_those_of_the_client() -> None:
    inner = Recorder()
    await ASGIClient(inner, headers={"x-a": "1", "x-b": "2"}).get("/", headers={"X-A": "3"})

    assert inner.scope["headers"][1:] == [(b"x-b", b"2"), (b"x-a", b"3")]


@pytest.mark.parametrize(
    ("url", "host"),
    [("/a", b"example.com"), ("http://other/", b"other"), ("https://example.com", b"example.com")],
)
async def test_paths_are_joined_to_the_base_url(url: str, host: bytes) -> None:
    inner = Recorder()
    await ASGIClient(inner, base_url="https://example.com/").get(url)

    assert inner.scope["headers"][0] == (b"host", host)


async def test_cookies_are_kept_and_sent() -> None:
    inner = Recorder(headers={"set-cookie": "b=2; Path=/"})
    client = ASGIClient(inner, cookies={"a": "1"})
    await client.get("/")
    await client.get("/")

    assert [dict(call.scope["headers"])[b"cookie"] for call in inner.calls] == [b"a=1", b"a=1; b=2"]
    assert client.cookies == {"a": "1", "b": "2"}


async def test_extra_keys_are_in_every_scope() -> None:
    inner = Recorder()
    await ASGIClient(inner, extra={"a": 1, "b": 2}).get("/", extra={"b": 3}, extensions={"c": {}})

    assert (inner.scope["a"], inner.scope["b"], inner.scope["extensions"]) == (1, 3, {"c": {}})


@pytest.mark.parametrize("option", ["lifespan", "raise_errors", "base_url"])
def test_an_option_that_makes_no_sense_is_refused(option: str) -> None:
    with pytest.raises(OptionError, match=f"ASGIClient: {option}='maybe' is not usable. Give "):
        ASGIClient(Recorder(), **{option: "maybe"})  # type: ignore[arg-type]


async def test_an_exception_comes_out_with_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError, match="broken on purpose") as caught:
        await ASGIClient(broken).get("/")

    assert caught.traceback[-1].name == "broken"


async def test_an_exception_can_be_a_500_instead() -> None:
    response = await ASGIClient(broken, raise_errors=False).get("/")

    assert response.status == 500
    assert isinstance(response.error, ZeroDivisionError)


async def test_an_exception_after_the_response_comes_out_too() -> None:
    with pytest.raises(RuntimeError, match="told to fail at 'end'"):
        await ASGIClient(Recorder(fail_at="end")).get("/")


async def test_what_the_application_did_afterwards_is_told() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)
        await receive()
        await receive()
        await send(BODY)

    response = await ASGIClient(app, lint=False).get("/")

    assert response.after == [
        "received 'http.request'",
        "received 'http.disconnect'",
        "sent 'http.response.body'",
        "returned",
    ]
    assert response.content == b"ok"


@pytest.mark.parametrize("messages", [[], [START], [START, {**BODY, "more_body": True}]])
async def test_a_response_that_is_not_finished_is_an_error(messages: list[Any]) -> None:
    with pytest.raises(ResponseError, match=r"returned without a complete response. Before that it received"):
        await ASGIClient(Recorder(messages=messages), lint=False).get("/")


async def test_a_violation_of_the_specification_comes_out() -> None:
    with pytest.raises(LintError, match="lower"):
        await ASGIClient(Recorder(headers=[(b"X-A", b"1")])).get("/")


async def test_a_rule_that_the_test_ignores_is_not_raised() -> None:
    response = await ASGIClient(Recorder(headers=[(b"X-A", b"1")]), ignore={"H28"}).get("/")

    assert response.headers.raw == [(b"X-A", b"1")]


async def test_trailers_and_early_hints_are_told_apart_from_the_body() -> None:
    hint = {"type": "http.response.early_hint", "links": []}
    trailers = {"type": "http.response.trailers", "headers": [(b"a", b"1")]}
    first = {**trailers, "headers": [], "more_trailers": True}
    inner = Recorder(messages=[hint, {**START, "trailers": True}, BODY, first, trailers])
    extensions: Any = {"http.response.trailers": {}, "http.response.early_hint": {}}
    response = await ASGIClient(inner).get("/", headers={"te": "trailers"}, extensions=extensions)

    assert (response.content, dict(response.trailers)) == (b"ok", {"a": "1"})
    assert len(response.messages) == 5


async def test_a_wait_that_times_out_says_where_the_application_is() -> None:
    with pytest.raises(
        WaitTimeoutError,
        match=r"waited 0.005 s for a complete response. It is waiting at .*test_client.py:\d+ in never",
    ):
        async with ASGIClient(never, timeout=QUICK, lifespan=False) as client:
            await client.get("/")


async def test_a_wait_that_times_out_leaves_the_application_running() -> None:
    gate = asyncio.Event()
    inner = Recorder(on={"request": gate.wait})

    async with ASGIClient(inner, timeout=QUICK) as client:
        with pytest.raises(WaitTimeoutError, match=r"Before that it received 'http.request'"):
            await client.get("/")
        assert len(client.running) == 1
        gate.set()
        await asyncio.sleep(QUICK)

    assert inner.outcomes == [None, None]


async def test_a_wait_in_receive_is_named() -> None:
    async def listens(scope: Any, receive: Any, send: Any) -> None:
        while True:
            await receive()
            await asyncio.sleep(0)

    async with ASGIClient(listens, timeout=QUICK, lifespan=False) as client:
        with pytest.raises(WaitTimeoutError, match=r"It is waiting in receive\(\) for a message"):
            await client.get("/")
        await asyncio.sleep(0)
        with pytest.raises(
            LeftRunningError, match=r"left running and was cancelled.\n  GET /: It is waiting in rec"
        ):
            await client.__aexit__(None, None, None)


async def test_no_timeout_waits_for_as_long_as_it_takes() -> None:
    assert (await ASGIClient(Recorder(delay=0.001), timeout=None).get("/")).status == 200


async def test_the_time_out_of_a_wait_is_real_time_under_a_clock_that_stands() -> None:
    client = ASGIClient(Recorder(delay=1), timeout=QUICK)

    with ManualClock().drive_loop() as clock:
        with pytest.raises(WaitTimeoutError, match=r"It is waiting at .*answers.py:\d+ in Answer._wait"):
            await client.get("/")
        await clock.elapse(3)

    assert client.running == []


async def test_a_delay_passes_with_the_clock() -> None:
    with ManualClock().drive_loop() as clock:
        task = asyncio.create_task(ASGIClient(Recorder(delay=10)).get("/"))
        await clock.elapse(30)

    assert (await task).status == 200


async def test_a_caller_that_is_cancelled_hangs_up() -> None:
    gate = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        assert (await receive())["type"] == "http.disconnect"
        gate.set()

    task = asyncio.create_task(ASGIClient(app).get("/"))
    await asyncio.sleep(QUICK)
    task.cancel()

    await gate.wait()
    assert task.cancelled() or task.cancelling()


async def test_an_application_that_cancels_itself_does_not_cancel_the_test() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise asyncio.CancelledError

    with pytest.raises(
        ResponseError, match=r"the application ended with CancelledError. Before that it raised"
    ):
        await ASGIClient(app).get("/")


async def test_context_variables_flow_in_and_not_out() -> None:
    variable = contextvars.ContextVar("variable", default="unset")
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(variable.get())
        variable.set("by the application")
        await Recorder()(scope, receive, send)

    variable.set("by the test")
    await ASGIClient(app).get("/")

    assert (seen, variable.get()) == (["by the test"], "by the test")


async def test_many_requests_may_be_under_way_at_once() -> None:
    async with ASGIClient(Recorder(delay=0)) as client:
        responses = await asyncio.gather(*(client.get("/") for _ in range(20)))

    assert {response.status for response in responses} == {200}


def test_one_client_serves_several_event_loops() -> None:
    client = ASGIClient(Recorder(delay=0))

    async def ask() -> int:
        async with client:
            return (await client.get("/")).status

    assert [asyncio.run(ask()), asyncio.run(ask())] == [200, 200]


async def test_an_error_of_the_test_is_not_replaced_at_the_end() -> None:
    async def fails() -> None:
        async with ASGIClient(never, timeout=QUICK, lifespan=False) as client:
            with pytest.raises(WaitTimeoutError):
                await client.get("/")
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await fails()


async def test_an_application_that_never_comes_to_run_has_done_nothing() -> None:
    async with ASGIClient(never, timeout=0, lifespan=False) as client:
        with pytest.raises(WaitTimeoutError, match="It received and sent nothing"):
            await client.get("/")
        with pytest.raises(LeftRunningError):
            await client.__aexit__(None, None, None)


async def test_a_block_that_was_made_earlier_is_watched_too() -> None:
    async with ASGIClient(Recorder()) as client:
        first, second = client.stream("GET", "/first"), client.stream("GET", "/second")
        async with first, second:
            assert [line[:12] for line in client.running] == ["GET /first: ", "GET /second:"]
