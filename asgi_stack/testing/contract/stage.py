"""One instance of a middleware between a server and an inner application, on an event loop of its own."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context, copy_context
from typing import Any

from asgi_stack.testing.contract.ends import Server, snapshot
from asgi_stack.testing.contract.inner import OUTSIDE, Inner, InnerCall, Step
from asgi_stack.testing.contract.loop import SteppedLoop
from asgi_stack.testing.contract.report import Broken, NotApplicable
from asgi_stack.types import ASGIApp, Message, Scope

__all__ = ["Connection", "Counted", "Stage", "shown", "snapshot_of_scope"]


def shown(value: object) -> str:
    """Render *value* for the detail of an outcome, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:197]}..."


class Counted(Coroutine[Any, Any, None]):
    """A coroutine that counts where it is suspended; *at* is called with each number, from 0."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], at: Callable[[int], object]) -> None:
        self._coroutine = coroutine
        self._at = at
        self.count = 0

    def __await__(self) -> Generator[Any, Any, None]:
        return self._coroutine.__await__()

    def send(self, value: Any) -> Any:
        """Run up to the next suspension, and count it."""
        return self._suspended(self._coroutine.send(value))

    def throw(self, *error: Any) -> Any:
        """Raise within the coroutine, run up to the next suspension, and count it."""
        return self._suspended(self._coroutine.throw(*error))

    def close(self) -> None:
        """Throw the coroutine away."""
        self._coroutine.close()

    def _suspended(self, waits_for: Any) -> Any:
        self.count += 1
        self._at(self.count - 1)
        return waits_for


class Connection:
    """One call of the middleware: its outer end (`server`), its inner end (`inner`) and its task."""

    def __init__(self, stage: "Stage", scope: Scope, number: int) -> None:
        self.server = Server(scope["type"])
        self.scope = scope
        self.before = snapshot_of_scope(scope)
        self.interrupt: Callable[[int], object] = lambda step: None
        self.contexts: tuple[Context, Context] | None = None
        self.outside = f"connection {number}"
        self._stage = stage
        self._number = number
        self._coroutine = Counted(self._run(), lambda step: self.interrupt(step))
        self.left_over: list[asyncio.Task[Any]] = []
        self.left_inner_running = False
        self.task: asyncio.Task[None] = stage.loop.create_task(self._coroutine)
        self.task.add_done_callback(self._look_around)

    def _look_around(self, task: "asyncio.Task[None]") -> None:
        self.left_over = self._stage.running_tasks()
        self.left_inner_running = self.was_called and self.inner.running

    async def _run(self) -> None:
        OUTSIDE.set(self.outside)
        before = copy_context()
        try:
            await self._stage.app(self.scope, self.server.receive, self.server.send)
        finally:
            self.contexts = before, copy_context()

    @property
    def suspensions(self) -> int:
        """How often the call was suspended so far."""
        return self._coroutine.count

    @property
    def was_called(self) -> bool:
        """Whether the inner application was called."""
        return len(self._stage.inner.calls) > self._number

    def require_inner(self) -> None:
        """Raise `NotApplicable` unless the inner application was called."""
        if not self.was_called:
            raise NotApplicable(f"The inner application was not called: {self.instead}.")

    @property
    def inner(self) -> InnerCall:
        """The call of the inner application; raises as `require_inner` does."""
        self.require_inner()
        return self._stage.inner.calls[self._number]

    @property
    def instead(self) -> str:
        """What happened in place of a call of the inner application."""
        if self.server.offered:
            return f"the middleware answered by itself, with {shown(self.server.offered[0])}"
        return f"the call {self.outcome}"

    def do(self, *steps: Step | None) -> None:
        """Have the inner application do *steps*, and let everything come to rest."""
        self.inner.do(*steps)
        self._stage.loop.settle()

    def feed(self, *messages: Message) -> None:
        """Have the server give *messages*, and let everything come to rest."""
        self.server.feed(messages)
        self._stage.loop.settle()

    @property
    def error(self) -> BaseException | None:
        """What the call raised, if it is over."""
        if not self.task.done():
            return None
        return asyncio.CancelledError() if self.task.cancelled() else self.task.exception()

    @property
    def outcome(self) -> str:
        """How the call ended, as the rest of a sentence."""
        if not self.task.done():
            return "hangs"
        return "returned" if self.error is None else f"raised {shown(self.error)}"

    def must_have_returned(self) -> None:
        """Raise `Broken` unless the call is over and raised nothing."""
        if not self.task.done() or self.error is not None:
            raise Broken(f"The call {self.outcome}, though the inner application {self._inner_outcome()}.")

    def _inner_outcome(self) -> str:
        call = self.inner
        if call.running:
            return "was still at work"
        return f"raised {shown(call.ended_by)}" if call.ended_by else "returned"


class Stage:
    """One instance and its loop; a context manager that ends everything that was left running."""

    def __init__(self, build: Callable[[ASGIApp], ASGIApp], inner: Inner) -> None:
        self.loop = SteppedLoop()
        self.loop.set_exception_handler(lambda loop, context: None)
        self.inner = inner
        self.app: Any = None
        self._build_app = build
        self._error: Exception | None = None
        self._connections: list[Connection] = []
        self._earlier_calls = len(inner.calls)

    def __enter__(self) -> "Stage":
        # Within the loop: whether a middleware needs one to be made is the business of one check alone.
        self.loop.call_soon(self._build)
        self.loop.settle()
        if self._error is not None:
            self.close()
            raise NotApplicable(f"It cannot be made: {shown(self._error)}.")
        return self

    def _build(self) -> None:
        try:
            self.app = self._build_app(self.inner)
        except Exception as error:
            self._error = error

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def open(self, scope: Scope, *messages: Message) -> Connection:
        """Call the middleware with *scope*; the server has *messages* ready. Nothing runs yet."""
        connection = Connection(self, scope, self._earlier_calls + len(self._connections))
        self._connections.append(connection)
        connection.server.feed(messages)
        return connection

    def connect(self, scope: Scope, *messages: Message) -> Connection:
        """Call the middleware as `open` does, and let everything come to rest."""
        connection = self.open(scope, *messages)
        self.loop.settle()
        return connection

    def running_tasks(self) -> list[asyncio.Task[Any]]:
        """Return the tasks that run and are no connection's own."""
        own = {connection.task for connection in self._connections}
        return [task for task in asyncio.all_tasks(self.loop) if task not in own]

    def close(self) -> None:
        """Cancel what still runs and close the loop."""
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.settle()
        self.loop.close()


def snapshot_of_scope(scope: Scope) -> Any:
    """Copy *scope* to every depth, but ``state``, which is there for everyone to write into."""
    return snapshot({key: value for key, value in scope.items() if key != "state"})
