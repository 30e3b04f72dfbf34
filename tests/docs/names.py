"""Writes ``docs/reference/names.md``, the public words and where they are imported from.

``python -m tests.docs.names`` writes the page; a test holds it to the package.
"""

import importlib
import inspect
import os
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/reference/names.md"

MODULES = {
    "asgi_stack": "Composing, and the base classes of your own middleware",
    "asgi_stack.middleware": "The middleware in the box",
    "asgi_stack.routing": "Applications beside one another",
    "asgi_stack.draining": "The time before a stop",
    "asgi_stack.django": "For Django's `asgi.py`",
    "asgi_stack.django.test": "For Django's tests",
    "asgi_stack.testing": "For tests of middleware",
    "asgi_stack.testing.plugin": "Pytest fixtures; pytest finds them by itself",
    "asgi_stack.testing.lint": "The specification, checked",
    "asgi_stack.testing.contract": "The contract of a middleware, checked",
    "asgi_stack.types": "For annotations",
}
"""The modules whose names are public, in the order of the page; every other module may change at any time."""

VALUES = {
    "ASGIApp": "An ASGI 3 application, as anybody spells its type.",
    "CHECKS": "Every check of the contract, by its name.",
    "ErrorPage": "A function that makes the response to a failed request.",
    "ForwardedPart": "A fact that a proxy forwards: `for`, `proto`, `host`, `port` or `prefix`.",
    "Message": "An event that is received or sent.",
    "Receive": "The function by which an application receives events.",
    "ResponseHook": "What `on_request` returns to see the response's head on its way out.",
    "RULES": "Every rule of the specification, by its id.",
    "SHOULD": "The ids of the rules that the specification only recommends.",
    "Scope": "The scope of a connection.",
    "Send": "The function by which an application sends events.",
    "Users": "Passwords by user, or a function that returns them.",
}
"""What a name is that has no docstring of its own, since it is a plain value."""

HEAD = """# Public names

These names, and the modules that they are imported from, are what a new version keeps. Every other module may
change at any time.

<!-- Written by `python -m tests.docs.names`. -->
"""


def names_of(module: str) -> list[str]:
    return sorted(importlib.import_module(module).__all__, key=str.lower)


def sentence(module: str, name: str) -> str:
    """The first paragraph of what *name* says of itself, or what is said of it here."""
    value = getattr(importlib.import_module(module), name)
    text = VALUES[name] if name in VALUES else inspect.getdoc(value) or ""
    first = " ".join(text.partition("\n\n")[0].split())
    return first.replace("``", "`").replace("|", "\\|")


def page() -> str:
    parts = [HEAD]
    for module, title in MODULES.items():
        rows = (f"| `{name}` | {sentence(module, name)} |\n" for name in names_of(module))
        parts.append(f"\n## {title}\n\n`{module}`\n\n| name | what it is |\n|---|---|\n" + "".join(rows))
    return "".join(parts)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.project.settings")
    PAGE.write_text(page(), encoding="utf-8")
