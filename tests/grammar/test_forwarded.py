import string
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from asgi_stack.grammar import forwarded as module
from asgi_stack.grammar.forwarded import parse_forwarded

# RFC 7239, sections 4 and 7.1, with its own examples first.
LINES = {
    b'for="_gazonk"': [{"for": "_gazonk"}],
    b'For="[2001:db8:cafe::17]:4711"': [{"for": "[2001:db8:cafe::17]:4711"}],
    b"for=192.0.2.60;proto=http;by=203.0.113.43": [
        {"for": "192.0.2.60", "proto": "http", "by": "203.0.113.43"}
    ],
    b"for=192.0.2.43, for=198.51.100.17": [{"for": "192.0.2.43"}, {"for": "198.51.100.17"}],
    b'for=192.0.2.43,for="[2001:db8:cafe::17]",for=unknown': [
        {"for": "192.0.2.43"}, {"for": "[2001:db8:cafe::17]"}, {"for": "unknown"},
    ],
    b"for=_hidden, for=_SEVKISEK": [{"for": "_hidden"}, {"for": "_SEVKISEK"}],
    b"FOR=a;ProTo=HTTPS": [{"for": "a", "proto": "HTTPS"}],
    b"for=a;;proto=b;": [{"for": "a", "proto": "b"}],
    b";": [{}],
    b"for=a,, ,\t,for=b": [{"for": "a"}, {"for": "b"}],
    b"": [],
    b" , ": [],
    b'host="x;proto=https"': [{"host": "x;proto=https"}],
    b'host="a,b";proto=c': [{"host": "a,b", "proto": "c"}],
    b'host="a\\"b\\\\c\\d"': [{"host": 'a"b\\cd'}],
    b'host="";for=a': [{"host": "", "for": "a"}],
    b'host="a\\",b", for=c': [{"host": 'a",b'}, {"for": "c"}],
    b'host="\xe9\t "': [{"host": "\xe9\t "}],
    b"ext!=1;for=a": [{"ext!": "1", "for": "a"}],
}  # fmt: skip
# Each is an element that is not valid.
BROKEN = [
    b"for", b"for=", b"=a", b"for=a;for=b", b"for=a;FOR=a", b"for =a", b"for= a", b"for=a; proto=b",
    b"for=a ;proto=b", b"for=a b", b"for=1.2.3.4:80", b"for=[::1]", b'for="', b'for="a', b'for=a"',
    b'for="a"b', b'for=a"b"', b'for="a"b"', b'for="\\"', b'for="a\\', b'for="\x00"', b'for="\x7f"',
    b'for="a\nb"', b'for="\\\x01"', b"f\xe9r=a", b"for=\xe9", b'"for"=a', b"for=a;x", b"for==a",
    b'for="a""b"', b'for="a\\b"c"',
]  # fmt: skip


@pytest.mark.parametrize(("line", "elements"), LINES.items())
def test_a_line_is_read(line: bytes, elements: list[dict[str, str]]) -> None:
    assert parse_forwarded(line) == elements


@pytest.mark.parametrize("element", BROKEN)
def test_an_element_that_is_not_valid_is_none(element: bytes) -> None:
    assert parse_forwarded(element) == [None]


def test_it_spoils_no_element_before_it() -> None:
    assert parse_forwarded(b"for=a, for=b;x, for=c") == [{"for": "a"}, None, {"for": "c"}]


def test_a_quotation_mark_that_is_never_closed_spoils_all_that_follows() -> None:
    assert parse_forwarded(b'for=a, for=", for=b') == [{"for": "a"}, None]


tokens = st.text("!#$%&'*+-.^_`|~" + string.ascii_letters + string.digits, min_size=1, max_size=8)
values = st.text([chr(code) for code in [9, *range(32, 127), *range(160, 256)]], max_size=12)
elements_of = st.dictionaries(tokens.map(str.lower), values, min_size=1, max_size=4)


def written(element: dict[str, str]) -> str:
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in element.values())
    return ";".join(f'{name}="{value}"' for name, value in zip(element, quoted, strict=True))


@given(st.lists(elements_of, max_size=4))
def test_a_line_that_is_written_is_read_back(elements: list[dict[str, str]]) -> None:
    line = ", ".join(map(written, elements)).encode("latin-1")

    assert parse_forwarded(line) == elements


@given(st.binary(max_size=60) | st.text(' ,;="\\for', max_size=60).map(str.encode))
@example(b'for="\\')
def test_any_bytes_are_read(line: bytes) -> None:
    for element in parse_forwarded(line):
        assert element is None or all(name == name.lower() and name for name in element)


def steps(line: bytes) -> int:
    """How many lines of the parser run, however fast."""
    count = 0

    def tracer(frame: object, event: str, argument: object) -> object:
        nonlocal count
        count += event == "line"
        return tracer if frame.f_code.co_filename == module.__file__ else None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        parse_forwarded(line)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "piece", [b",", b";", b'"', b"\\", b'"\\', b'for="a",', b"for=a;", b" ,", b'"";', b"= "]
)
def test_twice_the_bytes_take_twice_the_steps(piece: bytes) -> None:
    short, long = piece * (4096 // len(piece)), piece * (8192 // len(piece))

    assert steps(b'"' + long) <= 2.2 * steps(b'"' + short) + 50
    assert steps(long) <= 2.2 * steps(short) + 50
