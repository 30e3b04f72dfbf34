"""Hosts in options, conditions and routers: one grammar, whole labels, and the nearest of several."""

from typing import Any

import pytest

from asgi_stack.grammar.host_patterns import HostPatterns, host_fault, host_field
from asgi_stack.testing import http_scope
from asgi_stack.types import Scope


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ([(b"host", b"example.com")], b"example.com"),
        ([(b"accept", b"*/*"), (b"HOST", b"Example.com:80")], b"Example.com:80"),
        ([], None),
        ([(b"host", b"a"), (b"Host", b"a")], None),
        ([(b"x-host", b"a"), (b"from", b"b")], None),
    ],
)
def test_the_host_field_is_the_one_line_of_that_name(headers: Any, field: bytes | None) -> None:
    assert host_field({"headers": headers}) == field


@pytest.mark.parametrize(
    ("name", "pattern", "held"),
    [
        ("example.com", "example.com", True),
        ("example.com", "EXAMPLE.com", True),
        ("example.com", "Example.com.", True),
        ("www.example.com", "example.com", False),
        ("example.com", ".example.com", True),
        ("a.b.example.com", ".Example.com", True),
        ("notexample.com", ".example.com", False),
        ("example.com", "*.example.com", False),
        ("www.example.com", "*.example.com", True),
        ("notexample.com", "*.example.com", False),
        ("[::1]", "[0:0::1]", True),
        ("anything", "*", True),
    ],
)
def test_a_pattern_is_for_whole_labels_in_any_letter_case(name: str, pattern: str, held: bool) -> None:
    assert (name in HostPatterns([pattern])) is held


@pytest.mark.parametrize(
    ("field", "allowed"),
    [
        (b"example.com", True),
        (b"Example.COM:8000", True),
        (b"example.com.", True),
        (b"[::1]:80", True),
        (b"a.b.com", True),
        (b"example.org", False),
        (b"example.com:65536", False),
        (b"a b", False),
        (b"", False),
    ],
)
def test_a_host_is_allowed_without_port_and_capitals(field: bytes, allowed: bool) -> None:
    assert HostPatterns(["example.com", "[::1]", "*.b.com"]).allow(field) is allowed


def asked(*hosts: bytes, **more: Any) -> Scope:
    return {**http_scope("/"), "headers": [(b"host", host) for host in hosts], **more}


@pytest.mark.parametrize(
    ("hosts", "may", "surely"),
    [
        ([b"admin.example.com"], True, True),
        ([b"Admin.Example.com:443"], True, True),
        ([b"admin.example.com."], True, False),  # to Starlette another name, to Django the same
        ([b"admin.example.com.:80"], True, False),
        ([b"admin.example.com:"], True, False),
        ([b"admin.example.com:65536"], True, False),
        ([b"admin.example.com:" + b"0" * 250 + b"1"], True, False),
        ([b"admin.example.com", b"x"], True, False),
        ([b"x", b"x"], True, False),
        ([b"a b"], True, False),
        ([b""], True, False),
        ([], True, False),
        ([b"www.example.com"], False, False),
        ([b"www.example.com:80"], False, False),
    ],
)
def test_without_one_valid_host_it_may_be_any(hosts: list[bytes], may: bool, surely: bool) -> None:
    patterns = HostPatterns(["admin.example.com"])

    assert (patterns.may_name(asked(*hosts)), patterns.surely_names(asked(*hosts))) == (may, surely)


def test_a_field_in_capital_letters_is_not_surely_found_by_all() -> None:
    patterns, scope = HostPatterns(["example.com"]), asked(headers=[(b"Host", b"example.com")])

    assert (patterns.may_name(scope), patterns.surely_names(scope)) == (True, False)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("a.example.com", "a.example.com"),
        ("example.com", ".example.com"),
        ("c.example.com", "*.example.com"),
        ("c.b.example.com", "*.b.example.com"),
        ("example.org", "*"),
    ],
)
def test_the_nearest_is_the_name_itself_and_then_the_longest_domain(name: str, nearest: str) -> None:
    patterns = ["*", ".example.com", "a.example.com", "*.example.com", "*.b.example.com"]

    assert HostPatterns(patterns).nearest(name) == nearest
    assert HostPatterns(patterns[::-1]).nearest(name) == nearest


def test_no_pattern_is_near_to_a_foreign_host() -> None:
    assert HostPatterns(["example.com"]).nearest("example.org") is None


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        (b"example.com", "Give a str"),
        ("https://example.com", "Give the host alone, without a scheme or a path"),
        ("example.com/x", "Give the host alone, without a scheme or a path"),
        ("example.com:80", "Leave the port out: a host is meant on every port."),
        ("example.com:", "Leave the port out"),
        ("::1", "Write an IPv6 address in brackets, as in '[::1]'."),
        ("", "Give a host name, an address"),
        ("*example.com", "Give a host name, an address"),
        ("..example.com", "Give a host name, an address"),
        (".[::1]", "Give a host name, an address"),
        ("bücher.example", "in its ASCII form, as in 'xn--bcher-kva.example'."),
        ("*.bücher.example", "as in '*.xn--bcher-kva.example'."),
        ("faß.example", "in its ASCII form, as in 'xn--bcher-kva.example'."),
        ("ü..example", "in its ASCII form, as in 'xn--bcher-kva.example'."),
    ],
)
def test_a_host_that_can_never_match_is_a_fault(pattern: object, hint: str) -> None:
    assert hint in str(host_fault(pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        "example.com",
        "Example.com",
        "example.com.",
        ".example.com",
        "*.example.com",
        "localhost",
        "127.0.0.1",
        "*",
    ],
)
def test_a_host_in_any_spelling_is_no_fault(pattern: str) -> None:
    assert host_fault(pattern) is None


def test_patterns_are_equal_as_they_are_compared_and_can_be_shown() -> None:
    patterns = HostPatterns(["Example.com", "example.com."])

    assert (patterns, hash(patterns)) == (HostPatterns(["example.com"]), hash(HostPatterns(["example.com"])))
    assert (repr(patterns), len(patterns), patterns == 1) == ("HostPatterns(['example.com'])", 1, False)
