import asyncio
from typing import Any

import pytest

from asgi_stack.testing import (
    ASGIClient,
    DisconnectedError,
    LeftRunningError,
    Recorder,
    ResponseError,
    WaitTimeoutError,
    WebSocketClosedError,
    WebSocketDeniedError,
)

ACCEPT = {"type": "websocket.accept"}
QUICK = 0.005


async def test_messages_go_both_ways() -> None:
    async with ASGIClient(Recorder()).websocket("/ws") as ws:
        await ws.send_text("a")
        await ws.send_bytes(b"b")

        assert [await ws.receive_text(), await ws.receive_bytes()] == ["a", b"b"]


async def test_json_goes_both_ways() -> None:
    async with ASGIClient(Recorder()).websocket("/ws") as ws:
        await ws.send_json({"a": 1})

        assert await ws.receive_json() == {"a": 1}


async def test_what_was_accepted_with_is_known() -> None:
    inner = Recorder(subprotocol="chat", headers={"x-a": "1", "set-cookie": "c=1"})
    client = ASGIClient(inner)
    async with client.websocket("/ws", subprotocols=["chat", "other"]) as ws:
        assert (ws.subprotocol, ws.headers["x-a"]) == ("chat", "1")

    assert client.cookies == {"c": "1"}
    assert inner.scope["subprotocols"] == ["chat", "other"]


@pytest.mark.parametrize(
    ("base_url", "url", "scheme"),
    [("http://a", "/", "ws"), ("https://a", "/", "wss"), ("http://a", "wss://b/", "wss")],
)
async def test_a_websocket_has_a_scheme_of_its_own(base_url: str, url: str, scheme: str) -> None:
    inner = Recorder()
    async with ASGIClient(inner, base_url=base_url).websocket(url, params={"q": 1}):
        assert (inner.scope["scheme"], inner.scope["query_string"]) == (scheme, b"q=1")


async def test_the_client_closes_at_the_end_of_the_block() -> None:
    inner = Recorder()
    async with ASGIClient(inner).websocket("/ws"):
        pass

    assert inner.received[-1] == {"type": "websocket.disconnect", "code": 1000, "reason": ""}


async def test_a_close_is_received_after_what_was_sent() -> None:
    inner = Recorder(websocket="accept")
    async with ASGIClient(inner).websocket("/ws") as ws:
        await ws.send_text("a")
        await ws.close(4001, "enough")

    assert inner.received[1:] == [
        {"type": "websocket.receive", "text": "a"},
        {"type": "websocket.disconnect", "code": 4001, "reason": "enough"},
    ]


async def test_a_close_lets_send_fail() -> None:
    inner = Recorder()
    async with ASGIClient(inner).websocket("/ws") as ws:
        await ws.send_text("a")
        await ws.close()

    assert isinstance(inner.outcomes[0], DisconnectedError)


async def test_a_refusal_is_an_error_with_status_403() -> None:
    with pytest.raises(
        WebSocketDeniedError, match="the websocket '/ws' was refused with status 403"
    ) as caught:
        async with ASGIClient(Recorder(websocket="close")).websocket("/ws"):
            pytest.fail("entered")

    assert caught.value.response.status == 403


async def test_a_denial_response_is_read() -> None:
    inner = Recorder(websocket="deny", status=401, headers={"x-a": "1"}, body=[b"go ", b"away"])

    with pytest.raises(WebSocketDeniedError, match="status 401") as caught:
        await ASGIClient(inner).websocket("/ws").open()
    assert (caught.value.response.text, caught.value.response.headers["x-a"]) == ("go away", "1")


@pytest.mark.parametrize(
    ("close", "code", "reason"),
    [({}, 1000, ""), ({"code": 4000, "reason": "full"}, 4000, "full"), ({"reason": None}, 1000, "")],
)
async def test_a_close_by_the_application_is_told(close: Any, code: int, reason: str) -> None:
    inner = Recorder(
        messages=[ACCEPT, {"type": "websocket.send", "text": "a"}, {"type": "websocket.close", **close}]
    )
    async with ASGIClient(inner).websocket("/ws") as ws:
        assert await ws.receive() == "a"
        with pytest.raises(
            WebSocketClosedError, match=f"closed the websocket: code={code}, reason='{reason}'"
        ):
            await ws.receive()


async def test_nothing_is_sent_once_the_application_has_closed() -> None:
    async with ASGIClient(Recorder(messages=[ACCEPT, {"type": "websocket.close"}])).websocket("/ws") as ws:
        await asyncio.sleep(0)
        with pytest.raises(WebSocketClosedError) as caught:
            await ws.send_text("a")

    assert (caught.value.code, caught.value.reason) == (1000, "")


async def test_after_its_own_close_the_application_receives_a_disconnect() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        await send({"type": "websocket.close", "code": 4000})
        seen.append(await receive())

    seen: list[Any] = []
    async with ASGIClient(app).websocket("/ws"):
        pass

    assert seen == [{"type": "websocket.disconnect", "code": 4000, "reason": ""}]


async def test_the_other_kind_of_message_is_an_error() -> None:
    async with ASGIClient(Recorder()).websocket("/ws") as ws:
        await ws.send_text("a")
        await ws.send_bytes(b"a")

        with pytest.raises(ResponseError, match="sent text, not bytes: 'a'"):
            await ws.receive_bytes()
        with pytest.raises(ResponseError, match="sent bytes, not text: b'a'"):
            await ws.receive_text()


async def test_an_exception_before_the_accept_comes_out() -> None:
    with pytest.raises(RuntimeError, match="fail at 'request'"):
        await ASGIClient(Recorder(fail_at="request")).websocket("/ws").open()


async def test_an_exception_after_a_refusal_comes_out() -> None:
    with pytest.raises(RuntimeError, match="fail at 'end'"):
        await ASGIClient(Recorder(websocket="close", fail_at="end")).websocket("/ws").open()


async def test_an_exception_after_the_accept_comes_out_where_the_test_waits() -> None:
    with pytest.raises(RuntimeError, match="fail at 'start'"):
        async with ASGIClient(Recorder(fail_at="start")).websocket("/ws") as ws:
            await ws.receive()


async def test_an_answer_that_never_comes_times_out() -> None:
    inner = Recorder(on={"request": asyncio.Event().wait})

    with pytest.raises(WaitTimeoutError, match=r"for 'websocket.accept' or 'websocket.close'"):
        await ASGIClient(inner, timeout=QUICK).websocket("/ws").open()
    assert isinstance(inner.outcomes[0], asyncio.CancelledError)


async def test_an_application_that_stays_after_the_close_is_reported() -> None:
    inner = Recorder(on={"end": asyncio.Event().wait})

    with pytest.raises(LeftRunningError, match=r"received 'websocket.disconnect'"):
        async with ASGIClient(inner, timeout=QUICK).websocket("/ws"):
            pass
