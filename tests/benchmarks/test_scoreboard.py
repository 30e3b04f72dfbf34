"""The scoreboard's generator, on what the tests have installed anyway."""

import json
import subprocess
import sys

import pytest

from benchmarks.scoreboard import ROOT, checked, page
from benchmarks.scoreboard_entries import ENTRIES

KEEPS = "starlette.middleware.trustedhost.TrustedHostMiddleware"
FAILS = "starlette.middleware.base.BaseHTTPMiddleware"


@pytest.fixture(scope="module")
def written() -> str:
    return page([checked(KEEPS), checked(FAILS)])


def test_a_row_names_package_options_and_counts(written: str) -> None:
    row = next(line for line in written.splitlines() if "TrustedHostMiddleware" in line)

    assert row.startswith("| starlette ")
    assert row.endswith("| `TrustedHostMiddleware(allowed_hosts=['testserver'])` |  | 65 | 0 | 4 |")


def test_what_failed_is_told_and_who_failed_in_nothing_is_not_listed(written: str) -> None:
    details = written.partition("## What was seen")[2]

    assert "- `shows-inner-context-outside`: The inner application set a context variable" in details
    assert KEEPS not in details


def test_no_row_has_an_address_in_memory(written: str) -> None:
    assert "dispatch=dispatch" in written
    assert " at 0x" not in written


def test_each_is_checked_in_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "benchmarks.scoreboard", "--worker", KEEPS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)

    assert json.loads(done.stdout)["passed"]


def test_the_board_has_as_many_as_the_page_promises() -> None:
    packages = {package for package, _ in ENTRIES.values()}

    assert len(ENTRIES) >= 40
    assert len(packages) >= 25
