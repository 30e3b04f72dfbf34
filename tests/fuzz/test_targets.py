"""Every target runs for a bounded time: by chance always, guided by coverage where atheris is installed."""

import inspect
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, FrameType

import pytest

from asgi_stack.grammar import request_rules
from benchmarks.parsers import GRAMMAR
from tests.fuzz.__main__ import by_chance
from tests.fuzz.targets import SEEDS, TARGETS, BrokenError, promise

# It fuzzes for seconds.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SECONDS = 3


def after(times: int) -> object:
    left = iter(range(times))
    return lambda: next(left, None) is None


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_seeds_break_no_promise(name: str) -> None:
    assert by_chance(TARGETS[name], SEEDS, after(1000), seed=1) == 1000


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
def test_what_coverage_leads_to_breaks_no_promise(tmp_path: Path) -> None:
    for number in range(len(TARGETS)):
        for index, seed in enumerate(SEEDS):
            (tmp_path / f"{number}-{index}").write_bytes(bytes([number]) + seed)
    command = [sys.executable, "-m", "tests.fuzz", "everything", str(SECONDS), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "stat::number_of_executed_units" in done.stdout + done.stderr


def test_an_input_that_breaks_a_promise_is_shown() -> None:
    with pytest.raises(BrokenError, match="never") as caught:
        by_chance(lambda data: promise(False, "never"), [b"seed"], after(1), seed=1)

    assert caught.value.__notes__[0].startswith("The input: b'")


# The method that reads what a stranger wrote, where it is not the one for ``in``.
ASKED = {
    "ExactPaths": "covers",
    "PathPattern": "begin_of",
    "PathPrefixes": "covers",
    "TraceContext": "after",
}


def code_of(name: str) -> CodeType:
    """The code that runs where the parser of this name in the list of `benchmarks.parsers` does."""
    module, _, function = name.partition(".")
    if module == "request_rules":
        return request_rules.RULES[function].is_broken.__code__
    thing = inspect.unwrap(getattr(import_module(f"asgi_stack.grammar.{module}"), function))
    if inspect.isclass(thing):
        thing = getattr(thing, ASKED.get(function, "__contains__"))
    code: CodeType = thing.__code__
    return code


def test_every_parser_of_the_grammar_is_reached_by_a_target() -> None:
    reached: set[CodeType] = set()

    def see(frame: FrameType, event: str, argument: object) -> None:
        reached.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        for target in TARGETS.values():
            by_chance(target, SEEDS, after(100), seed=1)
    finally:
        sys.setprofile(before)

    assert [name for name in GRAMMAR if code_of(name) not in reached] == []
