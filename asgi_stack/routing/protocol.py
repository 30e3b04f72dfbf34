"""Applications by the type of the scope."""

from collections.abc import Coroutine, Mapping
from difflib import get_close_matches
from typing import Any

from asgi_stack.routing.router import NOTHING, REQUESTS, Router
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["ProtocolRouter"]


class ProtocolRouter(Router):
    """Gives each scope to the application for its type: ``ProtocolRouter(http=django, websocket=chat)``.

    The scope goes on as it came. An http or websocket request without an application for it is answered with
    404, a websocket before it is accepted. There is no ``lifespan=``: every application has its own lifespan,
    and that of the project is in ``Stack([...], lifespan=[...])``.

    Arguments:
        http: the application for http requests.
        websocket: the application for websockets.
        others: applications for further scope types by their names, as Channels' ``channel``.

    Raises:
        OptionError: where no application is given at all.
        RouterError: naming everything that is no application, and every name that is no scope type.
        ScopeTypeError: when it is called with a scope of another type that has no application.
    """

    __slots__ = ("_by_type",)

    def __init__(
        self, *, http: ASGIApp | None = None, websocket: ASGIApp | None = None, **others: ASGIApp
    ) -> None:
        given = {"http": http, "websocket": websocket}
        mounts = {name: app for name, app in given.items() if app is not None} | others
        super().__init__(mounts, _type_fault, "ProtocolRouter(http=django, websocket=chat)")
        self._by_type = dict.fromkeys(REQUESTS, NOTHING)
        self._by_type |= self._mount_of

    @property
    def application_mapping(self) -> Mapping[str, ASGIApp]:
        """The applications by scope types, by the name that Channels' ``ProtocolTypeRouter`` has for them."""
        return self.mounts

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """Hand one scope to the application that it is for."""
        mount = self._by_type.get(scope["type"])
        if mount is None:
            return self._serve_other(scope, receive, send)
        return mount.serve(scope, receive, send)

    def _why_not(self, scope_type: str) -> str:
        return f"no application is for scopes of type {scope_type!r}. Give one by that name, as in http=..."


def _type_fault(scope_type: str) -> str | None:
    if scope_type == "lifespan":
        return "Every application has its own lifespan; give the project's to Stack([...], lifespan=[...])."
    near = get_close_matches(scope_type, REQUESTS)
    return f"Did you mean {near[0]!r}?" if near and scope_type not in REQUESTS else None
