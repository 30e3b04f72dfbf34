"""The house rules of the package: who may import whom, how big a piece may be, what must be documented.

The floors are those of the package, from the ground up. A module imports from floors below its own, or from
its own room (a sub-package is one room). Whatever is new must be given a floor here.
"""

import ast
import importlib
import inspect
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

import asgi_stack

FLOORS = {
    name: floor
    for floor, names in enumerate(
        [
            ["types", "errors", "box", "logs"],
            ["applications", "grammar", "loops"],
            ["heads", "options"],
            ["order"],
            ["base", "draining", "lifespan"],
            ["composing", "middleware", "routing"],
            ["testing"],
            ["django", "explain"],
            ["__init__", "__main__"],
        ]
    )
    for name in names
}
MAY_IMPORT_DJANGO = {"django", "explain", "__main__"}
LONGEST_FILE, LONGEST_FUNCTION = 300, 40

ROOT = Path(__file__).parents[1]
PACKAGE = Path(asgi_stack.__file__).parent
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
MIDDLEWARE = [path.stem for path in sorted((PACKAGE / "middleware").glob("[a-z]*.py"))]
INITS = [file for file in FILES if file.endswith("__init__.py")]

Function = ast.FunctionDef | ast.AsyncFunctionDef


def parsed(file: str) -> ast.Module:
    return ast.parse((PACKAGE / file).read_text(encoding="utf-8"))


def room_of(file: str) -> str:
    return file.split("/")[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of every import; ``from a import b`` counts as ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def faults_of_floor(room: str, tree: ast.AST) -> list[str]:
    """What the imports of a module in *room* do that its floor does not allow."""
    faults = []
    for line, name in imported(tree):
        first, _, rest = name.partition(".")
        target = rest.split(".")[0]
        if name.startswith("."):
            faults.append(f"line {line}: a relative import hides its floor")
        elif (
            first == "asgi_stack"
            and target != room
            and FLOORS.get(target, FLOORS["__init__"]) >= FLOORS[room]
        ):
            faults.append(f"line {line}: {room} may not import {name}")
        elif first == "django" and room not in MAY_IMPORT_DJANGO:
            faults.append(f"line {line}: {room} may not import Django")
    return faults


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines from the ``def`` to the end, without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    docstring = 0 if body is function.body else function.body[0].end_lineno - function.body[0].lineno + 1
    return function.end_lineno - function.lineno + 1 - docstring


def exported(module_name: str) -> list[str]:
    return list(getattr(importlib.import_module(module_name), "__all__", ()))


def undocumented(owner: object, name: str) -> Iterator[str]:
    """*name* if it has no docstring, and the public methods and properties of a class that have none."""
    value = getattr(owner, name)
    if not callable(value) or not str(getattr(value, "__module__", "")).startswith("asgi_stack"):
        return
    if not inspect.getdoc(value):
        yield name
    members = vars(value).items() if inspect.isclass(value) else ()
    documented = (property, classmethod, staticmethod)
    for member, what in members:
        is_ours = not member.startswith("_") and (inspect.isroutine(what) or isinstance(what, documented))
        if is_ours and not inspect.getdoc(getattr(value, member)):
            yield f"{name}.{member}"


def modules() -> list[str]:
    names = (".".join(["asgi_stack", *Path(file).with_suffix("").parts]) for file in FILES)
    return sorted({name.removesuffix(".__init__") for name in names if not name.endswith("__main__")})


def test_every_module_lies_in_a_room() -> None:
    assert [file for file in FILES if room_of(file) not in FLOORS] == []


def test_a_module_imports_only_from_the_floors_below_it() -> None:
    assert {file: faults for file in FILES if (faults := faults_of_floor(room_of(file), parsed(file)))} == {}


@pytest.mark.parametrize(
    ("room", "statement", "fault"),
    [
        (
            "heads",
            "from asgi_stack.composing import Stack",
            "heads may not import asgi_stack.composing.Stack",
        ),
        (
            "composing",
            "from asgi_stack.middleware import X",
            "composing may not import asgi_stack.middleware.X",
        ),
        ("base", "import asgi_stack", "base may not import asgi_stack"),
        ("composing", "from asgi_stack import Layer", "composing may not import asgi_stack.Layer"),
        ("base", "def f():\n from django.conf import settings", "base may not import Django"),
        ("grammar", "from .host import parse", "a relative import hides its floor"),
    ],
)
def test_an_import_from_a_floor_above_is_seen(room: str, statement: str, fault: str) -> None:
    assert fault in "".join(faults_of_floor(room, ast.parse(statement)))


@pytest.mark.parametrize(
    ("room", "statement"),
    [
        ("composing", "from asgi_stack.base import ASGIMiddleware"),
        ("middleware", "from asgi_stack.middleware.cors import CORSMiddleware"),
        ("django", "from django.conf import settings"),
        ("types", "from collections.abc import Callable"),
    ],
)
def test_an_import_from_a_floor_below_or_the_same_room_is_allowed(room: str, statement: str) -> None:
    assert faults_of_floor(room, ast.parse(statement)) == []


def test_importing_the_core_imports_nothing_but_the_standard_library() -> None:
    code = textwrap.dedent("""
        import sys
        before = set(sys.modules)
        import asgi_stack, asgi_stack.middleware
        new = {name.partition(".")[0] for name in set(sys.modules) - before}
        print(sorted(new - sys.stdlib_module_names - {"asgi_stack"}))
    """)
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PACKAGE.parent)

    assert found.stdout.strip() == "[]"


def text_of(file: str) -> str:
    return (PACKAGE / file).read_text(encoding="utf-8")


def test_a_file_stays_one_room() -> None:
    lengths = {file: len(text_of(file).splitlines()) for file in FILES}

    assert {file: length for file, length in lengths.items() if length > LONGEST_FILE} == {}


def test_a_function_fits_on_one_screen() -> None:
    lengths = {f"{file}, {f.name}": length(f) for file in FILES for f in functions(parsed(file))}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_the_package_asserts_nothing_and_hides_nothing() -> None:
    hidden = re.compile(r"pragma: no (?:cover|branch)|(?:type|pyright): ignore(?!\[)")
    asserts = [file for file in FILES for node in ast.walk(parsed(file)) if isinstance(node, ast.Assert)]

    assert asserts == []
    assert [file for file in FILES if hidden.search(text_of(file))] == []


def test_every_public_name_is_documented() -> None:
    owners = {module: importlib.import_module(module) for module in modules()}
    names = [(owner, name) for module, owner in owners.items() for name in exported(module)]

    assert [module for module, owner in owners.items() if not inspect.getdoc(owner)] == []
    assert [fault for owner, name in names for fault in undocumented(owner, name)] == []


def is_sorted(names: list[str]) -> bool:
    constants_first = sorted(names, key=lambda name: (not name.isupper(), name[0].islower(), name))
    return names in (sorted(names), constants_first)


def test_all_is_sorted_and_true() -> None:
    untrue = [
        f"{module}.{name}"
        for module in modules()
        for name in exported(module)
        if not hasattr(importlib.import_module(module), name)
    ]

    assert [module for module in modules() if not is_sorted(exported(module))] == []
    assert untrue == []


@pytest.mark.parametrize("name", MIDDLEWARE)
def test_a_middleware_has_a_class_and_a_page_of_its_name(name: str) -> None:
    classes = [each for each in exported("asgi_stack.middleware") if each.endswith("Middleware")]

    assert (ROOT / f"docs/middleware/{name.replace('_', '-')}.md").exists()
    assert f"{name.replace('_', '')}middleware" in [each.lower() for each in classes]


def test_the_package_says_that_it_is_typed() -> None:
    assert (PACKAGE / "py.typed").exists()
