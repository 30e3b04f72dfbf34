"""What becomes of the messages that pass through."""

from collections.abc import Iterable, Sequence
from typing import Any

from asgi_stack.testing.contract.inner import read, receive, send
from asgi_stack.testing.contract.materials import (
    ANSWER,
    CONNECT,
    CONVERSATION,
    LAST,
    MORE,
    REQUEST,
    START,
    START_HEADERS,
    start,
    text,
)
from asgi_stack.testing.contract.registry import check
from asgi_stack.testing.contract.report import Broken
from asgi_stack.testing.contract.stage import Connection, shown
from asgi_stack.testing.contract.subject import Subject
from asgi_stack.types import Message

__all__ = [
    "edits_no_request_message",
    "edits_no_response_message",
    "keeps_header_lines",
    "lets_headers_be_absent",
    "lets_headers_be_any_iterable",
    "lets_optional_keys_be_absent",
    "passes_unknown_keys",
    "passes_unknown_messages",
    "sends_lower_case_names",
]

GROUP = "Messages"


def _both(subject: Subject) -> Iterable[Connection]:
    with subject.stage(*ANSWER) as stage:
        yield stage.connect(subject.http(), *REQUEST)
    with subject.stage(*CONVERSATION) as stage:
        yield stage.connect(subject.websocket(), CONNECT, text("a"))


def _unedited(pairs: Iterable[tuple[Message, Any]]) -> None:
    for message, before in pairs:
        if message != before:
            raise Broken(f"{shown(before)} became {shown(message)}.")


@check("It edits no message and no header list that the inner application sent.", GROUP)
def edits_no_response_message(subject: Subject) -> None:
    """Compare each message with what it was, an hour later as it were: a cached one may be sent again."""
    for connection in _both(subject):
        _unedited(connection.inner.sent)


@check("It edits no message that the server gave.", GROUP)
def edits_no_request_message(subject: Subject) -> None:
    """Compare each message with what it was."""
    for connection in _both(subject):
        _unedited(connection.server.given)


@check("Response header lines stay: in their order, repeated ones too, unless it is about that field.", GROUP)
def keeps_header_lines(subject: Subject) -> None:
    """Send two cookies and two lines of a field that nobody knows."""
    with subject.stage(*ANSWER) as stage:
        _has_lines(stage.connect(subject.http(), *REQUEST), START_HEADERS[1:])


def _has_lines(connection: Connection, wanted: Sequence[tuple[bytes, bytes]]) -> None:
    connection.require_inner()
    names = {name for name, _ in wanted}
    lines = [line for head in connection.server.starts for line in head.get("headers", ())]
    kept = [(name.lower(), value) for name, value in lines if name.lower() in names]
    if kept != wanted:
        raise Broken(f"The inner application sent {wanted}, the server got {kept}.")


@check("The names of the response header lines that it sends are in lower case.", GROUP)
def sends_lower_case_names(subject: Subject) -> None:
    """Look at what the server gets, its own replies included."""
    with subject.stage(*ANSWER) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
    lines = [line for head in connection.server.starts for line in head.get("headers", ())]
    if wrong := [name for name, _ in lines if name != name.lower()]:
        raise Broken(f"It sent the names {wrong}.")


@check("A response whose head has no `headers` key passes.", GROUP)
def lets_headers_be_absent(subject: Subject) -> None:
    """Leave the key out."""
    bare = {"type": "http.response.start", "status": 200}
    with subject.stage(read, send(bare), send(LAST), None) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        connection.require_inner()
        connection.must_have_returned()
        if len(connection.server.starts) != 1:
            raise Broken(f"The server got {shown(connection.server.offered)}.")


@check("Response headers may be any iterable of pairs: a tuple, an iterator.", GROUP)
def lets_headers_be_any_iterable(subject: Subject) -> None:
    """Send a tuple, then an iterator, which can be read only once."""
    lines = [(b"x-made-up", b"1"), (b"content-language", b"eo")]
    for headers in (tuple(lines), iter(lines)):
        with subject.stage(read, send({**START, "headers": headers}), send(LAST), None) as stage:
            connection = stage.connect(subject.http(), *REQUEST)
            connection.must_have_returned()
            _has_lines(connection, lines)


@check("Keys that the specification makes optional may be absent, in both directions.", GROUP)
def lets_optional_keys_be_absent(subject: Subject) -> None:
    """Leave out `body` and `more_body`."""
    with subject.stage(receive, send(START), send({"type": "http.response.body"}), None) as stage:
        connection = stage.connect(subject.http(), {"type": "http.request"})
        connection.require_inner()
        connection.must_have_returned()
        last = connection.server.offered[-1]
        if last["type"] != "http.response.body" or last.get("more_body"):
            raise Broken(f"The last message that the server got is {shown(last)}.")


@check("Messages of unknown types pass in both directions, with the same content.", GROUP)
def passes_unknown_messages(subject: Subject) -> None:
    """Send one each way."""
    incoming = {"type": "http.made_up", "what": [1]}
    outgoing = {"type": "http.response.made_up", "what": [2]}
    script = (read, receive, send(START), send(outgoing), send(LAST), None)
    with subject.stage(*script) as stage:
        connection = stage.connect(subject.http(), *REQUEST, incoming)
        if incoming not in connection.inner.received:
            raise Broken(f"The inner application received {shown(connection.inner.received)}.")
        if outgoing not in connection.server.offered:
            raise Broken(f"The server got {shown(connection.server.offered)}.")


@check("Unknown keys of known messages pass in both directions.", GROUP)
def passes_unknown_keys(subject: Subject) -> None:
    """Put one into the request, the head and (unless it changes bodies) the body."""
    more, last = {**MORE, "made.up": 1}, {**LAST, "made.up": 1}
    script = (read, send({**start(), "made.up": 1}), send(more), send(last), None)
    with subject.stage(*script) as stage:
        connection = stage.connect(subject.http(), *({**message, "made.up": 1} for message in REQUEST))
        passed = [*connection.inner.received, *connection.server.offered]
    if subject.declared.changes_body:
        passed = [message for message in passed if message["type"] != "http.response.body"]
    if bare := [message["type"] for message in passed if message.get("made.up") != 1]:
        raise Broken(f"The key was lost from {bare}.")
