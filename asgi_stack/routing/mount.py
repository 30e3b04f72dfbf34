"""One application of a router, and the state that its lifespan gave."""

import threading
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from typing import Any, NamedTuple

from asgi_stack.applications import Serve, as_async, name_of
from asgi_stack.loops import Running
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["MOUNTED", "Lives", "Mount", "Mounted"]

MOUNTED = "asgi_stack.mounted"
"""The key under which the `Mounted` of a lifespan is found: in the scopes that a router hands inward, so that
routers inside share it, and in a state, where two lifespans on one event loop must be told apart."""


class _Namespace(NamedTuple):
    """What one application found in the state of its lifespan, and that state, to which it adds its own."""

    given: dict[str, Any]
    state: dict[str, Any]

    def own(self) -> dict[str, Any]:
        # What was there before is left to the server: a layer may have replaced it since.
        given = self.given
        return {
            key: value for key, value in self.state.items() if key not in given or given[key] is not value
        }


class Mounted:
    """The applications that live in one lifespan of a server, and the state of each."""

    __slots__ = ("_namespaces", "_state")

    def __init__(self, state: dict[str, Any]) -> None:
        self._state = state
        self._namespaces: dict[int, _Namespace] = {}

    def __contains__(self, app: ASGIApp) -> bool:
        return id(app) in self._namespaces

    def begin(self, app: ASGIApp, outer: dict[str, Any]) -> dict[str, Any]:
        """Return the state of a lifespan of *app*: at first what the server and the contexts outside gave."""
        given = {key: value for key, value in outer.items() if key != MOUNTED}
        self._namespaces[id(app)] = _Namespace(given, given.copy())
        return self._namespaces[id(app)].state

    def end(self, app: ASGIApp) -> None:
        """Give requests to *app* no state any more."""
        del self._namespaces[id(app)]

    @property
    def is_marked(self) -> bool:
        """Whether requests are known as those of this lifespan by the state that their server gives them."""
        return MOUNTED in self._state

    def mark(self) -> None:
        """Let requests be known as those of this lifespan, which is not the only one on its event loop."""
        self._state[MOUNTED] = self

    def unmark(self) -> None:
        """Take the mark out of a state that the server may use again."""
        self._state.pop(MOUNTED, None)

    def lay_over(self, scope: Scope, app: ASGIApp) -> Scope:
        """Return a copy of the scope of a request whose state holds what the lifespan of *app* gave.

        Where nothing was added, the scope itself is returned.
        """
        namespace = self._namespaces.get(id(app))
        own = namespace.own() if namespace is not None else {}
        state: dict[str, Any] = scope.get("state") or {}
        if MOUNTED not in state:
            return {**scope, "state": {**state, **own}} if own else scope
        state = {**state, **own}
        del state[MOUNTED]
        return {**scope, "state": state, MOUNTED: self}


class Lives:
    """The lifespans that run behind one router, and which of them a request belongs to.

    A request belongs to the lifespan that its server's state is marked with, else to the one that runs on its
    event loop; of several to that which began last.
    """

    __slots__ = ("_mounts", "_running", "_settling")

    def __init__(self) -> None:
        self._mounts: list[Mount] = []
        self._running: Running[Mounted] = Running()
        self._settling = threading.Lock()

    def add(self, mount: "Mount") -> None:
        """Care for one more mount."""
        self._mounts.append(mount)

    @contextmanager
    def holding(self, mounted: Mounted) -> Generator[None, None, None]:
        """Count *mounted* among what runs, as long as the block lasts."""
        try:
            with self._running.holding(mounted):
                here = self._running.here()
                if len(here) > 1:
                    for each in here:
                        each.mark()
                yield
        finally:
            self.settle()

    def find(self, scope: Scope) -> Mounted | None:
        """Return what lives in the lifespan that this request belongs to."""
        state: dict[str, Any] = scope.get("state") or {}
        found: Mounted | None = scope.get(MOUNTED) or state.get(MOUNTED)
        if found is None and (here := self._running.here()):
            return here[-1]
        return found

    def settle(self) -> None:
        """Let requests reach those applications directly that have no lifespan anywhere."""
        with self._settling:
            running = self._running.everywhere()
            for mount in self._mounts:
                lives = any(mount.app in mounted or mounted.is_marked for mounted in running)
                mount.serve = mount.serve_with_state if lives else mount.serve_as_given


class Mount:
    """An application of a router: how reports call it, and how requests reach it."""

    __slots__ = ("_lives", "app", "name", "serve", "serve_as_given")

    app: ASGIApp
    """The application."""

    name: str
    """What reports call it: the key that it is mounted under, and what it is."""

    serve: Serve
    """Calls the application for a request; while a lifespan runs, with the state that it gave."""

    def __init__(self, key: str, app: ASGIApp, lives: Lives) -> None:
        self.app = app
        self.name = f"mount {key!r} ({name_of(app)})"
        self._lives = lives
        lives.add(self)
        self.serve = self.serve_as_given = as_async(app)

    def serve_with_state(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """Call the application with the state of the lifespan that the request belongs to."""
        mounted = self._lives.find(scope)
        if mounted is not None:
            scope = mounted.lay_over(scope, self.app)
        return self.serve_as_given(scope, receive, send)
