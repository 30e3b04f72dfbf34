"""The events of an HTTP connection."""

from typing import Any, ClassVar

from asgi_stack.testing.lint import extensions
from asgi_stack.testing.lint.protocol import Handlers, Protocol
from asgi_stack.testing.lint.report import Report
from asgi_stack.testing.lint.response import Response
from asgi_stack.testing.lint.shapes import Field, check_event, check_extra, is_usual_body, shape
from asgi_stack.testing.lint.values import is_bool, is_bytes

__all__ = ["HTTP"]

_REQUEST = shape(
    "http.request",
    Field("body", "H21", "bytes", is_bytes, b""),
    Field("more_body", "H22", "a bool", is_bool, False),
)
_DISCONNECT = shape("http.disconnect")


class HTTP(Protocol):
    """One request and its response."""

    __slots__ = ("_request_done", "debugged", "response")

    defined = True

    def __init__(self, scope: dict[str, Any], report: Report) -> None:
        super().__init__(scope, report)
        self.response = Response(scope.get("method"), report.application)
        self.debugged = False
        self._request_done = False

    def request(self, event: dict[str, Any]) -> None:
        """Judge ``http.request``."""
        if self.disconnected:
            self.report.server("X7", "http.request was received after http.disconnect.", "request")
        elif self._request_done:
            self.report.server("X6", "http.request was received after the request was complete.", "request")
        if not is_usual_body(event):
            check_event(_REQUEST, event, self.report.server)
        self._request_done = not event.get("more_body")

    def disconnect(self, event: dict[str, Any]) -> None:
        """Judge ``http.disconnect``."""
        self.disconnected = True
        check_extra(_DISCONNECT.known, event, self.report.server)

    def start(self, message: dict[str, Any]) -> None:
        """Judge ``http.response.start``."""
        if message.get("trailers") is True:
            self.needs("E26", "http.response.trailers")
        self.response.start(message)

    def body(self, message: dict[str, Any]) -> None:
        """Judge ``http.response.body``."""
        self.response.body(message)

    def end(self) -> None:
        """Judge whether the response is there; a client that has gone needs none."""
        if not self.disconnected:
            self.response.end()

    on_receive: ClassVar[Handlers] = {"http.request": request, "http.disconnect": disconnect}
    on_send: ClassVar[Handlers] = {
        "http.response.start": start,
        "http.response.body": body,
        "http.response.debug": extensions.debug,
        "http.response.early_hint": extensions.early_hint,
        "http.response.pathsend": extensions.path_send,
        "http.response.push": extensions.push,
        "http.response.trailers": extensions.trailers,
        "http.response.zerocopysend": extensions.zero_copy_send,
    }
