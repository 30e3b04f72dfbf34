"""Faults of http events."""

from typing import Any

from asgi_stack.testing import http_scope
from tests.testing.lint.cases import Case
from tests.testing.lint.traffic import Got, Sent, Step, Traffic, event


def start(status: Any = 200, *headers: Any, **more: Any) -> dict[str, Any]:
    return event("http.response.start", status=status, headers=list(headers), **more)


def body(content: Any = b"", more: Any = False) -> dict[str, Any]:
    return event("http.response.body", body=content, more_body=more)


def request(content: Any = b"", more: Any = False) -> dict[str, Any]:
    return event("http.request", body=content, more_body=more)


GONE = event("http.disconnect")
LENGTH_2 = (b"content-length", b"2")


def http(*steps: Step, method: str = "GET") -> Traffic:
    return Traffic(http_scope(method=method), steps)


def case(rule: str, what: str, wrong: tuple[Step, ...], right: tuple[Step, ...]) -> Case:
    return Case(rule, what, http(*wrong), http(*right))


OK = (request(), start(), body())
NO_STATUS = event("http.response.start")
BARE = (event("http.request"), event("http.response.start", status=200), event("http.response.body"))
TRAILERS = {"http.response.trailers": {}}

HTTP_CASES = [
    case("H21", "a str as request body", (request("a"), *OK[1:]), (request(b"a"), *OK[1:])),
    case("H21", "None as request body", (request(None), *OK[1:]), BARE),
    case("H22", "1 as more_body", (request(b"", 1), *OK[1:]), (request(b"", True), request(), *OK[1:])),
    case("X6", "a request that goes on after its end", (request(), *OK), (request(b"", True), *OK)),
    case(
        "X7", "a request after the disconnect", (request(b"", True), GONE, request()), (request(), GONE, GONE)
    ),
    case("C7", "an unknown event for an http application", (Got(event("http.hello")), *OK), OK),
    case("H25", "a start and no body", (request(), start()), OK),
    case("H26", "a start without status", (NO_STATUS, body()), OK),
    case("H26", "a str as status", (start("200"), body()), (start(599), body())),
    case("H26", "a bool as status", (start(True), body()), (start(100), body())),
    case("H26", "status 0", (start(0), body()), (start(404), body())),
    case("H26", "status 600", (start(600), body()), (start(599), body())),
    case("H27", "None as headers", (event("http.response.start", status=200, headers=None), body()), BARE),
    case("H27", "str headers", (start(200, ("a", "b")), body()), (start(200, (b"a", b"b")), body())),
    case("H27", "bytearray values", (start(200, (b"a", bytearray(b"b"))), body()), OK),
    case("H27", "a triple", (start(200, (b"a", b"b", b"c")), body()), (start(200, [b"a", b"b"]), body())),
    case("H28", "a mixed-case name", (start(200, (b"Content-Type", b"a")), body()), OK),
    case("H30", "a pseudo header", (start(200, (b":status", b"200")), body()), OK),
    case("H31", "1 as trailers", (start(trailers=1), body()), (start(trailers=False), body())),
    case("H40", "two starts", (start(), start(), body()), OK),
    case("H40", "a body ahead of the start", (body(b"", True), *OK), OK),
    case("H40", "no response", (request(),), (request(), GONE)),
    case("H36", "a str as body", (start(), body("a")), (start(), body(b"a"))),
    case("H36", "a memoryview as body", (start(), body(memoryview(b"a"))), (start(), body(b"a"))),
    case("H37", "None as more_body", (start(), body(b"", None)), (start(), body(b"", True), body())),
    case("X4", "a response never finished", (start(), body(b"a", True)), (start(), body(b"a", True), GONE)),
    case("X5", "a body after the last", (*OK, body()), (start(), body(b"", True), body())),
    case(
        "X1",
        "fewer bytes than announced",
        (start(200, LENGTH_2), body(b"a")),
        (start(200, LENGTH_2), body(b"ab")),
    ),
    case(
        "X1",
        "more bytes than announced",
        (start(200, LENGTH_2), body(b"ab", True), body(b"c")),
        (start(200, LENGTH_2), body(b"a", True), body(b"b")),
    ),
    case("X1", "a length that is none", (start(200, (b"content-length", b"+2")), body(b"ab")), OK),
    case(
        "X1",
        "two lengths that differ",
        (start(200, LENGTH_2, (b"content-length", b"3")), body(b"ab")),
        (start(200, LENGTH_2, LENGTH_2), body(b"ab")),
    ),
    case("X1", "an empty body for two bytes", (start(200, LENGTH_2), body()), (start(304, LENGTH_2), body())),
    case("X2", "content with 204", (start(204), body(b"a")), (start(204), body())),
    case("X2", "content with 205", (start(205), body(b"a")), (start(205), body())),
    case("X2", "content with 304", (start(304), body(b"a")), (start(304), body())),
    case("X2", "content with 103", (start(103), body(b"a")), (start(103), body())),
    case("X2", "content with 100, in steps", (start(100), body(b"", True), body(b"a")), (start(199), body())),
    Case(
        "X1",
        "a wrong length",
        http(start(200, LENGTH_2), body()),
        http(start(200, LENGTH_2), body(), method="HEAD"),
    ),
    Case("X2", "content", http(start(204), body(b"a")), http(start(204), body(b"a"), method="HEAD")),
    Case(
        "X1",
        "a wrong length",
        http(start(200, LENGTH_2), body()),
        http(start(200, LENGTH_2), body(), method="CONNECT"),
    ),
    case("C20", "an event that nobody knows", (event("http.flush"), *OK), OK),
    case("C20", "a request that is sent", (Sent(request()), *OK), OK),
    case("C7", "an event of another protocol", (event("websocket.accept"), *OK), OK),
    Case(
        "C20",
        "an event of an extension that is not there",
        http(event("http.fullflush"), *OK),
        Traffic(http_scope(extensions={"fullflush": {}}), (event("http.fullflush"), *OK)),
    ),
]
