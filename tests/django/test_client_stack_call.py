"""The client's side of an call: what a server would do to an application that is still at work."""

import asyncio
from typing import Any

import pytest
from django.test import override_settings

from asgi_stack.django.client.stack_call import StackCall
from asgi_stack.django.test import AsyncStackClient
from asgi_stack.testing import DisconnectedError, ResponseError
from tests.project import layers

pytestmark = pytest.mark.usefixtures("client_project")

SCOPE = {"type": "http", "method": "GET", "path": "/a"}
START = {"type": "http.response.start", "status": 200, "headers": []}
BODY = {"type": "http.response.body", "body": b"x"}


async def test_once_the_response_is_complete_receive_tells_that_the_client_has_gone() -> None:
    received: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        listening = asyncio.create_task(receive_all(receive, received))
        await asyncio.sleep(0)
        for message in (START, {"type": "http.response.debug"}, BODY):
            await send(message)
        await listening

    call = StackCall(application, SCOPE, b"sent")
    assert [chunk async for chunk in call.chunks()] == [b"x"]
    assert received == ["http.request", "http.disconnect"]


async def receive_all(receive: Any, received: list[str]) -> None:
    received += [(await receive())["type"], (await receive())["type"]]


async def test_what_is_sent_after_the_client_has_gone_is_refused() -> None:
    refused: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        try:
            await send(START)
            await asyncio.Event().wait()
        finally:
            with pytest.raises(
                DisconnectedError, match=r"'http\.response\.body' was sent after the client had gone"
            ):
                await send(BODY)
            refused.append("body")

    call = StackCall(application, SCOPE, b"")
    await call.head()
    call.hang_up()
    await call.end()
    call.hang_up()

    assert refused == ["body"]


async def test_an_application_that_stops_in_mid_response_is_an_error() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send(START)

    call = StackCall(application, SCOPE, b"")
    with pytest.raises(ResponseError, match="the stack returned before its response was complete to GET /a"):
        [chunk async for chunk in call.chunks()]


async def test_a_request_that_is_cancelled_cancels_the_application() -> None:
    waits = layers.Waits()
    with override_settings(ASGI_STACK=[waits.around]):
        request = asyncio.create_task(AsyncStackClient().get("/templated/"))
        await waits.reached.wait()
        request.cancel()
        await asyncio.wait([request])

    assert (request.cancelled(), waits.was_cancelled) == (True, True)


async def test_a_body_that_comes_in_parts_reaches_the_view_whole() -> None:
    with override_settings(ASGI_STACK=[layers.Split]):
        response = await AsyncStackClient().post("/upload/", {"name": "x" * 100})

    assert response.json()["fields"] == {"name": "x" * 100}
