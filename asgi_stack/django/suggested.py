"""One layer of a suggestion: with its options, its conditions, and how it is written into the settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from asgi_stack.composing.importing import import_path
from asgi_stack.composing.layer import Layer
from asgi_stack.errors import StackError
from asgi_stack.types import Receive, Scope, Send

__all__ = ["Conditions", "Suggested"]

Conditions: TypeAlias = Sequence[tuple[str, Mapping[str, Sequence[str]]]]
"""Calls of a layer's ``only`` and ``exclude``, by name, with their arguments."""


def _nothing_filled(given: dict[str, Any]) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A layer by its dotted path, with the options that it is to have in the end.

    *written* has the source of options that are not to be written out by value; *switch* is the setting that
    decides whether the layer is there; *defaults* returns the options that settings add to those given.
    """

    path: str
    options: Mapping[str, Any]
    written: Mapping[str, str] = field(default_factory=dict[str, str])
    conditions: Conditions = ()
    switch: str = ""
    defaults: Callable[[dict[str, Any]], dict[str, Any]] = _nothing_filled

    @property
    def is_plain(self) -> bool:
        """Tell whether a path, or a pair of a path and options, says all."""
        return not self.conditions and not self.switch

    def option(self, name: str) -> Any:
        """Return the value that an option has in the end."""
        return self.options.get(name, _class_defaults(self.path).get(name))

    def as_entry(self) -> Any:
        """Return an entry of ``ASGI_STACK`` that reads no other setting."""
        given = self._given({})
        return self._layer(given) if not self.is_plain else (self.path, given) if given else self.path

    def fault(self) -> str:
        """Say why the layer cannot be made so; nothing if it can."""
        try:
            self._layer(self._given({})).wrap(_nothing)
        except StackError as error:
            return str(error)
        return ""

    def as_data(self) -> Any:
        """Return it as JSON can hold it: as an entry of ``ASGI_STACK``, where that says all."""
        given = self._given_in_settings()
        if self.is_plain:
            return [self.path, given] if given else self.path
        conditions = [repr(clause) for clause in self._layer(given).clauses]
        more = {"enabled_if": self.switch} if self.switch else {}
        return {"layer": self.path, "options": given, "conditions": conditions, **more}

    def as_lines(self) -> list[str]:
        """Return it as lines of Python, one entry of a list."""
        given = self._given_in_settings()
        sources = {name: self.written.get(name, repr(value)) for name, value in given.items()}
        if not self.is_plain:
            return self._as_layer(given, sources)
        if not given:
            return [f"{self.path!r},"]
        options = (f"        {name!r}: {source}," for name, source in sources.items())
        return ["(", f"    {self.path!r},", "    {", *options, "    },", "),"]

    def _as_layer(self, given: dict[str, Any], sources: dict[str, str]) -> list[str]:
        calls = [repr(clause) for clause in self._layer(given).clauses]
        calls += [f"enabled_if({self.switch!r})"] if self.switch else []
        last = [*(f".{call}" for call in calls[:-1]), f".{calls[-1]},"]
        if not given:
            return [f"Layer.at({self.path!r}){''.join(last)}"]
        options = (f"    {name}={source}," for name, source in sources.items())
        return ["Layer.at(", f"    {self.path!r},", *options, f"){''.join(last)}"]

    def _given_in_settings(self) -> dict[str, Any]:
        """Return the options that must be given where the settings fill in what they say."""
        given: dict[str, Any] = {}
        # One option may decide what the settings say of another.
        while missing := self._given(self.defaults(given), given):
            given |= missing
        return given

    def _given(
        self, filled_in: Mapping[str, Any], already: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        by_itself = {**_class_defaults(self.path), **filled_in, **(already or {})}
        return {
            name: value for name, value in self.options.items() if not _is_same(by_itself.get(name), value)
        }

    def _layer(self, given: Mapping[str, Any]) -> Layer[...]:
        layer: Layer[...] = Layer.at(self.path, **given)
        for verb, arguments in self.conditions:
            layer = getattr(layer, verb)(**arguments)
        return layer.enabled_if(self.switch) if self.switch else layer


def _class_defaults(path: str) -> dict[str, Any]:
    made: Any = import_path(path)
    return dict(made.__init__.__kwdefaults__ or {})


def _is_same(one: Any, other: Any) -> bool:
    """Tell whether two values mean the same to a layer, which takes any list for a list."""
    kinds = (list, tuple, set, frozenset)
    return one == other or (isinstance(one, kinds) and isinstance(other, kinds) and [*one] == [*other])


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand in for Django."""
