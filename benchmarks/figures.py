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
    """A ratio that stands at the head of the page, and that is too much above *at_most*."""

    label: str
    part: str
    ratio: Ratio
    at_most: float | None = None


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
    return Ratio(_composed(subject), _one_layer)


def to_by_hand(subject: str, by_hand: str) -> Ratio:
    """Compare what a router adds with what a function by hand does, for one purpose alone."""
    return Ratio(_composed(subject), _composed(by_hand))


def further_layer(writer: str) -> Ratio:
    """Count what each of the layers 2 to 16 adds in layers that do nothing."""
    return Ratio(lambda row: (row[f"{writer} 16"] - row[f"{writer} 1"]) / 15, _one_layer)


def piece(subject: str, less: str, count: int = 1) -> Ratio:
    """Compare a difference, divided by a number of layers, with what the function by hand adds."""
    return Ratio(lambda row: (row[subject] - row[less]) / count, lambda row: row["by hand"] - row["bare"])


def _composed(subject: str) -> Amount:
    base = SUBJECTS[subject].adds_to
    return lambda row: row[subject] - row[base]


def _one_layer(row: Round) -> float:
    return (row["pass-through 16"] - row["pass-through 0"]) / 16


SUMMARY = [
    Figure("(a) a further layer with one constant header, to a layer that does nothing", "layers",
           further_layer("set"), 2),
    Figure("(b) the stack of seven, to one function by hand", "policy", added("fused", "by hand"), 1.55),
    Figure("(b) the same seven written by a user, to that function", "policy",
           added("by a user", "by hand"), 2.2),
    Figure("(b) the neighbours in pure ASGI, to that function", "policy", added("neighbours", "by hand")),
    Figure("(b) the neighbours, two as `BaseHTTPMiddleware`, to that function", "policy",
           added("neighbours as documented", "by hand")),
    Figure("(b) the stack of nine, to one function by hand", "policy",
           added("nine fused", "nine by hand"), 1.7),
    Figure("(c) around Django: the stack, to the function by hand", "django", added("fused", "by hand"), 2),
    Figure("(c) in Django: `MIDDLEWARE`, to the function by hand around it", "django",
           added("MIDDLEWARE", "by hand")),
    Figure("(d) a request that the stack refuses, to one that the function by hand refuses", "refusal",
           whole("refused by the stack", "refused by hand"), 2),
    Figure("(d) a request that Django refuses, to one that the function by hand refuses", "refusal",
           whole("refused by Django", "refused by hand")),
    *(Figure(f"(e) the test client with lint, to the smallest driver: {label}", "client",
             whole(f"{name} linted", f"{name} driven"), 3)
      for name, label in APPLICATIONS.items()),
    *(Figure(f"(f) {SUBJECTS[name].label}, to a layer that does nothing", "composing", composed(name), 2)
      for name in ("acts", "fused, passed by", "protocol", "path /")),
    Figure("(f) `PathRouter`, to a function for one prefix that looks for an encoded slash", "composing",
           to_by_hand("path", "path with a look by hand"), 1.5),
    Figure("(f) `HostRouter`, to a function for two hosts", "composing",
           to_by_hand("host", "host by hand"), 1.5),
]  # fmt: skip
