"""The table of rules in the docs is the one of the code."""

import subprocess
import sys
from pathlib import Path

import pytest

from asgi_stack.testing.lint import RULES, table
from asgi_stack.testing.lint.table import TABLE

PAGE = Path(__file__).parents[3] / "docs" / "lint.md"


def test_every_rule_has_a_row() -> None:
    rows = [line.split(" | ")[0] for line in table().splitlines() if line.startswith("| ")]

    assert [row.removeprefix("| ") for row in rows if row != "| id"] == list(RULES)


def test_the_page_has_the_table_as_it_is_now() -> None:
    page = PAGE.read_text("utf-8")

    assert TABLE.insert(page) == page, "Run: python -m asgi_stack.testing.lint docs/lint.md"


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    TABLE.command([])

    assert capsys.readouterr().out == f"{table()}\n"


def test_the_command_renews_the_table_in_a_file(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- rules -->\nold\n<!-- end of rules -->\nb\n")
    TABLE.command([str(page)])

    assert page.read_text() == f"a\n<!-- rules -->\n\n{table()}\n\n<!-- end of rules -->\nb\n"


@pytest.mark.parametrize("page", ["nothing here", "<!-- rules -->", "<!-- end of rules -->"])
def test_a_page_without_marks_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match=r"no marks for the table\. Put '<!-- rules -->'"):
        TABLE.insert(page)


def test_the_module_runs_as_a_command() -> None:
    command = [sys.executable, "-m", "asgi_stack.testing.lint"]

    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == f"{table()}\n"
