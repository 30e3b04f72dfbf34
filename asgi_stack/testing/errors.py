"""Every exception that the test kit raises on purpose."""

from typing import TYPE_CHECKING

from asgi_stack.errors import LifespanError, StackError

if TYPE_CHECKING:
    from asgi_stack.testing.response import Response

__all__ = [
    "ClientUsageError",
    "ClockError",
    "DisconnectedError",
    "LeftRunningError",
    "LifespanError",
    "ResponseError",
    "Verdict",
    "WaitTimeoutError",
    "WebSocketClosedError",
    "WebSocketDeniedError",
]


class Verdict(AssertionError):  # noqa: N818
    """Raised anywhere in an application under test to fail the test; it comes out whatever else is caught."""


class WaitTimeoutError(StackError, TimeoutError):
    """The application did not do in time what the test waited for; the text says what it did instead."""


class ResponseError(StackError, RuntimeError):
    """The application ended, or said something else, where the test waited for a part of its answer."""


class LeftRunningError(StackError, RuntimeError):
    """The application still ran when everything about it was over; it was cancelled."""


class DisconnectedError(StackError, ConnectionError):
    """What the application's ``send`` raises once the client has gone. Not an error of the test."""


class WebSocketDeniedError(StackError, ConnectionError):
    """The application refused a websocket; `response` is what a browser would be told."""

    def __init__(self, url: str, response: "Response") -> None:
        super().__init__(f"ASGIClient: the websocket {url!r} was refused with status {response.status}.")
        self.response = response


class WebSocketClosedError(StackError, ConnectionError):
    """The application closed the websocket: `code` and `reason` are what it gave."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"ASGIClient: the application closed the websocket: code={code}, reason={reason!r}.")
        self.code = code
        self.reason = reason


class ClientUsageError(StackError, RuntimeError):
    """The test asked for something that a client cannot do at this moment."""


class ClockError(StackError, RuntimeError):
    """A clock cannot do this with this event loop; the text says why."""
