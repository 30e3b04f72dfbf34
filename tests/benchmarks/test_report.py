"""What is made of the timings: ratios, the page and the chart. Nothing is timed here."""

from xml.etree import ElementTree

import pytest

from benchmarks.chart import Line, chart
from benchmarks.client import APPLICATIONS
from benchmarks.composing import SUBJECTS
from benchmarks.figures import Result, added, evaluate, whole
from benchmarks.parts import COUNTS, WRITERS
from benchmarks.pieces import KINDS as PIECE_KINDS
from benchmarks.pieces import MANY
from benchmarks.report import EDGE_FORMS, FORMS, Runs, drawing, page, too_much

BUSY = {"bare": [1.0, 9.0, 1.0], "a": [3.0, 11.0, 3.0], "b": [5.0, 13.0, 5.0]}
CALM = {"bare": [1.0], "a": [4.0], "b": [5.0]}

KINDS = ("pass-through", "fused", "nested")
LAYERS = [f"{kind} {count}" for kind in KINDS for count in COUNTS]
ENDS = [f"{writer} {count}" for writer in WRITERS for count in (1, 16)]
DJANGO = ["MIDDLEWARE", "fused", "by hand"]
REFUSAL = ["refused by Django", "refused by the stack", "refused by hand"]
PIECES = ["by hand", "none", *(f"{kind} {count}" for kind in PIECE_KINDS for count in (1, MANY))]

FORMS_OF_DRIVING = ["driven", "client", "linted"]


def made_up(names: list[str]) -> list[dict[str, list[float]]]:
    series = {name: [float(number)] * 3 for number, name in enumerate(["bare", *names], 1)}
    return [series, series]


@pytest.fixture
def runs() -> Runs:
    composing = ["pass-through 0", "pass-through 16", *SUBJECTS]
    composing += {subject.adds_to for subject in SUBJECTS.values()} - {"bare"}
    return {
        "layers": made_up([*LAYERS, *ENDS]),
        "policy": made_up([*FORMS, *(f"nine {name}" for name in EDGE_FORMS)]),
        "django": made_up(DJANGO),
        "refusal": made_up(REFUSAL),
        "pieces": made_up(PIECES),
        "client": made_up([f"{name} {form}" for name in APPLICATIONS for form in FORMS_OF_DRIVING]),
        "composing": made_up(composing),
    }


def test_what_two_subjects_add_is_compared_without_the_noise_of_a_round() -> None:
    assert evaluate(added("a", "b"), [BUSY]) == Result(0.5, 0.5, 0.5)


def test_the_spread_is_that_of_the_processes() -> None:
    assert evaluate(added("a", "b"), [BUSY, CALM, CALM]) == Result(0.75, 0.5, 0.75)


def test_whole_times_are_compared_as_they_are() -> None:
    assert evaluate(whole("b", "bare"), [CALM]).median == 5


def test_the_page_has_a_row_for_every_form_of_the_policy(runs: Runs) -> None:
    written = page(runs)

    assert all(f"| {text} |" in written for text in FORMS.values())


def test_the_page_has_a_row_for_every_condition_and_router(runs: Runs) -> None:
    written = page(runs)

    assert all(f"| {subject.label} |" in written for subject in SUBJECTS.values())


def test_every_table_of_the_page_is_rectangular(runs: Runs) -> None:
    tables = [block.splitlines() for block in page(runs).split("\n\n") if block.startswith("|")]

    assert len(tables) == 10
    assert all(len({row.count(" | ") for row in table}) == 1 for table in tables)


def test_what_costs_more_than_it_should_is_told_beside_the_page(runs: Runs) -> None:
    runs["policy"] = [{**series, "fused": [99.0] * 3} for series in runs["policy"]]

    assert "(b) the stack of seven, to one function by hand: 98.0, at most 1.55" in too_much(runs)
    assert "at most" not in page(runs)


def test_what_is_as_it_should_be_is_not_told(runs: Runs) -> None:
    runs["policy"] = [{**series, "fused": [3.5] * 3, "by hand": [4.0] * 3} for series in runs["policy"]]

    assert [line for line in too_much(runs) if "stack of seven" in line] == []


def test_the_drawing_is_well_formed_and_has_a_line_for_each_kind(runs: Runs) -> None:
    lines = ElementTree.fromstring(drawing(runs)).findall("{*}polyline")

    assert len(lines) == len(KINDS)


def test_text_in_the_drawing_is_escaped() -> None:
    drawn = chart([Line("<b>", [(0, 0), (1, 1)])], 4, [("a & b", 1.0)], ("x", "y"))

    assert "&lt;b&gt;" in drawn
    assert "a &amp; b" in drawn


def test_a_bar_is_as_long_as_its_value() -> None:
    drawn = chart([Line("l", [(0, 0), (1, 1)])], 4, [("one", 1.0), ("two", 2.0)], ("x", "y"))
    one, two = ElementTree.fromstring(drawn).findall("{*}rect")[-2:]

    assert 2 * float(one.get("width", 0)) == float(two.get("width", 0))
