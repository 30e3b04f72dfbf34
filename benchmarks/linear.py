"""``python -m benchmarks.linear``: how much longer a parser takes for twice the bytes, in seconds.

For each parser of the package, the shape of 64 KiB that takes it longest, and the time for 128 KiB over the
time for 64 KiB: about 2 where it reads all of it, about 1 where a limit ends it. The two are timed in turn,
many times, and the quickest of each counts. The tests show the same by counting, without a clock.
"""

import argparse
from collections.abc import Callable
from time import perf_counter
from typing import Any

from benchmarks.parsers import PARSERS, shapes

KIB = 1024


def seconds(read: Callable[[Any], object], values: list[bytes], rounds: int) -> list[float]:
    """The quickest reading of each value; they take turns."""
    best = [float("inf")] * len(values)
    for _ in range(rounds):
        for index, value in enumerate(values):
            start = perf_counter()
            read(value)
            best[index] = min(best[index], perf_counter() - start)
    return best


def row(name: str, rounds: int) -> tuple[str, float, float, str]:
    """Name, milliseconds for 64 KiB, ratio, and the shape that took longest."""
    read, short, long = PARSERS[name], shapes(64 * KIB), shapes(128 * KIB)
    once = dict(zip(short, seconds(read, list(short.values()), 1), strict=True))
    worst = max(once, key=once.__getitem__)
    single, double = seconds(read, [short[worst], long[worst]], rounds)
    return name, 1000 * single, double / single, worst


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linear", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each pair is timed")
    options = parser.parse_args()
    print(f"{'parser':<44} {'64 KiB':>10} {'128/64':>7}  the shape that takes longest")
    for name in PARSERS:
        label, single, ratio, worst = row(name, options.rounds)
        print(f"{label:<44} {single:7.3f} ms {ratio:7.2f}  {worst}")


if __name__ == "__main__":
    main()
