"""The map shows the rooms that there are, on their floors."""

import re
from pathlib import Path

from tests.test_floors import FLOORS, PACKAGE

PAGE = (Path(__file__).parents[2] / "docs/explanation/design.md").read_text(encoding="utf-8")
THERE = {path.stem if path.suffix else path.name for path in PACKAGE.iterdir() if path.name[0] not in "_."}


def test_every_room_is_on_the_map_and_on_its_floor() -> None:
    shown = {name: int(floor) for floor, name in re.findall(r"^\| (\d) \| `(\w+)` \|", PAGE, re.MULTILINE)}

    assert shown == {name: floor for name, floor in FLOORS.items() if name in THERE}


def test_every_file_that_the_map_names_is_there() -> None:
    named = re.findall(r"`((?:heads|composing)/\w+\.py)`", PAGE)

    assert [file for file in named if not (PACKAGE / file).exists()] == []
    assert named
