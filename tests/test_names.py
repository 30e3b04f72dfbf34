import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import asgi_stack

ADDRESS = re.compile(r"0x[0-9a-f]{6}")
ROOMS = [Path(asgi_stack.__file__).parent / room for room in ("django", "testing")]


def classes(room: Path) -> list[str]:
    trees = [ast.parse(path.read_text("utf-8")) for path in room.rglob("*.py")]
    return [
        node.name.lstrip("_") for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    ]


def test_no_test_is_named_after_an_address_so_that_every_process_collects_the_same(
    request: pytest.FixtureRequest,
) -> None:
    assert [item.nodeid for item in request.session.items if ADDRESS.search(item.nodeid)] == []


def test_a_class_name_means_one_thing() -> None:
    named = Counter(name for room in ROOMS for name in classes(room))

    assert [name for name, count in named.items() if count > 1 and name not in ("Command", "Meta")] == []
