"""The list of attack cases and the numbers in the names of tests are the same."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/security/attack-cases.md"
TRIED = re.compile(r"def test_attack_(\d\d)_")


def test_every_number_in_a_test_has_its_row_and_every_row_a_test() -> None:
    tests = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    tried = {number for text in tests for number in TRIED.findall(text)}

    assert tried == set(re.findall(r"^\| (\d\d) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
