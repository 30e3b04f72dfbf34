"""The stack that does at the edge what a project's settings let Django do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from asgi_stack import box, middleware
from asgi_stack.composing.layer import Layer
from asgi_stack.django.translating import TRANSLATIONS, Translation
from asgi_stack.errors import StackError
from asgi_stack.types import Receive, Scope, Send

__all__ = ["Suggestion", "suggest"]


@dataclass
class Suggestion:
    """Entries for ``ASGI_STACK``, what they make superfluous, and what a reader must decide."""

    entries: list[Any] = field(default_factory=list[Any])
    superfluous: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])

    def as_data(self) -> dict[str, list[Any]]:
        """Return it as JSON can hold it."""
        return {"stack": self.entries, "superfluous": self.superfluous, "notes": self.notes}

    def as_text(self) -> str:
        """Return it as Python for the settings, with the rest in comments."""
        lines = ["ASGI_STACK = [", *(line for entry in self.entries for line in _entry_lines(entry)), "]"]
        for title, texts in (("Superfluous then:", self.superfluous), ("To decide:", self.notes)):
            lines += ["", f"# {title}", *(f"#   {text}" for text in texts)] if texts else []
        return "\n".join(lines) + "\n"

    def add(self, found: Translation) -> None:
        """Take up one layer, if it can be made with these options; else say why not."""
        path = box.path_to(found.name)
        try:
            Layer.at(path, **found.options).wrap(_nothing)
        except StackError as error:
            self.notes.append(f"{found.name} was left out: {error}")
            return
        self.entries.append((path, found.options) if found.options else path)
        self.superfluous += found.superfluous
        self.notes += found.notes


def suggest() -> Suggestion:
    """Read the settings and return the suggestion, its layers in the recommended order.

    Suggested are only layers that this version has.
    """
    suggestion = Suggestion()
    for found in _translations():
        if found.name in middleware.__all__:
            suggestion.add(found)
    return suggestion


def _translations() -> Iterator[Translation]:
    for translate in TRANSLATIONS:
        found = translate()
        if found is not None:
            yield found


def _entry_lines(entry: Any) -> list[str]:
    if isinstance(entry, str):
        return [f"    {entry!r},"]
    path, options = entry
    lines = [f"            {name!r}: {value!r}," for name, value in options.items()]
    return ["    (", f"        {path!r},", "        {", *lines, "        },", "    ),"]


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand in for Django."""
