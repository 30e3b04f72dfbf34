"""The page of a middleware that has no page by hand, made from its docstring.

The docstring says what the class does, then in sections ``Arguments:``, ``Changes:``, ``Does not:`` the rest.
A page is made where there is none, and anew while it has the mark; without the mark it is written by hand.
"""

import ast
import inspect
import re
from collections.abc import Callable
from typing import Any

from asgi_stack import middleware
from tests.middleware.cases import CASES

MARK = (
    "<!-- Made from the docstring by `python -m tests.docs.lists`. Take this line out to write by hand. -->"
)
SECTION = re.compile(r"^(Arguments|Raises|Changes|Does not):$", re.MULTILINE)


class PageError(Exception):
    """A docstring says too little for a page."""


def maker(name: str) -> Callable[[str], str]:
    """Return what makes the page of a class of what stands in it."""
    return lambda old: page(name) if not old or MARK in old else old


def page(name: str) -> str:
    doc = sections(inspect.getdoc(getattr(middleware, name)) or "")
    missing = [f"{title}:" for title in ("Changes", "Does not") if title not in doc]
    if missing:
        raise PageError(f"{name}: its docstring has no {' and no '.join(missing)} Write them, or its page.")
    parts = {
        "What it does": doc[""],
        "Use": use(name),
        "Options": options(name, doc.get("Arguments", "")),
        "What it changes": doc["Changes"],
        "Order": place(name),
        "What it does not do": doc["Does not"],
    }
    body = "".join(f"\n## {title}\n\n{text}\n" for title, text in parts.items())
    return re.sub(r"(?<!`)``(?!`)", "`", f"# {name}\n\n{MARK}\n{body}")


def sections(doc: str) -> dict[str, str]:
    """Cut a docstring at its titles; what stands ahead of the first has none."""
    first, *rest = SECTION.split(doc)
    found = {title: inspect.cleandoc(text) for title, text in zip(rest[::2], rest[1::2], strict=True)}
    return {"": first.strip(), **found}


def use(name: str) -> str:
    layer = f"Layer({', '.join([name, *(f'{key}={literal(name, value)}' for key, value in given(name))])})"
    lines = [
        "from asgi_stack import Layer, Stack",
        f"from asgi_stack.middleware import {name}",
        "from asgi_stack.testing import Recorder",
        "",
        f"application = Stack([{layer}]).wrap(Recorder())",
    ]
    return "```python\n" + "\n".join(lines) + "\n```"


def given(name: str) -> list[tuple[str, Any]]:
    return [*CASES[name].options.items()]


def literal(name: str, value: Any) -> str:
    try:
        ast.literal_eval(repr(value))
    except (SyntaxError, ValueError):
        raise PageError(f"{name}: {value!r} of its record cannot be shown. Write its page by hand.") from None
    return repr(value)


def options(name: str, arguments: str) -> str:
    meanings = dict(re.findall(r"^(\w+): ((?:.|\n(?= ))+)", arguments, re.MULTILINE))
    _, *parameters = inspect.signature(getattr(middleware, name)).parameters.values()
    rows = [[f"`{each.name}`", default(each), meanings.get(each.name, "")] for each in parameters]
    lines = ["| option | default | meaning |", "|---|---|---|", *map(table_row, rows)]
    return "\n".join(lines) if rows else "None."


def table_row(cells: list[str]) -> str:
    return "".join(f"| {' '.join(cell.split())} " if cell else "| " for cell in cells) + "|"


def default(option: inspect.Parameter) -> str:
    return "" if option.default is option.empty else f"`{option.default!r}`"


def place(name: str) -> str:
    order = getattr(middleware, name).order
    sides = {"Inside": order.inside_of, "Outside": order.outside_of}
    rules = [
        f"- {side} of `{target.rpartition('.')[2]}`: {reason}."
        for side, targets in sides.items()
        for target, reason in targets.items()
    ]
    text = f"Where the [recommended order](../order.md) has it: {order.place.value}."
    return "\n".join([text, "", *rules]) if rules else text
