"""The lifespan of a server: contexts, then the application; the one machine of stacks and routers.

The rules are those of the ASGI lifespan specification 2.0. Everything runs in the server's own task.
"""

from collections.abc import Callable, Sequence

from asgi_stack.lifespan.application import COMPLETE, ApplicationLifespan
from asgi_stack.lifespan.contexts import Context, EnteredContexts
from asgi_stack.lifespan.faults import Fault, cause_of, report
from asgi_stack.logs import late_logger
from asgi_stack.loops import lack_of_asyncio
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Serving"]

logger = late_logger("asgi_stack.lifespan")

_INNER = "the inner application"


class Serving:
    """One lifespan, from ``lifespan.startup`` to the answer to ``lifespan.shutdown``.

    Arguments:
        scope: of the lifespan, with a ``state`` for what the contexts give.
        receive: the server's.
        send: the server's.
        timeout: seconds for each context, and for the application, to start, and again to stop.
        begin: called when all has started, ahead of the answer to the server.
    """

    __slots__ = (
        "_begin",
        "_entered",
        "_faults",
        "_inner",
        "_receive",
        "_scope",
        "_send",
        "_stops",
        "_timeout",
    )

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        timeout: float | None = None,
        begin: Callable[[], None] = lambda: None,
    ) -> None:
        self._timeout = timeout
        self._scope = scope
        self._receive = receive
        self._send = send
        self._begin = begin
        self._entered = EnteredContexts(timeout, scope["state"])
        self._faults: list[Fault] = []
        self._stops = False

    async def serve(self, contexts: Sequence[Context], app: ASGIApp | None = None) -> None:
        """Enter the contexts, run the lifespan of *app*, if there is one, and leave the contexts.

        Raises:
            LifespanError: where something failed that raised nothing itself.
            BaseException: what made the start or the stop fail, after the server has been told.
        """
        startup = await self._receive()
        self._inner = ApplicationLifespan(_INNER, startup, self._until_stop, self._complete, self._send)
        try:
            await self._live(contexts, app)
        except BaseException as error:
            self._judge(error, *await self._entered.abandon(error))
        finally:
            self._entered.withdraw()
        if self._inner.crash is not None:
            raise self._inner.crash
        await self._answer()

    async def _live(self, contexts: Sequence[Context], app: ASGIApp | None) -> None:
        await self._start(contexts)
        if not self._faults:
            await self._run(app)
        if self._inner.has_started and not self._stops and self._inner.crash is None:
            await self._until_stop()
        self._faults += await self._entered.leave()

    async def _start(self, contexts: Sequence[Context]) -> None:
        if self._timeout is not None and (lack := lack_of_asyncio("lifespan_timeout")):
            self._faults.append(Fault(str(lack), lack))
            return
        for context in contexts:
            self._faults += await self._entered.enter(context)
            if self._faults:
                return

    async def _run(self, app: ASGIApp | None) -> None:
        if app is not None:
            await self._inner.serve(app, self._scope, self._timeout)
        if self._inner.has_declined:
            await self._complete(COMPLETE)
        self._faults += self._inner.faults

    async def _until_stop(self) -> Message:
        message: Message = await self._receive()
        self._stops = True
        return message

    async def _complete(self, message: Message) -> None:
        if fault := self._entered.overwritten():
            self._inner.faults.append(Fault(f"{_INNER}: {fault}"))
            return
        self._inner.has_started = True
        self._begin()
        await self._send(message)

    def _judge(self, error: BaseException, left: BaseException, owner: str) -> None:
        """Raise what is in flight in the end, unless the server waits for an answer, and is told in that."""
        is_serving = self._inner.has_started and not self._stops
        if left is error or is_serving or not isinstance(left, Exception):
            if left is not error and isinstance(left, Exception):
                logger.error("%s crashed while serving.", owner, exc_info=left)
            raise left
        self._faults += report(owner, left)

    async def _answer(self) -> None:
        phase = "shutdown" if self._inner.has_started else "startup"
        if not self._faults:
            await self._send({"type": "lifespan.shutdown.complete"})
            return
        message = "; ".join(fault.text for fault in self._faults)
        logger.error("%s failed: %s", phase.capitalize(), message)
        await self._send({"type": f"lifespan.{phase}.failed", "message": message})
        # Afterwards: before the event, servers take it for an application without a lifespan; and a test
        # client that does not look at the event would go on, or wait for ever.
        raise cause_of(self._faults)
