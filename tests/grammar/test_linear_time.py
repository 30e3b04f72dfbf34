"""Twice the bytes take at most twice the work, whatever they are: for every parser of the package.

No clock is asked, for seconds differ from run to run. What is counted is in `meter.py`. Every parser is
given every shape of `benchmarks.parsers` at 1 and at 2 KiB, and the one that cost it most and the one that
grew most at 64 and at 128 KiB. ``python -m benchmarks.linear`` shows the ratio of the seconds.
"""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import asgi_stack.grammar
from asgi_stack.grammar.request_rules import RULES
from benchmarks.parsers import GRAMMAR, PARSERS, Read, shapes
from tests.grammar.meter import Bytes, Text, work_of
from tests.middleware.cases import CASES

# It counts every step of every parser.
pytestmark = pytest.mark.slow

PACKAGE = Path(asgi_stack.grammar.__file__).parents[1]
KIB = 1024
MOST = 2.2
"""Times the work, for twice the bytes. The bytes that do not grow are few, and allowed for."""
FEW = 200

SMALL, DOUBLE = shapes(KIB), shapes(2 * KIB)
LARGE, LARGEST = shapes(64 * KIB), shapes(128 * KIB)


def growth(read: Read, short: bytes, long: bytes) -> float:
    return work_of(read, long) / (work_of(read, short) + FEW)


def hardest(work: dict[str, tuple[int, int]]) -> set[str]:
    """The shape that cost most, and the one that grew most, given the work for two sizes of each."""
    return {
        max(work, key=lambda shape: work[shape][0]),
        max(work, key=lambda shape: work[shape][1] / work[shape][0]),
    }


@pytest.mark.parametrize("name", PARSERS)
def test_twice_the_bytes_take_at_most_twice_the_work(name: str) -> None:
    read = PARSERS[name]
    read(b"warm")
    work = {shape: (work_of(read, SMALL[shape]), work_of(read, DOUBLE[shape])) for shape in SMALL}
    large = {shape: growth(read, LARGE[shape], LARGEST[shape]) for shape in hardest(work)}

    assert {shape: both for shape, both in work.items() if both[1] > MOST * (both[0] + FEW)} == {}
    assert {shape: ratio for shape, ratio in large.items() if ratio > MOST} == {}


def by_slices(text: Any) -> None:
    while text:
        text = text[1:]


def by_partition(text: Any) -> None:
    while text:
        _, _, text = text.partition(b",")


def by_find(text: Any) -> None:
    for number in range(len(text)):
        text.find(b",", number)


def by_addition(text: Any) -> None:
    whole = b""
    for byte in text:
        whole = whole + Bytes(bytes([byte]))


def by_list(text: Any) -> None:
    seen: list[Any] = []
    for member in text.split(b","):
        if member not in seen:
            seen.append(member)


def by_loops(text: Any) -> None:
    for first in text:
        for second in text:
            if first == second == 0:
                break


def by_counting(text: Any) -> None:
    for byte in text.decode("latin-1"):
        text.count(byte.encode("latin-1"))


@pytest.mark.parametrize(
    "parser", [by_slices, by_partition, by_find, by_addition, by_list, by_loops, by_counting]
)
def test_the_measure_sees_what_is_not_linear(parser: Any) -> None:
    short, long = (b",".join(b"%04d" % number for number in range(count)) for count in (100, 200))

    assert growth(parser, short, long) > 1.25 * MOST


@pytest.mark.parametrize(
    "parser",
    [
        lambda value: value.split(b","),
        lambda value: value.decode().strip().lower().encode().translate(None, b"a"),
        lambda value: [each + b"x" for each in value.split(b",") if each.startswith(b"0")],
        lambda value: b"x" + value + value[1:] == value or value in {b"x", b"y"},
        lambda value: f"{value.decode('ascii')}-{value.decode('ascii')[5:9]}",
    ],
)
def test_the_measure_takes_what_is_linear_for_linear(parser: Any) -> None:
    short, long = (b",".join(b"%04d" % number for number in range(count)) for count in (500, 1000))

    assert 1.5 < growth(parser, short, long) <= MOST


def test_what_is_measured_is_read_as_ever() -> None:
    value = Bytes(b'for="a,b";proto=https, for=unknown')

    assert GRAMMAR["forwarded.parse_forwarded"](value) == GRAMMAR["forwarded.parse_forwarded"](bytes(value))
    assert (type(value.decode()), type(value[1:]), type(value.split(b",")[0])) == (Text, Bytes, Bytes)


# What else is public in the grammar, and why no stranger's bytes get there.
OF_THE_CONFIGURATION = {
    "address.Address": "what a parser returns",
    "browser_policy.endpoint_fault": "reads options",
    "browser_policy.endpoints_named": "reads options",
    "browser_policy.fault_of": "reads options",
    "browser_policy.reporting_endpoints": "reads options",
    "field.spellings": "reads options",
    "forwarding.Chain": "measured as a part of ProxyHeadersMiddleware",
    "forwarding.TooLong": "what a parser raises",
    "host.Host": "what a parser returns",
    "django_routing.believes_forwarded_host": "reads settings",
    "django_routing.forced_script_name": "reads settings",
    "django_routing.is_django_handler": "looks at an application",
    "django_routing.with_script_name": "reads settings",
    "host_patterns.compared_host": "reads options",
    "host_patterns.host_fault": "reads options",
    "host_patterns.width_fault": "reads options",
    "node.Node": "what a parser returns",
    "path_prefixes.Paths": "measured as what derives from it",
    "path_prefixes.closed": "reads options",
    "path_prefixes.depth": "reads options",
    "path_prefixes.path_fault": "reads options",
    "path_prefixes.without_end": "measured as a part of ExactPaths",
    "path_segments.path_fault": "reads options",
    "origin.Origin": "what a parser returns",
    "origin.origin_fault": "reads options",
    "ambiguity.is_ambiguous": "reads options",
    "origin_regex.origin_regex_fault": "reads options",
    "origin_regex.regex_fault": "reads options",
    "regex.Automaton": "made of options",
    "regex.Position": "made of options",
    "regex.UnsupportedError": "raised for options",
    "regex.automaton_of": "reads options",
    "request_rules.Limits": "holds options",
    "request_rules.Rule": "a rule itself",
}


def public_names() -> Iterator[str]:
    for found in pkgutil.iter_modules(asgi_stack.grammar.__path__):
        module = importlib.import_module(f"asgi_stack.grammar.{found.name}")
        for name in module.__all__:
            thing = inspect.unwrap(getattr(module, name))
            if inspect.isfunction(thing) or inspect.isclass(thing):
                yield f"{found.name}.{name}"


def test_every_parser_of_the_grammar_has_a_place_in_the_list() -> None:
    listed = {name for name in GRAMMAR if not name.startswith("request_rules.")}

    assert set(public_names()) == listed | OF_THE_CONFIGURATION.keys()
    assert {f"request_rules.{name}" for name in RULES} == GRAMMAR.keys() - listed


# Each module that uses regular expressions, and what they are matched with. What is Django's, apart from its
# test client, sees the settings alone.
EXPRESSIONS = {
    "composing/masking.py": "options",
    "errors.py": "names of options",
    "grammar/browser_policy.py": "options",
    "grammar/origin_regex.py": "an option",
    "grammar/regex.py": "an option",
    "testing/response.py": "responses, in tests",
    "testing/scopes.py": "arguments of tests",
    **{f"middleware/{case.module}.py": case.patterns for case in CASES.values() if case.patterns},
}


def imports_re(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    return not {"re", "regex", "fnmatch"}.isdisjoint(names)


def test_no_regular_expression_reads_what_a_stranger_wrote() -> None:
    found = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if imports_re(path)}
    found -= {path for path in found if path.startswith("django/")}

    assert found == EXPRESSIONS.keys()


def test_no_origin_is_longer_than_that() -> None:
    scheme, port, name = b"a" * 64, b"65535", b".".join([b"a" * 63] * 4)
    read = GRAMMAR["origin.parse_origin"]

    assert len(str(read(scheme + b"://" + name + b":" + port))) == 328
    assert read(scheme + b"://" + name + b"." + b"a:" + port) is None
