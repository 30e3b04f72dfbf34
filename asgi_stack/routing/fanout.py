"""The lifespans of several applications behind one: each in a task of its own, with a state of its own.

To the machine that serves a lifespan each of them is a context: entered when the application has started,
left when it has stopped.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from types import TracebackType

from asgi_stack.lifespan import Context
from asgi_stack.lifespan.application import ApplicationLifespan
from asgi_stack.lifespan.faults import FaultsError
from asgi_stack.lifespan.limits import share_of_limit
from asgi_stack.lifespan.passage import is_djangos_own, say_that_django_has_none
from asgi_stack.lifespan.serving import Serving
from asgi_stack.loops import need_asyncio
from asgi_stack.routing.mount import MOUNTED, Lives, Mount, Mounted
from asgi_stack.types import Message, Receive, Scope, Send

__all__ = ["serve_lifespans"]


async def serve_lifespans(
    mounts: Sequence[Mount], lives: Lives, scope: Scope, receive: Receive, send: Send
) -> None:
    """Run the lifespan of every mounted application behind the one of the server.

    An application that declines is served without a lifespan. Where one fails to start, those that have
    started are stopped and the failure names it; where some fail to stop, one answer names all of them. One
    that crashes while serving is logged, and reported when the others are stopped: the server serves on.
    """
    seconds = share_of_limit(scope)
    if scope.get("state") is None:
        scope = {**scope, "state": {}}
    # A router outside of this one has put it there, and sees what is added to it.
    outer: Mounted | None = scope.get(MOUNTED)
    mounted = Mounted(scope["state"]) if outer is None else outer
    inward = {**scope, MOUNTED: mounted}
    contexts = [
        Context(mount.name, partial(_Life, mount, mounted, lives, inward, send, seconds)) for mount in mounts
    ]
    try:
        with lives.holding(mounted):
            await Serving(scope, receive, send).serve(contexts)
    finally:
        if outer is None:
            mounted.unmark()


class _Life(AbstractAsyncContextManager[None]):
    """The lifespan of one application as a context: it has started when this is entered.

    Where the application declines, or lives in a router outside already, there is nothing to be left.
    """

    def __init__(
        self, mount: Mount, mounted: Mounted, lives: Lives, scope: Scope, send: Send, seconds: float | None
    ) -> None:
        self._app = mount.app
        self._name = mount.name
        self._mounted = mounted
        self._lives = lives
        self._scope = scope
        self._send = send
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None
        self._is_ended = False

    async def __aenter__(self) -> None:
        if self._app in self._mounted:
            return
        if is_djangos_own(self._app):
            say_that_django_has_none(self._name)
            return
        need_asyncio("a router")
        self._answered, self._stop = asyncio.Event(), asyncio.Event()
        self._life = ApplicationLifespan(
            self._name, {"type": "lifespan.startup"}, self._until_stop, self._started, self._send
        )
        self._task = task = asyncio.create_task(self._run(), name=f"lifespan of {self._name}")
        task.add_done_callback(lambda _: self._answered.set())
        try:
            await self._answered.wait()
        finally:
            if not self._life.has_started:
                await self._end(task)
        self._lives.settle()
        if not self._life.has_started and self._life.faults:
            raise FaultsError(self._life.faults)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        task, self._task = self._task, None
        if task is None or self._app not in self._mounted:
            return
        try:
            if error is None:
                self._stop.set()
                await asyncio.wait([task])
        finally:
            await self._end(task)
        if error is None and self._life.faults:
            raise FaultsError(self._life.faults)

    async def _run(self) -> None:
        state = self._mounted.begin(self._app, self._scope["state"])
        try:
            await self._life.serve(self._app, {**self._scope, "state": state}, self._seconds)
        except BaseException as error:
            if not self._is_ended:
                self._life.take(error)
            raise

    async def _started(self, message: Message) -> None:
        self._life.has_started = True
        self._answered.set()

    async def _until_stop(self) -> Message:
        await self._stop.wait()
        return {"type": "lifespan.shutdown"}

    async def _end(self, task: "asyncio.Task[None]") -> None:
        """Cancel what still runs, and wait until nothing does, even where the wait itself is cancelled."""
        self._is_ended = True
        self._life.stops = True
        self._mounted.end(self._app)
        interrupt: asyncio.CancelledError | None = None
        while not task.done():
            task.cancel()
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError as cancelled:
                interrupt = cancelled
        if interrupt is not None:
            raise interrupt
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
