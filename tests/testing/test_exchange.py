import asyncio
from typing import Any

import pytest

from asgi_stack.testing import (
    ASGIClient,
    ClientUsageError,
    DisconnectedError,
    LeftRunningError,
    Recorder,
    ResponseError,
    WaitTimeoutError,
)

START = {"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]}
QUICK = 0.005


async def endless(scope: Any, receive: Any, send: Any) -> None:
    await send(START)
    while True:
        await send({"type": "http.response.body", "body": b"tick", "more_body": True})


async def upper(scope: Any, receive: Any, send: Any) -> None:
    await send(START)
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
        await send({"type": "http.response.body", "body": message["body"].upper(), "more_body": more})


async def test_request_and_response_interleave() -> None:
    async with ASGIClient(upper).stream("POST", "/") as exchange:
        assert (await exchange.response_start()).headers["x-a"] == "1"
        await exchange.send_body(b"a")
        assert (await anext(exchange.chunks())) == b"A"
        await exchange.send_body(b"b", more_body=False)
        assert [chunk async for chunk in exchange.chunks()] == [b"B"]


async def test_the_head_of_an_endless_response_is_seen() -> None:
    async with ASGIClient(endless).stream("GET", "/") as exchange:
        start = await exchange.response_start()

        assert start.status == 200
        assert start is await exchange.response_start()


async def test_a_response_that_never_ends_times_out_with_a_short_history() -> None:
    exchange = ASGIClient(endless, timeout=QUICK).stream("GET", "/")
    exchange.start()

    with pytest.raises(
        WaitTimeoutError, match=r"sent 'http.response.body', \d+ steps more, sent 'http.resp"
    ) as caught:
        await exchange.read()
    assert str(caught.value).count("http.response.body") == 9
    await exchange.cancel()


async def test_the_rest_can_be_read_at_once() -> None:
    async with ASGIClient(Recorder(body=[b"a", b"", b"b"])).stream("GET", "/") as exchange:
        await exchange.response_start()
        response = await exchange.read()

    assert response.content == b"ab"
    assert response.after == ["returned"]


async def test_a_block_that_was_not_entered_is_told_at_once() -> None:
    with pytest.raises(ClientUsageError, match=r"Exchange: nothing has begun yet\. Enter its block"):
        await ASGIClient(Recorder()).stream("GET", "/").read()


async def test_header_lines_of_an_iterator_are_there_for_the_response_too() -> None:
    start = {"type": "http.response.start", "status": 200, "headers": iter([(b"x-a", b"1")])}
    response = await ASGIClient(Recorder(messages=[start, {"type": "http.response.body"}])).get("/")

    assert response.headers["x-a"] == "1"


async def test_empty_parts_are_left_out() -> None:
    async with ASGIClient(Recorder(body=[b"a", b"", b"b"])).stream("GET", "/") as exchange:
        assert [chunk async for chunk in exchange.chunks()] == [b"a", b"b"]


async def test_messages_come_one_by_one() -> None:
    async with ASGIClient(Recorder()).stream("GET", "/") as exchange:
        types = [(await exchange.next_message())["type"] for _ in range(2)]

        assert types == ["http.response.start", "http.response.body"]
        assert [chunk async for chunk in exchange.chunks()] == []


async def test_a_disconnect_is_received_and_stops_send() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(await receive())
        seen.append(await receive())
        try:
            await send(START)
        except OSError as error:
            seen.append(error)

    async with ASGIClient(app).stream("POST", "/") as exchange:
        await exchange.send_body(b"a")
        await exchange.disconnect()
    assert [message["type"] for message in seen[:2]] == ["http.request", "http.disconnect"]
    assert isinstance(seen[2], DisconnectedError)


async def test_an_application_that_lets_the_disconnect_out_is_in_order() -> None:
    async with ASGIClient(endless).stream("GET", "/") as exchange:
        await exchange.disconnect()

    assert exchange.log[-1].startswith("raised DisconnectedError")


async def test_another_error_after_the_disconnect_comes_out_unless_told_otherwise() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await endless(scope, receive, send)
        except OSError:
            raise KeyError("mine") from None

    async with ASGIClient(app, raise_errors="connected").stream("GET", "/"):
        pass
    with pytest.raises(KeyError, match="mine") as caught:
        async with ASGIClient(app).stream("GET", "/"):
            pass
    assert "this was after the client had gone" in caught.value.__notes__[0]


async def test_a_request_that_is_complete_takes_no_more_body() -> None:
    async with ASGIClient(Recorder()).stream("GET", "/") as exchange:
        with pytest.raises(ClientUsageError, match="the request body is complete"):
            await exchange.send_body(b"a")


async def test_content_that_is_given_is_sent_at_once() -> None:
    inner = Recorder()
    async with ASGIClient(inner).stream("POST", "/", content=b"all") as exchange:
        await exchange.read()

    assert inner.body == b"all"


async def test_a_client_that_does_not_read_holds_the_application_up() -> None:
    async with ASGIClient(Recorder(), timeout=QUICK).stream("GET", "/") as exchange:
        exchange.hold()
        with pytest.raises(WaitTimeoutError, match=r"It is waiting in send\(\), which is held"):
            await exchange.response_start()
        exchange.release()

        assert (await exchange.read()).status == 200


async def test_a_client_that_leaves_lets_a_held_send_fail() -> None:
    inner = Recorder()
    async with ASGIClient(inner).stream("GET", "/") as exchange:
        exchange.hold()
        await asyncio.sleep(0)
        await exchange.disconnect()

    assert isinstance(inner.outcomes[0], DisconnectedError)


async def test_an_application_that_ignores_the_disconnect_is_reported_and_cancelled() -> None:
    inner = Recorder(on={"request": asyncio.Event().wait})

    with pytest.raises(
        LeftRunningError,
        match=r"left running and was cancelled. It is waiting at .*answers.py:\d+ in Answer._reach",
    ):
        async with ASGIClient(inner, timeout=QUICK).stream("GET", "/"):
            pass
    assert isinstance(inner.outcomes[0], asyncio.CancelledError)


async def test_an_exception_comes_out_where_the_test_waits() -> None:
    with pytest.raises(RuntimeError, match="fail at 'start'"):
        async with ASGIClient(Recorder(fail_at="start")).stream("GET", "/") as exchange:
            await exchange.read()


async def test_an_exception_that_nobody_waited_for_comes_out_at_the_end() -> None:
    with pytest.raises(RuntimeError, match="fail at 'end'"):
        async with ASGIClient(Recorder(fail_at="end")).stream("GET", "/") as exchange:
            await exchange.next_message()


async def test_an_exception_while_the_client_is_there_always_comes_out() -> None:
    with pytest.raises(RuntimeError, match="fail at 'start'"):
        await ASGIClient(Recorder(fail_at="start"), raise_errors="connected").get("/")


async def test_an_exception_stays_inside_when_told_so() -> None:
    async with ASGIClient(Recorder(fail_at="body", body=[b"a", b"b"]), raise_errors=False).stream(
        "GET", "/"
    ) as exchange:
        response = await exchange.read()

    assert (response.status, response.content) == (200, b"a")
    assert isinstance(response.error, RuntimeError)


async def fails_in_the_middle(client: ASGIClient) -> None:
    async with client.stream("GET", "/"):
        await asyncio.sleep(0)
        raise KeyError("mine")


async def test_an_error_of_the_test_mentions_that_of_the_application() -> None:
    with pytest.raises(KeyError, match="mine") as caught:
        await fails_in_the_middle(ASGIClient(Recorder(fail_at="start")))

    assert "meanwhile the application raised RuntimeError" in caught.value.__notes__[0]


async def test_an_error_of_the_test_cancels_the_application() -> None:
    inner = Recorder(on={"request": asyncio.Event().wait})

    with pytest.raises(KeyError, match="mine"):
        await fails_in_the_middle(ASGIClient(inner))
    assert isinstance(inner.outcomes[0], asyncio.CancelledError)


async def test_a_message_that_never_comes_is_an_error() -> None:
    async with ASGIClient(Recorder()).stream("GET", "/") as exchange:
        await exchange.read()
        await exchange.next_message()
        await exchange.next_message()

        with pytest.raises(ResponseError, match="the application returned without its next message"):
            await exchange.next_message()


async def test_a_description_after_the_end_says_so() -> None:
    async with ASGIClient(Recorder()).stream("GET", "/") as exchange:
        await exchange.read()

        assert exchange.describe().startswith("It has ended. Before that it received 'http.request'")
