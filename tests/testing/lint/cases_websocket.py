"""Faults of websocket and lifespan events."""

from typing import Any

from asgi_stack.testing import lifespan_scope, websocket_scope
from tests.testing.lint.cases import Case
from tests.testing.lint.traffic import Got, Sent, Step, Traffic, event

CONNECT = event("websocket.connect")
ACCEPT = event("websocket.accept")
CLOSE = event("websocket.close")
TEXT = event("websocket.receive", text="a")
SEND = event("websocket.send", text="a")
GONE = event("websocket.disconnect", code=1005)
DENIAL = event("websocket.http.response.start", status=403)
DENIAL_BODY = event("websocket.http.response.body", body=b"no")
DENY = (CONNECT, DENIAL, DENIAL_BODY)


def websocket(*steps: Step, **scope: Any) -> Traffic:
    return Traffic(websocket_scope(**scope), steps)


def case(rule: str, what: str, wrong: tuple[Step, ...], right: tuple[Step, ...]) -> Case:
    return Case(rule, what, websocket(*wrong), websocket(*right))


def accept(*headers: Any, **more: Any) -> dict[str, Any]:
    return event("websocket.accept", headers=list(headers), **more)


def accepted(*steps: Step) -> tuple[Step, ...]:
    return (CONNECT, ACCEPT, *steps)


def of_version(version: str | None, *headers: Any) -> Traffic:
    asgi = {"version": "3.0"} if version is None else {"version": "3.0", "spec_version": version}
    return websocket(CONNECT, accept(*headers), extra={"asgi": asgi})


HEADER = (b"a", b"b")
OK = accepted(TEXT, SEND, CLOSE)
WITH_EMPTY_ITERATOR = event("websocket.accept", headers=iter(()))

WEBSOCKET_CASES = [
    case("W15", "an event ahead of connect", (TEXT, *accepted()), accepted(TEXT)),
    case("W15", "two connects", (CONNECT, *OK), OK),
    case("W15", "data ahead of the answer", (CONNECT, TEXT, ACCEPT), accepted(TEXT)),
    case("W15", "no answer", (CONNECT,), (CONNECT, GONE)),
    case("W15", "a disconnect ahead of connect", (GONE,), (CONNECT, GONE)),
    case(
        "W17",
        "a subprotocol in bytes",
        (CONNECT, accept(subprotocol=b"a")),
        (CONNECT, accept(subprotocol=None)),
    ),
    case("W18", "str headers", (CONNECT, accept(("a", "b"))), (CONNECT, accept(HEADER))),
    case("W18", "a mixed-case name", (CONNECT, accept((b"A", b"b"))), (CONNECT, accept())),
    Case("W18", "headers for version 2.0", of_version("2.0", HEADER), of_version("2.1", HEADER)),
    Case("W18", "headers for no version", of_version(None, HEADER), of_version(None)),
    case("W19", "the subprotocol as a header", (CONNECT, accept((b"sec-websocket-protocol", b"a"))), OK),
    case("W20", "a pseudo header", (CONNECT, accept((b":status", b"101"))), (CONNECT, WITH_EMPTY_ITERATOR)),
    case("W30", "data ahead of the accept", (CONNECT, SEND, ACCEPT), OK),
    case("W30", "two accepts", accepted(ACCEPT), OK),
    case("W31", "data after the close", accepted(CLOSE, SEND), accepted(SEND, CLOSE)),
    case("W31", "two closes", accepted(CLOSE, CLOSE), accepted(CLOSE)),
    case("W31", "an accept after the close", (CONNECT, CLOSE, ACCEPT), (CONNECT, CLOSE)),
    case("W21", "neither bytes nor text", accepted(event("websocket.receive")), accepted(TEXT)),
    case(
        "W21",
        "both bytes and text",
        accepted(event("websocket.receive", bytes=b"", text="")),
        accepted(event("websocket.receive", bytes=b"", text=None)),
    ),
    case("W21", "a text in bytes", accepted(event("websocket.receive", text=b"a")), accepted(TEXT)),
    case("W22", "neither sent", accepted(event("websocket.send", bytes=None)), accepted(SEND)),
    case("W22", "a str as bytes", accepted(event("websocket.send", bytes="a")), accepted(SEND)),
    case("W23", "no code", accepted(event("websocket.disconnect")), accepted(GONE)),
    case("W23", "None as code", accepted(event("websocket.disconnect", code=None)), accepted(GONE)),
    case("W24", "a reason in bytes", accepted({**GONE, "reason": b""}), accepted({**GONE, "reason": None})),
    case("X7", "data after the disconnect", accepted(GONE, TEXT), accepted(TEXT, GONE)),
    case("W28", "None as code", accepted({**CLOSE, "code": None}), accepted({**CLOSE, "code": 4000})),
    case("W28", "a reason in bytes", accepted({**CLOSE, "reason": b""}), accepted({**CLOSE, "reason": None})),
    case("C20", "an unknown event", accepted(event("websocket.ping")), accepted()),
    case("C7", "a response to a websocket", (*OK, event("http.response.start", status=200)), OK),
    case("C7", "an unknown event received", accepted(Got(event("websocket.x"))), OK),
    Case("E1", "a denial nobody offered", websocket(*DENY, extensions={}), websocket(*DENY)),
    case("E2", "a denial after the close", (CONNECT, CLOSE, DENIAL), (DENIAL, DENIAL_BODY)),
    case("E2", "a denial after the accept", accepted(DENIAL), DENY),
    case("E3", "a close after the denial", (*DENY, CLOSE), DENY),
    case("E3", "an accept after the denial", (*DENY, ACCEPT), DENY),
    case("E3", "data after the denial", (*DENY, SEND), DENY),
    case("E4", "a denial with a str status", (CONNECT, {**DENIAL, "status": "403"}, DENIAL_BODY), DENY),
    case("E4", "a mixed-case name", (CONNECT, {**DENIAL, "headers": [(b"A", b"")]}, DENIAL_BODY), DENY),
    case("E4", "a denial without body", (CONNECT, DENIAL), DENY),
    case("E4", "a denial without end", (CONNECT, DENIAL, {**DENIAL_BODY, "more_body": True}), DENY),
    case("E4", "a denial body ahead of its start", (CONNECT, DENIAL_BODY, DENIAL, DENIAL_BODY), DENY),
    case("E4", "two starts of a denial", (CONNECT, DENIAL, DENIAL, DENIAL_BODY), DENY),
    case("X5", "a denial body after the last", (*DENY, DENIAL_BODY), DENY),
    case("X2", "content with a 204 denial", (CONNECT, {**DENIAL, "status": 204}, DENIAL_BODY), DENY),
]

STARTUP, SHUTDOWN = event("lifespan.startup"), event("lifespan.shutdown")
STARTED, STOPPED = event("lifespan.startup.complete"), event("lifespan.shutdown.complete")
LIFE = (STARTUP, STARTED, SHUTDOWN, STOPPED)
START_FAILED, STOP_FAILED = event("lifespan.startup.failed"), event("lifespan.shutdown.failed")


def lifespan(rule: str, what: str, wrong: tuple[Step, ...], right: tuple[Step, ...] = LIFE) -> Case:
    return Case(rule, what, Traffic(lifespan_scope(), wrong), Traffic(lifespan_scope(), right))


LIFESPAN_CASES = [
    lifespan("LS5", "two startups", (STARTUP, STARTED, STARTUP), (STARTUP, STARTED)),
    lifespan("LS5", "shutdown ahead of startup", (SHUTDOWN, STOPPED)),
    lifespan("LS5", "two shutdowns", (*LIFE, SHUTDOWN)),
    lifespan(
        "LS7", "a message in bytes", (STARTUP, {**START_FAILED, "message": b""}), (STARTUP, START_FAILED)
    ),
    lifespan(
        "LS10", "None as message", (*LIFE[:3], {**STOP_FAILED, "message": None}), (*LIFE[:3], STOP_FAILED)
    ),
    lifespan("LS14", "two answers", (STARTUP, STARTED, STARTED)),
    lifespan("LS14", "complete after failed", (STARTUP, START_FAILED, STARTED)),
    lifespan("LS14", "an answer ahead of its event", (STARTED, STARTUP), (STARTUP, STARTED)),
    lifespan("LS14", "no answer to startup", (STARTUP,), ()),
    lifespan("LS14", "no answer to shutdown", LIFE[:3]),
    lifespan("C20", "an unknown answer", (STARTUP, STARTED, event("lifespan.startup.delayed"))),
    lifespan("C7", "an unknown event", (STARTUP, STARTED, Sent(event("http.response.body")))),
]
