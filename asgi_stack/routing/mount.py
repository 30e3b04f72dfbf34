"""One application of a router, and the state that its lifespan gave."""

from collections.abc import Coroutine
from typing import Any

from asgi_stack.applications import Serve, as_async, name_of
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["Mount"]


class Mount:
    """An application of a router: how reports call it, and the state of its own lifespan."""

    __slots__ = ("_given", "_serve_as_given", "app", "name", "serve", "state")

    app: ASGIApp
    """The application."""

    name: str
    """What reports call it: the key that it is mounted under, and what it is."""

    serve: Serve
    """Calls the application for a request; while its lifespan runs, with the state that it gave."""

    state: dict[str, Any]
    """The namespace of its lifespan; empty while that does not run."""

    def __init__(self, key: str, app: ASGIApp) -> None:
        self.app = app
        self.name = f"mount {key!r} ({name_of(app)})"
        self._serve_as_given = as_async(app)
        self.forget()

    def begin(self, outer: dict[str, Any] | None) -> dict[str, Any]:
        """Make the namespace of a lifespan: at first what the server and the contexts outside have given."""
        self._given = dict(outer or {})
        self.state = self._given.copy()
        self.serve = self._serve_with_state
        return self.state

    def share(self, other: "Mount") -> None:
        """Use the state of *other*, the same application in an outer router, which runs its lifespan."""
        self._given = other._given
        self.state = other.state
        self.serve = self._serve_with_state

    def forget(self) -> None:
        """Give requests no state any more: the lifespan is over."""
        self._given = {}
        self.state = {}
        self.serve = self._serve_as_given

    def _serve_with_state(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        if self.state:
            scope = self._overlay(scope)
        return self._serve_as_given(scope, receive, send)

    def _overlay(self, scope: Scope) -> Scope:
        """Return a copy of the scope of a request whose state holds what this application's lifespan gave.

        What was there before the lifespan is left to the server: a layer may have replaced it since. Where
        nothing was added to that, the scope itself is returned.
        """
        given = self._given
        own = {key: value for key, value in self.state.items() if key not in given or given[key] is not value}
        if not own:
            return scope
        return {**scope, "state": {**(scope.get("state") or {}), **own}}
