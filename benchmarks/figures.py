"""From timings to figures: each is a ratio of two times, or of what two subjects add to a third."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from benchmarks.client import APPLICATIONS
from benchmarks.composing import SUBJECTS
from benchmarks.timing import Series

Round = dict[str, float]
"""Seconds per request, by subject, of one round."""

Amount = Callable[[Round], float]
"""A time, or a difference of two times, within one round."""


@dataclass(frozen=True)
class Ratio:
    """What is compared with what. The medians of both are taken over the rounds of a process, then divided.

    A ratio for each round would have the noise of the inner application in both of its halves, and lean to 1.
    """

    of: Amount
    to: Amount

    def over(self, rows: list[Round]) -> float:
        """Return the ratio of the two medians."""
        return median(map(self.of, rows)) / median(map(self.to, rows))


@dataclass(frozen=True)
class Result:
    """The median of the ratios of all processes, the lowest and the highest of them."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Figure:
    """A ratio that is promised not to exceed *at_most*."""

    label: str
    part: str
    ratio: Ratio
    at_most: float


def evaluate(ratio: Ratio, processes: Iterable[Series]) -> Result:
    """Return what a ratio comes to."""
    each = [ratio.over(rounds(series)) for series in processes]
    return Result(median(each), min(each), max(each))


def rounds(series: Series) -> list[Round]:
    """Return the timings of each round."""
    return [dict(zip(series, values, strict=True)) for values in zip(*series.values(), strict=True)]


def whole(subject: str, to: str) -> Ratio:
    """Compare the whole times of two subjects."""
    return Ratio(lambda row: row[subject], lambda row: row[to])


def added(subject: str, to: str) -> Ratio:
    """Compare what two subjects add to the inner application."""
    return Ratio(lambda row: row[subject] - row["bare"], lambda row: row[to] - row["bare"])


def in_layers(subject: str) -> Ratio:
    """Count what a subject adds in layers that do nothing."""
    return Ratio(lambda row: row[subject] - row["bare"], _one_layer)


def composed(subject: str) -> Ratio:
    """Compare what a condition or a router adds with a layer that does nothing."""
    base = SUBJECTS[subject].adds_to
    return Ratio(lambda row: row[subject] - row[base], _one_layer)


def further_layer(writer: str) -> Ratio:
    """Count what each of the layers 2 to 16 adds in layers that do nothing."""
    return Ratio(lambda row: (row[f"{writer} 16"] - row[f"{writer} 1"]) / 15, _one_layer)


def _one_layer(row: Round) -> float:
    return (row["pass-through 16"] - row["pass-through 0"]) / 16


PROMISED = [
    Figure("(a) a further layer with one constant header, in pass-through layers", "layers",
           further_layer("set"), 2),
    Figure("(b) the stack of seven adds, as a multiple of the function by hand", "policy",
           added("fused", "by hand"), 1.7),
    Figure("(b) the stack of nine adds, as a multiple of the function by hand", "policy",
           added("nine fused", "nine by hand"), 1.7),
    Figure("(b) the stack of seven adds, as a part of the neighbours as documented", "policy",
           added("fused", "neighbours as documented"), 1 / 4),
    Figure("(b) the stack of seven adds, as a part of the neighbours in pure ASGI", "policy",
           added("fused", "neighbours"), 1 / 4),
    Figure("(c) the stack adds, as a part of Django's `MIDDLEWARE`", "django",
           added("fused", "MIDDLEWARE"), 1 / 50),
    Figure("(d) a refusal by the stack, as a part of one by Django", "refusal",
           whole("refused by the stack", "refused by Django"), 1 / 50),
    *(Figure(f"(e) the test client with lint, to the smallest driver: {label}", "client",
             whole(f"{name} linted", f"{name} driven"), 3)
      for name, label in APPLICATIONS.items()),
    *(Figure(f"(f) {SUBJECTS[name].label}, in pass-through layers", "composing", composed(name), 2)
      for name in ("acts", "fused, passed by", "protocol", "path /", "path", "host")),
]  # fmt: skip
