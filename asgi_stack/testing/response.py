"""What a test gets to see of an answer."""

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from asgi_stack.testing.headers import Headers
from asgi_stack.types import Message

__all__ = ["Response", "ResponseStart", "body_of", "ends_body", "response_from"]

STARTS = frozenset({"http.response.start", "websocket.http.response.start"})
BODIES = frozenset({"http.response.body", "websocket.http.response.body"})
CHARSET = re.compile(r'charset="?([^\s;"]+)', re.IGNORECASE)


class ResponseStart(NamedTuple):
    """The head of a response: what is known before its body."""

    status: int
    headers: Headers


@dataclass(slots=True)
class Response:
    """A complete response, and how the application behaved around it.

    *messages* is everything that was sent, early hints and late messages included. *after* says in words
    what the application did once the response was complete: ``["returned"]`` as a rule, or for instance
    ``["received 'http.disconnect'", "sent 'http.response.body'", "returned"]``. *error* is what it
    raised, when the client was told not to raise it.
    """

    status: int
    headers: Headers = field(default_factory=Headers)
    content: bytes = b""
    trailers: Headers = field(default_factory=Headers)
    messages: list[Message] = field(default_factory=list[Message])
    after: list[str] = field(default_factory=list[str])
    error: BaseException | None = None

    @property
    def text(self) -> str:
        """The content in the charset of ``content-type``, or UTF-8; what is no text becomes U+FFFD."""
        charset = CHARSET.search(self.headers.get("content-type", ""))
        try:
            return self.content.decode(charset[1] if charset else "utf-8", "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the content read as JSON; a `ValueError` if it is none."""
        return json.loads(self.content)


def body_of(message: Message) -> bytes:
    """Return the part of the body that *message* carries, also of a file that a server would send itself.

    ASGI extensions "Path Send" and "Zero Copy Send".
    """
    kind: str = message["type"]
    if kind in BODIES:
        body = message.get("body", b"")
        return body if type(body) is bytes else bytes(body)
    if kind == "http.response.pathsend":
        return Path(message["path"]).read_bytes()
    if kind == "http.response.zerocopysend":
        return _part_of_file(message["file"].fileno(), message.get("offset"), message.get("count"))
    return b""


def ends_body(message: Message) -> bool:
    """Whether *message* is the last of a body."""
    kind: str = message["type"]
    if kind in BODIES or kind == "http.response.zerocopysend":
        return not message.get("more_body", False)
    return kind == "http.response.pathsend"


def response_from(
    messages: list[Message],
    end: int,
    after: list[str],
    error: BaseException | None,
    headers: Headers | None = None,
) -> Response:
    """Put together what was sent; the response ended before the message of index *end*.

    Where nothing was started, the status is 500, as from a server. *headers* are the start's, where they
    were read before.
    """
    start = _start_of(messages)
    parts: list[bytes] = []
    trailers: list[tuple[bytes, bytes]] = []
    for message in messages[:end]:
        if message is start:
            continue
        if message["type"] == "http.response.trailers":
            trailers += message.get("headers", ())
        else:
            parts.append(body_of(message))
    if headers is None:
        headers = Headers(start.get("headers", ()))
    content = parts[0] if len(parts) == 1 else b"".join(parts)
    return Response(start["status"], headers, content, Headers(trailers), messages, after, error)


def _start_of(messages: list[Message]) -> Message:
    for message in messages:
        if message["type"] in STARTS:
            return message
    return {"status": 500}


def _part_of_file(descriptor: int, offset: int | None, count: int | None) -> bytes:
    if offset is not None:
        os.lseek(descriptor, offset, os.SEEK_SET)
    size = os.fstat(descriptor).st_size if count is None else count
    return os.read(descriptor, size)
