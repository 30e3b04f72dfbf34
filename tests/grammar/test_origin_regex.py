"""Which regular expressions of origins are taken, and what is said of the others."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.grammar.origin import parse_origin
from asgi_stack.grammar.origin_regex import origin_regex_fault


@pytest.mark.parametrize(
    "pattern",
    [
        r"https://example\.com",
        r"^https://example\.com$",
        r"https?://example\.com(:\d+)?",
        r"https://.*\.example\.com",
        r"https://[a-z0-9-]+\.example\.com",
        r"https://(www\.)?example\.com",
        r"https://(.+\.)?example\.com",
        r"https://pr-\d+\.example\.com",
        r"http://localhost:\d+",
        r"http://localhost:[0-9]{4}",
        r"http://10\.0\.0\.[0-9]+",
        r"https:\/\/example\.com",
        r"https://[.a-z]{3,9}\.example\.com",
        r"https://([a-z0-9-]+\.)*example\.com",
        r"https://(?:\w+\.)+example\.com",
        r"https://(?P<name>[a-z]{2,}\.){1,}example\.com",
        r"https://[a-z]+(-[a-z]+)*\.example\.com",
        r"https://([a-z0-9]+(?:-[a-z0-9]+)*\.)+example\.com",
        r"https://(?:ab|cd)+\.example\.com",
        r"https://([a-z]+)?\.example\.com",
        r"https://([a-z]+\.){0,3}example\.com",
        r"https://([a-z]{1,63}\.){3}example\.com",
        r"https://([a-z]{4}){3}\.example\.com",
        r"https://(a)?\.example\.com",
        r"https://\d+-preview\.example\.com",
        r"https://[a-z0-9-]+-app\.example\.com",
        r"https://[a-z0-9]{8}-my-slug\.mydomain\.com",
        r"https://[a-z0-9]+-my-slug\.mydomain\.com",
        r"(?:^https://\w+\.a\.example$)|(?:^https://b\.example$)",
        r"http://\[::1\]:\d+",
        r"https://.+?-app\.example\.com",
        r"http://127\.0\.0\.1(:\d+)?",
        r"https://app\.example\.(com|org)",
        r"http://(one|two)\.app\.localhost:80",
        r"https://\w+\.example\.co\.uk",
        r"http://192\.168\.\d{1,3}\.\d{1,3}:3000",
        re.compile(r"https://\w+\.Example\.com", re.IGNORECASE),
        r"(?i)https://\w+\.Example\.com",
        r"https://(?#a comment)example\.com",
        r"https://example\.com\Z",
        r"https://(?>[a-z]+)\.example\.com",
        r"https://[a-z]++\.example\.com",
        r"https://a{,2}\.example\.com",
        r"https://a{2,}\.example\.com",
        r"https://(ab){3}\.example\.com",
        r"https://a{0}\.example\.com|https://example\.com",
        r"https://example\x2ecom",
        r"https://example\.com\.?",
        r"https://\[::1\]",
    ],
    ids=str,
)
def test_a_pattern_that_says_what_it_means_is_taken(pattern: Any) -> None:
    assert origin_regex_fault(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        r"https://.*(example\.com|example\.org)",
        r"https://.*(?:example)\.com",
        r"https://(www\.)?.*example\.com",
        r"https://(app|.*)example\.com",
        r"https://[a-z.]+(?:example)\.com",
        r"https://.{0,3}(example\.com)",
        r"https://x?.*example\.com",
        r"https://example\.com[\w.]*",
        r"https://example\.com\S*",
        r"https://example\.com(\.\w+)*",
        r"https://example\.com[^/]*",
        r"https://.*|http://localhost",
        r"https://[^/]+",
        r"https?://\S+",
        r"https://[\w.-]+",
        r"https://.*\.(com|org)",
        r"https://.*example\.com",
        r"https://example\.com.*",
        r"https://.*",
        r"^https://.*$",
        r"(?:^https://.*$)|(?:^http://localhost:\d+$)",
        r"https://a+\.com",
        r"https://[a-z]+\.com",
        r"http://\d+\.\d+\.\d+\.\d+",
        r"https://.*localhost",
        r"(chrome|moz)-extension://[a-z0-9-]+",
        r"https://example\.\w+",
        r"https://[a-z]+[.]com",
        r"https://com",
        r"https://.*\.com",
        r"https://\[::[0-9]\]",
        r"https://\[.*\]:80",
        r"https://a{3}\.com",
        r"https://localhost\d",
        r"https://local\w+",
        r"http://10\.\d+\.\d+\.\d+",
        r"https://example\.com(:\d+)?|https://[a-z]+(:\d+)?",
    ],
)
def test_a_pattern_that_fits_an_origin_of_others_is_refused_with_one(pattern: str) -> None:
    fault = origin_regex_fault(pattern)
    example = re.search(r"It fits '(.*?)', which anybody may have", fault or "")

    assert example, fault
    assert re.fullmatch(pattern, example[1])


def test_where_the_example_would_be_too_short_there_is_none() -> None:
    fault = origin_regex_fault(r"https://.{3,}(example\.com)")

    assert (fault or "").startswith("It fits what anybody may have")


@pytest.mark.parametrize(
    ("pattern", "example"),
    [
        (r"https://example.com", "https://examplexcom"),
        (r"https://app.example\.com", "https://appxexample.com"),
        (r"https://.*\.localhost.evil\.com", "https://x.localhostxevil.com"),
    ],
)
def test_a_dot_that_fits_any_character_is_named(pattern: str, example: str) -> None:
    assert (origin_regex_fault(pattern) or "").startswith(
        f"A dot fits any character, so that {example!r} fits"
    )


@pytest.mark.parametrize(
    "pattern",
    [
        "file://",
        "null",
        r"example\.com",
        ".*",
        r"https://Example\.com",
        r"https://\[::1",
        "https://a:b",
        "",
        "a" * 9,
    ],
)
def test_a_pattern_that_fits_no_origin_is_refused(pattern: str) -> None:
    assert (origin_regex_fault(pattern) or "").startswith("It fits no origin")


@pytest.mark.parametrize(
    "pattern",
    [
        r"https://(\w|\d|-)+\.example\.com",
        r"https://([a-z0-9]|[a-z]|-)*\.example\.com",
        r"https://(a|b|ab)*\.example\.com",
        r"https://(?:(?:\w)+)+\.example\.com",
        r"https://(?:[a-z]{1,9}){1,9}\.example\.com",
        r"https://(\w+-?)+\.example\.com",
        r"https://(\w*\.?)*example\.com",
        r"https://(\d+|\w+-)*x\.example\.com",
        r"https://(?:x?\w?){30}\.example\.com",
        r"https://\w*\w*\w*\w*\w*\.example\.com",
        r"https://(?:\w{0,5}){60}\.example\.com",
        r"https://((?:\w\w?)+)\.example\.com",
        r"https://(?P<h>\w|\w\w)+\.example\.com",
        r"https://.*-.*-.*-.*-team\.example\.com",
        r"https://.*\..*\..*\..*\.example\.com",
        r"https://[a-z.]+\.[a-z.]+\.[a-z.]+\.[a-z.]+\.example\.com",
        r"https://([a-z]+)+\.example\.com",
        r"https://(\w+){2,}\.example\.com",
        r"https://([a-z][a-z-]*)*\.example\.com",
        r"https://([a-z.]+\.)*example\.com",
        r"https://(.*\.)*example\.com",
        r"https://(a[a-z]+b)*\.example\.com",
        r"https://(a+)+\.example\.com",
        r"https://(a?b*)+\.example\.com",
        r"https://(a{2}[a-c]*)+\.example\.com",
        r"https://([a-z]+){40}\.example\.com",
        r"https://([a-z]{1,63})+\.example\.com",
        r"https://[a-z]{1,40}[a-z0-9]{1,40}\.example\.com",
        r"https://(?:a|a)*\.example\.com",
        r"https://(?:(?:a|b)*c?)*\.example\.com",
        r"https://(?:[a-z]{40})*-?(?:[a-z]{41})*\.example\.com",
        r"https://(?:[a-z]{2}){1,9}(?:[a-z]{3})*\.example\.com",
    ],
)
def test_a_pattern_that_can_match_one_text_in_several_ways_is_refused(pattern: str) -> None:
    assert (origin_regex_fault(pattern) or "").startswith("It can match one text in several ways")


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        (r"https://(?=(\w+)*\.).*\.example\.com", "A group that looks around, back, or changes flags"),
        (r"https://(?!evil).*\.example\.com", "A group that looks around, back, or changes flags"),
        (r"https://(?<=x)a\.example\.com", "A group that looks around, back, or changes flags"),
        (r"https://(a)(?(1)b)\.example\.com", "A group that looks around, back, or changes flags"),
        (r"https://(?i:a)\.example\.com", "A group that looks around, back, or changes flags"),
        (r"https://(?P<a>x)(?P=a)\.example\.com", "A group that looks around, back, or changes flags"),
        (r"https://(a)\1\.example\.com", "'\\\\1'"),
        (r"https://\bexample\.com", "'\\\\b'"),
        (r"https://^example\.com", r"'^' in the middle"),
        (r"https://example$\.com", r"'$' in the middle"),
        (re.compile(r"https://example\.com # x", re.VERBOSE), "Flags other than re.IGNORECASE"),
        (r"https://a{300}\.example\.com", "More than 256 characters"),
    ],
)
def test_what_is_not_looked_into_is_refused(pattern: Any, what: str) -> None:
    assert (origin_regex_fault(pattern) or "").startswith(f"{what} cannot be looked into")


@pytest.mark.parametrize("pattern", [b"https://a", re.compile(b"https://a"), None, 5])
def test_what_is_no_str_is_refused(pattern: Any) -> None:
    assert (origin_regex_fault(pattern) or "").startswith("Give a str")


def test_what_is_no_regular_expression_is_refused() -> None:
    assert (origin_regex_fault("https://(a") or "").startswith("It is no regular expression: ")


PIECES = st.sampled_from(
    [
        "https://",
        "a",
        "b",
        ".",
        r"\.",
        "com",
        r"\w",
        "[a-c]",
        "[^/]",
        "*",
        "+",
        "?",
        "{2}",
        "(",
        ")",
        "|",
        r"\d",
        "-",
        ":",
    ]
)
NAMES = st.lists(st.sampled_from(["a", "b", "c", "com", "1"]), min_size=1, max_size=4).map(".".join)
OWNER = re.compile(r"https://(?:.*\.)?(\w+\.\w+)(?::\d+)?")


@given(st.lists(PIECES, max_size=12).map("".join), st.lists(NAMES, min_size=20, max_size=20))
def test_a_pattern_that_is_taken_fits_the_names_of_few_owners(pieces: str, names: list[str]) -> None:
    """Few: as many as can be written out in so short a pattern."""
    pattern = f"https://{pieces}"
    if origin_regex_fault(pattern) is not None:
        return
    origins = [f"https://{name}" for name in names if parse_origin(f"https://{name}".encode())]
    fitting = {origin for origin in origins if re.fullmatch(pattern, origin)}
    owners = {match[1] for origin in fitting if (match := OWNER.fullmatch(origin))}

    assert len(owners - {"0.1"}) <= pieces.count("|") + pieces.count("?") + 1


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_decided(pieces: str) -> None:
    assert isinstance(origin_regex_fault(pieces), str | None)
