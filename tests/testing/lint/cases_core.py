"""Faults of events in general, and of changing what belongs to somebody else."""

import asyncio
from collections.abc import Callable
from typing import Any

from asgi_stack.testing import http_scope
from asgi_stack.types import Receive, Scope, Send
from tests.testing.lint.cases import Case
from tests.testing.lint.cases_http import GONE, body, case, request, start
from tests.testing.lint.cases_scope import other_scope
from tests.testing.lint.traffic import Act, Got, Sent, Server, Traffic, event

RESPONSE = (start(), body())


def other(*steps: Any) -> Traffic:
    return Traffic(other_scope(), steps)


def holding(value: Any) -> Traffic:
    return other(event("made.up.event", value=value))


def changing_scope(change: Callable[[Scope], object]) -> Act:
    async def act(scope: Scope, receive: Receive, send: Send) -> None:
        change(scope)

    return act


def changing_own(change: Callable[[dict[str, Any]], object]) -> Act:
    """Send a start, change it, and send the body."""

    async def act(scope: Scope, receive: Receive, send: Send) -> None:
        message = start(200, (b"a", b"b"))
        await send(message)
        change(message)
        await send(body())

    return act


def changing_received(change: Callable[[dict[str, Any]], object]) -> Act:
    async def act(scope: Scope, receive: Receive, send: Send) -> None:
        change(await receive())

    return act


async def receive_twice(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.gather(receive(), receive())


async def receive_in_turn(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await receive()


class SlowServer(Server):
    """Lets others run before it gives an event."""

    async def receive(self) -> Any:
        await asyncio.sleep(0)
        return GONE


def changing_server(change: Callable[[Scope, dict[str, Any]], object]) -> Traffic:
    steps = (changing_own(lambda message: None),)
    return Traffic(http_scope(), steps, lambda scope: Server([], lambda message: change(scope, message)))


def received(change: Callable[[dict[str, Any]], object]) -> Traffic:
    return Traffic(http_scope(), (changing_received(change), *RESPONSE), lambda scope: Server([request()]))


def scope_case(rule: str, what: str, change: Callable[[Scope], object]) -> Case:
    copied = changing_scope(lambda scope: change({**scope, "headers": list(scope["headers"])}))
    return case(rule, what, (changing_scope(change), *RESPONSE), (copied, *RESPONSE))


CORE_CASES = [
    Case("C21", "None received", other(Got(None)), other(Got(event("made.up.a")))),
    Case("C21", "a list sent", other(Sent([])), other(Sent(event("made.up.a")))),
    Case("C6", "an event without type received", other(Got({})), other(Got(event("made.up.a")))),
    Case("C6", "an event with a type in bytes", other(Sent({"type": b"made.up.a"})), other()),
    Case(
        "C7",
        "an event outside of its protocol",
        other(event("mychat.message")),
        other(event("made.up.message")),
    ),
    Case("C8", "a set in an event", holding({1}), holding([1])),
    Case("C8", "a bytearray in an event", holding(bytearray()), holding(b"")),
    Case("C8", "an int of 65 bits", holding(2**63), holding(2**63 - 1)),
    Case("C8", "a nan", holding(float("nan")), holding(1.5)),
    Case(
        "C8",
        "an infinity deep in an event",
        holding([{"a": (float("inf"),)}]),
        holding([{"a": (None, True)}]),
    ),
    Case("C9", "an int key deep in an event", holding([{1: 2}]), holding([{"1": 2}])),
    Case("C9", "an int key of an event", other({"type": "made.up.a", 1: 2}), other(event("made.up.a"))),
    case("C8", "an object beside the known keys", (start(x=object()), body()), (start(x="y"), body())),
    scope_case("C11", "a key added to the scope", lambda scope: scope.update(user="me")),
    scope_case("C11", "a key replaced", lambda scope: scope.update(path="/other")),
    scope_case("C11", "a key removed", lambda scope: scope.pop("method")),
    scope_case("C11", "a header added in place", lambda scope: scope["headers"].append((b"a", b"b"))),
    Case(
        "C12",
        "a scope changed after it was handed inward",
        changing_server(lambda scope, message: scope.update(late=True)),
        changing_server(lambda scope, message: {**scope, "late": True}),
    ),
    Case(
        "X8",
        "a start changed by the server",
        changing_server(lambda scope, message: message.update(more=1)),
        changing_server(lambda scope, message: {**message, "more": 1}),
    ),
    Case(
        "X8",
        "a header list changed by the server",
        changing_server(lambda scope, message: message.get("headers", []).append((b"c", b"d"))),
        changing_server(lambda scope, message: [*message.get("headers", []), (b"c", b"d")]),
    ),
    case("X8", "a start changed after it was sent", (changing_own(lambda m: m.pop("headers")),), RESPONSE),
    case(
        "X8",
        "a header list changed after it was sent",
        (changing_own(lambda m: m["headers"].clear()),),
        (changing_own(lambda m: list(m["headers"]).clear()),),
    ),
    Case("X8", "a received event changed", received(lambda m: m.update(body=b"x")), received(dict)),
    Case(
        "X3",
        "two receives at once",
        Traffic(http_scope(), (receive_twice,), lambda scope: SlowServer()),
        Traffic(http_scope(), (receive_in_turn,), lambda scope: SlowServer()),
    ),
]
