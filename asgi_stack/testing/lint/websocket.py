"""The events of a websocket, and of the HTTP response that can deny one."""

from typing import Any, ClassVar, Literal

from asgi_stack.testing.lint.blame import Blame, Fault
from asgi_stack.testing.lint.headers import HeaderRules, check_headers, values_of
from asgi_stack.testing.lint.judge import Handlers, Judge
from asgi_stack.testing.lint.progress import ResponseProgress
from asgi_stack.testing.lint.shapes import Key, check_event, check_extra, shape
from asgi_stack.testing.lint.values import (
    MISSING,
    is_bytes_or_none,
    is_dict,
    is_int,
    is_items,
    is_iterator,
    is_str_or_none,
)

__all__ = ["WebSocketJudge"]

_DENIAL = "websocket.http.response"
_CONNECT = shape("websocket.connect")
_RECEIVE = shape(
    "websocket.receive",
    Key("bytes", "W21", "bytes or None", is_bytes_or_none, None),
    Key("text", "W21", "a str or None", is_str_or_none, None),
)
_DISCONNECT = shape(
    "websocket.disconnect",
    Key("code", "W23", "an int", is_int),
    Key("reason", "W24", "a str or None", is_str_or_none, None),
)
_ACCEPT = shape(
    "websocket.accept",
    Key("subprotocol", "W17", "a str or None", is_str_or_none, None),
    also=("headers",),
)
_ACCEPT_HEADERS = HeaderRules("websocket.accept", pairs="W18", pseudo="W20", lower="W18")
_SEND = shape(
    "websocket.send",
    Key("bytes", "W22", "bytes or None", is_bytes_or_none, None),
    Key("text", "W22", "a str or None", is_str_or_none, None),
)
_CLOSE = shape(
    "websocket.close",
    Key("code", "W28", "an int", is_int, 1000),
    Key("reason", "W28", "a str or None", is_str_or_none, None),
)


class WebSocketJudge(Judge):
    """One websocket from its handshake to its close."""

    __slots__ = ("_connected", "_denial", "_state")

    defined = True

    def __init__(self, scope: dict[str, Any], blame: Blame) -> None:
        super().__init__(scope, blame)
        self._connected = False
        self._state: Literal["connecting", "accepted", "closed", "denied"] = "connecting"
        self._denial = ResponseProgress(None, self._denial_fault)

    def connect(self, event: dict[str, Any]) -> None:
        """Judge ``websocket.connect``."""
        if self._connected:
            self.blame.server("W15", "websocket.connect was received a second time.", "connect")
        self._not_after_disconnect("websocket.connect")
        self._connected = True
        check_extra(_CONNECT.known, event, self.blame.server)

    def receive(self, event: dict[str, Any]) -> None:
        """Judge ``websocket.receive``."""
        fault = self.blame.server
        if not self._connected or self._state == "connecting":
            when = "ahead of an accept" if self._connected else "ahead of websocket.connect"
            fault("W15", f"websocket.receive was received {when}.", "receive")
        self._not_after_disconnect("websocket.receive")
        check_event(_RECEIVE, event, fault)
        _check_one_content("W21", "websocket.receive", event, fault)

    def disconnect(self, event: dict[str, Any]) -> None:
        """Judge ``websocket.disconnect``."""
        if not self._connected:
            text = "websocket.disconnect was received ahead of websocket.connect."
            self.blame.server("W15", text, "disconnect")
        self.disconnected = True
        check_event(_DISCONNECT, event, self.blame.server)

    def accept(self, message: dict[str, Any]) -> None:
        """Judge ``websocket.accept``."""
        fault = self.blame.application
        if self._still_open("websocket.accept") and self._state == "accepted":
            fault("W30", "websocket.accept was sent a second time.", "accept")
        check_event(_ACCEPT, message, fault)
        self._check_accept_headers(message.get("headers", MISSING))
        if self._state == "connecting":
            self._state = "accepted"

    def send(self, message: dict[str, Any]) -> None:
        """Judge ``websocket.send``."""
        fault = self.blame.application
        if self._still_open("websocket.send") and self._state == "connecting":
            fault("W30", "websocket.send was sent ahead of websocket.accept.", "send")
        check_event(_SEND, message, fault)
        _check_one_content("W22", "websocket.send", message, fault)

    def close(self, message: dict[str, Any]) -> None:
        """Judge ``websocket.close``."""
        self._still_open("websocket.close")
        check_event(_CLOSE, message, self.blame.application)
        if self._state != "denied":
            self._state = "closed"

    def denial_start(self, message: dict[str, Any]) -> None:
        """Judge ``websocket.http.response.start``."""
        self.needs("E1", _DENIAL)
        self._in_place_of_accept(f"{_DENIAL}.start")
        self._denial.start(message)
        if self._state == "connecting":
            self._state = "denied"

    def denial_body(self, message: dict[str, Any]) -> None:
        """Judge ``websocket.http.response.body``."""
        self._in_place_of_accept(f"{_DENIAL}.body")
        self._denial.body(message)

    def end(self) -> None:
        """Judge whether the handshake was answered; a client that has gone needs no answer."""
        if self.disconnected:
            return
        if self._state == "connecting":
            text = "the application returned without having accepted, closed or denied the websocket."
            self.blame.application("W15", text, "end")
        elif self._state == "denied":
            self._denial.end()

    def _denial_fault(self, rule: str, text: str, subject: str) -> None:
        self.blame.application("E4" if rule.startswith("H") or rule == "X4" else rule, text, subject)

    def _in_place_of_accept(self, kind: str) -> None:
        if self._state in ("accepted", "closed"):
            self.blame.application("E2", f"{kind} was sent to a websocket that is {self._state}.", kind)

    def _still_open(self, kind: str) -> bool:
        if self._state == "denied":
            self.blame.application("E3", f"{kind} was sent after a denial response.", kind)
        elif self._state == "closed":
            self.blame.application("W31", f"{kind} was sent after websocket.close.", kind)
        else:
            return True
        return False

    def _not_after_disconnect(self, kind: str) -> None:
        if self.disconnected:
            self.blame.server("X7", f"{kind} was received after websocket.disconnect.", kind)

    def _check_accept_headers(self, headers: Any) -> None:
        fault = self.blame.application
        check_headers(_ACCEPT_HEADERS, headers, fault)
        if values_of(b"sec-websocket-protocol", headers):
            fault("W19", "websocket.accept has the header sec-websocket-protocol.", "accept headers")
        if (
            is_items(headers)
            and not is_iterator(headers)
            and list(headers)
            and not _is_version_2_1(self.scope)
        ):
            text = "websocket.accept has headers, and the scope's spec_version is older than '2.1'."
            fault("W18", text, "accept spec_version")

    on_receive: ClassVar[Handlers] = {
        "websocket.connect": connect,
        "websocket.receive": receive,
        "websocket.disconnect": disconnect,
    }
    on_send: ClassVar[Handlers] = {
        "websocket.accept": accept,
        "websocket.send": send,
        "websocket.close": close,
        f"{_DENIAL}.start": denial_start,
        f"{_DENIAL}.body": denial_body,
    }


def _check_one_content(rule: str, title: str, event: dict[str, Any], fault: Fault) -> None:
    given = [key for key in ("bytes", "text") if event.get(key) is not None]
    if len(given) != 1:
        fault(rule, f"{title} has {' and '.join(given) or 'neither bytes nor text'}.", f"{title} content")


def _is_version_2_1(scope: dict[str, Any]) -> bool:
    asgi = scope.get("asgi")
    version = asgi.get("spec_version", "2.0") if is_dict(asgi) else "2.0"
    # A version that cannot be read is another rule's matter.
    return not (isinstance(version, str) and version.split(".")[:2] in (["2", "0"], ["2"], ["1", "0"]))
