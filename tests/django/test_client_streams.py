"""The test client and streams: read as they are asked for, through the stack."""

import asyncio
from typing import Any

import pytest
from django.test import override_settings

from asgi_stack.django.test import AsyncStackClient
from asgi_stack.testing.errors import ResponseError
from tests.project import layers
from tests.project.client_urls import Events

pytestmark = pytest.mark.usefixtures("client_project")

SHOUT = override_settings(ASGI_STACK=[layers.Shout])
CANCELLED = "the stack was cancelled before its response was complete"


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def read_on(chunks: Any) -> None:
    """Read to the end, and let the loop close the generators that nobody holds any more."""
    with pytest.raises(ResponseError, match=CANCELLED):
        [chunk async for chunk in chunks]
    await settle()


async def test_a_stream_is_read_as_it_is_asked_for_and_left_early() -> None:
    with SHOUT:
        response = await AsyncStackClient().get("/endless/")
        chunks = aiter(response.streaming_content)
        read = [await anext(chunks), await anext(chunks)]
        response.close()
    await read_on(chunks)

    assert (read, response.streaming) == ([b"1;", b"2;"], True)
    assert (Events.closed, Events.asked < 5) == (True, True)


async def test_a_stream_that_nobody_reads_ends_when_it_is_closed() -> None:
    response = await AsyncStackClient().get("/endless/")
    response.close()
    response.close()
    await read_on(response.streaming_content)

    assert Events.closed


async def test_a_reader_that_leaves_is_a_client_that_has_gone() -> None:
    response = await AsyncStackClient().get("/endless/")
    chunks = response._iterator
    await anext(chunks)
    await chunks.aclose()
    await settle()

    assert response.closed


async def test_an_error_in_a_stream_is_raised_where_it_is_read() -> None:
    response = await AsyncStackClient().get("/broken/")
    chunks = aiter(response.streaming_content)

    assert await anext(chunks) == b"half"
    with pytest.raises(RuntimeError, match="the stream failed"):
        await anext(chunks)


async def test_a_synchronous_stream_stays_one() -> None:
    with SHOUT:
        response = await AsyncStackClient().get("/sync/")

    assert (response.streaming, b"".join(response.streaming_content)) == (True, b"AB")
