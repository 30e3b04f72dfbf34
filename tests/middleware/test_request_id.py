import asyncio
import contextvars
import logging
import queue
import re
from collections.abc import Iterator
from logging.handlers import QueueHandler, QueueListener
from typing import Any

import pytest

from asgi_stack import OptionError
from asgi_stack.middleware import RequestIDFilter, RequestIDMiddleware, TraceContextFilter
from asgi_stack.middleware.request_id import random_id
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import call


def ids(*values: str) -> Any:
    """A maker of these ids, in order."""
    rest: Iterator[str] = iter(values)
    return lambda: next(rest)


def lines(scope: Any, *names: bytes) -> list[bytes]:
    return [value for name, value in scope["headers"] if name.lower() in names]


async def test_the_inner_application_and_the_client_see_the_same_id() -> None:
    inner = Recorder()
    outcome = await call(RequestIDMiddleware(inner, make_id=ids("abc")))

    assert inner.scope["asgi_stack.request_id"] == "abc"
    assert outcome.headers.get_list("x-request-id") == ["abc"]


async def test_the_request_header_carries_the_id_inward() -> None:
    inner = Recorder()
    await call(RequestIDMiddleware(inner, make_id=ids("abc")))

    assert lines(inner.scope, b"x-request-id") == [b"abc"]


@pytest.mark.parametrize("answer", ["accept", "deny"])
async def test_a_websocket_gets_the_id_whether_it_is_accepted_or_denied(answer: Any) -> None:
    inner = Recorder(websocket=answer)
    outcome = await call(RequestIDMiddleware(inner, make_id=ids("abc")), websocket_scope())

    assert outcome.headers["x-request-id"] == "abc"


async def test_every_request_gets_an_id_of_its_own() -> None:
    app = RequestIDMiddleware(Recorder())
    first, second = await call(app), await call(app)

    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_a_random_id_is_32_hexadecimal_digits() -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", random_id())


async def test_the_id_of_the_application_is_replaced_in_any_letter_case() -> None:
    inner = Recorder(headers=[(b"X-Request-ID", b"other"), (b"x-request-id", b"more")])
    outcome = await call(RequestIDMiddleware(inner, make_id=ids("abc")))

    assert outcome.headers.get_list("x-request-id") == ["abc"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([(b"X-Request-ID", b"other")], ["other"]),
        ([(b"X-Request-ID", b"other"), (b"x-request-id", b"more")], ["more"]),
        ([(b"x-request-id", b"")], ["abc"]),
        ([], ["abc"]),
    ],
)
async def test_the_id_of_the_application_can_be_kept_in_one_line(given: Any, told: list[str]) -> None:
    inner = Recorder(headers=given)
    outcome = await call(RequestIDMiddleware(inner, make_id=ids("abc"), keep_response=True))

    assert inner.scope["asgi_stack.request_id"] == "abc"
    assert outcome.headers.get_list("x-request-id") == told


async def test_an_incoming_id_is_not_trusted_by_default() -> None:
    inner = Recorder()
    scope = http_scope(headers={"x-request-id": "theirs"})
    await call(RequestIDMiddleware(inner, make_id=ids("ours")), scope)

    assert lines(inner.scope, b"x-request-id") == [b"ours"]


@pytest.mark.parametrize("given", ["a", "Az09.-_", "a" * 128, "123e4567-e89b-12d3-a456-426614174000"])
async def test_a_trusted_id_is_kept(given: str) -> None:
    inner = Recorder()
    scope = http_scope(headers={"x-request-id": given})
    outcome = await call(RequestIDMiddleware(inner, trust_incoming=True), scope)

    assert inner.scope["asgi_stack.request_id"] == given
    assert outcome.headers.get_list("x-request-id") == [given]


@pytest.mark.parametrize(
    "given", ["", "a\r\nSet-Cookie: x=1", "a" * 9000, "{uuid}", "é", "a b", "a,b", "a" * 129, "a\x00"]
)
async def test_attack_47_an_incoming_id_that_is_malformed_gives_way_to_a_new_one(given: str) -> None:
    inner = Recorder()
    scope = http_scope(headers={"x-request-id": given})
    outcome = await call(RequestIDMiddleware(inner, trust_incoming=True, make_id=ids("ours")), scope)

    assert outcome.headers.get_list("x-request-id") == ["ours"]
    assert lines(inner.scope, b"x-request-id") == [b"ours"]


async def test_two_incoming_ids_are_none() -> None:
    inner = Recorder()
    scope = http_scope(headers=[(b"x-request-id", b"one"), (b"X-Request-Id", b"two")])
    await call(RequestIDMiddleware(inner, trust_incoming=True, make_id=ids("ours")), scope)

    assert lines(inner.scope, b"x-request-id") == [b"ours"]


@pytest.mark.parametrize("trust", [False, True])
@pytest.mark.parametrize("name", [b"x_request_id", b"X_Request-Id", b"x.request.id", b"x-request_id"])
async def test_a_name_that_looks_like_the_header_is_taken_out(name: bytes, trust: bool) -> None:
    inner = Recorder()
    scope = http_scope(headers=[(name, b"theirs"), (b"accept", b"*/*")])
    await call(RequestIDMiddleware(inner, trust_incoming=trust, make_id=ids("ours")), scope)

    assert inner.scope["headers"][1:] == [(b"accept", b"*/*"), (b"x-request-id", b"ours")]


async def test_the_header_has_the_name_that_the_option_gives() -> None:
    inner = Recorder()
    app = RequestIDMiddleware(inner, header="x-correlation-id", trust_incoming=True)
    outcome = await call(app, http_scope(headers={"x-correlation-id": "abc", "x-request-id": "kept"}))

    assert outcome.headers["x-correlation-id"] == "abc"
    assert lines(inner.scope, b"x-request-id") == [b"kept"]


@pytest.mark.parametrize("header", ["", "x id", "X-Request-ID", "x-id:", "é", "x-id\r\n", "a-b-c-d-e-f-g-h"])
def test_a_header_that_is_no_lower_case_name_is_refused_with_an_example(header: str) -> None:
    with pytest.raises(OptionError, match=r"RequestIDMiddleware: header=.* is not usable.*'x-request-id'"):
        RequestIDMiddleware(Recorder(), header=header)


def test_a_maker_that_cannot_be_called_is_refused() -> None:
    with pytest.raises(OptionError, match=r"make_id='abc' is not usable. Give a function"):
        RequestIDMiddleware(Recorder(), make_id="abc")  # type: ignore[arg-type]


@pytest.mark.parametrize("made", ["a\r\nb", "", "a" * 129, 7])
async def test_a_maker_that_makes_no_id_is_named(made: Any) -> None:
    inner = Recorder()
    with pytest.raises(OptionError, match=r"make_id\(\)=.* is not usable. Return a str of 1 to 128"):
        await call(RequestIDMiddleware(inner, make_id=lambda: made))
    assert inner.calls == []


def make_record() -> Any:
    return logging.LogRecord("x", logging.INFO, __file__, 1, "text", None, None)


async def test_a_log_record_made_inside_has_the_id() -> None:
    records = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        records.append(make_record())
        await asyncio.to_thread(RequestIDFilter().filter, records[0])
        await Recorder()(scope, receive, send)

    await call(RequestIDMiddleware(inner, make_id=ids("abc")))

    assert records[0].request_id == "abc"


def test_a_log_record_made_outside_of_a_request_has_a_dash() -> None:
    record = make_record()
    kept = contextvars.Context().run(RequestIDFilter().filter, record)

    assert kept
    assert record.request_id == "-"


async def test_the_next_request_of_the_same_task_logs_its_own_id() -> None:
    seen = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        record = make_record()
        RequestIDFilter().filter(record)
        seen.append(record.request_id)
        await Recorder()(scope, receive, send)

    app = RequestIDMiddleware(inner, make_id=ids("first", "second"))
    await call(app)
    await call(app)

    assert seen == ["first", "second"]


async def test_requests_that_run_at_once_log_their_own_ids() -> None:
    seen = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0)
        record = make_record()
        RequestIDFilter().filter(record)
        seen.append(record.request_id)
        await Recorder()(scope, receive, send)

    app = RequestIDMiddleware(inner, make_id=ids("a", "b", "c"))
    await asyncio.gather(call(app), call(app), call(app))

    assert sorted(seen) == ["a", "b", "c"]


TRACE, PARENT = "12345678901234567890123456789012", "1234567890123456"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"


async def traced(*fields: tuple[bytes, bytes], trust: bool = True) -> Any:
    """The scope that the inner application sees of a request with these fields."""
    inner = Recorder()
    app = RequestIDMiddleware(inner, trust_incoming=trust, trace_context=True, make_id=ids("abc"))
    await call(app, http_scope(headers=[(b"x-a", b"1"), *fields]))
    return inner.scope


async def test_there_is_no_trace_unless_it_is_asked_for() -> None:
    inner = Recorder()
    scope = http_scope(headers={"traceparent": TRACEPARENT})
    await call(RequestIDMiddleware(inner, trust_incoming=True), scope)

    assert "asgi_stack.trace_context" not in inner.scope
    assert lines(inner.scope, b"traceparent") == [TRACEPARENT.encode()]


async def test_a_trusted_trace_goes_on_and_its_fields_go_inward_as_they_came() -> None:
    fields = [(b"TraceParent", TRACEPARENT.encode()), (b"tracestate", b"a=1"), (b"TraceState", b"b=2")]
    scope = await traced(*fields)

    assert scope["asgi_stack.trace_context"]._replace(span_id="") == (TRACE, "", PARENT, 1, "a=1,b=2")
    assert scope["headers"][2:-1] == fields


@pytest.mark.parametrize("trust", [True, False])
@pytest.mark.parametrize(
    "fields",
    [
        [],
        [(b"tracestate", b"a=1")],
        [(b"traceparent", b"")],
        [(b"traceparent", b"00-xyz")],
        [(b"traceparent", b"\xff\x00" * 40000), (b"tracestate", b"," * 64000)],
        [(b"traceparent", TRACEPARENT.encode()), (b"Traceparent", TRACEPARENT.encode())],
        [(b"traceparent", b"ff" + TRACEPARENT[2:].encode()), (b"tracestate", b"a=1")],
    ],
)
async def test_attack_47_a_trace_that_is_malformed_gives_way_to_a_new_one(fields: Any, trust: bool) -> None:
    scope = await traced(*fields, trust=trust)

    assert scope["asgi_stack.trace_context"].parent_id is None
    assert lines(scope, b"traceparent", b"tracestate") == []


async def test_a_trace_that_is_not_trusted_gives_way_to_a_new_one() -> None:
    scope = await traced((b"traceparent", TRACEPARENT.encode()), (b"tracestate", b"a=1"), trust=False)

    assert scope["asgi_stack.trace_context"].trace_id != TRACE
    assert lines(scope, b"traceparent", b"tracestate") == []


async def test_a_wrong_tracestate_is_taken_out_and_the_trace_goes_on() -> None:
    scope = await traced((b"traceparent", TRACEPARENT.encode()), (b"tracestate", b"a=1,a"))

    assert scope["asgi_stack.trace_context"].trace_id == TRACE
    assert (lines(scope, b"traceparent"), lines(scope, b"tracestate")) == ([TRACEPARENT.encode()], [])


async def test_names_that_look_like_the_id_are_taken_out_together_with_the_trace() -> None:
    scope = await traced((b"x_request_id", b"theirs"), (b"tracestate", b"a=1"))

    assert scope["headers"][1:] == [(b"x-a", b"1"), (b"x-request-id", b"abc")]


async def test_a_websocket_has_its_place_in_the_trace_too() -> None:
    inner = Recorder()
    scope = websocket_scope(headers={"traceparent": TRACEPARENT})
    await call(RequestIDMiddleware(inner, trust_incoming=True, trace_context=True), scope)

    assert inner.scope["asgi_stack.trace_context"].trace_id == TRACE


async def test_a_log_record_made_inside_has_the_trace() -> None:
    records, inner_scopes = [], []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        records.append(make_record())
        inner_scopes.append(scope)
        TraceContextFilter().filter(records[0])
        await Recorder()(scope, receive, send)

    await call(RequestIDMiddleware(inner, trace_context=True))
    trace = inner_scopes[0]["asgi_stack.trace_context"]

    assert (records[0].trace_id, records[0].span_id) == (trace.trace_id, trace.span_id)


def test_a_log_record_made_outside_of_a_trace_has_dashes() -> None:
    record = make_record()
    kept = contextvars.Context().run(TraceContextFilter().filter, record)

    assert kept
    assert (record.trace_id, record.span_id) == ("-", "-")


ALL_IDS = ["request_id", "trace_id", "span_id"]


@pytest.mark.parametrize("second", [False, True], ids=["on the queue", "on both handlers"])
async def test_a_record_that_crosses_a_queue_keeps_its_ids(second: bool) -> None:
    seen: list[list[str]] = []
    console, passing = logging.Handler(), queue.SimpleQueue[logging.LogRecord]()
    console.emit = lambda record: seen.append([getattr(record, name) for name in ALL_IDS])  # type: ignore[method-assign]
    handler = QueueHandler(passing)
    for each in (handler, console)[: 1 + second]:
        each.addFilter(RequestIDFilter())
        each.addFilter(TraceContextFilter())
    logger, scopes = logging.Logger("view"), []
    logger.addHandler(handler)
    listener = QueueListener(passing, console)

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        logger.warning("in the view")
        scopes.append(scope)
        await Recorder()(scope, receive, send)

    await call(RequestIDMiddleware(inner, trace_context=True))
    listener.start()
    await asyncio.to_thread(listener.stop)
    trace = scopes[0]["asgi_stack.trace_context"]

    assert seen == [[scopes[0]["asgi_stack.request_id"], trace.trace_id, trace.span_id]]


@pytest.mark.parametrize("kind", [RequestIDFilter, TraceContextFilter])
def test_ids_that_somebody_else_gave_stay(kind: Any) -> None:
    record = make_record()
    record.request_id = record.trace_id = "theirs"
    kind().filter(record)

    assert (record.request_id, record.trace_id) == ("theirs", "theirs")
    assert getattr(record, "span_id", "-") == "-"
