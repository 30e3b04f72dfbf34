"""The two ends of a connection and what stands between them."""

import asyncio

import pytest

from asgi_stack import ASGIMiddleware
from asgi_stack.testing.contract import check_middleware
from asgi_stack.testing.contract.ends import Doorbell, Server, snapshot
from asgi_stack.testing.contract.inner import Inner, fail, send
from asgi_stack.testing.contract.materials import LAST, MORE, REQUEST, START
from asgi_stack.testing.contract.stage import Counted, Stage, shown
from asgi_stack.testing.scopes import http_scope


async def test_a_bell_wakes_everyone_but_who_was_cancelled_meanwhile() -> None:
    bell, rung = Doorbell(), []
    waiting = [asyncio.create_task(bell.wait_until(lambda: bool(rung))) for _ in range(2)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    rung.append(1)
    bell.ring()
    await asyncio.wait(waiting)

    assert [task.cancelled() for task in waiting] == [True, False]


async def test_a_server_gives_the_disconnect_for_ever_once_the_response_is_complete() -> None:
    server = Server("http")
    server.feed(REQUEST)
    for message in (START, MORE, LAST):
        await server.send(message)

    assert [await server.receive(), await server.receive()] == [{"type": "http.disconnect"}] * 2


async def test_a_server_waits_for_trailers_that_were_announced() -> None:
    server = Server("http")
    server.feed(REQUEST)
    for message in ({**START, "trailers": True}, LAST):
        await server.send(message)

    assert (await server.receive())["type"] == "http.request"


async def test_a_server_fails_where_it_is_told_to() -> None:
    server = Server("http")
    server.fail_at = 0

    with pytest.raises(OSError, match="the client has gone"):
        await server.send(START)


def test_a_snapshot_is_no_part_of_what_it_was_taken_of() -> None:
    inner = object()
    value = {"a": [{"b": (inner, [1])}]}
    copy = snapshot(value)
    value["a"][0]["b"][1].append(2)

    assert copy == {"a": [{"b": (inner, [1])}]}


async def test_suspensions_are_counted() -> None:
    seen: list[int] = []
    task = asyncio.get_running_loop().create_task(Counted(asyncio.sleep(0), seen.append))
    await task
    await Counted(asyncio.sleep(0), seen.append)

    assert seen == [0]


def test_a_counted_coroutine_can_be_closed() -> None:
    coroutine = asyncio.sleep(0)
    Counted(coroutine, print).close()

    assert coroutine.cr_frame is None


def test_what_is_shown_is_cut() -> None:
    assert shown("x" * 300) == "'" + "x" * 196 + "..."


def test_a_call_is_told_apart_from_the_calls_of_an_earlier_stage() -> None:
    inner = Inner([send(START), send(LAST), None])
    for number in (1, 2):
        with Stage(ASGIMiddleware, inner) as stage:
            connection = stage.connect(http_scope(), *REQUEST)
        assert (len(inner.calls), connection.outcome) == (number, "returned")


def test_what_the_inner_application_raises_is_named() -> None:
    error = RuntimeError("made up")
    with Stage(ASGIMiddleware, Inner([fail(error)])) as stage:
        connection = stage.connect(http_scope(), *REQUEST)

    assert connection.error is error
    assert connection.outcome == "raised RuntimeError('made up')"


def waits_for_ever(app: object) -> object:
    async def wait(scope: object, receive: object, send: object) -> None:
        await asyncio.Event().wait()

    return wait


def test_a_call_that_hangs_has_no_context_to_compare() -> None:
    outcome = check_middleware(waits_for_ever, only="restores-the-context").outcomes[0]

    assert (outcome.result, outcome.detail) == ("skipped", "The call hangs.")
