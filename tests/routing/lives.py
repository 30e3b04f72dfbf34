"""Applications with a lifespan, and what is needed to drive a router with them."""

from typing import Any

import pytest

from asgi_stack.routing import PathRouter
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.helpers import STARTED, STOPPED, Server

WHOLE = [STARTED, STOPPED]
FAILED = "lifespan.startup.failed"


def lives(
    server: Server,
    name: str,
    *,
    start: Exception | None = None,
    serve: BaseException | None = None,
    stop: Exception | None = None,
    gives: Any = None,
) -> ASGIApp:
    """An application that notes its start and its stop, and fails where it is told to."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        server.log.append(f"+{name}")
        if start:
            raise start
        scope["state"].update(gives or {})
        await send(STARTED)
        if serve:
            raise serve
        await receive()
        server.log.append(f"-{name}")
        if stop:
            raise stop
        await send(STOPPED)

    app.__name__ = name
    return app


def mounted(*apps: ASGIApp) -> PathRouter:
    return PathRouter({f"/{number}": app for number, app in enumerate(apps)})


def failure(sent: list[Message], phase: str = "startup") -> str:
    """The message of the last answer, which is a failure."""
    assert sent[-1]["type"] == f"lifespan.{phase}.failed"
    return str(sent[-1]["message"])


def records(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    return [(record.levelno, record.getMessage()) for record in caplog.records if "stack" in record.name]
