"""What requests must not share, and what a call must not leave behind."""

from contextvars import Context, ContextVar
from typing import Any

from asgi_stack.testing.contract.inner import INSIDE, Inner, InnerCall, read, send
from asgi_stack.testing.contract.materials import (
    ANSWER,
    CONNECT,
    CONVERSATION,
    LAST,
    REQUEST,
    START,
    body,
    start,
    text,
)
from asgi_stack.testing.contract.registry import check
from asgi_stack.testing.contract.report import Broken, NotApplicable
from asgi_stack.testing.contract.stage import Connection, Stage, shown
from asgi_stack.testing.contract.subject import Subject
from asgi_stack.types import Message

__all__ = [
    "leaves_no_task",
    "restores_the_context",
    "serves_on_two_event_loops",
    "serves_requests_side_by_side",
    "shares_no_state_between_requests",
    "shows_inner_context_outside",
    "shows_outer_context_inside",
]

GROUP = "Between requests"


def _interleaved(subject: Subject, stage: Stage) -> list[Connection]:
    """Run two requests on one instance, taking turns; what they carry tells them apart."""
    pair = [stage.open(subject.http(extra={"made.up": name})) for name in (b"a", b"b")]
    stage.loop.settle()
    if not all(connection.was_called for connection in pair):
        return pair
    for connection, name in zip(pair, (b"a", b"b"), strict=True):
        connection.feed({"type": "http.request", "body": name, "more_body": False})
    for connection in pair:
        connection.do(read)
    for connection in pair:
        name = connection.scope["made.up"]
        connection.do(send(start([(b"x-made-up", name)], 200 if name == b"a" else 201)))
    for connection in reversed(pair):
        connection.do(send(body(connection.scope["made.up"], more=True)))
    for connection in pair:
        connection.do(send(body(b"!")), None)
    return pair


def _facts(connection: Connection) -> dict[str, Any]:
    lines = [line for head in connection.server.starts for line in head.get("headers", ())]
    return {
        "statuses": [head["status"] for head in connection.server.starts],
        "x-made-up": [value for name, value in lines if name == b"x-made-up"],
        "scope": connection.inner.scope.get("made.up"),
        "request body": connection.inner.body,
        "response body": connection.server.body,
        "the call": connection.outcome,
    }


@check("A request is served while another one is under way.", GROUP)
def serves_requests_side_by_side(subject: Subject) -> None:
    """Begin two requests and see whether both reach the inner application."""
    with subject.stage() as stage:
        first, second = _interleaved(subject, stage)
        first.require_inner()
        if not second.was_called:
            raise Broken("The second request did not reach the inner application while the first was served.")


@check("Two requests that take turns, and two in a row, have nothing of each other.", GROUP)
def shares_no_state_between_requests(subject: Subject) -> None:
    """Compare what each gets with what it gets when it is alone."""
    with subject.stage() as stage:
        alone = _facts(_one(subject, stage, b"a"))
        again = _facts(_one(subject, stage, b"a"))
    if alone != again:
        raise Broken(f"The first request: {shown(alone)}. The same again: {shown(again)}.")
    with subject.stage() as stage:
        together = [_facts(connection) for connection in _interleaved(subject, stage)]
    if together[0] != alone:
        raise Broken(f"Alone: {shown(alone)}. Beside another request: {shown(together[0])}.")
    with subject.stage() as stage:
        other = _facts(_one(subject, stage, b"b"))
    if together[1] != other:
        raise Broken(f"Alone: {shown(other)}. Beside another request: {shown(together[1])}.")


def _one(subject: Subject, stage: Stage, name: bytes) -> Connection:
    request: Message = {"type": "http.request", "body": name, "more_body": False}
    connection = stage.connect(subject.http(extra={"made.up": name}), request)
    status = 200 if name == b"a" else 201
    parts = send(start([(b"x-made-up", name)], status)), send(body(name, more=True)), send(body(b"!"))
    connection.do(read, *parts, None)
    return connection


@check("One instance serves on two event loops, one after the other.", GROUP)
def serves_on_two_event_loops(subject: Subject) -> None:
    """Run interleaved requests on one loop and then on another."""
    inner = Inner()
    with Stage(subject.build, inner) as stage:
        app = stage.app
        first = [connection.outcome for connection in _interleaved(subject, stage)]
    with Stage(lambda _: app, inner) as stage:
        second = [connection.outcome for connection in _interleaved(subject, stage)]
    if first != second:
        raise Broken(f"On the first loop the calls {first}, on the second {second}.")


@check("Context variables that the caller has set are seen by the inner application.", GROUP)
def shows_outer_context_inside(subject: Subject) -> None:
    """Set one for each connection."""
    with subject.stage(*ANSWER) as stage:
        _sees(stage.connect(subject.http(), *REQUEST))
    with subject.stage(*CONVERSATION) as stage:
        _sees(stage.connect(subject.websocket(), CONNECT, text("a")))


def _sees(connection: Connection) -> None:
    if connection.inner.outside != connection.outside:
        raise Broken(
            f"The caller set {connection.outside!r}, the application sees {connection.inner.outside!r}."
        )


async def _set_inside(call: InnerCall) -> None:
    INSIDE.set("inside")


@check("Context variables that the inner application sets are seen by the caller: one task runs both.", GROUP)
def shows_inner_context_outside(subject: Subject) -> None:
    """Set one inside and look for it when the call is over."""
    with subject.stage(read, _set_inside, send(START), send(LAST), None) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        connection.require_inner()
        if _variables(connection)[1].get(INSIDE) != "inside":
            raise Broken("The inner application set a context variable, and the caller does not see it.")


def _variables(connection: Connection) -> tuple[dict[ContextVar[Any], Any], dict[ContextVar[Any], Any]]:
    if connection.contexts is None:
        raise NotApplicable(f"The call {connection.outcome}.")
    before, after = connection.contexts
    return dict(before.items()), dict(after.items())


@check("Context variables that it sets for a request are as before when the call is over.", GROUP)
def restores_the_context(subject: Subject) -> None:
    """Compare every variable before and after, for http and for a websocket."""
    subject.skip_if("leaves_context")
    with subject.stage(*ANSWER) as stage:
        _restored(stage.connect(subject.http(), *REQUEST))
    with subject.stage(*CONVERSATION) as stage:
        _restored(stage.connect(subject.websocket(), CONNECT, text("a")))


def _restored(connection: Connection) -> None:
    before, after = _variables(connection)
    changed = sorted(var.name for var, value in after.items() if not _is_as_before(var, value, before))
    if changed:
        kind = connection.scope["type"]
        raise Broken(f"After the {kind} request the context variables {changed} have other values.")


def _is_as_before(var: ContextVar[Any], value: object, before: dict[ContextVar[Any], Any]) -> bool:
    if var in before:
        return value is before[var]
    # Nobody can tell a variable that was never set from one that has its default, or is off, again.
    return value is None or value is False or value is Context().run(var.get, None)


@check("No task that it started runs when the call is over.", GROUP)
def leaves_no_task(subject: Subject) -> None:
    """Look at the tasks at that moment, for http and for a websocket."""
    with subject.stage(*ANSWER) as stage:
        _alone(stage.connect(subject.http(), *REQUEST))
    with subject.stage(*CONVERSATION) as stage:
        _alone(stage.connect(subject.websocket(), CONNECT, text("a")))


def _alone(connection: Connection) -> None:
    if connection.left_over:
        raise Broken(f"When the call had ended, {shown(connection.left_over)} still ran.")
