"""The table of checks, and that the page has the current one."""

import subprocess
import sys
from pathlib import Path

import pytest

from asgi_stack.testing.contract import CHECKS, table
from asgi_stack.testing.contract.table import TABLE

PAGE = Path(__file__).parents[3] / "docs/contract.md"


def test_the_page_has_the_current_table() -> None:
    text = PAGE.read_text("utf-8")

    assert TABLE.insert(text) == text, "Run: python -m asgi_stack.testing.contract docs/contract.md"


def test_the_table_names_every_check() -> None:
    lines = table().splitlines()

    assert [line.split("`")[1] for line in lines if line.startswith("| `")] == list(CHECKS)


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no marks for the table. Put '<!-- checks -->'"):
        TABLE.insert("# Contract")


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    TABLE.command([])

    assert capsys.readouterr().out == f"{table()}\n"


def test_python_runs_the_command(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- checks --><!-- end of checks -->")
    subprocess.run([sys.executable, "-m", "asgi_stack.testing.contract", str(page)], check=True)

    assert table() in page.read_text("utf-8")


def test_the_command_renews_the_table_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- checks -->\nold\n<!-- end of checks -->\nb\n")
    TABLE.command([str(page)])

    assert page.read_text("utf-8") == f"a\n<!-- checks -->\n\n{table()}\n\n<!-- end of checks -->\nb\n"
