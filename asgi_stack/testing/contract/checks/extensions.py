"""The messages of the specification's extensions: a middleware that does not know one passes it."""

from asgi_stack.testing.contract.inner import read, send
from asgi_stack.testing.contract.materials import LAST, MORE, REQUEST, START
from asgi_stack.testing.contract.registry import check
from asgi_stack.testing.contract.report import Broken, NotApplicable
from asgi_stack.testing.contract.stage import shown
from asgi_stack.testing.contract.subject import Subject
from asgi_stack.types import Message

__all__ = [
    "passes_debug",
    "passes_early_hints",
    "passes_path_send",
    "passes_push",
    "passes_trailers",
    "passes_zero_copy_send",
]

GROUP = "Extensions"


def _passes(subject: Subject, offer: str, *messages: Message) -> None:
    """Send *messages*; those of the extension must come out as they are, and where they were."""
    with subject.stage(read, *map(send, messages), None) as stage:
        connection = stage.connect(subject.http(extensions={offer: {}}), *REQUEST)
        if offer not in (connection.inner.scope.get("extensions") or ()):
            raise NotApplicable(f"It does not offer {offer!r} to the inner application.")
        wanted = [message["type"] for message in messages]
        got = [message["type"] for message in connection.server.offered]
        extension = [message for message in messages if message["type"] == offer]
        if missing := [message for message in extension if message not in connection.server.offered]:
            raise Broken(f"{shown(missing[0])} was sent, the server got {shown(connection.server.offered)}.")
        if got != wanted and not subject.declared.changes_body:
            raise Broken(f"{wanted} was sent, the server got {got}.")
        connection.must_have_returned()


@check("Early hints pass, ahead of the head.", GROUP)
def passes_early_hints(subject: Subject) -> None:
    """Send two, each with a link."""
    first: Message = {"type": "http.response.early_hint", "links": [b"</a.css>; rel=preload"]}
    second = {**first, "links": [b"</b.css>; rel=preload"]}
    _passes(subject, "http.response.early_hint", first, second, START, MORE, LAST)


@check("A server push passes.", GROUP)
def passes_push(subject: Subject) -> None:
    """Send one after the head."""
    push: Message = {"type": "http.response.push", "path": "/a.css", "headers": [(b"accept", b"text/css")]}
    _passes(subject, "http.response.push", START, push, MORE, LAST)


@check("Trailers pass, after the body.", GROUP)
def passes_trailers(subject: Subject) -> None:
    """Send them in two messages."""
    first: Message = {
        "type": "http.response.trailers",
        "headers": [(b"x-made-up", b"1")],
        "more_trailers": True,
    }
    second = {**first, "more_trailers": False}
    _passes(subject, "http.response.trailers", {**START, "trailers": True}, MORE, LAST, first, second)


@check("A response by path (`pathsend`) passes.", GROUP)
def passes_path_send(subject: Subject) -> None:
    """Send a path in place of a body."""
    path: Message = {"type": "http.response.pathsend", "path": "/made/up"}
    _passes(subject, "http.response.pathsend", START, path)


@check("A response by file (`zerocopysend`) passes.", GROUP)
def passes_zero_copy_send(subject: Subject) -> None:
    """Send two parts of a file; the file is an object that nobody may look into."""
    first: Message = {"type": "http.response.zerocopysend", "file": object(), "count": 5, "more_body": True}
    second = {**first, "offset": 5, "more_body": False}
    _passes(subject, "http.response.zerocopysend", START, first, second)


@check("A debug message passes, before the head.", GROUP)
def passes_debug(subject: Subject) -> None:
    """Send one, as Starlette does for its test client."""
    debug: Message = {"type": "http.response.debug", "info": {"template": object()}}
    _passes(subject, "http.response.debug", debug, START, MORE, LAST)
