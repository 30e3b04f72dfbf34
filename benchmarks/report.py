"""The page and the chart that `docs/` shows, from the timings of all processes."""

import platform
from collections.abc import Iterable
from importlib.metadata import version

from benchmarks.chart import Line, chart
from benchmarks.client import APPLICATIONS
from benchmarks.composing import SUBJECTS
from benchmarks.figures import (
    SUMMARY,
    Ratio,
    Result,
    added,
    composed,
    evaluate,
    further_layer,
    in_layers,
    piece,
    whole,
)
from benchmarks.parts import COUNTS, WRITERS
from benchmarks.pieces import KINDS, MANY
from benchmarks.template import PAGE
from benchmarks.timing import Series

Runs = dict[str, list[Series]]
"""The timings of each part, one series for each process."""

FORMS = {
    "by hand": "one function, written for this policy alone",
    "fused": "the stack: `Stack([...]).wrap(application)`",
    "by a user": "the same seven in a stack, written by a user",
    "nested": "the same layers nested one by one",
    "neighbours": "the neighbours, in pure ASGI",
    "neighbours as documented": "the neighbours, two as `BaseHTTPMiddleware`",
}
EDGE_FORMS = {name: FORMS[name] for name in ("by hand", "fused", "nested")}
PACKAGES = ("django", "starlette", "uvicorn", "asgi-correlation-id", "django-cors-headers")


def page(runs: Runs) -> str:
    """Return the page as Markdown."""
    return PAGE.format(
        rounds=f"{sum(len(series['bare']) for series in runs['policy']):,}",
        processes=len(runs["policy"]),
        python=platform.python_version(),
        packages=", ".join(f"{name} {version(name)}" for name in PACKAGES),
        summary=_summary(runs),
        layers=_layers(runs),
        writers=_table(
            ["by", "adds", "spread"],
            ([f"`{name}`", *_shown(evaluate(further_layer(name), runs["layers"]))] for name in WRITERS),
        ),
        policy=_table(
            ["form", "adds", "spread"],
            ([text, *_shown(_policy(name, runs))] for name, text in FORMS.items()),
        ),
        pieces=_table(["", "of the function by hand", "spread"], _pieces(runs)),
        edge=_table(
            ["form", "adds", "spread"],
            ([text, *_shown(_edge(name, runs))] for name, text in EDGE_FORMS.items()),
        ),
        django=_table(
            ["", "ratio", "spread"],
            [
                _whole("a request with `MIDDLEWARE`, to one without", "MIDDLEWARE", runs),
                _whole("a request with the stack, to one without", "fused", runs),
                _row(
                    "what the stack adds, to what the function by hand adds", added("fused", "by hand"), runs
                ),
                _row("what `MIDDLEWARE` adds, to the same", added("MIDDLEWARE", "by hand"), runs),
                _row("what `MIDDLEWARE` adds, to what the stack adds", added("MIDDLEWARE", "fused"), runs),
            ],
        ),
        refusal=_table(
            ["", "ratio", "spread"],
            [
                _row(label, whole(*subjects), runs, part="refusal")
                for label, subjects in {
                    "refused by the stack, to refused by the function by hand": (
                        "refused by the stack",
                        "refused by hand",
                    ),
                    "refused by Django, to refused by the stack": (
                        "refused by Django",
                        "refused by the stack",
                    ),
                }.items()
            ],
        ),
        client=_table(
            ["", "without lint", "with lint", "spread"],
            ([label, *_client(name, runs)] for name, label in APPLICATIONS.items()),
        ),
        composing=_table(
            ["", "adds", "spread"],
            (
                [subject.label, *_shown(evaluate(composed(name), runs["composing"]))]
                for name, subject in SUBJECTS.items()
            ),
        ),
    )


def drawing(runs: Runs) -> str:
    """Return the chart of (a) and (b)."""
    kinds = {"pass-through": "layers that do nothing", "fused": "in a stack", "nested": "nested"}
    lines = [
        Line(name, [(n, evaluate(in_layers(f"{kind} {n}"), runs["layers"]).median) for n in COUNTS])
        for kind, name in kinds.items()
    ]
    bars = [(name, _policy(name, runs).median) for name in list(FORMS)[:5]]
    titles = ("Cost of layers, in layers that do nothing", "One policy, by hand = 1")
    return chart(lines, 80, bars, titles)


def _policy(name: str, runs: Runs) -> Result:
    return evaluate(added(name, "by hand"), runs["policy"])


def _edge(name: str, runs: Runs) -> Result:
    return evaluate(added(f"nine {name}", "nine by hand"), runs["policy"])


def too_much(runs: Runs) -> list[str]:
    """Return a line for each figure that is above what it should be; the page does not show them."""
    lines: list[str] = []
    for figure in SUMMARY:
        median = evaluate(figure.ratio, runs[figure.part]).median
        if figure.at_most is not None and median > figure.at_most:
            lines.append(f"{figure.label}: {_number(median)}, at most {figure.at_most:g}")
    return lines


def _summary(runs: Runs) -> str:
    rows = ([figure.label, *_shown(evaluate(figure.ratio, runs[figure.part]))] for figure in SUMMARY)
    return _table(["figure", "ratio", "spread"], rows)


def _pieces(runs: Runs) -> Iterable[list[str]]:
    ratios = {
        "a stack without a layer": piece("none", "bare"),
        "the first header layer, for which the request's headers are read": piece("looks 1", "none"),
        **{
            f"a further layer that {what}": piece(f"{name} {MANY}", f"{name} 1", MANY - 1)
            for name, (_, what) in KINDS.items()
        },
    }
    return ([label, *_shown(evaluate(ratio, runs["pieces"]))] for label, ratio in ratios.items())


def _layers(runs: Runs) -> str:
    kinds = ("fused", "nested", "pass-through")
    rows = (
        [str(n), *(_shown(evaluate(in_layers(f"{k} {n}"), runs["layers"]))[0] for k in kinds)] for n in COUNTS
    )
    return _table(["layers", "in a stack", "nested", "that do nothing"], rows)


def _whole(label: str, subject: str, runs: Runs) -> list[str]:
    return _row(label, whole(subject, "bare"), runs)


def _client(name: str, runs: Runs) -> list[str]:
    client, linted = (whole(f"{name} {form}", f"{name} driven") for form in ("client", "linted"))
    return [_shown(evaluate(client, runs["client"]))[0], *_shown(evaluate(linted, runs["client"]))]


def _row(label: str, ratio: Ratio, runs: Runs, part: str = "django") -> list[str]:
    return [label, *_shown(evaluate(ratio, runs[part]))]


def _shown(result: Result) -> list[str]:
    return [_number(result.median), f"{_number(result.low)} to {_number(result.high)}"]


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:#.3g}".removesuffix(".")


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
