"""Header fields: read by name in a request, edited line by line in a response."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack import RequestHead
from asgi_stack.heads.fields import Lines, ResponseHeaders, fold
from asgi_stack.heads.usual import USUAL_NAMES

NAMES = st.sampled_from(
    [b"host", b"Host", b"accept", b"a", b"A", b"b", b"x-A", b"X-a", b"cookie", b"Cookie", b"1"]
)
LINES = st.lists(st.tuples(NAMES, st.binary(max_size=2)))
ONCE = [(b"host", b"a"), (b"accept", b"*/*")]
TWICE = [(b"x-a", b"1"), (b"host", b"a"), (b"x-a", b"2")]


def read(fields: Any) -> RequestHead:
    return RequestHead({"type": "http", "headers": fields})


@pytest.mark.parametrize(
    "fields", [ONCE, tuple(ONCE), [list(line) for line in ONCE], [(b"Host", b"a"), (b"ACCEPT", b"*/*")]]
)
def test_fields_are_read_by_lower_case_name_whatever_the_letters_and_containers(fields: Any) -> None:
    assert read(fields).headers == {b"host": b"a", b"accept": b"*/*"}


@pytest.mark.parametrize("fields", [ONCE, TWICE])
def test_a_field_that_is_not_there_is_none_and_has_no_lines(fields: Any) -> None:
    assert (read(fields).headers.get(b"x-b"), read(fields).get_all(b"x-b")) == (None, [])


def test_a_repeated_field_is_joined_and_its_lines_are_kept() -> None:
    head = read(TWICE)

    assert (head.headers[b"x-a"], head.headers[b"host"]) == (b"1, 2", b"a")
    assert (head.get_all(b"x-a"), head.get_all(b"host")) == ([b"1", b"2"], [b"a"])


def test_the_usual_names_are_in_lower_case() -> None:
    assert [name for name in USUAL_NAMES if not name.islower()] == []
    assert {b"host", b"cookie", b"x-forwarded-for"} < USUAL_NAMES


def test_a_field_that_is_repeated_in_another_case_is_noticed() -> None:
    assert read([(b"X-A", b"1"), (b"x-a", b"2")]).get_all(b"x-a") == [b"1", b"2"]


def test_cookies_of_several_lines_are_joined_by_a_semicolon() -> None:
    assert read([(b"cookie", b"a=1"), (b"cookie", b"b=2")]).headers[b"cookie"] == b"a=1; b=2"


def test_no_fields_are_no_headers() -> None:
    assert (read([]).headers, read([]).get_all(b"a")) == ({}, [])


@given(LINES)
def test_no_line_of_a_request_is_ever_dropped(lines: list[tuple[bytes, bytes]]) -> None:
    head = read(lines)
    expected = [[value for name, value in lines if name.lower() == key] for key in head.headers]

    assert [head.get_all(key) for key in head.headers] == expected
    assert set(head.headers) == {name.lower() for name, _ in lines}


@given(LINES)
def test_fields_are_read_as_if_every_one_had_to_be_folded(lines: list[tuple[bytes, bytes]]) -> None:
    assert read(lines).headers == fold(lines)


# --- responses


def of(*lines: tuple[bytes, bytes]) -> ResponseHeaders:
    return ResponseHeaders(lines)


def test_names_are_lower_cased_and_lines_become_pairs_in_a_list() -> None:
    headers = ResponseHeaders(line for line in ([b"X-A", b"1"], (b"Set-Cookie", b"c")))

    assert headers.fields == [(b"x-a", b"1"), (b"set-cookie", b"c")]
    assert list(headers) == headers.fields


def test_the_list_of_the_application_stays_as_it_was() -> None:
    theirs = [(b"X-A", b"1")]
    headers = ResponseHeaders(theirs)
    headers.set(b"x-a", b"2")

    assert theirs == [(b"X-A", b"1")]


def test_a_look_up_takes_any_letter_case_and_gives_the_last_line() -> None:
    headers = of((b"a", b"1"), (b"A", b"2"))

    assert (headers.get(b"A"), headers.get_all(b"A"), headers.get(b"b")) == (b"2", [b"1", b"2"], None)
    assert (b"A" in headers, b"b" in headers, len(headers)) == (True, False, 2)


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (lambda h: h.append(b"A", b"2"), [(b"a", b"1"), (b"b", b"1"), (b"a", b"2")]),
        (lambda h: h.set_default(b"A", b"2"), [(b"a", b"1"), (b"b", b"1")]),
        (lambda h: h.set_default(b"C", b"2"), [(b"a", b"1"), (b"b", b"1"), (b"c", b"2")]),
        (lambda h: h.set(b"A", b"2"), [(b"b", b"1"), (b"a", b"2")]),
        (lambda h: h.set(b"C", b"2"), [(b"a", b"1"), (b"b", b"1"), (b"c", b"2")]),
        (lambda h: h.remove(b"A"), [(b"b", b"1")]),
        (lambda h: h.remove(b"C"), [(b"a", b"1"), (b"b", b"1")]),
    ],
)
def test_a_change_does_what_its_name_says(change: Any, lines: Any) -> None:
    headers = of((b"a", b"1"), (b"b", b"1"))
    change(headers)

    assert headers.fields == lines


def test_set_leaves_one_line_of_several() -> None:
    headers = of((b"a", b"1"), (b"a", b"2"))
    headers.set(b"a", b"3")

    assert headers.fields == [(b"a", b"3")]


def test_the_last_line_can_be_taken_out() -> None:
    headers = of((b"a", b"1"))
    headers.remove(b"a")

    assert (headers.fields, b"a" in headers) == ([], False)


@pytest.mark.parametrize(
    ("before", "added", "after"),
    [
        ([], [b"origin"], [b"origin"]),
        ([b"Accept"], [b"origin", b"cookie"], [b"Accept, origin, cookie"]),
        ([b"accept, Origin"], [b"origin"], [b"accept, Origin"]),
        ([b"accept", b" origin ,,"], [b"cookie"], [b"accept, origin, cookie"]),
        ([b"accept", b"origin"], [b"Origin"], [b"accept", b"origin"]),
        ([b"*"], [b"origin"], [b"*"]),
        ([b"accept"], [b"*"], [b"*"]),
        ([b"accept"], [], [b"accept"]),
        ([b""], [b"origin"], [b"origin"]),
    ],
)
def test_vary_lists_every_name_once_and_a_star_stays_alone(before: Any, added: Any, after: Any) -> None:
    headers = of(*((b"vary", value) for value in before))
    headers.add_vary(*added)

    assert headers.get_all(b"vary") == after


def test_headers_are_printed_with_their_lines() -> None:
    assert repr(of((b"A", b"1"))) == "ResponseHeaders([(b'a', b'1')])"


CHANGES = ["append", "set", "set_default", "remove", "get"]
STEPS = st.lists(st.tuples(st.sampled_from(CHANGES), NAMES, st.binary(max_size=1)), max_size=8)


def expect(
    lines: list[tuple[bytes, bytes]], change: str, name: bytes, value: bytes
) -> list[tuple[bytes, bytes]]:
    """What *lines* become, said as simply as it can be."""
    there = any(field == name for field, _ in lines)
    if change in ("set", "remove"):
        lines = [line for line in lines if line[0] != name]
    adds = change in ("append", "set") or (change == "set_default" and not there)
    return [*lines, (name, value)] if adds else lines


@given(LINES, STEPS)
def test_any_sequence_of_changes_is_what_a_plain_list_would_be(lines: Any, steps: Any) -> None:
    headers, plain = ResponseHeaders(lines), [(name.lower(), value) for name, value in lines]
    for change, name, value in steps:
        getattr(headers, change)(*([name] if change in ("remove", "get") else [name, value]))
        plain = expect(plain, change, name.lower(), value)

    assert headers.fields == plain
    assert {name: headers.get(name) for name in dict(plain)} == dict(plain)


def test_vary_lists_a_name_once_in_its_first_spelling() -> None:
    headers = ResponseHeaders()
    headers.add_vary(b"origin", b"Origin", b"Cookie")

    assert headers.get(b"vary") == b"origin, Cookie"


LINES = Lines([(b"a", b"1"), (b"b", b"2")])


@pytest.mark.parametrize("there", [[], [(b"A", b"9")], [(b"c", b"3"), (b"c", b"4")]])
def test_many_defaults_are_what_one_after_the_other_would_be(there: Any) -> None:
    together, singly = ResponseHeaders(there), ResponseHeaders(there)
    together.set_defaults(LINES)
    for name, value in LINES.fields:
        singly.set_default(name, value)

    assert together.fields == singly.fields
    assert together.get(b"a") == singly.get(b"a")


@pytest.mark.parametrize("there", [[], [(b"A", b"9")], [(b"c", b"3"), (b"A", b"4"), (b"a", b"5")]])
def test_lines_that_replace_others_are_what_is_left_of_their_names(there: Any) -> None:
    headers = ResponseHeaders(there)
    headers.replace(frozenset({b"a", b"c"}), LINES)

    assert headers.fields == LINES.fields
    assert (headers.get(b"a"), headers.get(b"c")) == (b"1", None)


def test_lines_replace_what_was_looked_up_before() -> None:
    headers = ResponseHeaders([(b"a", b"9")])
    seen = headers.get(b"a")
    headers.replace(frozenset({b"a"}), LINES)

    assert (seen, headers.get_all(b"a")) == (b"9", [b"1"])
