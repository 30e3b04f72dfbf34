"""The inner end of a connection, held by the checks: an application that does what it is told."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from typing import Any, TypeAlias

from asgi_stack.testing.contract.ends import Doorbell, snapshot
from asgi_stack.types import Message, Receive, Scope, Send

__all__ = ["INSIDE", "OUTSIDE", "Inner", "InnerCall", "Step", "fail", "listen", "read", "receive", "send"]

OUTSIDE: ContextVar[str] = ContextVar("asgi_stack.testing.contract.outside", default="")
"""Set by the caller of the middleware."""

INSIDE: ContextVar[str] = ContextVar("asgi_stack.testing.contract.inside", default="")
"""Set by the inner application."""


class InnerCall:
    """One call of the inner application, and what it saw."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, script: Iterable["Step | None"]) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send
        self.received: list[Message] = []
        self.sent: list[tuple[Message, Any]] = []
        self.asked = 0
        self.done = 0
        self.running = True
        self.ended_by: BaseException | None = None
        self.outside = OUTSIDE.get()
        self._steps: deque[Step | None] = deque(script)
        self._bell = Doorbell()

    @property
    def body(self) -> bytes:
        """The bytes of the request so far."""
        return b"".join(message.get("body", b"") for message in self.received)

    def do(self, *steps: "Step | None") -> None:
        """Go on with these steps; None ends the call."""
        self._steps.extend(steps)
        self._bell.ring()

    def stop(self) -> None:
        """End the call after the step that it is at."""
        self._steps = deque([None])

    async def play(self) -> None:
        """Do one step after the other until the one that is None."""
        try:
            while (step := await self._next()) is not None:
                await asyncio.sleep(0)
                await step(self)
                self.done += 1
        except BaseException as error:
            self.ended_by = error
            raise
        finally:
            self.running = False

    async def _next(self) -> "Step | None":
        await self._bell.wait_until(lambda: bool(self._steps))
        return self._steps.popleft()


class Inner:
    """An application that plays *script* in every call, and then waits for more steps."""

    _asgi_single_callable = True

    def __init__(self, script: Iterable["Step | None"] = ()) -> None:
        self.script = tuple(script)
        self.calls: list[InnerCall] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one scope."""
        call = InnerCall(scope, receive, send, self.script)
        self.calls.append(call)
        await call.play()


Step: TypeAlias = Callable[[InnerCall], Awaitable[Any]]


async def receive(call: InnerCall) -> Message:
    """Receive one message."""
    call.asked += 1
    message: Message = await call.receive()
    call.received.append(message)
    return message


async def read(call: InnerCall) -> None:
    """Receive until the request body is complete; if the client goes first, end the call."""
    while not call.received or call.received[-1].get("more_body"):
        await receive(call)
    if call.received[-1]["type"] == "http.disconnect":
        call.stop()


async def listen(call: InnerCall) -> None:
    """Receive until the client has gone."""
    while not (await receive(call))["type"].endswith(".disconnect"):
        pass


def send(message: Message) -> Step:
    """Return the step that sends a new copy of *message*."""

    async def send_it(call: InnerCall) -> None:
        fresh = {**message}
        if isinstance(fresh.get("headers"), list):
            fresh["headers"] = [*fresh["headers"]]
        call.sent.append((fresh, snapshot(fresh)))
        await call.send(fresh)

    return send_it


def fail(error: BaseException) -> Step:
    """Return the step that raises *error*."""

    async def fail_now(call: InnerCall) -> None:
        raise error

    return fail_now
