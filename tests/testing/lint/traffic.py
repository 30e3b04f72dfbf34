"""Traffic between a server and an application, written down as a list of steps."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from asgi_stack.testing.lint import Lint, Violation
from asgi_stack.types import Message, Receive, Scope, Send

Act: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[object]]


@dataclass
class Got:
    """The application receives this, whatever it is."""

    event: Any


@dataclass
class Sent:
    """The application sends this, whatever it is."""

    event: Any


Step: TypeAlias = dict[Any, Any] | Got | Sent | Act

RECEIVED = {"http.request", "http.disconnect", "lifespan.startup", "lifespan.shutdown"}
RECEIVED |= {"websocket.connect", "websocket.receive", "websocket.disconnect"}


@dataclass
class Server:
    """Gives the events it holds; *on_send* is what it does with a message."""

    events: list[Any] = field(default_factory=list)
    on_send: Callable[[Message], object] = lambda message: None

    async def receive(self) -> Any:
        return self.events.pop(0)

    async def send(self, message: Message) -> None:
        self.on_send(message)


@dataclass
class Traffic:
    """One connection. A dict among the steps goes the way that its type has in the specification."""

    scope: Any
    steps: tuple[Step, ...] = ()
    serve: Callable[[Any], Server] = lambda scope: Server()

    async def collect(self) -> list[Violation]:
        violations: list[Violation] = []
        await self.run(mode="collect", violations=violations)
        return violations

    async def run(self, **options: Any) -> None:
        scope = fresh(self.scope)
        server = self.serve(scope)
        await Lint(follow(self.steps, server), **options)(scope, server.receive, server.send)


def follow(steps: tuple[Step, ...], server: Server) -> Act:
    """An application that takes these steps."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        for step in map(directed, steps):
            if isinstance(step, Got):
                server.events.append(step.event)
                await receive()
            elif isinstance(step, Sent):
                await send(step.event)
            else:
                await step(scope, receive, send)

    return application


def fresh(scope: Any) -> Any:
    """A scope of its own for each run, so that one that is changed spoils no other."""
    headers = scope.get("headers") if isinstance(scope, dict) else None
    return {**scope, "headers": headers[:]} if isinstance(headers, list) else scope


def directed(step: Step) -> Got | Sent | Act:
    if isinstance(step, dict):
        return Got(step) if step.get("type") in RECEIVED else Sent(step)
    return step


def without(values: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in keys}


def event(kind: str, **values: Any) -> dict[str, Any]:
    return {"type": kind, **values}
