import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.grammar import trace_context
from asgi_stack.grammar.trace_context import TraceContext, parse_traceparent, parse_tracestate

TRACE, PARENT = "12345678901234567890123456789012", "1234567890123456"
GOOD = f"00-{TRACE}-{PARENT}-01".encode()
TOLD = (TRACE, PARENT, 1)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (GOOD, TOLD),
        (b" \t" + GOOD + b"\t ", TOLD),
        (f"00-{TRACE}-{PARENT}-00".encode(), (TRACE, PARENT, 0)),
        (f"00-{TRACE}-{PARENT}-03".encode(), (TRACE, PARENT, 3)),
        # Flags that nobody has given a meaning to are not handed on.
        (f"00-{TRACE}-{PARENT}-ff".encode(), (TRACE, PARENT, 3)),
        (f"00-{TRACE}-{PARENT}-fc".encode(), (TRACE, PARENT, 0)),
        (f"cc-{TRACE}-{PARENT}-01".encode(), TOLD),
        (f"cc-{TRACE}-{PARENT}-01-".encode(), TOLD),
        (f"fe-{TRACE}-{PARENT}-01-what-the-future-will-be-like".encode(), TOLD),
        (b"00-" + b"0" * 31 + b"1-" + b"0" * 15 + b"1-00", ("0" * 31 + "1", "0" * 15 + "1", 0)),
    ],
)
def test_a_traceparent_is_read(value: bytes, told: Any) -> None:
    assert parse_traceparent(value) == told


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"00",
        GOOD[:-1],
        GOOD + b".",
        GOOD + b"-",
        GOOD + b"-more",
        GOOD + b"0",
        b"cc" + GOOD[2:] + b".more",
        b"cc" + GOOD[2:] + b"0",
        b"ff" + GOOD[2:],
        b"FF" + GOOD[2:],
        b"CC" + GOOD[2:],
        b".0" + GOOD[2:],
        b"0." + GOOD[2:],
        b"0" + GOOD,
        GOOD[1:],
        b"000" + GOOD[2:],
        f"00-{'0' * 32}-{PARENT}-01".encode(),
        f"00-{TRACE}-{'0' * 16}-01".encode(),
        f"00-{'A' * 32}-{PARENT}-01".encode(),
        f"00-{TRACE}-{'B' * 16}-01".encode(),
        f"00-.{TRACE[1:]}-{PARENT}-01".encode(),
        f"00-{TRACE[1:]}.-{PARENT}-01".encode(),
        f"00-{TRACE}3-{PARENT}-01".encode(),
        f"00-{TRACE[1:]}-{PARENT}-01".encode(),
        f"00-{TRACE}-{PARENT}7-01".encode(),
        f"00-{TRACE}-{PARENT[1:]}-01".encode(),
        f"00-{TRACE}-{PARENT}-.0".encode(),
        f"00-{TRACE}-{PARENT}-0.".encode(),
        f"00-{TRACE}-{PARENT}-0A".encode(),
        f"00-{TRACE}-{PARENT}-1".encode(),
        f"00-{TRACE}-{PARENT}-001".encode(),
        f"00_{TRACE}-{PARENT}-01".encode(),
        f"00-{TRACE}_{PARENT}-01".encode(),
        f"00-{TRACE}-{PARENT}_01".encode(),
        f"00-{TRACE} {PARENT}-01".encode(),
        b"00-" + b"\xb2" * 32 + b"-" + PARENT.encode() + b"-01",
        b"a\r\nSet-Cookie: x=1",
        b"-" * 55,
    ],
)
def test_anything_else_is_no_traceparent(value: bytes) -> None:
    assert parse_traceparent(value) is None


EVERY_KEY = "abcdefghijklmnopqrstuvwxyz0123456789_-*/@"
EVERY_VALUE = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in ",=")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("", ""),
        (" \t", ""),
        (",", ""),
        ("foo=1", "foo=1"),
        ("foo=1,bar=2", "foo=1,bar=2"),
        ("foo=1 \t , \t bar=2, \t baz=3", "foo=1,bar=2,baz=3"),
        ("\t foo=1 \t", "foo=1"),
        ("foo=1,,bar=2,", "foo=1,bar=2"),
        ("foo= 1", "foo= 1"),
        ("foo=1,foo=1", "foo=1"),
        ("foo=1,foo=2", "foo=1"),
        ("a=1,foo=1,bar=2,foo=3,baz=4,bar=5", "a=1,foo=1,bar=2,baz=4"),
        (f"{EVERY_KEY}={EVERY_VALUE}", f"{EVERY_KEY}={EVERY_VALUE}"),
        ("0@9=x", "0@9=x"),
        ("z" * 256 + "=1", "z" * 256 + "=1"),
        ("a=" + "z" * 256, "a=" + "z" * 256),
        (",".join(f"k{n}=1" for n in range(32)), ",".join(f"k{n}=1" for n in range(32))),
    ],
)
def test_a_tracestate_is_read_without_the_space_around_its_members(value: str, told: str) -> None:
    assert parse_tracestate(value.encode()) == told


@pytest.mark.parametrize(
    "value",
    [
        b"foo",
        b"foo=",
        b"foo= ",
        b"=1",
        b"foo =1",
        b"foo=1=2",
        b"FOO=1",
        b"foo.bar=1",
        b"_foo=1",
        b"@foo=1,bar=2",
        b"foo=1\x00",
        b"foo=a\tb",
        b"foo=\xc3\xa9",
        b"foo=1,bar",
        b"z" * 257 + b"=1",
        b"a=" + b"z" * 257,
        b",".join(b"k%d=1" % n for n in range(33)),
        b"," * 32,
        b"foo=1;bar=2",
        b"a\r\nb=1",
    ],
)
def test_one_wrong_member_makes_the_tracestate_wrong(value: bytes) -> None:
    assert parse_tracestate(value) is None


@given(st.binary(max_size=120))
def test_every_value_is_read_or_refused(value: bytes) -> None:
    told = parse_traceparent(value)
    state = parse_tracestate(value)

    assert told is None or re.fullmatch(r"[0-9a-f]{32}[0-9a-f]{16}[0-3]", f"{told[0]}{told[1]}{told[2]}")
    assert state is None or parse_tracestate(state.encode()) == state


@given(st.integers(1, 2**128 - 1), st.integers(1, 2**64 - 1), st.integers(0, 3))
def test_what_is_written_is_read_again(trace: int, span: int, flags: int) -> None:
    context = TraceContext(f"{trace:032x}", f"{span:016x}", None, flags)

    assert parse_traceparent(context.traceparent.encode()) == (context.trace_id, context.span_id, flags)


def test_a_trace_goes_on_with_a_new_span() -> None:
    context = TraceContext.after([GOOD], [b"foo=1"])

    assert context is not None
    assert context._replace(span_id="") == TraceContext(TRACE, "", PARENT, 1, "foo=1")


def test_a_sampled_trace_stays_sampled_and_random_as_it_was() -> None:
    context = TraceContext.after([f"00-{TRACE}-{PARENT}-07".encode()], [])

    assert context is not None
    assert (context.is_sampled, context.traceparent) == (True, f"00-{TRACE}-{context.span_id}-03")


@pytest.mark.parametrize("lines", [[], [GOOD, GOOD], [GOOD, b""], [b"", GOOD], [GOOD + b"," + GOOD]])
def test_there_is_no_trace_unless_one_line_tells_of_it(lines: list[bytes]) -> None:
    assert TraceContext.after(lines, [b"foo=1"]) is None


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([b"foo=1", b"bar=2"], "foo=1,bar=2"),
        ([b"", b"foo=1", b""], "foo=1"),
        ([b"foo=1", b"foo=1"], "foo=1"),
        ([b"vendor=x", b"foo=1,bar=2,foo=3"], "vendor=x,foo=1,bar=2"),
        ([b"foo=1", b"!"], ""),
        ([b""], ""),
    ],
)
def test_lines_of_tracestate_are_one_list_and_a_wrong_one_is_left_out(lines: list[bytes], state: str) -> None:
    context = TraceContext.after([GOOD], lines)

    assert context is not None
    assert context.tracestate == state


def test_a_trace_without_a_tracestate_is_one_field() -> None:
    context = TraceContext(TRACE, PARENT, None, 1)

    assert context.traceparent == GOOD.decode()
    assert context.headers().keys() == {"traceparent"}


def test_each_request_that_is_made_has_an_id_of_its_own() -> None:
    context = TraceContext(TRACE, PARENT, None, 1)
    made = [context.headers()["traceparent"] for _ in range(3)]

    assert len({PARENT, *(field[36:52] for field in made)}) == 4
    assert {field[:36] + field[52:] for field in made} == {f"00-{TRACE}--01"}


def test_a_trace_that_begins_is_random_and_not_sampled() -> None:
    context = TraceContext.begin()

    assert (context.parent_id, context.is_sampled, context.tracestate) == (None, False, "")
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-02", context.traceparent)


def test_an_id_of_zeros_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([bytes(16), b"\x01" * 16, b"\x02" * 8])
    monkeypatch.setattr(trace_context, "urandom", lambda length: next(drawn))

    assert TraceContext.begin().traceparent == f"00-{'01' * 16}-{'02' * 8}-02"


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        ("foo=1", "foo=1"),
        ("a=" + "x" * 510, "a=" + "x" * 510),
        # Of entries of more than 128 characters the last goes first, and no more than needed.
        (
            "a=1,b=" + "x" * 200 + ",c=" + "x" * 200 + ",d=" + "x" * 120,
            "a=1,b=" + "x" * 200 + ",d=" + "x" * 120,
        ),
        # Then entries at the end.
        (",".join(f"k{n}={'x' * 97}" for n in range(6)), ",".join(f"k{n}={'x' * 97}" for n in range(5))),
        ("a=" + "x" * 256 + ",b=" + "y" * 256, "a=" + "x" * 256),
    ],
)
def test_a_long_tracestate_is_shortened_by_whole_entries(state: str, kept: str) -> None:
    headers = TraceContext(TRACE, PARENT, None, 0, state).headers()

    assert headers["tracestate"] == kept
    assert len(kept) <= 512


@pytest.mark.parametrize("piece", [b"a", b"0", b"-", b"=", b",", b"a=1,", b"a=", b" ", b"\t,", b"\xff"])
def test_a_megabyte_of_anything_is_refused_or_empty(piece: bytes) -> None:
    value = piece * (2**20 // len(piece))

    assert parse_traceparent(value) is None
    assert not parse_tracestate(value)
