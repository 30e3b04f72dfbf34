"""Bodies: whole, in order, at once, and no faster than the other side wants them."""

import asyncio
from collections.abc import Iterable
from typing import Any

from asgi_stack.testing.contract.inner import InnerCall, Step, listen, read, receive, send
from asgi_stack.testing.contract.materials import (
    ANSWER,
    LAST,
    MORE,
    REQUEST,
    REQUEST_BODY,
    START,
    body,
    large,
    start,
)
from asgi_stack.testing.contract.registry import check
from asgi_stack.testing.contract.report import Broken
from asgi_stack.testing.contract.stage import Connection, shown
from asgi_stack.testing.contract.subject import Subject

__all__ = [
    "answers_while_listening",
    "asks_only_when_asked",
    "does_not_hold_the_end",
    "does_not_hold_the_head",
    "keeps_back_pressure",
    "keeps_one_receive_waiting",
    "keeps_the_request_body",
    "keeps_the_response_body",
    "streams_the_request",
    "streams_the_response",
    "works_with_a_slow_application",
]

GROUP = "Bodies and their flow"
# In seconds of the loop's own time, for which nobody has to wait.
SLOWNESS = 0.05
LONG_ENOUGH = 1.0


@check("The response body arrives whole, unchanged and in order.", GROUP)
def keeps_the_response_body(subject: Subject) -> None:
    """Send two parts."""
    subject.skip_if("changes_body")
    with subject.stage(*ANSWER) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        connection.require_inner()
    if connection.server.body != b"first,last":
        raise Broken(f"The inner application sent b'first,last', the server got {connection.server.body!r}.")


@check("The request body arrives whole, unchanged and in order.", GROUP)
def keeps_the_request_body(subject: Subject) -> None:
    """Give three parts."""
    with subject.stage(*ANSWER) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        got = connection.inner.body
    if got != REQUEST_BODY:
        raise Broken(f"The server gave {REQUEST_BODY!r}, the inner application got {got!r}.")


@check("Each part of a response goes out before the next one comes in.", GROUP)
def streams_the_response(subject: Subject) -> None:
    """Send parts, one at a time; what a body changer gets is too large and too random to be kept back."""
    with subject.stage(read) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        connection.do(send(start()))
        for number in range(3):
            before = len(connection.server.body)
            connection.do(send(body(large(number), more=True)))
            if len(connection.server.body) == before:
                raise Broken(f"Part {number + 1} of the body was sent, and the server got nothing of it.")


@check("The head of a response goes out before its body comes in.", GROUP)
def does_not_hold_the_head(subject: Subject) -> None:
    """Send a head alone; a middleware that changes bodies may wait for the first part to decide."""
    subject.skip_if("changes_body")
    with subject.stage(read) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        connection.do(send(START))
        if not connection.server.starts:
            raise Broken("The head was sent, and the server got nothing.")


@check("The end of a response goes out while the inner application still works on.", GROUP)
def does_not_hold_the_end(subject: Subject) -> None:
    """Send everything and do not return, as an application with work to do after the response."""
    with subject.stage(read) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        connection.do(send(START), send(MORE), send(LAST))
        last = connection.server.offered[-1:]
        if not last or last[0]["type"] != "http.response.body" or last[0].get("more_body"):
            raise Broken(f"The response was sent whole, the last that the server got is {shown(last)}.")


@check("Each part of a request body goes inward before the next one is there.", GROUP)
def streams_the_request(subject: Subject) -> None:
    """Give one part and see whether it arrives."""
    subject.skip_if("reads_ahead")
    with subject.stage(read) as stage:
        connection = stage.connect(subject.http(), REQUEST[0])
        if not connection.inner.body:
            raise Broken("A part of the body was there, and the inner application did not get it.")


@check("While the server's send waits, the inner application's send waits.", GROUP)
def keeps_back_pressure(subject: Subject) -> None:
    """Block the server; of a head and a part of the body at most one may be taken from the application."""
    with subject.stage(read) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        connection.server.blocked = True
        done = connection.inner.done
        connection.do(send(START), send(body(large(1), more=True)))
        if connection.inner.done - done == 2:
            raise Broken("The server took nothing, and the inner application could send head and body.")
        connection.server.release()
        stage.loop.settle()
        _blocked_again(connection)


def _blocked_again(connection: Connection) -> None:
    connection.server.blocked = True
    done = connection.inner.done
    connection.do(send(body(large(2), more=True)))
    if connection.inner.done > done:
        raise Broken("The server did not take a part of the body, and the inner application went on.")


@check("It receives only when the inner application does: it neither polls nor reads ahead.", GROUP)
def asks_only_when_asked(subject: Subject) -> None:
    """Count the calls on both sides."""
    subject.skip_if("reads_ahead")
    with subject.stage() as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        for steps in ((), (receive,), (read, send(START)), (send(LAST),), (None,)):
            connection.do(*steps)
            if connection.server.asked > connection.inner.asked:
                counts = f"{connection.inner.asked} times, and the middleware {connection.server.asked}"
                raise Broken(f"The inner application called receive {counts}.")


async def _listen_beside(call: InnerCall) -> None:
    """Answer while another task waits for the disconnect, as Django does."""
    listener = asyncio.ensure_future(listen(call))
    try:
        for step in (send(START), send(MORE), send(LAST)):
            await step(call)
        await listener
    finally:
        listener.cancel()


@check("An application that waits in receive can answer meanwhile, and then sees the disconnect.", GROUP)
def answers_while_listening(subject: Subject) -> None:
    """Receive and send at the same time."""
    with subject.stage(read, _listen_beside, None) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        seen = connection.inner.received[-1:]
        connection.must_have_returned()
    if not seen or seen[0]["type"] != "http.disconnect":
        raise Broken(f"The last that the inner application received is {shown(seen)}.")


@check("At most one call of the server's receive waits at any time.", GROUP)
def keeps_one_receive_waiting(subject: Subject) -> None:
    """Count the calls that wait, while the inner application listens."""
    with subject.stage(read, _listen_beside, None) as stage:
        connection = stage.connect(subject.http(), *REQUEST)
        most = connection.server.most_waiting
    with subject.stage(listen, None) as stage:
        connection = stage.connect(subject.http(), REQUEST[0])
        most = max(most, connection.server.most_waiting)
    if most > 1:
        raise Broken(f"{most} calls of receive waited at the same time.")


def _slowly(step: Step | None) -> Step | None:
    async def do_slowly(call: InnerCall) -> Any:
        for _ in range(10):
            await asyncio.sleep(0)
        await asyncio.sleep(SLOWNESS)
        return await step(call) if step else None

    return step and do_slowly


@check("A slow inner application gets and gives the same as a fast one.", GROUP)
def works_with_a_slow_application(subject: Subject) -> None:
    """Let time pass at every step; it is the loop's own time, so nobody waits."""
    fast, slow = _result(subject, ANSWER), _result(subject, [*map(_slowly, ANSWER)])
    if fast != slow:
        raise Broken(f"A fast one: {shown(fast)}. A slow one: {shown(slow)}.")


def _result(subject: Subject, script: Iterable[Step | None]) -> dict[str, object]:
    with subject.stage(*script) as stage:
        connection = stage.open(subject.http(), *REQUEST)
        stage.loop.settle(LONG_ENOUGH)
        return {
            "it received": connection.inner.body,
            "the server got": connection.server.body,
            "the call": connection.outcome,
        }
