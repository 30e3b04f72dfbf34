"""What the routers have in common: checked mounts, one lifespan for all of them, and refusals."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from asgi_stack.applications import awaited, check_application, name_of
from asgi_stack.errors import ApplicationError, OptionError, ScopeTypeError
from asgi_stack.heads import Reply
from asgi_stack.options import mapping
from asgi_stack.routing.fanout import serve_lifespans
from asgi_stack.routing.mount import Lives, Mount
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["NOTHING", "REQUESTS", "Router", "RouterError", "ScopeTypeError"]

REQUESTS = frozenset({"http", "websocket"})
NOTHING = Mount("nothing", Reply.refusal(404), Lives())
"""Where a request goes that no application is for."""


class RouterError(OptionError):
    """A router was given mounts that it cannot use. Every fault is in the text and in `errors`."""

    def __init__(self, owner: object, faults: list[Exception]) -> None:
        lines = [str(fault) for fault in faults]
        if len(lines) > 1:
            lines = [f"{type(owner).__name__}: {len(lines)} faults.", *(f"  {line}" for line in lines)]
        ValueError.__init__(self, "\n".join(lines))
        self.option = "mounts"
        self.errors = tuple(faults)


class Router(ABC):
    """Base class of the routers: applications by their keys, checked, and one lifespan for all of them.

    An http or websocket request that no application is for is answered with 404, a websocket before it is
    accepted. A scope of any other type is an error, as the specification wants (ASGI 3.0, "Applications").

    A call chooses the application and returns that one's own coroutine: a router is no frame of its own
    around a request.
    """

    __slots__ = ("__dict__", "_distinct", "_lives", "_mount_of", "mounts")

    _asgi_single_callable: ClassVar[bool] = True

    mounts: Mapping[str, ASGIApp]
    """The applications by their keys, in the order in which they were given. It cannot be changed."""

    def __init__(
        self,
        mounts: Mapping[str, ASGIApp],
        key_fault: Callable[[Any], str | None],
        example: str,
        compared: Callable[[str], str] = str,
    ) -> None:
        hint = f"Give applications by their keys: {example}."
        if not mapping(self, "mounts", mounts, hint=hint):
            raise OptionError(self, "mounts", mounts, hint)
        faults = [*self._faults(mounts, key_fault, compared)]
        if faults:
            raise RouterError(self, faults) from faults[0]
        self.mounts = MappingProxyType(dict(mounts))
        # An application that is mounted twice has one lifespan.
        self._lives = Lives()
        self._distinct: dict[int, Mount] = {}
        for key, app in self.mounts.items():
            if id(app) not in self._distinct:
                self._distinct[id(app)] = Mount(key, app, self._lives)
        # By the one form in which keys are compared.
        self._mount_of = {compared(key): self._distinct[id(app)] for key, app in self.mounts.items()}
        # Servers read this attribute to tell ASGI 3 by an async function, and call the method of the class.
        vars(self)["__call__"] = awaited(self)

    @abstractmethod
    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """Hand one scope to the application that it is for."""

    def _faults(
        self,
        mounts: Mapping[Any, Any],
        key_fault: Callable[[Any], str | None],
        compared: Callable[[str], str],
    ) -> Iterator[Exception]:
        seen: set[str] = set()
        for key, app in mounts.items():
            hint = key_fault(key)
            if hint is None and compared(key) in seen:
                hint = f"{compared(key)!r} is there already."
            if hint:
                yield OptionError(self, "mounts", key, hint)
            else:
                seen.add(compared(key))
            try:
                check_application(app)
            except ApplicationError as error:
                yield ApplicationError(f"{type(self).__name__}: at {key!r}: {error}")

    async def _serve_other(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a scope that is no request."""
        if scope["type"] != "lifespan":
            raise ScopeTypeError(f"{type(self).__name__}: {self._why_not(scope['type'])}")
        await serve_lifespans([*self._distinct.values()], self._lives, scope, receive, send)

    def _why_not(self, scope_type: str) -> str:
        return f"a scope of type {scope_type!r} cannot be routed. Put a ProtocolRouter outside of it."

    def __repr__(self) -> str:
        shown = (f"{key!r}: {_shown(app)}" for key, app in self.mounts.items())
        return f"{type(self).__name__}({{{', '.join(shown)}}})"


def _shown(app: ASGIApp) -> str:
    return repr(app) if isinstance(app, Router) else name_of(app)
