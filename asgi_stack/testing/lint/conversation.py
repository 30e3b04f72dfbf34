"""One call of an application, with everything that passes looked at and nothing changed."""

from typing import Any

from asgi_stack.testing.lint.http import HTTP
from asgi_stack.testing.lint.lifespan import Lifespan
from asgi_stack.testing.lint.protocol import Protocol
from asgi_stack.testing.lint.report import Fault, Report
from asgi_stack.testing.lint.rules import APPLICATION, SERVER
from asgi_stack.testing.lint.scope import check_scope
from asgi_stack.testing.lint.values import MISSING, is_dict, shown
from asgi_stack.testing.lint.watch import RECEIVED, SENT, START, Watch
from asgi_stack.testing.lint.websocket import WebSocket
from asgi_stack.types import Receive, Send

__all__ = ["Conversation"]

_PROTOCOLS: dict[object, type[Protocol]] = {"http": HTTP, "websocket": WebSocket, "lifespan": Lifespan}
_STARTS = frozenset({"http.response.start", "websocket.http.response.start", "websocket.accept"})


class Conversation:
    """The `receive` and `send` that the application is given in place of the server's.

    Checks the scope when it is made. `over` is set once the application has returned or raised.
    """

    __slots__ = (
        "_broken",
        "_protocol",
        "_receive",
        "_receiving",
        "_report",
        "_send",
        "_sending",
        "_watch",
        "over",
    )

    def __init__(self, report: Report, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        check_scope(scope, report.server)
        kind = scope.get("type")
        self._protocol = _PROTOCOLS.get(kind if isinstance(kind, str) else None, Protocol)(scope, report)
        self._watch = Watch(scope, report)
        self._report = report
        self._receive = receive
        self._send = send
        self._receiving = 0
        self._sending = 0
        self._broken = False
        self.over = False

    def end(self) -> None:
        """Look at what the application has left behind, now that it has returned."""
        self._report.raise_swallowed()
        watch = self._watch
        if watch.now != watch.before:
            watch.charge(APPLICATION)
        # A server that did not take a message leaves nobody to finish the response for.
        if not self._broken:
            self._protocol.end()

    async def receive(self) -> Any:
        """Pass on one event from the server, once it was looked at."""
        watch = self._watch
        if watch.now != watch.before:
            watch.charge(APPLICATION)
        if self._receiving:
            self._report.application(
                "X3", "it called receive() while another receive() was waiting.", "receive"
            )
        self._receiving += 1
        try:
            event = await self._receive()
        finally:
            self._receiving -= 1
            # An application often has other tasks while it waits here: whose change it was, nobody can tell.
            if watch.now != watch.before:
                watch.charge(None)
        kind = event.get("type") if event.__class__ is dict else None
        if kind.__class__ is str or _is_event(event, "received", self._report.server):
            protocol = self._protocol
            judge = protocol.on_receive.get(event["type"]) or Protocol.unknown_received
            judge(protocol, event)
            watch.take(RECEIVED, event)
        return event

    async def send(self, message: Any, /) -> Any:
        """Pass on one event from the application, once it was looked at."""
        watch = self._watch
        if watch.now != watch.before:
            watch.charge(APPLICATION)
        if self.over:
            text = f"it sent {shown(message)} after the application had returned."
            self._report.application("X5", text, "over")
        kind = message.get("type") if message.__class__ is dict else None
        if kind.__class__ is str or _is_event(message, "sent", self._report.application):
            protocol, kind = self._protocol, message["type"]
            judge = protocol.on_send.get(kind) or Protocol.unknown_sent
            judge(protocol, message)
            watch.take(START if kind in _STARTS else SENT, message)
        alone = not self._receiving and not self._sending
        self._sending += 1
        try:
            result = await self._send(message)
        except BaseException:
            self._broken = True
            raise
        finally:
            self._sending -= 1
        # Where nothing else was going on, the application was waiting, and only the server can have acted.
        if watch.now != watch.before:
            alone = alone and not self._receiving and not self._sending
            watch.charge(SERVER if alone else None)
        return result


def _is_event(event: Any, verb: str, fault: Fault) -> bool:
    if not is_dict(event):
        fault("C21", f"{shown(event)} was {verb}; an event is a dict.", verb)
        return False
    kind = event.get("type", MISSING)
    if not isinstance(kind, str):
        fault("C6", f"an event with type={shown(kind)} was {verb}; the type must be a str.", verb)
    return isinstance(kind, str)
