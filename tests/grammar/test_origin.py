from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from asgi_stack.grammar.origin import Origin, Origins, origin_fault, parse_origin

# RFC 6454, sections 4 to 6.
VALID = {
    b"https://example.com": Origin("https", "example.com", 443),
    b"https://example.com:443": Origin("https", "example.com", 443),
    b"http://example.com": Origin("http", "example.com", 80),
    b"HTTP://Example.COM:80": Origin("http", "example.com", 80),
    b"https://example.com:8443": Origin("https", "example.com", 8443),
    b"https://example.com.": Origin("https", "example.com.", 443),
    b"https://example.com.:1": Origin("https", "example.com.", 1),
    b"wss://a": Origin("wss", "a", 443),
    b"http://localhost:3000": Origin("http", "localhost", 3000),
    b"http://192.0.2.1": Origin("http", "192.0.2.1", 80),
    b"http://[2001:DB8::1]:8": Origin("http", "[2001:db8::1]", 8),
    b"http://[::1]": Origin("http", "[::1]", 80),
    b"moz-extension://0f3c-9": Origin("moz-extension", "0f3c-9", None),
    b"capacitor://localhost:1": Origin("capacitor", "localhost", 1),
    b"https://xn--bcher-kva.example": Origin("https", "xn--bcher-kva.example", 443),
}
INVALID = [
    b"", b"null", b"NULL", b"example.com", b"//example.com", b"https:example.com", b"https:/example.com",
    b"https://", b"://a", b"https://a/", b"https://a/b", b"https://a?b", b"https://a#b", b"https://u@a",
    b"https://u:p@a", b"https://a:", b"https://a:x", b"https://a:-1", b"https://a:65536", b"https://a b",
    b"https:// a", b" https://a", b"https://a ", b"https://a, https://b", b"https://a https://b",
    b"1https://a", b"-a://b", b"a_b://c", b"\xe9://a", b"https://\xe9", b"https://a\x00", b"https://a\r\n",
    b"https://*.a", b"https://a..b", b"https://[::1", b"https://::1", b"https://%61", b"a" * 65 + b"://b",
    b"https://https://a",
]  # fmt: skip


@pytest.mark.parametrize(("value", "origin"), VALID.items())
def test_an_origin_is_read(value: bytes, origin: Origin) -> None:
    assert parse_origin(value) == origin


@pytest.mark.parametrize("value", INVALID)
def test_what_is_no_origin_is_none(value: bytes) -> None:
    assert parse_origin(value) is None


@pytest.mark.parametrize("piece", [b"https://", b"a.", b"[", b":", b"//"])
def test_a_long_value_is_refused_without_a_look_inside(piece: bytes) -> None:
    assert parse_origin(piece * 65536) is None


scheme = st.from_regex(r"[a-z][a-z0-9+.-]{0,9}", fullmatch=True)
host = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,9}[a-z0-9])?(\.[a-z]{2,5}){0,2}\.?", fullmatch=True)


@given(scheme, host, st.none() | st.integers(0, 0xFFFF))
@example("https", "a", 443)
def test_an_origin_that_is_written_is_read_back(scheme: str, host: str, port: int | None) -> None:
    origin = parse_origin(f"{scheme}://{host}{'' if port is None else f':{port}'}".encode())

    assert origin is not None
    assert parse_origin(str(origin).encode()) == origin


@given(st.binary(max_size=40) | st.text("htps:/.a[]1*", max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(value: bytes) -> None:
    origin = parse_origin(value)

    assert origin is None or parse_origin(str(origin).encode()) == origin


@pytest.mark.parametrize(
    ("entry", "value", "is_in"),
    [
        ("https://a.com", b"https://a.com:443", True),
        ("https://a.com:443", b"https://a.com", True),
        ("https://a.com", b"http://a.com", False),
        ("https://*.a.com", b"https://x.a.com", True),
        ("https://*.a.com", b"https://x.y.a.com", True),
        ("https://*.a.com", b"https://a.com", False),
        ("https://*.a.com", b"https://xa.com", False),
        ("https://*.a.com", b"http://x.a.com", False),
        ("https://*.a.com", b"https://x.a.com:8443", False),
        ("https://*.a.com:8443", b"https://x.a.com:8443", True),
        ("https://*.a.com", b"https://x.a.com.", False),
        ("https://pr-*.a.com", b"https://pr-7.a.com", True),
        ("https://pr-*.a.com", b"https://pr-.a.com", False),
        ("https://pr-*.a.com", b"https://pr-x.y.a.com", False),
        ("https://pr-*.a.com", b"https://xpr-7.a.com", False),
        ("https://PR-*.A.com", b"https://pr-7.a.com", True),
        ("https://*-pr.a.com", b"https://x-pr.a.com", True),
        ("https://*-pr.a.com", b"https://-pr.a.com", False),
        ("https://*-pr.a.com", b"https://x.y-pr.a.com", False),
        ("https://a-*-z.a.com", b"https://a-m-z.a.com", True),
        ("https://a-*-z.a.com", b"https://a-z.a.com", False),
        ("https://a-*-z.a.com:8443", b"https://a-m-z.a.com:8443", True),
        ("https://a-*-z.a.com:8443", b"https://a-m-z.a.com", False),
        ("http://localhost:*", b"http://localhost:3000", True),
        ("http://localhost:*", b"http://localhost", True),
        ("http://localhost:*", b"https://localhost", False),
        ("http://localhost:*", b"http://x.localhost:3000", False),
        ("http://[::1]:*", b"http://[::1]:3000", True),
        ("http://*.localhost:*", b"http://a.localhost:3000", True),
        ("http://*.localhost:*", b"http://localhost:3000", False),
    ],
)
def test_an_origin_is_in_the_set_by_scheme_host_and_port(entry: str, value: bytes, is_in: bool) -> None:
    origin = parse_origin(value)

    assert (origin in Origins([entry, "https://*.b.com", "https://*.c.com:8443"])) is is_in


def test_exact_origins_are_written_as_browsers_write_them() -> None:
    origins = Origins(["https://a.com:443", "https://*.b.com", "http://C.com:8000"])

    assert sorted(origins.written()) == [b"http://c.com:8000", b"https://a.com"]


@pytest.mark.parametrize(
    "entry",
    [
        "https://a.com",
        "https://*.a.com",
        "https://*.co.uk",
        "https://pr-*.a.com",
        "http://*.localhost",
        "http://localhost:3000",
        "http://localhost:*",
        "http://[::1]:1",
        "app://x",
    ],
)
def test_nothing_is_wrong_with_an_origin(entry: str) -> None:
    assert origin_fault(entry) is None


@pytest.mark.parametrize(
    ("entry", "hint"),
    [
        (b"https://a.com", "Each origin is a str"),
        (None, "Each origin is a str"),
        ("a.com", "An origin begins with its scheme: 'https://a.com'."),
        ("https://a.com/", "Leave the path out: 'https://a.com'."),
        ("https://a.com/b?c", "Leave the path out: 'https://a.com'."),
        ("https://a.com?c", "Leave the path out: 'https://a.com'."),
        ("https://a.com#c", "Leave the path out: 'https://a.com'."),
        ("https://*", "Let one '*' stand for a label"),
        ("https://*:*", "Let one '*' stand for a label"),
        ("https://*.com", "Anybody may have a name that ends with 'com'"),
        ("https://*.com:8443", "Anybody may have a name that ends with 'com'"),
        ("https://*-a.com", "Anybody may have a name that ends with 'com'"),
        ("https://*good.example", "Anybody may have a name that ends with 'example'"),
        ("https://*.", "Let one '*' stand for a label"),
        ("https://*.a.com.", "Let one '*' stand for a label"),
        ("https://*.*.a.com", "Let one '*' stand for a label"),
        ("https://**.a.com", "Let one '*' stand for a label"),
        ("https://a.*.com", "Let one '*' stand for a label"),
        ("https://a.com*", "Let one '*' stand for a label"),
        ("https://*.[::1]", "Let one '*' stand for a label"),
        ("https://*.a.com:80:*", "Let one '*' stand for a label"),
        ("https://a.com:80:*", "Give scheme and host"),
        ("https://a.com:8*", "Let one '*' stand for a label"),
        ("*://a.com", "Give scheme and host"),
        (
            "https://bücher.example",
            "Give the name in its ASCII form, as browsers send it: 'https://xn--bcher-kva.example'.",
        ),
        (
            "https://" + "ü" * 70 + ".example",
            "Give the name in its ASCII form, as browsers send it: 'https://xn--",
        ),
        ("https://u@a.com", "Give scheme and host"),
        ("https://", "Give scheme and host"),
    ],
)
def test_what_is_wrong_with_an_origin_is_said(entry: Any, hint: str) -> None:
    assert (origin_fault(entry) or "").startswith(hint)
