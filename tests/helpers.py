"""The server's side of a call, for tests of the core: what it feeds, what it was sent, and nothing more."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from asgi_stack import ASGIMiddleware, Layer, Stack
from asgi_stack.testing import lifespan_scope
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

STARTUP: Message = {"type": "lifespan.startup"}
SHUTDOWN: Message = {"type": "lifespan.shutdown"}
STARTED: Message = {"type": "lifespan.startup.complete"}
STOPPED: Message = {"type": "lifespan.shutdown.complete"}
WHOLE = [STARTED, STOPPED]
NO_STATE: Scope = {"type": "lifespan", "asgi": {"version": "3.0"}}
REQUEST: Message = {"type": "http.request", "body": b"", "more_body": False}

Make = Callable[[], AbstractAsyncContextManager[Any]]


async def call(app: ASGIApp, scope: Scope, *messages: Message) -> list[Message]:
    """Everything that *app* sends, given *messages* (else an empty request) and then silence."""
    waiting, sent = [*(messages or (REQUEST,))], list[Message]()

    async def receive() -> Message:
        if waiting:
            return waiting.pop(0)
        await asyncio.Event().wait()
        raise RuntimeError("never reached")

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def fields(sent: list[Message], name: bytes) -> list[bytes]:
    """The values of every line of one field in the head of a response, in any letter case."""
    return [value for field, value in sent[0]["headers"] if field.lower() == name]


class Server:
    """One lifespan as a server drives it: startup, *serving* (if given), shutdown.

    What the application sent is in `sent` even where it raised; `log` is a place for tests to write to, and
    gets the type of every message as it is sent.
    """

    def __init__(
        self, scope: Scope | None = None, *, serving: Callable[[], Awaitable[Any]] | None = None
    ) -> None:
        self.scope = lifespan_scope() if scope is None else scope
        self.sent: list[Message] = []
        self.log: list[str] = []
        self._serving = serving
        self._coming = [STARTUP, SHUTDOWN]

    async def receive(self) -> Message:
        if self._coming == [SHUTDOWN] and self._serving is not None:
            await self._serving()
        return self._coming.pop(0)

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        self.log.append(message["type"].removeprefix("lifespan."))

    async def run(self, app: ASGIApp) -> list[Message]:
        await app(self.scope, self.receive, self.send)
        return self.sent

    def context(
        self,
        name: str,
        gives: Any = None,
        *,
        enter: BaseException | None = None,
        leave: BaseException | None = None,
    ) -> Make:
        """A context without ``finally`` that notes when it is entered and left, and fails where told to."""

        @asynccontextmanager
        async def open_it() -> AsyncGenerator[Any]:
            self.log.append(f"+{name}")
            if enter is not None:
                raise enter
            yield gives
            self.log.append(f"-{name}")
            if leave is not None:
                raise leave

        open_it.__name__ = name
        return open_it


class Opener(ASGIMiddleware):
    """A layer with the context that it is given."""

    __slots__ = ("_open",)

    def __init__(self, app: ASGIApp, *, opens: Make) -> None:
        super().__init__(app)
        self._open = opens

    def lifespan(self) -> AbstractAsyncContextManager[Any]:
        return self._open()


async def declining(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that has no lifespan and says so, as the specification wants."""
    raise ValueError(f"no {scope['type']} here")


class Answering:
    """An application that sends what it is told after ``lifespan.startup``, and then raises or returns."""

    def __init__(self, *messages: Message, error: BaseException | None = None, asks: int = 1) -> None:
        self.messages, self.error, self.asks = messages, error, asks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(self.asks):
            await receive()
        for message in self.messages:
            await send(message)
        if self.error is not None:
            raise self.error


def failure(sent: list[Message], phase: str = "startup") -> str:
    """The message of the one failure that was sent."""
    (message,) = [each for each in sent if each["type"] == f"lifespan.{phase}.failed"]
    return str(message["message"])


def records(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == level]


def two_layers_and_a_context(server: Server) -> Stack:
    layers = [Layer(Opener, opens=server.context(name)) for name in ("outer", "inner")]
    return Stack(layers, lifespan=[server.context("project")])


def shown(value: Any) -> str:
    """A name for a parametrised test: as the value prints, but the same in every process."""
    return re.sub(r" at 0x\w+|id='\d+'", "", repr(value))
