"""``python -m benchmarks``: measure, and write ``docs/benchmarks.md`` and ``docs/benchmarks.svg``.

With ``--quick`` it takes some seconds, prints the page and writes nothing. Both name at the end, on standard
error, what costs more than it should.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.parts import PARTS
from benchmarks.report import Runs, drawing, page, too_much
from benchmarks.timing import Series

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, nothing is written")
    parser.add_argument("--processes", type=int, default=5, help="how many, one after the other")
    parser.add_argument("--worker", nargs=3, metavar=("PART", "ROUNDS", "SEED"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        part, rounds, seed = options.worker
        json.dump(PARTS[part].run(int(rounds), int(seed)), sys.stdout)
        return
    runs = measured(2, share=0.1) if options.quick else measured(options.processes)
    if options.quick:
        print(page(runs))
    else:
        (ROOT / "docs/benchmarks.svg").write_text(drawing(runs), encoding="utf-8")
        (ROOT / "docs/benchmarks.md").write_text(page(runs), encoding="utf-8")
        print(page(runs).partition("## (a)")[0])
    for line in too_much(runs):
        print(f"too much: {line}", file=sys.stderr)


def measured(processes: int, share: float = 1) -> Runs:
    """Time every part in so many processes; the parts take turns, so that each sees the whole run."""
    runs: Runs = {name: [] for name in PARTS}
    for seed in range(1, processes + 1):
        for name, part in PARTS.items():
            print(f"process {seed} of {processes}: {name}", file=sys.stderr)
            runs[name].append(_in_a_process(name, round(part.rounds * share), seed))
    return runs


def _in_a_process(part: str, rounds: int, seed: int) -> Series:
    # A process of its own has its own memory layout, and the seed gives it its own hashes.
    command = [sys.executable, "-m", "benchmarks", "--worker", part, str(rounds), str(seed)]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    series: Series = json.loads(done.stdout)
    return series


if __name__ == "__main__":
    main()
