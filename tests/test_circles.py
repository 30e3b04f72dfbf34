"""No module of the package needs itself: neither at run time nor for its types."""

import ast
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import asgi_stack

ROOT = Path(asgi_stack.__file__).parents[1]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


SOURCES = {module_of(path): path.read_text("utf-8") for path in (ROOT / "asgi_stack").rglob("*.py")}


def needed(source: str, modules: Mapping[str, str]) -> set[str]:
    """Those of *modules* that *source* imports anywhere, under ``TYPE_CHECKING`` and in functions too."""
    found = set[str]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            found |= {name if name in modules else str(node.module) for name in names}
    return found & modules.keys()


def circle_in(modules: Mapping[str, str]) -> list[str]:
    """The modules of one circle, each of which imports the one before it; none if there is no circle."""
    graph = {name: needed(source, modules) - {name} for name, source in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_of_the_package_import_each_other_in_a_circle() -> None:
    assert circle_in(SOURCES) == []


@pytest.mark.parametrize(
    "statement",
    [
        "import room.one",
        "from room.one import Thing",
        "from room import one",
        "if TYPE_CHECKING:\n    from room.one import Thing",
        "def late():\n    from room.one import Thing",
    ],
)
def test_a_circle_is_found_however_the_import_is_written(statement: str) -> None:
    modules = {
        "room": "",
        "room.one": "import room.two",
        "room.two": "import room.three",
        "room.three": statement,
    }

    assert sorted(set(circle_in(modules))) == ["room.one", "room.three", "room.two"]
