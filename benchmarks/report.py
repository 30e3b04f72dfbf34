"""The page and the chart that `docs/` shows, from the timings of all processes."""

import platform
from collections.abc import Iterable
from importlib.metadata import version

from benchmarks.chart import Line, chart
from benchmarks.client import APPLICATIONS
from benchmarks.composing import SUBJECTS
from benchmarks.figures import (
    PROMISED,
    Figure,
    Ratio,
    Result,
    added,
    composed,
    evaluate,
    further_layer,
    in_layers,
    whole,
)
from benchmarks.parts import COUNTS, WRITERS
from benchmarks.template import PAGE
from benchmarks.timing import Series

Runs = dict[str, list[Series]]
"""The timings of each part, one series for each process."""

FORMS = {
    "by hand": "one function, written for this policy alone",
    "fused": "the stack: `Stack([...]).wrap(application)`",
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
        promised=_promised(runs),
        layers=_layers(runs),
        writers=_table(
            ["by", "adds", "spread"],
            ([f"`{name}`", *_shown(evaluate(further_layer(name), runs["layers"]))] for name in WRITERS),
        ),
        policy=_table(
            ["form", "adds", "spread"],
            ([text, *_shown(_policy(name, runs))] for name, text in FORMS.items()),
        ),
        edge=_table(
            ["form", "adds", "spread"],
            ([text, *_shown(_edge(name, runs))] for name, text in EDGE_FORMS.items()),
        ),
        django=_table(
            ["", "ratio", "spread"],
            [
                _whole("a request with `MIDDLEWARE`, to one without", "MIDDLEWARE", runs),
                _whole("a request with the stack, to one without", "fused", runs),
                _row("what the stack adds, to what `MIDDLEWARE` adds", added("fused", "MIDDLEWARE"), runs),
                _row("`MIDDLEWARE` adds, to what the stack adds", added("MIDDLEWARE", "fused"), runs),
                _row(
                    "what the function by hand adds, to what `MIDDLEWARE` adds",
                    added("by hand", "MIDDLEWARE"),
                    runs,
                ),
            ],
        ),
        refusal=_table(
            ["", "ratio", "spread"],
            [
                _row(
                    "refused by Django, to refused by the stack",
                    whole("refused by Django", "refused by the stack"),
                    runs,
                    part="refusal",
                )
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
    bars = [(name, _policy(name, runs).median) for name in list(FORMS)[:4]]
    titles = ("Cost of layers, in layers that do nothing", "One policy, by hand = 1")
    return chart(lines, 80, bars, titles)


def _policy(name: str, runs: Runs) -> Result:
    return evaluate(added(name, "by hand"), runs["policy"])


def _edge(name: str, runs: Runs) -> Result:
    return evaluate(added(f"nine {name}", "nine by hand"), runs["policy"])


def _promised(runs: Runs) -> str:
    rows = ([figure.label, f"{figure.at_most:.3g}", *_verdict(figure, runs)] for figure in PROMISED)
    return _table(["figure", "at most", "measured", "spread", ""], rows)


def _verdict(figure: Figure, runs: Runs) -> list[str]:
    result = evaluate(figure.ratio, runs[figure.part])
    return [*_shown(result), "kept" if result.median <= figure.at_most else "**missed**"]


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
