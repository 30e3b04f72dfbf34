"""What the checks of all protocols share, and what is asked of a scope type that nobody knows."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeAlias

from asgi_stack.testing.lint.blame import Blame, Fault
from asgi_stack.testing.lint.shapes import check_extra
from asgi_stack.testing.lint.values import is_dict, shown

__all__ = ["NO_HANDLERS", "Handlers", "Judge"]

Handlers: TypeAlias = Mapping[str, Callable[[Any, dict[str, Any]], None]]
NO_HANDLERS: Handlers = {}

_STANDARD_EXTENSIONS = frozenset(
    {
        "http.response.debug",
        "http.response.early_hint",
        "http.response.pathsend",
        "http.response.push",
        "http.response.trailers",
        "http.response.zerocopysend",
        "tls",
        "websocket.http.response",
    }
)
_TYPE = frozenset({"type"})


class Judge:
    """Judges the events of one connection; the state that the connection is in lives here."""

    __slots__ = ("_extensions", "_scope_type", "blame", "disconnected", "scope")

    defined: ClassVar[bool] = False
    """Whether the specification says which events there are."""
    on_receive: ClassVar[Handlers] = NO_HANDLERS
    on_send: ClassVar[Handlers] = NO_HANDLERS

    def __init__(self, scope: dict[str, Any], blame: Blame) -> None:
        self.scope = scope
        self.blame = blame
        self.disconnected = False
        self._scope_type = scope.get("type")
        self._extensions = scope.get("extensions")

    @property
    def extensions(self) -> dict[str, Any]:
        """The extensions that the server has advertised."""
        return self._extensions if is_dict(self._extensions) else {}

    def unknown_received(self, event: dict[str, Any]) -> None:
        """Judge an event from the server whose type is not in `on_receive`."""
        self._unknown(event, self.blame.server)

    def unknown_sent(self, message: dict[str, Any]) -> None:
        """Judge an event from the application whose type is not in `on_send`."""
        self._unknown(message, self.blame.application)
        self._check_advertised(message["type"])

    def end(self) -> None:
        """Judge what is missing, now that the application has returned."""

    def needs(self, rule: str, extension: str) -> None:
        """Ask for an extension that the server must have advertised."""
        if extension not in self.extensions:
            text = f"{extension!r} was used; the scope advertises {shown(sorted(map(str, self.extensions)))}."
            self.blame.application(rule, text, extension)

    def _unknown(self, event: dict[str, Any], fault: Fault) -> None:
        check_extra(_TYPE, event, fault)
        kind = event["type"]
        foreign = not kind.startswith(f"{self._scope_type}.")
        if foreign or (self.defined and fault == self.blame.server):
            fault("C7", f"the event type {kind!r} is none of the protocol {self._scope_type!r}.", kind)

    def _check_advertised(self, kind: str) -> None:
        # What an extension of somebody's own allows to send is between the two of them.
        own = kind.startswith(f"{self._scope_type}.")
        if self.defined and own and self.extensions.keys() <= _STANDARD_EXTENSIONS:
            text = f"{kind!r} was sent, which ASGI does not know and no extension in the scope brings."
            self.blame.application("C20", text, kind)
