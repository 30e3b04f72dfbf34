"""One HTTP response: its start, its bodies, its end. A denied websocket has one too."""

from typing import Any

from asgi_stack.testing.lint.blame import Fault
from asgi_stack.testing.lint.headers import HeaderRules, check_headers
from asgi_stack.testing.lint.length import Length
from asgi_stack.testing.lint.shapes import Key, check_event, is_usual_body, shape
from asgi_stack.testing.lint.values import MISSING, is_bool, is_bytes

__all__ = ["ResponseProgress"]


def _is_status(value: Any) -> bool:
    return isinstance(value, int) and 100 <= value <= 599


_START = shape(
    "the response start",
    Key("status", "H26", "an int from 100 to 599", _is_status),
    Key("trailers", "H31", "a bool", is_bool, False),
    also=("headers",),
)
_BODY = shape(
    "the response body",
    Key("body", "H36", "bytes", is_bytes, b""),
    Key("more_body", "H37", "a bool", is_bool, False),
)
_HEADERS = HeaderRules("the response start", pairs="H27", pseudo="H30", lower="H28")


class ResponseProgress(Length):
    """How far a response has come. A message out of order is not counted: the next is judged afresh."""

    __slots__ = ("bodies", "body_done", "complete", "path_sent", "started", "trailers")

    def __init__(self, method: object, fault: Fault) -> None:
        super().__init__(method, fault)
        self.started = False
        self.bodies = False
        self.body_done = False
        self.path_sent = False
        self.trailers = False
        self.complete = False

    def start(self, message: dict[str, Any]) -> None:
        """Take the start."""
        if self.started:
            self._fault("H40", "a second response start was sent.", "start")
            return
        check_event(_START, message, self._fault)
        headers = message.get("headers", MISSING)
        usual = check_headers(_HEADERS, headers, self._fault)
        self.announce(message.get("status"), headers, usual=usual)
        self.trailers = message.get("trailers") is True
        self.started = True

    def body(self, message: dict[str, Any]) -> None:
        """Take a body."""
        if not self.started or self.body_done or self.path_sent:
            self._misplaced()
            return
        if not is_usual_body(message):
            check_event(_BODY, message, self._fault)
        self.count(message.get("body"))
        self.add_body(last=not message.get("more_body"))

    def add_body(self, *, last: bool) -> None:
        """Note a body of whatever kind."""
        self.bodies = True
        if last:
            self.compare()
            self.body_done = True
            self.complete = not self.trailers

    def end(self) -> None:
        """Judge what is there, now that the application has returned."""
        if not self.started:
            self._fault("H40", "the application returned without having started a response.", "end")
        elif not self.bodies:
            self._fault("H25", "the application returned after the start, without a body.", "end")
        elif not self.complete:
            missing = "the trailers it announced" if self.body_done else "a body with more_body False"
            self._fault("X4", f"the application returned without having sent {missing}.", "end")

    def _misplaced(self) -> None:
        if not self.started:
            self._fault("H40", "a response body was sent ahead of the start.", "body")
        elif self.path_sent:
            self._fault("E18", "a response body was sent after a path send.", "body")
        else:
            self._fault("X5", "a response body was sent after the last one.", "body")
