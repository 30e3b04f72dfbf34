"""The stack that does at the edge what a project's settings let Django do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings

from asgi_stack import box, middleware
from asgi_stack.composing.importing import import_path
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart, Proxies, Translation
from asgi_stack.django.counterparts import COUNTERPARTS
from asgi_stack.django.declared import settings_module
from asgi_stack.django.entry import Entry, find_entry
from asgi_stack.django.suggested import Conditions, Suggested

__all__ = ["Suggestion", "suggest"]


@dataclass
class Suggestion:
    """Layers for ``ASGI_STACK``, what they make superfluous, and what a reader must decide."""

    entry: Entry
    """Whether the project is served by a stack already."""
    layers: list[Suggested] = field(default_factory=list[Suggested])
    notes: list[str] = field(default_factory=list[str])
    _moved: list[str] = field(default_factory=list[str])
    _kept: list[str] = field(default_factory=list[str])

    @property
    def entries(self) -> list[Any]:
        """The layers as entries of ``ASGI_STACK`` that read no other setting."""
        return [layer.as_entry() for layer in self.layers]

    @property
    def is_served(self) -> bool:
        """Tell whether a stack is around Django; where nothing names a module, the reader knows."""
        return self.entry.has_stack is True or not self.entry.module

    @property
    def superfluous(self) -> list[str]:
        """Entries of ``MIDDLEWARE`` and settings whose work is done then; none before the stack is served."""
        kept = {f"MIDDLEWARE: {path}" for path in self._kept}
        return [each for each in self._moved if each not in kept] if self.is_served else []

    def add(self, counterpart: Counterpart, found: Translation) -> None:
        """Take up one layer, if it can be made and knows of the proxy; else say why not."""
        layer = Suggested(
            path=counterpart.layer,
            options=found.options,
            written=found.written,
            conditions=[*_of_http(counterpart), *found.conditions],
            switch=found.switch,
            **({"defaults": counterpart.defaults} if counterpart.defaults else {}),
        )
        if reason := found.left_out or self._untold(counterpart, layer) or layer.fault():
            self.notes.append(f"{counterpart.name} was left out: {reason}")
            self._kept += found.done_by
            return
        self.layers.append(layer)
        self.notes += found.notes
        self._moved += found.superfluous

    def _untold(self, counterpart: Counterpart, layer: Suggested) -> str:
        """Say which settings tell Django alone of a proxy that the layer relies on."""
        if any(each.path == box.PROXY_HEADERS for each in self.layers):
            return ""
        told = counterpart.told
        untold = [name for name in reading.with_value(*told) if not told[name] or layer.option(told[name])]
        return f"{' and '.join(untold)}: it would take the proxy for the client." if untold else ""

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "asgi": [] if self.is_served else [*self.entry.mend],
            "stack": [layer.as_data() for layer in self.layers],
            "superfluous": self.superfluous,
            "notes": [*self._of_the_whole(), *self.notes],
        }

    def as_text(self) -> str:
        """Return it as Python for the settings, the rest in comments; ``asgi.py`` first, if it is to do."""
        where = f", where {self.entry.module}:application alone is served" if self.entry.module else ""
        lines = [] if self.is_served else [*self._module()]
        lines += [] if all(layer.is_plain for layer in self.layers) else ["from asgi_stack import Layer", ""]
        lines += [
            "ASGI_STACK = [",
            *(f"    {line}" for layer in self.layers for line in layer.as_lines()),
            "]",
        ]
        lines += _commented(f"Superfluous then{where}:", self.superfluous)
        lines += _commented("To decide:", [*self._of_the_whole(), *self.notes])
        return "\n".join(lines) + "\n"

    def _module(self) -> Iterator[str]:
        fault = "has no stack around Django, as far as can be seen" if self.entry.exists else "is not there"
        yield f"# First of all, {self.entry.module}, which {fault}. Write {self.entry.where}:"
        if self.entry.is_plain:
            yield "#   import os"
            yield f'#   os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{settings_module()}")'
        yield from (f"#   {line}" for line in self.entry.mend)
        yield f"# Serve {self.entry.module}:application by an ASGI server. Then {settings_module()}:"
        yield ""

    def _of_the_whole(self) -> Iterator[str]:
        if not self.is_served:
            yield (
                "MIDDLEWARE: nothing is superfluous until every server serves the stack: by WSGI none of it "
                "runs. Run this again then."
            )
        if settings.DEBUG:
            yield "DEBUG is on: where other settings hold in production, run this with those."
        if reading.may_change("MIDDLEWARE"):
            yield "MIDDLEWARE is computed: this goes by what it is now."


def suggest(proxies: Proxies | None = None) -> Suggestion:
    """Read the settings and return the suggestion, its layers in the recommended order.

    Suggested are only layers that this version has.
    """
    suggestion = Suggestion(find_entry())
    there = [each for each in COUNTERPARTS if each.suggest and each.name in middleware.__all__]
    for counterpart in sorted(there, key=lambda each: import_path(each.layer).order.rank):
        found = counterpart.suggest and counterpart.suggest(proxies or Proxies())
        if found:
            suggestion.add(counterpart, found)
    return suggestion


def _of_http(counterpart: Counterpart) -> Conditions:
    """Keep what refuses away from websockets, which Django's middleware never saw."""
    has_websockets = counterpart.refuses and apps.is_installed("channels")
    return [("only", {"scope_type": ["http"]})] if has_websockets else []


def _commented(title: str, texts: list[str]) -> list[str]:
    return ["", f"# {title}", *(f"#   {text}" for text in texts)] if texts else []
