"""Wrong in what requests share, and in what is left of them."""

import asyncio
from contextvars import Context

from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.testing.contract.wrong import REQUEST_ID, is_start, wrong, wrong_call

TASKS: list[asyncio.Task[None]] = []


class Base:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.http if scope["type"] == "http" else self.app)(scope, receive, send)


@wrong("serves-requests-side-by-side")
class OneAtATime(Base):
    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self.locks: dict[object, asyncio.Lock] = {}

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self.locks.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
            await self.app(scope, receive, send)


@wrong("shares-no-state-between-requests")
class KeepsSendOnItself(Base):
    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.send = send
        await self.app(scope, receive, self.send_on)

    async def send_on(self, message: Message) -> None:
        await self.send(message)


@wrong("shares-no-state-between-requests")
class ActsOnTheFirstRequestOnly(Base):
    started = False

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_once_marked(message: Message) -> None:
            if is_start(message) and not self.started:
                self.started = True
                message = {**message, "headers": [*message.get("headers", ()), (b"x-made-up", b"0")]}
            await send(message)

        names = {name for name, _ in scope["headers"]}
        await self.app(scope, receive, send_once_marked if b"host" in names and "made.up" in scope else send)


@wrong("shares-no-state-between-requests")
class KeepsTheStatus(Base):
    status = 0

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_status(message: Message) -> None:
            if is_start(message):
                self.status = message["status"]
            elif self.status == 201 and message.get("body") == b"!":
                message = {**message, "body": b"?"}
            await send(message)

        await self.app(scope, receive, send_with_status)


@wrong("serves-on-two-event-loops")
class KeepsItsFirstLoop(Base):
    loop: asyncio.AbstractEventLoop | None = None

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.loop = self.loop or asyncio.get_running_loop()
        future = self.loop.create_future()
        self.loop.call_soon(future.set_result, None)
        await future
        await self.app(scope, receive, send)


@wrong_call("shows-outer-context-inside", "shows-inner-context-outside")
async def runs_it_in_an_empty_context(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.create_task(app(scope, receive, send), context=Context())


@wrong_call("shows-inner-context-outside")
async def runs_it_in_a_task(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.create_task(app(scope, receive, send))


@wrong_call("restores-the-context")
async def does_not_reset(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    REQUEST_ID.set("made up")
    await app(scope, receive, send)


@wrong_call("leaves-no-task")
async def writes_a_log_later(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    async def log() -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    await app(scope, receive, send)
    TASKS.append(asyncio.create_task(log()))  # a task that nobody holds may vanish


@wrong("shares-no-state-between-requests")
class MarksTheSecondOfTwo(Base):
    under_way = 0

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_second = self.under_way > 0

        async def send_marked(message: Message) -> None:
            if is_start(message) and is_second:
                message = {**message, "headers": [(b"x-made-up", b"second")]}
            await send(message)

        self.under_way += 1
        try:
            await self.app(scope, receive, send_marked)
        finally:
            self.under_way -= 1
