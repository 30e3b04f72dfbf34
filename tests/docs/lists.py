"""Writes every list of middleware that follows from the modules: ``python -m tests.docs.lists``.

Those are the imports of ``asgi_stack/middleware/__init__.py``, the paths in ``asgi_stack/box.py``, the links
of the README, the tables of ``docs/order.md``, ``tests/typing/options.py``, the public names, and the pages
that are made from a docstring (`tests.docs.pages`). A test holds each of them to what is made here.
"""

import ast
import importlib
import inspect
import os
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from asgi_stack import Order, box, middleware
from asgi_stack.composing.known_orders import KNOWN
from asgi_stack.order import Place
from asgi_stack.testing.tables import PageTable
from tests.docs import names, pages

ROOT = Path(__file__).parents[2]
# The tests may run beside an installed package.
INSTALLED = Path(middleware.__file__).parents[2]
BOX = "asgi_stack.middleware."


class Written(NamedTuple):
    """A file, and how it is made from what stands in it."""

    path: str
    make: Callable[[str], str]

    @property
    def file(self) -> Path:
        return (INSTALLED if self.path.startswith("asgi_stack/") else ROOT) / self.path

    def old(self) -> str:
        return self.file.read_text(encoding="utf-8") if self.file.exists() else ""

    def text(self) -> str:
        return self.make(self.old())


def class_names() -> list[str]:
    """The middleware in the box, by name."""
    return sorted((name for name in middleware.__all__ if name.endswith("Middleware")), key=str.lower)


def module_of(name: str) -> str:
    return getattr(middleware, name).__module__.rpartition(".")[2]


def page_of(name: str) -> str:
    return f"docs/middleware/{module_of(name).replace('_', '-')}.md"


# The imports.


def by_kind(name: str) -> tuple[int, str]:
    """The order in which imports stand: constants, classes, functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def exported() -> dict[str, list[str]]:
    """What each module of middleware exports, read and not imported: it may need what is to be written."""
    found = {}
    for each in sorted(each.name for each in pkgutil.iter_modules(middleware.__path__)):
        source = (INSTALLED / f"asgi_stack/middleware/{each}.py").read_text(encoding="utf-8")
        (listed,) = re.findall(r"^__all__ = (\[.*?\])", source, re.MULTILINE | re.DOTALL)
        found[each] = sorted(ast.literal_eval(listed), key=by_kind)
    return found


def imports(old: str) -> str:
    found = exported()
    every = sorted(name for names in found.values() for name in names)
    listed = "".join(f'    "{name}",\n' for name in every)
    lines = "".join(import_line(module, names) for module, names in found.items())
    return f"{old.partition('from ')[0]}{lines}\n__all__ = [\n{listed}]\n"


def import_line(module: str, names: list[str]) -> str:
    line = f"from {BOX}{module} import {', '.join(names)}\n"
    if len(line) <= 111:
        return line
    return f"from {BOX}{module} import (\n" + "".join(f"    {name},\n" for name in names) + ")\n"


def constants(old: str) -> str:
    """The paths of the classes that are there, and then as they stood those of classes yet to come."""
    head = "".join(line for line in old.splitlines(keepends=True) if ' = path_to("' not in line)
    there = [
        f'{module.upper()} = path_to("{name}")\n'
        for module, names in exported().items()
        for name in names
        if name.endswith("Middleware")
    ]
    coming = [line for line in re.findall(r"^\w+ = path_to.*\n", old, re.MULTILINE) if line not in there]
    return f"{head.rstrip()}\n\n\n{''.join(there)}\n{''.join(coming)}"


# The README.


def links() -> str:
    return " ·\n".join(f"[{name}]({page_of(name)})" for name in class_names())


# The order.


def recommended() -> list[str]:
    """The middleware in the box, outermost first, as each class says."""
    return sorted(class_names(), key=lambda name: (getattr(middleware, name).order.rank, name))


def recommendation() -> str:
    rows = ["| layer | stands there because |", "|---|---|"]
    for place in Place:
        there = [f"`{name}`" for name in recommended() if getattr(middleware, name).order.place is place]
        rows += [f"| {', '.join(there)} | {place.value} |"] if there else []
    return "\n".join([*rows, "| third-party layers, then Django | |"])


def orders() -> dict[str, Order]:
    """What every class says of its place, those that are known of other packages included."""
    own = {BOX + name: getattr(middleware, name).order for name in class_names()}
    return own | {path: Order(**known) for path, known in KNOWN.items()}


def shown(path: str) -> str:
    return f"`{path.removeprefix(BOX)}`"


def rank(path: str) -> tuple[bool, int, str]:
    name = path.removeprefix(BOX)
    return name == path, recommended().index(name) if name != path else 0, path


def rules() -> Iterator[tuple[str, str, str]]:
    """The outer one, the reason, the inner one; not of layers that are neither in the box nor known."""
    known = orders()
    for path, order in known.items():
        yield from ((path, reason, inner) for inner, reason in order.outside_of.items() if inner in known)
        yield from ((outer, reason, path) for outer, reason in order.inside_of.items() if outer in known)


def refusals() -> str:
    found = sorted(set(rules()), key=lambda rule: (rank(rule[0]), rule[1], rank(rule[2])))
    cells: dict[tuple[str, str], list[str]] = {}
    for outer, reason, inner in found:
        cells.setdefault((outer, reason), []).append(shown(inner))
    rows = [f"| {shown(outer)} | {', '.join(inner)} | {why} |" for (outer, why), inner in cells.items()]
    return "\n".join(["| outside | inside of it | because |", "|---|---|---|", *rows])


def singles() -> str:
    found = sorted((path for path, order in orders().items() if order.once), key=rank)
    sentence = f"May be in a stack once: {', '.join(map(shown, found))}."
    return textwrap.fill(sentence, 120, break_long_words=False, break_on_hyphens=False)


# The types.

TYPES = '''"""An option of the edge that is misspelt, missing or of another type is seen in the editor.

Nothing here is run: mypy and pyright read it. Written by ``python -m tests.docs.lists``.
"""

from typing import Any

from asgi_stack import Layer
from asgi_stack.middleware import (
{imports})

ANY: Any = ...
'''


def types(old: str) -> str:
    names = sorted(class_names())
    made = "".join(f"    {name},\n" for name in sorted(names, key=str.casefold))
    return TYPES.format(imports=made) + "".join(map(type_lines, names))


def type_lines(name: str) -> str:
    _, *options = inspect.signature(getattr(middleware, name)).parameters.values()
    needed = {option.name: "ANY" for option in options if option.default is option.empty}
    lines = [layer(name, needed), layer(name, {**needed, "no_such_option": "1"}) + ignored("call-arg")]
    lines += [layer(name, {}) + ignored("call-arg")] if needed else []
    lines += [
        layer(name, {**needed, option.name: "object()"}) + ignored("arg-type")
        for option in options
        if option.annotation not in (Any, object)
    ]
    return f"\n\ndef {module_of(name)}() -> None:\n" + "".join(f"    {line}\n" for line in lines)


def layer(name: str, options: dict[str, str]) -> str:
    return f"Layer({', '.join([name, *(f'{option}={value}' for option, value in options.items())])})"


def ignored(code: str) -> str:
    return f"  # type: ignore[{code}]"


# All of them.


def in_order_page(old: str) -> str:
    for mark, render in {"recommended": recommendation, "refused": refusals, "once": singles}.items():
        old = PageTable(mark, render).insert(old)
    return old


def written() -> list[Written]:
    """Every file that is made. The first two are the package's, and the others look at it."""
    made = [
        Written("asgi_stack/box.py", constants),
        Written("asgi_stack/middleware/__init__.py", imports),
        Written("README.md", PageTable("middleware", links).insert),
        Written("docs/order.md", in_order_page),
        Written("tests/typing/options.py", types),
        Written("docs/reference/names.md", lambda old: names.page()),
    ]
    return made + [Written(page_of(name), pages.maker(name)) for name in class_names()]


def write(file: Written) -> None:
    text = file.text()
    if file.old() != text:
        file.file.write_text(text, encoding="utf-8")
        print(f"{file.path} is written")


def main() -> None:
    paths, init = written()[:2]
    write(paths)
    importlib.reload(box)
    write(init)
    importlib.reload(middleware)
    for file in written()[2:]:
        write(file)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.project.settings")
    main()
