"""Every page can be reached from the README, and every link between pages leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = sorted((ROOT / "docs").rglob("*.md"))
WRITTEN_BY_MAKE = {ROOT / "docs/benchmarks.md", ROOT / "docs/benchmarks.svg"}


def links(page: Path) -> set[tuple[Path, str]]:
    """The files that a page links to, each with the heading that is meant."""
    text = re.sub(r"^( *)```.*?^\1```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    found = re.findall(r"\]\((?!\w+:)([^)#\s]*)#?([^)\s]*)\)", text)
    return {((page.parent / path).resolve() if path else page, heading) for path, heading in found}


def headings(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_readme_links_to_every_page(page: Path) -> None:
    assert page in {path for path, _ in links(README)}


@pytest.mark.parametrize("page", [README, *PAGES], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    there = {link for link in links(page) if link[0] not in WRITTEN_BY_MAKE}

    assert [str(path) for path, _ in there if not path.exists()] == []
    assert [link for link in there if link[1] and link[1] not in headings(link[0])] == []
