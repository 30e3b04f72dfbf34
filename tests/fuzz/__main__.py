"""Run one target, or ``everything``, for some seconds: ``python -m tests.fuzz forwarded 60``.

Guided by coverage where atheris is installed, else by chance. A fault ends the run, and its input is shown.
"""

import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

ALPHABET = b' \t,;:="\\/%.[]_*abcf0129\r\n\x00\xff'


def mutated(random: Random, seeds: list[bytes]) -> bytes:
    """One of the seeds, or two of them run together, with some bytes changed."""
    data = bytearray(random.choice(seeds) + random.choice([b"", b", ", random.choice(seeds)]))
    for _ in range(random.randrange(6)):
        place = random.randrange(len(data) + 1)
        data[place : place + random.randrange(3)] = bytes(random.choices(ALPHABET, k=random.randrange(4)))
    return bytes(data)


def by_chance(
    target: Callable[[bytes], None], seeds: list[bytes], until: Callable[[], bool], seed: int
) -> int:
    """Call *target* with mutated seeds until told to stop; return how often."""
    random, count = Random(seed), 0
    while not until():
        data = mutated(random, seeds)
        try:
            target(data)
        except Exception as error:
            error.add_note(f"The input: {data!r}")
            raise
        count += 1
    return count


def main(name: str, seconds: int, corpus: Path | None = None) -> None:
    guide: Any = import_module("atheris") if find_spec("atheris") else None
    # What is imported in here is watched for coverage.
    with guide.instrument_imports(include=["asgi_stack"]) if guide else nullcontext():
        targets = import_module("tests.fuzz.targets")
    target = getattr(targets, name)
    if guide is None:
        end = time.monotonic() + seconds
        print(
            by_chance(target, targets.SEEDS, lambda: time.monotonic() >= end, seed=time.time_ns()),
            "inputs by chance",
        )
        return
    arguments = [f"-max_total_time={seconds}", "-max_len=512", "-print_final_stats=1"]
    if corpus is not None:
        arguments += [f"-artifact_prefix={corpus}/", str(corpus)]
    guide.Setup([sys.argv[0], *arguments], target)
    guide.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
