"""Every class of the box has one path, which is written out once."""

import ast
from pathlib import Path

import pytest

import asgi_stack.middleware
from asgi_stack import box
from asgi_stack.composing.importing import import_path

PACKAGE = Path(asgi_stack.__file__).parent
PATHS = {name: value for name, value in vars(box).items() if name.isupper()}
THERE = {
    name: path for name, path in PATHS.items() if hasattr(asgi_stack.middleware, path.rpartition(".")[2])
}


def test_every_middleware_has_a_path() -> None:
    names = {name for name in asgi_stack.middleware.__all__ if name.endswith("Middleware")}

    assert {path.rpartition(".")[2] for path in THERE.values()} == names


@pytest.mark.parametrize("name", sorted(THERE))
def test_the_path_leads_to_the_class_of_the_constant_s_name(name: str) -> None:
    factory = import_path(PATHS[name])

    assert f"{name.replace('_', '')}MIDDLEWARE" == factory.__name__.upper()


def written_out(file: Path) -> list[str]:
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return [text for text in texts if isinstance(text, str) and text.startswith("asgi_stack.middleware")]


def test_no_path_is_written_out_elsewhere() -> None:
    found = {file.name: paths for file in PACKAGE.rglob("*.py") if (paths := written_out(file))}

    assert found == {"box.py": ["asgi_stack.middleware."]}
