"""What Django, or a package for it, does of what one layer does."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.core.checks import CheckMessage

from asgi_stack.django import reading
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["Counterpart", "Duplicate", "Look", "Options", "Translation"]

Options: TypeAlias = dict[str, Any]
Look: TypeAlias = Callable[[ResolvedStack], Iterable[CheckMessage]]
"""Looks at the stack of the settings, and reports what is wrong."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The options of a layer; what Django need not do then; what a reader must decide."""

    options: Options = field(default_factory=dict[str, Any])
    superfluous: Sequence[str] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A layer, and the entries of ``MIDDLEWARE`` or the settings that do the same.

    The settings count only where *read_by* is in ``MIDDLEWARE``.
    """

    id: str
    effect: str
    keep: Callable[[], str]
    """Says which of the two to keep, given the project as it is."""
    layers: Sequence[str] = ()
    """The paths of other packages' classes that do it too."""
    middleware: Sequence[str] = ()
    settings: Sequence[str] = ()
    read_by: str = ""

    def others(self) -> list[str]:
        """Return what Django does of it, as a reader of the settings would call it."""
        entries = reading.middleware()
        if self.read_by and self.read_by not in entries:
            return []
        return [path for path in self.middleware if path in entries] + reading.with_value(*self.settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterpart:
    """What of a layer's work Django does too: a module of `counterparts` makes one, as ``COUNTERPART``.

    Arguments:
        layer: the dotted path of the class, one of `asgi_stack.box`.
        defaults: given the options that a layer has, returns those that Django's settings add.
        suggest: returns the layer that does what the settings let Django do, or None.
        duplicates: what both would do.
        checks: what to look at wherever the project runs.
        deployed: what to look at once it is deployed: ``manage.py check --deploy``.
        told: the settings for a proxy that the layer relies on too, each with the option that makes it do so,
            or with nothing.
    """

    layer: str
    defaults: Callable[[Options], Options] | None = None
    suggest: Callable[[], Translation | None] | None = None
    duplicates: Sequence[Duplicate] = ()
    checks: Sequence[Look] = ()
    deployed: Sequence[Look] = ()
    told: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.layer.rpartition(".")[2]
