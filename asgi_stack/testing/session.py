"""What an http exchange and a websocket have in common: they are blocks, and leave nothing running."""

from types import TracebackType
from typing import Literal, Self, TypeAlias

from asgi_stack.testing.application_task import ApplicationTask
from asgi_stack.testing.cookies import Cookies
from asgi_stack.types import ASGIApp, Scope

__all__ = ["RaiseErrors", "Session"]

RaiseErrors: TypeAlias = bool | Literal["connected"]


class Session(ApplicationTask):
    """A conversation as an ``async with`` block: at its end the client leaves and the application ends.

    An application that does not is an error, and is cancelled. What the application raised is raised
    there, unless it already was, or unless the client was told otherwise by ``raise_errors``.
    """

    def __init__(
        self,
        app: ASGIApp,
        scope: Scope,
        timeout: float | None,
        raise_errors: RaiseErrors,
        cookies: Cookies,
    ) -> None:
        super().__init__(app, scope, timeout)
        self._raise_errors = raise_errors
        self._cookies = cookies

    async def open(self) -> None:
        """Begin; a place for subclasses."""
        self.start()

    async def leave(self) -> None:
        """Say good-bye as a client; a place for subclasses."""

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            await self.leave()
            self.release()
            await self.finish()
            self.raise_if_wanted()
        else:
            if self.error is not None:
                error.add_note(f"ASGIClient: meanwhile the application raised {self.error!r}.")
            await self.cancel()

    def raise_if_wanted(self) -> None:
        """Raise what the application raised, if the client was told to, or if it is how the test ends."""
        self.raise_outcome()
        if self._raise_errors is True or (self._raise_errors and not self.ended_alone):
            self.raise_error()
