"""Where a test client gets its application from, and the lifespan of it."""

from typing import Any

from django.core.signals import setting_changed

from asgi_stack.composing.stack import StackedApplication
from asgi_stack.django.application import get_stack
from asgi_stack.django.client.handler_call import django_application
from asgi_stack.testing.lifespan import LifespanTask
from asgi_stack.types import ASGIApp

__all__ = ["Source"]


class Source:
    """The application of one test client: the one it was given, or the stack of the settings."""

    __slots__ = ("__weakref__", "_application", "_run", "is_given")

    def __init__(self, given: ASGIApp | None) -> None:
        self.is_given = given is not None
        self._application = given
        self._run: LifespanTask | None = None
        if given is None:
            setting_changed.connect(self._forget)

    @property
    def application(self) -> ASGIApp:
        """The application; that of the settings is built anew after any of them was changed.

        Raises:
            ImproperlyConfigured: as for `get_stack`.
            ConfigurationError: as for `Stack.wrap`.
        """
        if self._application is None:
            self._application = get_stack().wrap(django_application)
        if self._run is None:
            _leave_unstarted(self._application)
        return self._application

    @property
    def state(self) -> dict[str, Any] | None:
        """What the lifespan has given so far; None where none was begun."""
        return None if self._run is None else self._run.state

    async def start_up(self) -> None:
        """Begin the lifespan of the application.

        Raises:
            LifespanError: where it fails to start, with its own message.
        """
        run = LifespanTask(self.application, timeout=None)
        await run.start_up(required=False)
        self._run = run

    async def shut_down(self) -> None:
        """End the lifespan.

        Raises:
            LifespanError: where it fails to shut down.
        """
        run, self._run = self._run, None
        if run is not None:
            self._forget()
            await run.shut_down()

    def _forget(self, **_: object) -> None:
        # An application whose lifespan runs keeps what its contexts have opened.
        if self._run is None and not self.is_given:
            self._application = None


def _leave_unstarted(application: Any) -> None:
    """Take from a stacked application its warning that no lifespan came: none was wanted."""
    if isinstance(application, StackedApplication):
        application._lifespan.leave_unstarted()  # pyright: ignore[reportPrivateUsage]
