"""The lifespan of an application under test."""

from typing import Any

from asgi_stack.lifespan.passage import WARNINGS
from asgi_stack.testing.application_task import ApplicationTask
from asgi_stack.testing.errors import LifespanError
from asgi_stack.testing.scopes import lifespan_scope
from asgi_stack.types import ASGIApp, Message

__all__ = ["LifespanTask"]


class LifespanTask(ApplicationTask):
    """Starts an application up and shuts it down, in one task, as a server does.

    `declined` says whether the application takes no part: it raised before its first ``receive``, or it
    returned without an answer. ASGI lifespan specification 2.0, "Scope".
    """

    state: dict[str, Any]
    declined: bool

    def __init__(self, app: ASGIApp, *, timeout: float | None) -> None:
        self.state = {}
        self.declined = False
        self._answer: Message | None = None
        super().__init__(app, lifespan_scope(state=self.state), timeout=timeout)

    async def start_up(self, *, required: bool) -> None:
        """Start; a failure is a `LifespanError`.

        If it is *required*, an application that declines is one too, and a layer that takes the lifespan away
        from the application inside of it.
        """
        warnings: list[str] = []
        if required:
            self.scope[WARNINGS] = warnings
        self.start()
        try:
            answer = await self._ask("startup")
        except BaseException:
            await self.cancel()
            raise
        self.raise_outcome()
        if answer is None:
            self._decline(required)
        elif answer["type"] == "lifespan.startup.failed":
            await self.finish()
            self.raise_outcome()
            raise self._failure("start", answer)
        elif warnings:
            await self.shut_down()
            raise LifespanError(f"ASGIClient: {' '.join(warnings)}")

    async def shut_down(self) -> None:
        """Shut down, unless the application declined; a failure is a `LifespanError`."""
        if self.declined:
            return
        answer = await self._ask("shutdown") if not self.ended else None
        await self.finish()
        self.raise_outcome()
        if answer is not None and answer["type"] == "lifespan.shutdown.failed":
            raise self._failure("shut down", answer)
        self.raise_error()
        if answer is None:
            raise LifespanError(f"ASGIClient: the lifespan ended before the shutdown. {self.history()}")

    def _failure(self, deed: str, answer: Message) -> LifespanError:
        failure = LifespanError(
            f"ASGIClient: the application failed to {deed}: {answer.get('message', '')!r}."
        )
        # What it raised as well has the traceback that its message lacks.
        failure.__cause__, self.error = self.error, None
        return failure

    async def _ask(self, phase: str) -> Message | None:
        self._answer = None
        self.feed({"type": f"lifespan.{phase}"})
        await self.until(lambda: self._answer or self.ended, f"'lifespan.{phase}.complete'")
        return self._answer

    def _decline(self, required: bool) -> None:
        if any(line.startswith("received") for line in self.log):
            self.raise_error()
        error, self.error = self.error, None
        self.declined = True
        if required:
            raise LifespanError(f"ASGIClient: the application declined lifespan. {self.history()}") from error

    def sent(self, message: Message) -> None:
        """Remember the answer."""
        self._answer = message
