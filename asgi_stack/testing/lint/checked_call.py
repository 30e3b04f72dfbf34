"""One call of an application, with everything that passes looked at and nothing changed."""

from collections.abc import Mapping
from typing import Any

from asgi_stack.testing.lint.blame import Blame, Fault
from asgi_stack.testing.lint.http import HTTPJudge
from asgi_stack.testing.lint.judge import Judge
from asgi_stack.testing.lint.lifespan import LifespanJudge
from asgi_stack.testing.lint.rules import APPLICATION, SERVER
from asgi_stack.testing.lint.scope import check_scope
from asgi_stack.testing.lint.values import MISSING, is_dict, shown
from asgi_stack.testing.lint.watch import RECEIVED, SENT, START, Watch
from asgi_stack.testing.lint.websocket import WebSocketJudge
from asgi_stack.types import Receive, Send

__all__ = ["CheckedCall"]

_JUDGES: Mapping[object, type[Judge]] = {
    "http": HTTPJudge,
    "websocket": WebSocketJudge,
    "lifespan": LifespanJudge,
}
_STARTS = frozenset({"http.response.start", "websocket.http.response.start", "websocket.accept"})


class CheckedCall:
    """The `receive` and `send` that the application is given in place of the server's.

    Checks the scope when it is made. `over` is set once the application has returned or raised.
    """

    __slots__ = (
        "_blame",
        "_broken",
        "_judge",
        "_receive",
        "_receiving",
        "_send",
        "_sending",
        "_watch",
        "over",
    )

    def __init__(self, blame: Blame, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        check_scope(scope, blame.server)
        kind = scope.get("type")
        self._judge = _JUDGES.get(kind if isinstance(kind, str) else None, Judge)(scope, blame)
        self._watch = Watch(scope, blame)
        self._blame = blame
        self._receive = receive
        self._send = send
        self._receiving = 0
        self._sending = 0
        self._broken = False
        self.over = False

    def end(self) -> None:
        """Look at what the application has left behind, now that it has returned."""
        self._blame.raise_swallowed()
        watch = self._watch
        if watch.now != watch.before:
            watch.charge(APPLICATION)
        # A server that did not take a message leaves nobody to finish the response for.
        if not self._broken:
            self._judge.end()

    async def receive(self) -> Any:
        """Pass on one event from the server, once it was looked at."""
        watch = self._watch
        if watch.now != watch.before:
            watch.charge(APPLICATION)
        if self._receiving:
            self._blame.application(
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
        if kind.__class__ is str or _is_event(event, "received", self._blame.server):
            judge = self._judge
            look_at = judge.on_receive.get(event["type"]) or Judge.unknown_received
            look_at(judge, event)
            watch.take(RECEIVED, event)
        return event

    async def send(self, message: Any, /) -> Any:
        """Pass on one event from the application, once it was looked at."""
        watch = self._watch
        if watch.now != watch.before:
            watch.charge(APPLICATION)
        if self.over:
            text = f"it sent {shown(message)} after the application had returned."
            self._blame.application("X5", text, "over")
        # What the server refused may be sent again in another form: nobody can tell what is in order then.
        if not self._broken:
            self._look_at(message)
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

    def _look_at(self, message: Any) -> None:
        kind = message.get("type") if message.__class__ is dict else None
        if kind.__class__ is str or _is_event(message, "sent", self._blame.application):
            judge, kind = self._judge, message["type"]
            look_at = judge.on_send.get(kind) or Judge.unknown_sent
            look_at(judge, message)
            self._watch.take(START if kind in _STARTS else SENT, message)


def _is_event(event: Any, verb: str, fault: Fault) -> bool:
    if not is_dict(event):
        fault("C21", f"{shown(event)} was {verb}; an event is a dict.", verb)
        return False
    kind = event.get("type", MISSING)
    if not isinstance(kind, str):
        fault("C6", f"an event with type={shown(kind)} was {verb}; the type must be a str.", verb)
    return isinstance(kind, str)
