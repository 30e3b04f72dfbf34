"""The lifespans of several applications behind one: each in a task of its own, with a state of its own.

The rules are those of the ASGI lifespan specification 2.0. Applications are started one after another, in the
order in which they are mounted, and stopped in reverse.
"""

import asyncio
import logging
from collections.abc import Iterable

from asgi_stack.logs import late_logger
from asgi_stack.routing.mount import Mount
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["serve_lifespans"]

logger = late_logger("asgi_stack.lifespan")

_KEY = "asgi_stack.mounted"
"""The scope key under which routers inside find the applications that run already, by their ``id``."""

_DJANGO_DECLINES = "Django can only handle ASGI/HTTP connections"


async def serve_lifespans(mounts: Iterable[Mount], scope: Scope, receive: Receive, send: Send) -> None:
    """Run the lifespan of every mounted application behind the one of the server.

    An application that declines is served without a lifespan. Where one fails to start, those that have
    started are stopped and the failure names it; where some fail to stop, one answer names all of them. One
    that crashes while serving is logged, and reported when the others are stopped: the server serves on.
    """
    await _FanOut(mounts, scope, receive, send).serve()


class _FanOut:
    """One lifespan of the server, and those of the mounted applications in it."""

    __slots__ = ("_mounted", "_mounts", "_receive", "_runs", "_scope", "_send")

    def __init__(self, mounts: Iterable[Mount], scope: Scope, receive: Receive, send: Send) -> None:
        self._mounts = tuple(mounts)
        # A router outside of this one has put the dictionary there, and sees what is added to it.
        self._mounted: dict[int, Mount] = scope.get(_KEY, {})
        self._scope: Scope = {**scope, _KEY: self._mounted}
        self._receive = receive
        self._send = send
        self._runs: list[_Run] = []

    async def serve(self) -> None:
        startup = await self._receive()
        faults: list[str] = []
        try:
            if started := await self._start(startup):
                await self._send({"type": "lifespan.startup.complete"})
                await self._receive()
            for run in reversed(self._runs):
                faults += await run.stop()
        finally:
            await _abandon(self._runs)
            self._forget()
        await self._answer("shutdown" if started else "startup", faults)

    async def _start(self, startup: Message) -> bool:
        for mount in self._mounts:
            running = self._mounted.get(id(mount.app))
            if running is not None:
                mount.share(running)
                continue
            self._mounted[id(mount.app)] = mount
            scope = {**self._scope, "state": mount.begin(self._scope.get("state"))}
            run = _Run(mount, scope, startup, self._send)
            self._runs.append(run)
            await run.answered()
            if run.failed:
                return False
            if run.declined:
                mount.forget()
        return True

    def _forget(self) -> None:
        for mount in self._mounts:
            if self._mounted.get(id(mount.app)) is mount:
                del self._mounted[id(mount.app)]
            mount.forget()

    async def _answer(self, phase: str, faults: list[str]) -> None:
        if not faults:
            await self._send({"type": "lifespan.shutdown.complete"})
            return
        message = "; ".join(faults)
        logger.error("%s failed: %s", phase.capitalize(), message)
        await self._send({"type": f"lifespan.{phase}.failed", "message": message})


class _Run:
    """The lifespan of one application, in its task."""

    __slots__ = (
        "_answered",
        "_faults",
        "_finished",
        "_given",
        "_name",
        "_send",
        "_started",
        "_startup",
        "_stop",
        "_stopping",
        "_task",
    )

    def __init__(self, mount: Mount, scope: Scope, startup: Message, send: Send) -> None:
        self._name = mount.name
        self._startup = startup
        self._send = send
        self._answered, self._stop, self._finished = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._given: str | None = None
        self._started = self._stopping = False
        self._faults: list[str] = []
        self._task = asyncio.create_task(self._serve(mount.app, scope), name=f"lifespan of {mount.name}")

    async def answered(self) -> None:
        """Wait until the application has started, failed or declined."""
        await self._answered.wait()

    @property
    def failed(self) -> bool:
        """Whether it cannot be served."""
        return bool(self._faults) and not self._started

    @property
    def declined(self) -> bool:
        """Whether it is served without a lifespan."""
        return not self._faults and not self._started

    async def stop(self) -> list[str]:
        """End, and say what has gone wrong since the beginning."""
        self._stopping = True
        self._stop.set()
        await self._finished.wait()
        await _abandon([self])
        if not self._task.cancelled() and (error := self._task.exception()):
            raise error
        return self._faults

    def abandon(self) -> list[asyncio.Task[None]]:
        """Cancel what still runs, and return it."""
        if self._task.done():
            return []
        self._stopping = True
        self._task.cancel()
        return [self._task]

    async def _serve(self, app: ASGIApp, scope: Scope) -> None:
        try:
            await app(scope, self._receive_from_router, self._send_from_mount)
        except Exception as error:
            self._take(error)
        except BaseException as error:
            if not self._stopping:
                self._take(error)
            raise
        else:
            if self.declined:
                level = logging.WARNING if self._given else logging.INFO
                logger.log(level, "%s returned from its lifespan without an answer: it has none.", self._name)
        finally:
            self._answered.set()
            self._finished.set()

    async def _receive_from_router(self) -> Message:
        if self._given is None:
            self._given = "startup"
            return self._startup.copy()
        if self._given == "startup":
            await self._stop.wait()
            self._given = "shutdown"
            return {"type": "lifespan.shutdown"}
        # Nothing ever follows. Whoever waits for it has finished, and is cancelled.
        self._finished.set()
        nothing: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        return await nothing

    async def _send_from_mount(self, message: Message) -> None:
        kind = message["type"]
        if kind == "lifespan.startup.complete":
            self._started = True
            self._answered.set()
        elif kind in ("lifespan.startup.failed", "lifespan.shutdown.failed"):
            self._faults.append(f"{self._name}: {message.get('message') or 'it gave no reason'}")
            self._answered.set()
        elif kind != "lifespan.shutdown.complete":
            await self._send(message)

    def _take(self, error: BaseException) -> None:
        if self._started and not self._stopping:
            logger.error("The lifespan of %s crashed while serving.", self._name, exc_info=error)
        elif self._given is None:
            level = logging.DEBUG if str(error).startswith(_DJANGO_DECLINES) else logging.INFO
            logger.log(level, "%s has no lifespan: %s: %s", self._name, type(error).__name__, error)
            return
        elif not self._faults:
            logger.error("%s failed.", self._name, exc_info=error)
        if not self._faults:
            self._faults.append(f"{self._name}: {type(error).__name__}: {error}")


async def _abandon(runs: Iterable[_Run]) -> None:
    """Cancel what still runs, and wait until nothing does, even where the wait itself is cancelled."""
    interrupt: asyncio.CancelledError | None = None
    while running := [task for run in runs for task in run.abandon()]:
        try:
            await asyncio.wait(running)
        except asyncio.CancelledError as cancelled:
            interrupt = cancelled
    if interrupt is not None:
        raise interrupt
