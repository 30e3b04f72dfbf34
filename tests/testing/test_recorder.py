import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from asgi_stack.errors import OptionError
from asgi_stack.testing import Recorder, http_scope, lifespan_scope, websocket_scope

REQUEST = {"type": "http.request", "body": b"", "more_body": False}


def feed(*messages: dict[str, Any]) -> Callable[[], Any]:
    waiting = list(messages)

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    return receive


async def ignore(message: dict[str, Any]) -> None: ...


def types(recorder: Recorder) -> list[str]:
    return [message["type"] for message in recorder.sent]


async def test_an_answer_is_an_empty_200_unless_told_otherwise() -> None:
    recorder = Recorder()
    await recorder(http_scope(), feed(REQUEST), ignore)

    assert recorder.sent == [
        {"type": "http.response.start", "status": 200, "headers": []},
        {"type": "http.response.body", "body": b"", "more_body": False},
    ]


async def test_chunks_are_sent_one_by_one() -> None:
    recorder = Recorder(body=[b"a", b"b"], headers={"X-A": "1"})
    await recorder(http_scope(), feed(REQUEST), ignore)

    assert recorder.sent[0]["headers"] == [(b"x-a", b"1")]
    assert [(m["body"], m["more_body"]) for m in recorder.sent[1:]] == [(b"a", True), (b"b", False)]


async def test_no_chunks_are_an_empty_body() -> None:
    recorder = Recorder(body=[])
    await recorder(http_scope(), feed(REQUEST), ignore)

    assert recorder.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


async def test_messages_are_sent_as_they_are() -> None:
    odd = {"type": "http.response.zerocopysend", "file": 7}
    recorder = Recorder(messages=[odd])
    await recorder(http_scope(), feed(REQUEST), ignore)

    assert recorder.sent[0] is odd


async def test_the_very_objects_of_a_call_are_remembered() -> None:
    recorder, scope, receive = Recorder(), {"type": "made.up"}, feed()
    await recorder(scope, receive, ignore)

    assert recorder.calls == [(scope, receive, ignore)]
    assert recorder.scope is scope


async def test_the_request_body_is_put_together() -> None:
    recorder = Recorder()
    await recorder(
        http_scope(), feed({**REQUEST, "body": b"a", "more_body": True}, {**REQUEST, "body": b"b"}), ignore
    )

    assert recorder.body == b"ab"
    assert len(recorder.received) == 2


async def test_a_client_that_leaves_gets_no_answer() -> None:
    recorder = Recorder()
    await recorder(http_scope(), feed({"type": "http.disconnect"}), ignore)

    assert recorder.sent == []
    assert recorder.outcomes == [None]


async def test_a_request_is_not_read_when_told_so() -> None:
    recorder = Recorder(reads=False)
    await recorder(http_scope(), feed(), ignore)

    assert recorder.received == []


@pytest.mark.parametrize(
    ("point", "sent"), [("call", 0), ("request", 0), ("start", 1), ("body", 2), ("end", 3)]
)
async def test_it_fails_at_the_chosen_point(point: Any, sent: int) -> None:
    recorder = Recorder(body=[b"a", b"b"], fail_at=point)

    with pytest.raises(RuntimeError, match=f"Recorder: told to fail at '{point}'"):
        await recorder(http_scope(), feed(REQUEST), ignore)
    assert len(recorder.sent) == sent


async def test_how_a_call_ended_is_remembered() -> None:
    error = OSError("gone")
    recorder = Recorder(fail_at="request", error=error)

    with pytest.raises(OSError, match="gone"):
        await recorder(http_scope(), feed(REQUEST), ignore)
    assert recorder.outcomes == [error]


async def test_it_waits_where_it_is_told_to() -> None:
    gate = asyncio.Event()
    recorder = Recorder(on={"start": gate.wait})
    task = asyncio.create_task(recorder(http_scope(), feed(REQUEST), ignore))  # type: ignore[arg-type]
    await asyncio.sleep(0)

    assert types(recorder) == ["http.response.start"]
    gate.set()
    await task


async def test_a_delay_gives_way_before_every_message() -> None:
    recorder = Recorder(delay=0)
    task = asyncio.create_task(recorder(http_scope(), feed(REQUEST), ignore))  # type: ignore[arg-type]
    await asyncio.sleep(0)

    assert recorder.received == []
    await task


CONNECT = {"type": "websocket.connect"}
TEXT = {"type": "websocket.receive", "text": "hi"}
GONE = {"type": "websocket.disconnect", "code": 1000}


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({}, ["websocket.accept", "websocket.send", "websocket.send"]),
        ({"websocket": "accept"}, ["websocket.accept"]),
        ({"websocket": "close"}, ["websocket.close"]),
        ({"websocket": "deny"}, ["websocket.http.response.start", "websocket.http.response.body"]),
        ({"messages": [{"type": "websocket.close"}]}, ["websocket.close"]),
    ],
)
async def test_a_websocket_is_answered_as_told(options: dict[str, Any], sent: list[str]) -> None:
    recorder = Recorder(**options)
    await recorder(websocket_scope(), feed(CONNECT, TEXT, TEXT, GONE), ignore)

    assert types(recorder) == sent


async def test_an_echo_repeats_the_text() -> None:
    recorder = Recorder(subprotocol="chat")
    await recorder(websocket_scope(), feed(CONNECT, TEXT, GONE), ignore)

    assert recorder.sent[0]["subprotocol"] == "chat"
    assert recorder.sent[1] == {"type": "websocket.send", "text": "hi"}


async def test_a_denial_has_status_403_unless_told_otherwise() -> None:
    recorder = Recorder(websocket="deny")
    await recorder(websocket_scope(), feed(CONNECT), ignore)

    assert recorder.sent[0]["status"] == 403


@pytest.mark.parametrize("point", ["call", "request", "start", "body", "end"])
async def test_a_websocket_fails_at_the_chosen_point(point: Any) -> None:
    recorder = Recorder(fail_at=point)

    with pytest.raises(RuntimeError, match=f"fail at '{point}'"):
        await recorder(websocket_scope(), feed(CONNECT, TEXT, GONE), ignore)


async def test_lifespan_is_completed_and_state_is_left() -> None:
    recorder, scope = Recorder(state={"db": 1}), lifespan_scope()
    await recorder(scope, feed({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}), ignore)

    assert types(recorder) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert scope["state"] == {"db": 1}


async def test_lifespan_without_state_needs_none_in_the_scope() -> None:
    recorder = Recorder()
    await recorder(
        {"type": "lifespan"}, feed({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}), ignore
    )

    assert types(recorder) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_lifespan_fails_when_told_so() -> None:
    recorder = Recorder(lifespan="fail")
    await recorder(lifespan_scope(), feed({"type": "lifespan.startup"}), ignore)

    assert recorder.sent == [{"type": "lifespan.startup.failed", "message": "Recorder: told to fail."}]


async def test_lifespan_is_declined_before_anything_is_received() -> None:
    recorder = Recorder(lifespan="decline")

    with pytest.raises(ValueError, match="told to decline lifespan"):
        await recorder(lifespan_scope(), feed(), ignore)


async def test_clear_forgets_every_call() -> None:
    recorder = Recorder()
    await recorder(http_scope(), feed(REQUEST), ignore)
    recorder.clear()

    assert (recorder.calls, recorder.received, recorder.sent, recorder.outcomes) == ([], [], [], [])


def test_a_recorder_that_was_not_called_has_no_scope() -> None:
    with pytest.raises(LookupError, match="it was not called"):
        _ = Recorder().scope


@pytest.mark.parametrize(
    "options", [{"fail_at": "startt"}, {"on": {"begin": None}}, {"websocket": "eco"}, {"lifespan": "no"}]
)
def test_a_word_that_is_not_known_is_refused_with_those_that_are(options: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match=r"Recorder: \w+='\w+' is not usable. Give "):
        Recorder(**options)
