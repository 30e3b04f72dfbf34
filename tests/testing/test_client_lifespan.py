import asyncio
from typing import Any

import pytest

from asgi_stack.testing import ASGIClient, LifespanError, Recorder, WaitTimeoutError

QUICK = 0.005
COMPLETE = {"type": "lifespan.startup.complete"}


def lifespan_app(*, before: Any = None, messages: Any = (), error: Exception | None = None) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if before is not None:
            raise before
        for message in messages:
            await receive()
            await send(message)
        if error is not None:
            await receive()
            raise error

    return app


async def test_the_block_starts_up_and_shuts_down() -> None:
    inner = Recorder()
    async with ASGIClient(inner):
        assert [message["type"] for message in inner.sent] == ["lifespan.startup.complete"]

    assert inner.sent[-1] == {"type": "lifespan.shutdown.complete"}


async def test_each_request_gets_a_shallow_copy_of_the_state() -> None:
    shared: list[int] = []
    inner = Recorder(state={"shared": shared})
    async with ASGIClient(inner) as client:
        await client.get("/")

        assert inner.scope["state"] == client.state
        assert inner.scope["state"] is not client.state
        assert inner.scope["state"]["shared"] is shared


async def test_without_the_block_there_is_no_lifespan_and_no_state() -> None:
    inner = Recorder()
    await ASGIClient(inner).get("/")

    assert len(inner.calls) == 1
    assert "state" not in inner.scope


async def test_a_lifespan_that_is_not_wanted_is_not_asked_for() -> None:
    inner = Recorder()
    async with ASGIClient(inner, lifespan=False):
        assert inner.calls == []


@pytest.mark.parametrize("app", [Recorder(lifespan="decline"), lifespan_app()])
async def test_an_application_may_decline(app: Any) -> None:
    async with ASGIClient(app) as client:
        assert client.state == {}


@pytest.mark.parametrize("app", [Recorder(lifespan="decline"), lifespan_app()])
async def test_an_application_may_not_decline_when_told_so(app: Any) -> None:
    with pytest.raises(LifespanError, match="the application declined lifespan"):
        await ASGIClient(app, lifespan=True).__aenter__()


async def test_a_failing_start_is_an_error_with_its_message() -> None:
    with pytest.raises(LifespanError, match=r"the application failed to start: 'Recorder: told to fail.'"):
        await ASGIClient(Recorder(lifespan="fail")).__aenter__()


async def test_a_failing_start_names_the_exception_behind_it() -> None:
    async def raises(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed"})
        raise OSError("no database")

    with pytest.raises(LifespanError, match="failed to start: ''") as caught:
        await ASGIClient(raises).__aenter__()
    assert isinstance(caught.value.__cause__, OSError)


async def test_an_exception_after_the_first_receive_comes_out() -> None:
    with pytest.raises(OSError, match="no database"):
        await ASGIClient(lifespan_app(error=OSError("no database"))).__aenter__()


async def test_a_start_that_takes_too_long_is_cancelled() -> None:
    with pytest.raises(WaitTimeoutError, match=r"for 'lifespan.startup.complete'"):
        await ASGIClient(lambda *call: asyncio.Event().wait(), timeout=QUICK).__aenter__()


async def test_a_failing_shutdown_is_an_error_with_its_message() -> None:
    app = lifespan_app(messages=[COMPLETE, {"type": "lifespan.shutdown.failed", "message": "stuck"}])

    with pytest.raises(LifespanError, match="the application failed to shut down: 'stuck'"):
        async with ASGIClient(app):
            pass


async def test_an_exception_at_the_shutdown_comes_out() -> None:
    with pytest.raises(OSError, match="stuck"):
        async with ASGIClient(lifespan_app(messages=[COMPLETE], error=OSError("stuck"))):
            pass


async def test_a_lifespan_that_ends_early_is_an_error() -> None:
    with pytest.raises(
        LifespanError, match=r"the lifespan ended before the shutdown. Before that it received"
    ):
        async with ASGIClient(lifespan_app(messages=[COMPLETE]), lint=False):
            await asyncio.sleep(0)
