"""Websockets, message by message."""

from asgi_stack.testing.contract.inner import receive, send
from asgi_stack.testing.contract.materials import ACCEPT, CONNECT, text
from asgi_stack.testing.contract.registry import check
from asgi_stack.testing.contract.report import Broken, NotApplicable
from asgi_stack.testing.contract.stage import Connection, Stage, shown
from asgi_stack.testing.contract.subject import Subject
from asgi_stack.types import Message

__all__ = [
    "keeps_websocket_back_pressure",
    "passes_websocket_closing",
    "passes_websocket_denial",
    "passes_websocket_disconnect",
    "passes_websocket_handshake",
    "passes_websocket_messages",
    "passes_websocket_rejection",
]

GROUP = "Websockets"
CLOSE: Message = {"type": "websocket.close", "code": 4000, "reason": "enough"}


def _accepted(subject: Subject, stage: Stage) -> Connection:
    connection = stage.connect(subject.websocket(), CONNECT)
    connection.do(receive, send(ACCEPT))
    return connection


def _sends(connection: Connection, *messages: Message) -> None:
    """Have the inner application send *messages*: the server must get them at once, as they are."""
    for message in messages:
        count = len(connection.server.offered)
        connection.do(send(message))
        if connection.server.offered[count:] != [message]:
            raise Broken(
                f"{shown(message)} was sent, the server got {shown(connection.server.offered[count:])}."
            )


def _receives(connection: Connection, *messages: Message) -> None:
    """Have the server give *messages*: the inner application must get them at once, as they are."""
    for message in messages:
        connection.inner.do(receive)
        connection.feed(message)
        if connection.inner.received[-1:] != [message]:
            raise Broken(
                f"The client sent {shown(message)}, "
                f"the last that the inner application received is {shown(connection.inner.received[-1:])}."
            )


@check("A websocket's connect and accept pass, with subprotocol and headers.", GROUP)
def passes_websocket_handshake(subject: Subject) -> None:
    """Accept; header lines may be added."""
    with subject.stage() as stage:
        connection = _accepted(subject, stage)
        if connection.inner.received != [CONNECT]:
            raise Broken(f"The inner application received {shown(connection.inner.received)}.")
        got = connection.server.offered[-1] if connection.server.offered else {}
        kept = {**got, "headers": [line for line in got.get("headers", ()) if line[0] == b"x-made-up"]}
        if kept != ACCEPT or len(connection.server.offered) > 1:
            raise Broken(f"{ACCEPT} was sent, the server got {shown(connection.server.offered)}.")


@check("Websocket messages pass both ways, one by one, with the keys that they have.", GROUP)
def passes_websocket_messages(subject: Subject) -> None:
    """Send text and bytes; some servers give both keys, one of them None."""
    with subject.stage() as stage:
        connection = _accepted(subject, stage)
        both: Message = {"type": "websocket.receive", "text": None, "bytes": b"b"}
        _receives(connection, text("a"), {"type": "websocket.receive", "bytes": b"a"}, both)
        sent: Message = {"type": "websocket.send", "text": "a"}
        _sends(connection, sent, {"type": "websocket.send", "bytes": b"a"}, {**sent, "bytes": None})


@check("A websocket that the inner application closes is closed with its code and reason.", GROUP)
def passes_websocket_closing(subject: Subject) -> None:
    """Close after accepting."""
    with subject.stage() as stage:
        connection = _accepted(subject, stage)
        _sends(connection, CLOSE)
        connection.do(None)
        connection.must_have_returned()


@check("A websocket that the inner application refuses is refused, and never accepted.", GROUP)
def passes_websocket_rejection(subject: Subject) -> None:
    """Close before accepting."""
    with subject.stage(receive) as stage:
        connection = stage.connect(subject.websocket(), CONNECT)
        connection.require_inner()
        _sends(connection, {"type": "websocket.close"})
        connection.do(None)
        connection.must_have_returned()


@check("A websocket that the inner application refuses with a response is refused with that one.", GROUP)
def passes_websocket_denial(subject: Subject) -> None:
    """Send a denial response; header lines may be added, and a body changer may change it."""
    extension = "websocket.http.response"
    head: Message = {"type": f"{extension}.start", "status": 418, "headers": []}
    last: Message = {"type": f"{extension}.body", "body": b"no", "more_body": False}
    with subject.stage(receive) as stage:
        connection = stage.connect(subject.websocket(), CONNECT)
        if extension not in (connection.inner.scope.get("extensions") or ()):
            raise NotApplicable("It does not offer the extension to the inner application.")
        connection.do(send(head), send(last), None)
        got = [message["type"] for message in connection.server.offered]
        if got != [head["type"], last["type"]]:
            raise Broken(f"A denial response was sent, the server got {shown(connection.server.offered)}.")
        connection.must_have_returned()


@check("The inner application sees that the client of a websocket has gone, with code and reason.", GROUP)
def passes_websocket_disconnect(subject: Subject) -> None:
    """Let the client go while the application waits for it."""
    with subject.stage() as stage:
        connection = _accepted(subject, stage)
        connection.inner.do(receive)
        connection.server.hang_up(code=4001, reason="bye")
        stage.loop.settle()
        wanted = {"type": "websocket.disconnect", "code": 4001, "reason": "bye"}
        if connection.inner.received[-1:] != [wanted]:
            raise Broken(f"The last that it received is {shown(connection.inner.received[-1:])}.")
        connection.do(None)
        connection.must_have_returned()


@check("While the server's websocket send waits, the inner application's send waits.", GROUP)
def keeps_websocket_back_pressure(subject: Subject) -> None:
    """Block the server."""
    with subject.stage() as stage:
        connection = _accepted(subject, stage)
        connection.server.blocked = True
        done = connection.inner.done
        connection.do(send({"type": "websocket.send", "text": "a"}))
        if connection.inner.done > done:
            raise Broken("The server did not take a message, and the inner application went on.")
