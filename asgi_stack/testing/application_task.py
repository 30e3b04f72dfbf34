"""One call of an application, in a task of its own, seen from the other side of receive and send."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from asgi_stack.testing.alarms import call_after
from asgi_stack.testing.errors import (
    ClientUsageError,
    DisconnectedError,
    LeftRunningError,
    ResponseError,
    WaitTimeoutError,
)
from asgi_stack.testing.outcomes import is_outcome, require_asyncio
from asgi_stack.testing.words import history_of, place_of
from asgi_stack.types import ASGIApp, Message, Scope

__all__ = ["ApplicationTask"]

# Messages that an application sends before it has to give way: a small response is two.
AT_ONCE = 2


class ApplicationTask:
    """Runs one application for one scope; the test is the server and the client at once.

    The application has a task of its own, as on a server, with a copy of the test's context variables: it
    sees what the test has set, and what it sets does not come back. A wait that times out leaves it
    running.
    """

    scope: Scope
    messages: list[Message]
    error: BaseException | None
    ended_alone = False

    # Most applications answer without ever having to wait, and these stay as they are.
    _held = False
    _receiving = _sending = 0
    _for_application: asyncio.Event | None = None
    _for_test: asyncio.Event | None = None

    def __init__(self, app: ASGIApp, scope: Scope, timeout: float | None) -> None:
        self.scope = scope
        self.messages = []
        self.error = None
        self._app = app
        self._timeout = timeout
        # No deque: one message is the rule, and a deque has room for 64.
        self._incoming: list[Message] = []
        self._last: Message | None = None
        self._gone = False
        self._task: asyncio.Task[None] | None = None
        self._over = False
        self._steps: list[tuple[str, object]] = []

    def start(self) -> None:
        """Call the application."""
        require_asyncio()
        self._task = asyncio.create_task(
            self._run(), name=f"application under test: {self.scope.get('path')}"
        )

    @property
    def log(self) -> list[str]:
        """What the application did so far, in words."""
        return self.log_since(0)

    def log_since(self, count: int) -> list[str]:
        """What it did after so many steps, in words."""
        return [verb if what is None else f"{verb} {what!r}" for verb, what in self._steps[count:]]

    @property
    def ended(self) -> bool:
        """Whether the application has returned, or raised."""
        return self._over or (self._task is not None and self._task.done())

    @property
    def running(self) -> bool:
        """Whether the application was called and has not ended, but with its event loop."""
        cut_off = isinstance(self.error, asyncio.CancelledError)
        return cut_off or (self._task is not None and not self._task.done())

    def hold(self) -> None:
        """Let the application's ``send`` wait from now on, as a client does that stopped reading."""
        self._held = True

    def release(self) -> None:
        """Let the application's ``send`` go on after `hold`."""
        self._held = False
        self._wake_application()

    def feed(self, message: Message) -> None:
        """Put *message* in line for the application's ``receive``."""
        self._incoming.append(message)
        self._wake_application()

    def feed_last(self, message: Message, *, gone: bool) -> None:
        """Let ``receive`` give *message*, now and ever after; if *gone*, ``send`` raises from now on."""
        self._last = message
        self._gone = self._gone or gone
        self._wake_application()

    async def until(self, ready: Callable[[], object], what: str) -> None:
        """Wait until *ready* is true. An application that ends before is an error: its own, if it raised."""
        if not await self._wait(lambda: ready() or self.ended):
            raise WaitTimeoutError(f"ASGIClient: waited {self._timeout} s for {what}. {self.describe()}")
        if not ready():
            self.raise_error()
            raise ResponseError(f"ASGIClient: the application returned without {what}. {self.history()}")

    async def until_ended(self, what: str = "the application to return") -> None:
        """Wait until the application has returned or raised; what it raised stays in `error`."""
        await self.until(lambda: self.ended, what)

    def raise_error(self) -> None:
        """Raise what the application raised, once, with its own traceback."""
        error, self.error = self.error, None
        if isinstance(error, asyncio.CancelledError):
            # Raised as it is, it would look like a cancellation of the test.
            raise ResponseError(
                f"ASGIClient: the application ended with CancelledError. {self.history()}"
            ) from error
        if error is not None:
            raise error

    def raise_outcome(self) -> None:
        """Raise what the application raised, if that is how the test ends, and not an answer."""
        if is_outcome(self.error):
            self.raise_error()

    async def finish(self) -> None:
        """Wait for the end; an application that does not come to one is an error, and is cancelled."""
        try:
            await self.until_ended()
        except WaitTimeoutError:
            text = f"ASGIClient: the application was left running and was cancelled. {self.describe()}"
            await self.cancel()
            raise LeftRunningError(text) from None

    async def cancel(self) -> None:
        """Cancel the application, if it still runs, and wait for its end."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await self._wait(lambda: self.ended)
            self.error = None

    def describe(self) -> str:
        """Say what the application is doing now, and what it did before."""
        return f"It {self._doing()}. {self.history()}"

    def _doing(self) -> str:
        if self.ended:
            return "has ended"
        if self._receiving:
            return "is waiting in receive() for a message"
        if self._sending:
            return "is waiting in send(), which is held"
        return f"is waiting at {place_of(self._task.get_coro() if self._task else None)}"

    def history(self) -> str:
        """Say what the application has received and sent so far."""
        return history_of(self.log)

    def sent(self, message: Message) -> None:
        """Take note of a message; a place for subclasses to follow the protocol."""

    async def _run(self) -> None:
        try:
            await self._app(self.scope, self._receive, self._send)
        except (GeneratorExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._ended(error)
        else:
            self._ended(None)
        # A test may keep what has ended for long: the task need not stay with it.
        self._over, self._task = True, None

    def _ended(self, error: BaseException | None) -> None:
        # ASGI www 2.5, "Disconnected Client": a server swallows its own error, and no other.
        self.error = None if isinstance(error, DisconnectedError) else error
        self.ended_alone = self._gone
        if self.error is not None and self._gone:
            self.error.add_note(
                "ASGIClient: this was after the client had gone; raise_errors='connected' lets it pass."
            )
        self._steps.append(("returned" if error is None else f"raised {error!r}", None))

    async def _receive(self) -> Message:
        if not self._incoming and self._last is None:
            await self._until_fed()
        message = self._incoming.pop(0) if self._incoming else {**(self._last or {})}
        self._note("received", message)
        return message

    async def _until_fed(self) -> None:
        self._receiving += 1
        try:
            while not self._incoming and self._last is None:
                await self._for_a_change()
        finally:
            self._receiving -= 1

    async def _send(self, message: Message) -> None:
        if self._held and not self._gone:
            await self._until_released()
        if self._gone:
            self._note("was refused", message)
            raise DisconnectedError(f"ASGIClient: {message['type']!r} was sent after the client had gone.")
        message = _kept(message)
        self.messages.append(message)
        self._note("sent", message)
        self.sent(message)
        if len(self.messages) > AT_ONCE:
            # One that only sends would never let the test run, nor a time-out come.
            await asyncio.sleep(0)

    async def _until_released(self) -> None:
        self._sending += 1
        try:
            while self._held and not self._gone:
                await self._for_a_change()
        finally:
            self._sending -= 1

    async def _for_a_change(self) -> None:
        if self._for_application is None:
            self._for_application = asyncio.Event()
        self._for_application.clear()
        await self._for_application.wait()

    def _wake_application(self) -> None:
        if self._for_application is not None:
            self._for_application.set()

    def _note(self, verb: str, message: Message) -> None:
        self._steps.append((verb, message["type"]))
        self._wake_test()

    def _wake_test(self, *_: object) -> None:
        if self._for_test is not None:
            self._for_test.set()

    async def _wait(self, ready: Callable[[], object]) -> bool:
        expired: list[bool] = []
        if ready():
            return True
        self._for_test = self._for_test or asyncio.Event()
        task = self._started()
        task.add_done_callback(self._wake_test)
        call_off = self._alarm(expired)
        try:
            while not ready():
                if expired:
                    return False
                self._for_test.clear()
                await self._for_test.wait()
        finally:
            call_off()
            task.remove_done_callback(self._wake_test)
        return True

    def _started(self) -> "asyncio.Task[None]":
        if self._task is None:
            name = type(self).__name__
            raise ClientUsageError(
                f"{name}: nothing has begun yet. Enter its block first, with 'async with'."
            )
        return self._task

    def _alarm(self, expired: list[bool]) -> Callable[[], object]:
        def expire() -> None:
            expired.append(True)
            self._wake_test()

        return call_after(self._timeout, expire) if self._timeout is not None else lambda: None


def _kept(message: Message) -> Message:
    """Copy *message*, header lines included: an application may use its list again, or give an iterator."""
    kept = message.copy() if message.__class__ is dict else {**message}
    headers: Any = kept.get("headers")
    # The last question takes much longer, and is hardly ever put.
    if headers is not None and (headers.__class__ is list or isinstance(headers, Iterable)):
        kept["headers"] = [*headers]
    return kept
