"""Faults at every await: the client goes, the server cancels, send raises, the application raises.

A dry run counts the points; then there is one run, on a new instance, for each of them.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from asgi_stack.testing.contract.inner import Step, fail, listen, read, receive, send
from asgi_stack.testing.contract.materials import (
    ACCEPT,
    ANSWER,
    CONNECT,
    CONVERSATION,
    MORE,
    REQUEST,
    START,
    text,
)
from asgi_stack.testing.contract.registry import check
from asgi_stack.testing.contract.report import Broken
from asgi_stack.testing.contract.stage import Connection, Stage
from asgi_stack.testing.contract.subject import Subject
from asgi_stack.types import Message

__all__ = [
    "lets_cancellation_out",
    "lets_websocket_cancellation_out",
    "passes_exceptions_on",
    "passes_websocket_exceptions_on",
    "shows_the_disconnect",
    "shows_the_websocket_disconnect",
    "survives_a_failing_send",
    "survives_a_failing_websocket_send",
]

GROUP = "Faults, at every await of a request"

TEXT: Message = {"type": "websocket.send", "text": "a"}
ANSWER_AND_LISTEN = (receive, read, send(START), send(MORE), listen, None)
CONVERSE_AND_LISTEN = (receive, send(ACCEPT), receive, send(TEXT), listen, None)


Kind: TypeAlias = Literal["http", "websocket"]


class Trial(NamedTuple):
    """One kind of request, to be run again and again."""

    subject: Subject
    kind: Kind
    script: Sequence[Step | None]

    def open(self, stage: Stage) -> Connection:
        """Begin a request; nothing runs yet."""
        if self.kind == "http":
            return stage.open(self.subject.http(), *REQUEST)
        return stage.open(self.subject.websocket(), CONNECT, text("a"))

    def count(self, points: Callable[[Connection], int]) -> int:
        """Run without a fault, and return how many points there are."""
        with self.subject.stage(*self.script) as stage:
            connection = self.open(stage)
            stage.loop.settle()
            connection.require_inner()
            return points(connection)

    def judge(self, arrange: Callable[[Connection], None], judge: Callable[[Connection], str]) -> str:
        """Run with a fault; return what is wrong, or nothing."""
        with self.subject.stage(*self.script) as stage:
            connection = self.open(stage)
            arrange(connection)
            stage.loop.settle()
            if not connection.task.done():
                return "the call hangs"
            if connection.left_inner_running:
                return f"the call {connection.outcome}, and the inner application was left running"
            if stage.running_tasks():
                return f"the call {connection.outcome}, and left a task running"
            return judge(connection)


def _must_hold(fault: str, where: str) -> None:
    if fault:
        raise Broken(f"{where}: {fault}.")


def _at_every_suspension(
    trial: Trial, what: str, act: Callable[[Connection], object], judge: Callable[[Connection], str]
) -> None:
    total = trial.count(lambda connection: connection.suspensions)
    for point in range(total):

        def arrange(connection: Connection, point: int = point) -> None:
            connection.interrupt = lambda step: act(connection) if step == point else None

        _must_hold(trial.judge(arrange, judge), f"{what} at await {point + 1} of {total} ({trial.kind})")


def _cancelled(connection: Connection) -> str:
    if isinstance(connection.error, asyncio.CancelledError):
        return ""
    return f"the call {connection.outcome}, where CancelledError should come out"


def _cancel(trial: Trial) -> None:
    _at_every_suspension(trial, "Cancelled", lambda connection: connection.task.cancel(), _cancelled)


@check("Cancelled at any await it lets CancelledError out, and the inner application ends.", GROUP)
def lets_cancellation_out(subject: Subject) -> None:
    """Cancel at each await of an http request."""
    _cancel(Trial(subject, "http", ANSWER))


@check("Cancelled at any await of a websocket it lets CancelledError out.", GROUP)
def lets_websocket_cancellation_out(subject: Subject) -> None:
    """Cancel at each await of a websocket."""
    _cancel(Trial(subject, "websocket", CONVERSATION))


def _saw_the_disconnect(connection: Connection) -> str:
    if connection.error is not None and not isinstance(connection.error, OSError):
        return f"the call {connection.outcome}"
    if not connection.was_called:
        return ""
    seen = [message["type"] for message in connection.inner.received]
    return (
        "" if seen[-1:] == [f"{connection.scope['type']}.disconnect"] else f"the application received {seen}"
    )


def _disconnect(trial: Trial, **fields: int) -> None:
    _at_every_suspension(
        trial, "The client gone", lambda connection: connection.server.hang_up(**fields), _saw_the_disconnect
    )


@check("When the client goes, at any await, the inner application sees it and the call ends.", GROUP)
def shows_the_disconnect(subject: Subject) -> None:
    """Let the client go at each await of an http request."""
    _disconnect(Trial(subject, "http", ANSWER_AND_LISTEN))


@check("When a websocket's client goes, at any await, the inner application sees it.", GROUP)
def shows_the_websocket_disconnect(subject: Subject) -> None:
    """Let the client go at each await of a websocket."""
    _disconnect(Trial(subject, "websocket", CONVERSE_AND_LISTEN), code=1005)


def _fail_sends(trial: Trial) -> None:
    total = trial.count(lambda connection: len(connection.server.offered))
    for point in range(total):

        def arrange(connection: Connection, point: int = point) -> None:
            connection.server.fail_at = point

        def judge(connection: Connection, point: int = point) -> str:
            if more := connection.server.offered[point + 1 :]:
                return f"it sent {more[0]['type']!r} after that"
            if connection.error is None or isinstance(connection.error, OSError):
                return ""
            return f"the call {connection.outcome}"

        where = f"The server's send raises OSError at message {point + 1} of {total} ({trial.kind})"
        _must_hold(trial.judge(arrange, judge), where)


@check("When send raises OSError it sends nothing more and ends: by that error, or quietly.", GROUP)
def survives_a_failing_send(subject: Subject) -> None:
    """Fail each send of an http response."""
    _fail_sends(Trial(subject, "http", ANSWER))


@check("When a websocket's send raises OSError it sends nothing more and ends.", GROUP)
def survives_a_failing_websocket_send(subject: Subject) -> None:
    """Fail each send of a websocket."""
    _fail_sends(Trial(subject, "websocket", CONVERSATION))


class _MadeUpError(Exception):
    pass


def _raise_inside(subject: Subject, kind: Kind, script: Sequence[Step | None]) -> None:
    Trial(subject, kind, script).count(lambda connection: 0)
    for point in range(len(script)):
        error = _MadeUpError("raised by the inner application")

        def judge(connection: Connection, error: _MadeUpError = error) -> str:
            if connection.error is error or not connection.was_called:
                return ""
            if subject.declared.handles_exceptions and connection.error is None:
                return ""
            return f"the call {connection.outcome}, where that very exception should come out"

        trial = Trial(subject, kind, [*script[:point], fail(error)])
        where = f"The inner application raises at point {point + 1} of {len(script)} ({kind})"
        _must_hold(trial.judge(lambda connection: None, judge), where)


@check("An exception of the inner application, at any point, comes out: the very object.", GROUP)
def passes_exceptions_on(subject: Subject) -> None:
    """Raise before each step of an http response, and after the last."""
    _raise_inside(subject, "http", ANSWER)


@check("An exception of the inner application during a websocket comes out: the very object.", GROUP)
def passes_websocket_exceptions_on(subject: Subject) -> None:
    """Raise before each step of a websocket, and after the last."""
    _raise_inside(subject, "websocket", CONVERSATION)
