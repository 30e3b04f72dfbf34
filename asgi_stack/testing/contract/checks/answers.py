"""Calls and answers: one call inward, one complete response outward, its length as it says."""

from collections.abc import Sequence
from typing import Any

from asgi_stack.testing.contract.ends import LAST_TYPES
from asgi_stack.testing.contract.inner import fail, read, send
from asgi_stack.testing.contract.materials import (
    ANSWER,
    CONNECT,
    CONVERSATION,
    LAST,
    MORE,
    REQUEST,
    START,
    body,
    start,
    text,
)
from asgi_stack.testing.contract.registry import check
from asgi_stack.testing.contract.report import Broken, NotApplicable
from asgi_stack.testing.contract.stage import Connection, shown
from asgi_stack.testing.contract.subject import Subject
from asgi_stack.types import Message

__all__ = [
    "calls_inward_once",
    "keeps_the_length_true",
    "leaves_bodiless_responses_bodiless",
    "leaves_head_responses_empty",
    "refuses_websockets_properly",
    "replies_completely",
    "replies_to_head_without_body",
    "returns_with_the_inner_application",
    "sends_one_response",
]

GROUP = "Calls and answers"


@check("An ordinary request is answered by the inner application, which is called once.", GROUP)
def calls_inward_once(subject: Subject) -> None:
    """Count the calls, for http and for a websocket."""
    with subject.stage(*ANSWER) as stage:
        _count(subject, stage.connect(subject.http(), *REQUEST), stage.inner.calls)
    with subject.stage(*CONVERSATION) as stage:
        _count(subject, stage.connect(subject.websocket(), CONNECT, text("a")), stage.inner.calls)


def _count(subject: Subject, connection: Connection, calls: Sequence[object]) -> None:
    kind = connection.scope["type"]
    if not calls and not subject.declared.replies:
        raise Broken(
            f"The inner application was not called for {kind}: {connection.instead}. "
            "If it is meant to answer by itself, declare replies=True; "
            "if the request is not one that it lets in, give another with request=..."
        )
    if len(calls) > 1:
        raise Broken(f"The inner application was called {len(calls)} times for one {kind} request.")


@check("The call returns when the inner application has returned, not earlier and not much later.", GROUP)
def returns_with_the_inner_application(subject: Subject) -> None:
    """See whether the call is over before and after."""
    with subject.stage(read, send(START), send(LAST)) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        connection.require_inner()
        if connection.task.done():
            raise Broken(f"The inner application is still at work, and the call {connection.outcome}.")
        connection.do(None)
        connection.must_have_returned()


@check("The server gets one head at most and nothing after the end, whatever the application does.", GROUP)
def sends_one_response(subject: Subject) -> None:
    """Let the inner application return or fail at several points of its response."""
    sent = (send(START), send(MORE), send(LAST))
    for count in (3, 2, 1):
        error = RuntimeError("made up")
        with subject.stage(read, *sent[:count], fail(error) if count < 3 else None) as stage:
            _is_one_response(stage.connect(subject.http(), *REQUEST))


def _is_one_response(connection: Connection) -> None:
    kinds = [message["type"] for message in connection.server.offered]
    ends = [index for index, message in enumerate(connection.server.offered) if _is_last(message)]
    if kinds.count("http.response.start") > 1 or (ends and ends[0] != len(kinds) - 1):
        raise Broken(f"The server got {kinds}, and the call {connection.outcome}.")


def _is_last(message: Message) -> bool:
    return message["type"] in LAST_TYPES and not message.get("more_body")


@check("A `content-length` is there once at most, and is the number of bytes that are sent.", GROUP)
def keeps_the_length_true(subject: Subject) -> None:
    """Say the length of a body that is worth compressing."""
    content = b"made up " * 500
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"4000")]
    with subject.stage(read, send(start(headers)), send(body(content)), None) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        connection.require_inner()
    _has_true_length(connection)


def _lengths(connection: Connection) -> list[bytes]:
    lines = [line for head in connection.server.starts for line in head.get("headers", ())]
    return [value for name, value in lines if name.lower() == b"content-length"]


def _has_true_length(connection: Connection) -> None:
    lengths = _lengths(connection)
    if len(lengths) > 1 or (lengths and lengths[0] != b"%d" % len(connection.server.body)):
        raise Broken(f"It says content-length {lengths}, and sends {len(connection.server.body)} bytes.")


@check("A response to HEAD stays without a body and keeps the length that GET would have.", GROUP)
def leaves_head_responses_empty(subject: Subject) -> None:
    """Answer HEAD as a well-behaved application does."""
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"4000")]
    with subject.stage(read, send(start(headers)), send(body(b"")), None) as stage:
        connection = stage.connect(subject.http(method="HEAD"), *REQUEST)
        connection.require_inner()
    if connection.server.body:
        raise Broken(f"It sends the body {shown(connection.server.body)}.")
    if _lengths(connection) != [b"4000"] and not subject.declared.changes_body:
        raise Broken(f"The application sent content-length 4000, the server got {_lengths(connection)}.")


@check("Responses 204 and 304 stay without a body, and 204 without a length.", GROUP)
def leaves_bodiless_responses_bodiless(subject: Subject) -> None:
    """Answer with both."""
    for status in (204, 304):
        with subject.stage(read, send(start((), status)), send(body(b"")), None) as stage:
            connection = stage.connect(subject.http(), *REQUEST)
            connection.require_inner()
        if connection.server.body or (status == 204 and _lengths(connection)):
            raise Broken(f"For {status} the server got {shown(connection.server.offered)}.")


def _own_reply(subject: Subject, method: str) -> Connection:
    with subject.stage(*ANSWER) as stage:
        connection = stage.connect(subject.http(method=method), *REQUEST)
    if connection.was_called:
        raise NotApplicable(f"It lets the {method} request in, and does not reply by itself.")
    return connection


@check("A reply of its own is complete: a head, the last part of a body, and the true length.", GROUP)
def replies_completely(subject: Subject) -> None:
    """Look at the reply, if there is one."""
    connection = _own_reply(subject, subject.http()["method"])
    offered = connection.server.offered
    if not connection.server.starts or not _is_last(offered[-1]) or connection.error:
        raise Broken(f"The server got {shown(offered)}, and the call {connection.outcome}.")
    _has_true_length(connection)


@check("A reply of its own to HEAD has no body.", GROUP)
def replies_to_head_without_body(subject: Subject) -> None:
    """Look at the reply, if there is one."""
    connection = _own_reply(subject, "HEAD")
    if connection.server.body:
        raise Broken(f"It sends the body {shown(connection.server.body)}.")


@check("It refuses a websocket by a close or, where that is offered, by a complete response.", GROUP)
def refuses_websockets_properly(subject: Subject) -> None:
    """Look at the refusal, if there is one, with and without the extension."""
    offers: tuple[dict[str, Any], ...] = ({"websocket.http.response": {}}, {})
    for extensions in offers:
        with subject.stage(*CONVERSATION) as stage:
            connection = stage.connect(subject.websocket(extensions=extensions), CONNECT, text("a"))
        if connection.was_called:
            raise NotApplicable("It lets the websocket in, and does not refuse it.")
        offered = connection.server.offered
        proper = offered and (_is_close(offered) or (bool(extensions) and _is_denial(offered)))
        if not proper or connection.error:
            raise Broken(
                f"Extensions {extensions}: the server got {shown(offered)}, the call {connection.outcome}."
            )


def _is_close(offered: list[Message]) -> bool:
    kinds = [message["type"] for message in offered]
    return kinds in (["websocket.close"], ["websocket.accept", "websocket.close"])


def _is_denial(offered: list[Message]) -> bool:
    kinds = [message["type"].removeprefix("websocket.http.response.") for message in offered]
    return kinds[0] == "start" and set(kinds[1:]) == {"body"} and _is_last(offered[-1])
