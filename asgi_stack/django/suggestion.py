"""The stack that does at the edge what a project's settings let Django do."""

from dataclasses import dataclass, field
from typing import Any

from asgi_stack import middleware
from asgi_stack.composing.importing import import_path
from asgi_stack.composing.layer import Layer
from asgi_stack.django.counterpart import Counterpart, Translation
from asgi_stack.django.counterparts import COUNTERPARTS
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

    def add(self, counterpart: Counterpart, found: Translation) -> None:
        """Take up one layer, if it can be made with these options; else say why not."""
        try:
            Layer.at(counterpart.layer, **found.options).wrap(_nothing)
        except StackError as error:
            self.notes.append(f"{counterpart.name} was left out: {error}")
            return
        self.entries.append((counterpart.layer, found.options) if found.options else counterpart.layer)
        self.superfluous += found.superfluous
        self.notes += found.notes


def suggest() -> Suggestion:
    """Read the settings and return the suggestion, its layers in the recommended order.

    Suggested are only layers that this version has.
    """
    suggestion = Suggestion()
    there = (each for each in COUNTERPARTS if each.suggest and each.name in middleware.__all__)
    for counterpart in sorted(there, key=lambda each: import_path(each.layer).order.rank):
        found = counterpart.suggest and counterpart.suggest()
        if found:
            suggestion.add(counterpart, found)
    return suggestion


def _entry_lines(entry: Any) -> list[str]:
    if isinstance(entry, str):
        return [f"    {entry!r},"]
    path, options = entry
    lines = [f"            {name!r}: {value!r}," for name, value in options.items()]
    return ["    (", f"        {path!r},", "        {", *lines, "        },", "    ),"]


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand in for Django."""
