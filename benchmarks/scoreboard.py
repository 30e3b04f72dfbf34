"""``python -m benchmarks.scoreboard``: hold public middleware to the contract; write ``docs/scoreboard.md``.

Its packages are in the dependency group ``scoreboard``. Each middleware is checked in a process of its own.
"""

import argparse
import json
import platform
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from asgi_stack.testing.contract import CHECKS, check_middleware
from benchmarks.scoreboard_entries import ENTRIES

ROOT = Path(__file__).parents[1]
LONGEST = 120
"""Seconds that one middleware may take; the slowest take a few."""

PAGE = """\
# Scoreboard

What [`check_middleware`](contract.md) says of {classes} public middleware from {packages} packages: what each
passes on, and what it changes that nobody asked it to. `python -m benchmarks.scoreboard` makes this page.

**How to read it.** These are good and widely used packages, and a line here is no verdict on any of them.
The contract of this library asks for more than the ASGI specification does: a failed check is often a
decision that its authors took on purpose, and often one that nobody notices, because no server sends, or no
application uses, what would be lost. It tells what to expect where such a layer is combined with others.

**How it was done.** Each was made with the options in its row, and with its defaults for the rest. What it
is meant to do was declared, so that doing it is no failure: a compressor `changes_body`, an error page
`handles_exceptions`. Where a request decides whether it does anything at all, the request is one for which
it does. Checks that do not apply are skipped; there are {checks} in all. If an entry does its subject
wrong, please say so: they are in `benchmarks/scoreboard_entries.py`.

Python {python}, asgi_stack {version}.

## The table

{table}

## What was seen

Only what failed. Each name is explained in [the table of checks](contract.md#the-checks).

{details}
"""


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoreboard", description=__doc__)
    parser.add_argument("--print", action="store_true", help="print the page and write nothing")
    parser.add_argument("--worker", metavar="PATH", help=argparse.SUPPRESS)
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only these, by dotted path")
    options = parser.parse_args()
    if options.worker:
        # Some middleware prints.
        report, sys.stdout = sys.stdout, sys.stderr
        json.dump(checked(options.worker), report)
        report.flush()
    elif options.print:
        print(page([_in_a_process(path) for path in options.paths or ENTRIES]))
    else:
        text = page([_in_a_process(path) for path in options.paths or ENTRIES])
        (ROOT / "docs/scoreboard.md").write_text(text, encoding="utf-8")


def checked(path: str) -> dict[str, Any]:
    """Check one middleware in this process, and return its row as plain values."""
    package, make = ENTRIES[path]
    layer, declared, remark = make()
    report = check_middleware(layer, **declared)
    options = {name: value for name, value in declared.items() if name != "request"}
    request = {name: value for name, value in declared.get("request", {}).items() if name != "extra"}
    return {
        **report.as_dict(),
        "path": path,
        "package": package,
        "version": version(package),
        "declared": [f"{name}={value!r}" for name, value in [*options.items(), *request.items()]],
        "remark": remark,
    }


def _in_a_process(path: str) -> dict[str, Any]:
    print(path, file=sys.stderr)
    command = [sys.executable, "-m", "benchmarks.scoreboard", "--worker", path]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=LONGEST)
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def page(rows: list[dict[str, Any]]) -> str:
    """Return the page as Markdown."""
    rows = sorted(rows, key=lambda row: (row["package"].lower(), row["path"]))
    return PAGE.format(
        classes=len(rows),
        packages=len({row["package"] for row in rows}),
        checks=len(CHECKS),
        python=platform.python_version(),
        version=tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"],
        table=_table(rows),
        details="\n\n".join(_details(row) for row in rows if not row["passed"]),
    )


def _table(rows: Iterable[dict[str, Any]]) -> str:
    head = ["package", "middleware", "declared", "passed", "failed", "skipped"]
    lines = [head, ["---", "---", "---", "--:", "--:", "--:"], *map(_row, rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _row(row: dict[str, Any]) -> list[str]:
    declared = "; ".join(f"`{item}`" for item in row["declared"])
    counts = [str(_count(row, result)) for result in ("passed", "failed", "skipped")]
    cell = " ".join(filter(None, (declared, row["remark"])))
    return [
        f"{row['package']} {row['version']}",
        f"`{_steady(row['subject'])}`",
        cell.replace("|", "\\|"),
        *counts,
    ]


def _count(row: dict[str, Any], result: str) -> int:
    return sum(outcome["result"] == result for outcome in row["outcomes"])


def _details(row: dict[str, Any]) -> str:
    failed = [outcome for outcome in row["outcomes"] if outcome["result"] == "failed"]
    lines = [f"- `{outcome['id']}`: {_cut(_steady(outcome['detail']))}" for outcome in failed]
    return "\n".join([f"### `{row['path']}`", "", *lines])


def _steady(text: str) -> str:
    """Leave out what differs from run to run."""
    text = re.sub(r"<function (?:\w+\.<locals>\.)?(\w+) at 0x[0-9a-f]+>", r"\1", text)
    text = re.sub(r"<(?:[\w.]+\.)?(?:<locals>\.)?(\w+) object at 0x[0-9a-f]+>", r"\1()", text)
    text = re.sub(rf"{re.escape(tempfile.gettempdir())}/\w+", "/empty", text)
    return re.sub(r" at 0x[0-9a-f]+", "", text)


def _cut(text: str) -> str:
    """Keep the beginning and the end, and let nothing be taken for markup."""
    short = text if len(text) <= 220 else f"{text[:120].rstrip()} ... {text[-95:].lstrip()}"
    return re.sub(r"([<>*_`|])", r"\\\1", short)


if __name__ == "__main__":
    main()
