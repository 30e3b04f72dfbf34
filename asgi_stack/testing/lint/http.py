"""The events of an HTTP connection."""

from typing import Any, ClassVar

from asgi_stack.testing.lint.blame import Blame
from asgi_stack.testing.lint.extensions import ExtensionsJudge
from asgi_stack.testing.lint.judge import Handlers
from asgi_stack.testing.lint.shapes import Key, check_event, check_extra, is_usual_body, shape
from asgi_stack.testing.lint.values import is_bool, is_bytes

__all__ = ["HTTPJudge"]

_REQUEST = shape(
    "http.request",
    Key("body", "H21", "bytes", is_bytes, b""),
    Key("more_body", "H22", "a bool", is_bool, False),
)
_DISCONNECT = shape("http.disconnect")


class HTTPJudge(ExtensionsJudge):
    """One request and its response."""

    __slots__ = ("_request_done",)

    defined = True

    def __init__(self, scope: dict[str, Any], blame: Blame) -> None:
        super().__init__(scope, blame)
        self._request_done = False

    def request(self, event: dict[str, Any]) -> None:
        """Judge ``http.request``."""
        if self.disconnected:
            self.blame.server("X7", "http.request was received after http.disconnect.", "request")
        elif self._request_done:
            self.blame.server("X6", "http.request was received after the request was complete.", "request")
        if not is_usual_body(event):
            check_event(_REQUEST, event, self.blame.server)
        self._request_done = not event.get("more_body")

    def disconnect(self, event: dict[str, Any]) -> None:
        """Judge ``http.disconnect``."""
        self.disconnected = True
        check_extra(_DISCONNECT.known, event, self.blame.server)

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
        **ExtensionsJudge.on_send,
        "http.response.start": start,
        "http.response.body": body,
    }
