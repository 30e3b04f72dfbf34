"""The page of public names is true, and no page uses any other."""

import re
from pathlib import Path

import pytest

from tests.docs.names import MODULES, PAGE, page

ROOT = PAGE.parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
IMPORTED = re.compile(r"^[ >.]*from (asgi_stack[\w.]*) import \(?([\w, \n]+)", re.MULTILINE)


def test_the_page_lists_what_the_modules_export() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.docs.names"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_imports_public_names_alone(path: Path) -> None:
    used = {module for module, _ in IMPORTED.findall(path.read_text(encoding="utf-8"))}

    assert used <= MODULES.keys()
