"""Faults of the extensions of http."""

import io
from pathlib import Path
from typing import Any

from asgi_stack.testing import http_scope
from tests.testing.lint.cases import Case
from tests.testing.lint.cases_http import body, start
from tests.testing.lint.traffic import Step, Traffic, event

NAMES = ("debug", "early_hint", "pathsend", "push", "trailers", "zerocopysend")
ADVERTISED: dict[str, dict[str, Any]] = {f"http.response.{name}": {} for name in NAMES}


def extended(*steps: Step) -> Traffic:
    return Traffic(http_scope(extensions=ADVERTISED), steps)


def case(rule: str, what: str, wrong: tuple[Step, ...], right: tuple[Step, ...]) -> Case:
    return Case(rule, what, extended(*wrong), extended(*right))


def needs(rule: str, *steps: Step) -> Case:
    return Case(rule, "not advertised", Traffic(http_scope(extensions={}), steps), extended(*steps))


def within(*steps: Step) -> tuple[Step, ...]:
    return (start(), *steps, body())


def hinted(**changes: Any) -> tuple[Step, ...]:
    return ({**HINT, **changes}, *within())


def push(path: Any = "/style.css", headers: Any = ()) -> dict[str, Any]:
    return event("http.response.push", path=path, headers=headers)


def zero_copy(file: Any, **more: Any) -> dict[str, Any]:
    return event("http.response.zerocopysend", file=file, **{"more_body": True, **more})


class File:
    """A file on the disk, as far as a lint can see."""

    def fileno(self) -> int:
        return 3


FILE = File()
PATH = event("http.response.pathsend", path=str(Path(__file__).absolute()))
HINT = event("http.response.early_hint", links=[b"</a.css>; rel=preload"])
TRAILING = start(trailers=True)
TRAILERS = event("http.response.trailers", headers=[(b"checksum", b"1")])
WITH_TRAILERS = (TRAILING, body(), TRAILERS)
DEBUG = event("http.response.debug", info={"template": object()})
OK_PUSH, OK_FILE = within(push()), within(zero_copy(FILE))
LENGTH = (b"content-length", b"2")

EXTENSION_CASES = [
    needs("E5", *within(push())),
    case("E6", "a push ahead of the start", (push(), *within()), OK_PUSH),
    case("E6", "a push after the end", (*within(), push()), OK_PUSH),
    case("E7", "a path in bytes", within(push(b"/")), OK_PUSH),
    case("E7", "no path", within({"type": "http.response.push", "headers": []}), OK_PUSH),
    case(
        "E8", "a mixed-case name", within(push(headers=[(b"A", b"b")])), within(push(headers=[(b"a", b"b")]))
    ),
    case("E8", "a pseudo header", within(push(headers=[(b":path", b"/")])), OK_PUSH),
    case("E8", "no headers", within({"type": "http.response.push", "path": "/"}), OK_PUSH),
    needs("E10", *within(zero_copy(FILE))),
    case("E11", "a file ahead of the start", (zero_copy(FILE), *within()), OK_FILE),
    case(
        "E11",
        "a file after the end",
        (*within(), zero_copy(FILE)),
        (start(), zero_copy(FILE, more_body=False)),
    ),
    case("E12", "a file in memory", within(zero_copy(io.BytesIO())), within(zero_copy(3))),
    case("E12", "a path in place of a file", within(zero_copy("/etc/hosts")), OK_FILE),
    case("E12", "a negative descriptor", within(zero_copy(-1)), OK_FILE),
    case("E13", "None as offset", within(zero_copy(FILE, offset=None)), within(zero_copy(FILE, offset=1))),
    case("E14", "a str as count", within(zero_copy(FILE, count="1")), within(zero_copy(FILE, count=1))),
    case("E15", "1 as more_body", within(zero_copy(FILE, more_body=1)), OK_FILE),
    case("X4", "a file without an end", (start(), zero_copy(FILE)), OK_FILE),
    case(
        "X1",
        "bytes beside a length",
        (start(200, LENGTH), body()),
        (start(200, LENGTH), zero_copy(FILE), body()),
    ),
    needs("E17", start(), PATH),
    case("E18", "a path ahead of the start", (PATH, *within()), (start(), PATH)),
    case("E18", "a path after a body", (start(), body(b"a", True), PATH, body()), (start(), PATH)),
    case("E18", "a body after a path", (start(), PATH, body()), (start(), PATH)),
    case("E19", "two paths", (start(), PATH, PATH), (start(), PATH)),
    case("E20", "a relative path", (start(), {**PATH, "path": "a.txt"}), (start(), PATH)),
    case("E20", "a path in bytes", (start(), {**PATH, "path": b"/a"}), (start(), PATH)),
    needs("E22", HINT, *within()),
    case("E23", "a hint after the start", within(HINT), (HINT, HINT, *within())),
    case("E23", "a hint after the end", (*within(), HINT), (HINT, *within())),
    case("E24", "links in str", hinted(links=["a"]), hinted(links=(b"a",))),
    case("E24", "one link", hinted(links=b"a"), hinted(links=iter([b"a"]))),
    needs("E26", *WITH_TRAILERS),
    case("E27", "trailers not announced", (*within(), TRAILERS), WITH_TRAILERS),
    case("E28", "trailers ahead of the end", (TRAILING, TRAILERS, body(), TRAILERS), WITH_TRAILERS),
    case("E29", "no headers", (TRAILING, body(), {"type": TRAILERS["type"]}), WITH_TRAILERS),
    case(
        "E29", "a mixed-case name", (TRAILING, body(), {**TRAILERS, "headers": [(b"A", b"")]}), WITH_TRAILERS
    ),
    case(
        "E30", "None as more_trailers", (TRAILING, body(), {**TRAILERS, "more_trailers": None}), WITH_TRAILERS
    ),
    case("X4", "trailers announced only", (TRAILING, body()), WITH_TRAILERS),
    case(
        "X4",
        "trailers without an end",
        (TRAILING, body(), {**TRAILERS, "more_trailers": True}),
        WITH_TRAILERS,
    ),
    case("X5", "trailers after the last", (*WITH_TRAILERS, TRAILERS), WITH_TRAILERS),
    needs("E34", DEBUG, *within()),
    case("E35", "debug twice", (DEBUG, DEBUG, *within()), (DEBUG, *within())),
    case("E35", "debug after the start", within(DEBUG), (DEBUG, *within())),
    case("E36", "a list as info", ({**DEBUG, "info": []}, *within()), (DEBUG, *within())),
    case("E36", "an int as key", ({**DEBUG, "info": {1: 2}}, *within()), (DEBUG, *within())),
]
