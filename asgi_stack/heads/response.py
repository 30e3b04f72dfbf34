"""The head of a response, as one layer sees and may change it."""

from collections.abc import Callable
from typing import TypeAlias

from asgi_stack.errors import HeadError
from asgi_stack.heads.fields import ResponseHeaders
from asgi_stack.types import Message

__all__ = ["HEAD_MESSAGES", "ResponseHead", "ResponseHook"]

HEAD_MESSAGES = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})
"""The message types that are the head of a response (ASGI www 2.5 and its Denial Response extension)."""


class ResponseHead:
    """What one layer sees, and may change, of a response: status and header fields, never the body."""

    __slots__ = ("headers", "message")

    headers: ResponseHeaders
    """The header lines, with lower-case names."""

    message: Message
    """The message that goes on outward: a new one. Change it by `headers` and `status` alone."""

    def __init__(self, message: Message) -> None:
        # The object is made and filled apart, which is quicker than the call of its class by 30 ns.
        self.headers = headers = _new(ResponseHeaders)
        _fill(headers, message.get("headers") or ())
        self.message = {**message, "headers": headers.fields}

    def __repr__(self) -> str:
        return f"<ResponseHead {self.status} {self.headers!r}>"

    @property
    def type(self) -> str:
        """The type of the message that this is the head of, one of `HEAD_MESSAGES`."""
        kind: str = self.message["type"]
        return kind

    @property
    def status(self) -> int:
        """The status code; 101 for ``websocket.accept``. It can be set on an http response only."""
        status: int = self.message.get("status", 101)
        return status

    @status.setter
    def status(self, status: int) -> None:
        if self.type == "websocket.accept":
            raise HeadError(f"ResponseHead: status={status!r} cannot be set: an accepted websocket is a 101.")
        self.message = {**self.message, "status": status}


_new, _fill = object.__new__, ResponseHeaders.__init__

ResponseHook: TypeAlias = Callable[[ResponseHead], None]
"""What `HeaderMiddleware.on_request` returns to see the response's head on its way out."""
