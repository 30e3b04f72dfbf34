"""The server's side of a call, for tests of the core: what it feeds, what it was sent, and nothing more."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from asgi_stack import ASGIMiddleware, Layer, Stack
from asgi_stack.testing import Headers, Lint, LintError, http_scope, lifespan_scope
from asgi_stack.testing.response import ends_body
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

STARTUP: Message = {"type": "lifespan.startup"}
SHUTDOWN: Message = {"type": "lifespan.shutdown"}
STARTED: Message = {"type": "lifespan.startup.complete"}
STOPPED: Message = {"type": "lifespan.shutdown.complete"}
WHOLE = [STARTED, STOPPED]
NO_STATE: Scope = {"type": "lifespan", "asgi": {"version": "3.0"}}
REQUEST: Message = {"type": "http.request", "body": b"", "more_body": False}
CONNECT: Message = {"type": "websocket.connect"}
GONE: Message = {"type": "websocket.disconnect", "code": 1005}
STARLETTES = {"C11"}
"""The rule that Starlette and FastAPI break: they write into the scope that they are given."""
FIRST: Mapping[str, Sequence[Message]] = {"http": [REQUEST], "websocket": [CONNECT]}

Make = Callable[[], AbstractAsyncContextManager[Any]]


class Sent(list[Message]):
    """What an application sent in one call, in order; what it received, and the exception that came out."""

    error: BaseException | None = None
    received: list[Message]

    @property
    def types(self) -> list[str]:
        return [message["type"] for message in self]

    @property
    def status(self) -> int:
        return self[0]["status"]

    @property
    def headers(self) -> Headers:
        return Headers(self[0].get("headers", ()))

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self)


async def call(app: ASGIApp, scope: Scope | None = None, *messages: Message, **options: Any) -> Sent:
    """As `attempt`; what the application raises is raised."""
    sent = await attempt(app, scope, *messages, **options)
    if sent.error is not None:
        raise sent.error
    return sent


async def attempt(
    app: ASGIApp,
    scope: Scope | None = None,
    *messages: Message,
    send_error: Exception | None = None,
    catch: type[BaseException] = Exception,
    lint: bool = True,
    ignore: Iterable[str] = (),
) -> Sent:
    """Everything that *app* sends, given *messages* (else what a client begins with), with `Lint` around it.

    Then the client stays until the response is complete; that of a websocket leaves. *send_error* is what the
    server's ``send`` raises every time. A test whose own traffic is against the rules says so by *ignore*,
    or by ``lint=False``.
    """
    scope = http_scope() if scope is None else scope
    waiting, sent = [*(messages or FIRST.get(scope["type"], ()))], Sent()
    sent.received = []
    complete = asyncio.Event()

    async def receive() -> Message:
        if waiting:
            sent.received.append(waiting.pop(0))
            return sent.received[-1]
        if scope["type"] == "websocket":
            return GONE
        await complete.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if send_error is not None:
            raise send_error
        if ends_body(message):
            complete.set()

    try:
        await (Lint(app, ignore=ignore) if lint else app)(scope, receive, send)
    except LintError:
        raise
    except catch as error:
        sent.error = error
    return sent


def fields(sent: list[Message], name: bytes) -> list[bytes]:
    """The values of every line of one field in the head of a response, in any letter case."""
    return [value for field, value in sent[0]["headers"] if field.lower() == name]


class Side:
    """The server's side of one call, step by step, with `Lint` around the application.

    Nothing comes in but what a test puts into `incoming`; `sent` is what came out.
    """

    def __init__(self, *messages: Message, ignore: Iterable[str] = ()) -> None:
        self._ignore = ignore
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        for message in messages:
            self.incoming.put_nowait(message)
        self.sent: list[Message] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: Exception | None = None

    async def receive(self) -> Message:
        return await self.incoming.get()

    async def send(self, message: Message) -> None:
        await self.gate.wait()
        self.sent.append(message)
        if self.failure is not None:
            raise self.failure

    def types(self) -> list[str]:
        return [message["type"].rpartition("response.")[2] for message in self.sent]

    def begin(self, app: ASGIApp, scope: Scope) -> "asyncio.Task[None]":
        async def run() -> None:
            await Lint(app, ignore=self._ignore)(scope, self.receive, self.send)

        return asyncio.create_task(run())


class Server:
    """One lifespan as a server drives it: startup, *serving* (if given), shutdown.

    What the application sent is in `sent` even where it raised; `log` is a place for tests to write to, and
    gets the type of every message as it is sent.
    """

    def __init__(
        self,
        scope: Scope | None = None,
        *,
        serving: Callable[[], Awaitable[Any]] | None = None,
        lint: bool = True,
        ignore: Iterable[str] = (),
    ) -> None:
        self.scope = lifespan_scope() if scope is None else scope
        self.sent: list[Message] = []
        self.error: Exception | None = None
        self.send_error: BaseException | None = None
        self.log: list[str] = []
        self._serving = serving
        self._coming = [STARTUP, SHUTDOWN]
        self._lint, self._ignore = lint, ignore

    async def receive(self) -> Message:
        if self._coming == [SHUTDOWN] and self._serving is not None:
            await self._serving()
        return self._coming.pop(0)

    async def send(self, message: Message) -> None:
        if self.send_error is not None:
            raise self.send_error
        self.sent.append(message)
        self.log.append(message["type"].removeprefix("lifespan."))

    async def run(self, app: ASGIApp) -> list[Message]:
        """Serve the lifespan; what it raises after it has answered with a failure is in `error`."""
        try:
            await (Lint(app, ignore=self._ignore) if self._lint else app)(self.scope, self.receive, self.send)
        except LintError:
            raise
        except Exception as error:
            if not self.has_failed:
                raise
            self.error = error
        return self.sent

    @property
    def has_failed(self) -> bool:
        """Whether the last answer is a failure."""
        return bool(self.sent) and self.sent[-1]["type"].endswith(".failed")

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
