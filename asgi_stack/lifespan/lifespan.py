"""The lifespans of a stacked application, and what its requests must be told of them."""

import threading
from collections.abc import Sequence
from typing import Any

from asgi_stack.lifespan.contexts import Context
from asgi_stack.lifespan.limits import share_of_limit
from asgi_stack.lifespan.serving import Serving
from asgi_stack.logs import late_logger
from asgi_stack.loops import Running
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["Lifespan"]

logger = late_logger("asgi_stack.lifespan")


class _Kept:
    """The state of one lifespan, and whether requests need it from us."""

    __slots__ = ("from_server", "is_needed", "state")

    def __init__(self, state: dict[str, Any], from_server: bool) -> None:
        self.state = state
        self.from_server = from_server
        self.is_needed = False


class Lifespan:
    """The contexts of one stacked application, and the lifespans that run with them.

    Each lifespan has a state of its own. A request has it from its server; from one that has given none, it
    gets a copy of the state of the lifespan that runs on its event loop.
    """

    __slots__ = ("_app", "_contexts", "_has_begun", "_running", "_settling", "_timeout", "touches_requests")

    def __init__(self, app: ASGIApp, contexts: Sequence[Context], timeout: float | None) -> None:
        self._app = app
        self._contexts = tuple(contexts)
        self._timeout = timeout
        self._running: Running[_Kept] = Running()
        self._has_begun = False
        self._settling = threading.Lock()
        # True only until a lifespan begins, or while requests need a state that the server has not got.
        self.touches_requests = bool(contexts)

    def touch(self, scope: Scope) -> Scope:
        """Return the scope of a request with the state in it, or warn once where no lifespan has begun."""
        if not self._has_begun:
            self._warn()
            return scope
        here = self._running.here()
        if "state" not in scope:
            return {**scope, "state": here[-1].state.copy()} if here else scope
        if len(here) == 1 and here[0].from_server:
            here[0].is_needed = False  # it hands on to requests what it has given to the lifespan
            self._settle()
        return scope

    def leave_unstarted(self) -> None:
        """Say nothing where no lifespan begins: none is wanted."""
        self._has_begun = True
        self._settle()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Enter the contexts, run the inner application's own lifespan, leave the contexts."""
        self.leave_unstarted()
        outer = share_of_limit(scope)
        timeout = outer if self._timeout is None else self._timeout
        from_server = scope.get("state") is not None
        if not from_server:
            scope = {**scope, "state": {}}
        kept = _Kept(scope["state"], from_server)

        def begin() -> None:
            kept.is_needed = bool(kept.state)
            self._settle()

        try:
            with self._running.holding(kept):
                serving = Serving(scope, receive, send, timeout=timeout, begin=begin)
                await serving.serve(self._contexts, self._app)
        finally:
            self._settle()

    def _settle(self) -> None:
        with self._settling:
            self.touches_requests = any(kept.is_needed for kept in self._running.everywhere())

    def _warn(self) -> None:
        self.leave_unstarted()
        names = "; ".join(context.name for context in self._contexts)
        logger.warning("The server sends no lifespan events, so these contexts are not entered: %s.", names)
