"""What Django, or a package for it, does of what one layer does."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from django.core.checks import CheckMessage

from asgi_stack.django import reading
from asgi_stack.django.resolved import ResolvedStack
from asgi_stack.django.suggested import Conditions

__all__ = ["Counterpart", "Duplicate", "Look", "Options", "Proxies", "Translation"]

Options: TypeAlias = dict[str, Any]
Look: TypeAlias = Callable[[ResolvedStack], Iterable[CheckMessage]]
"""Looks at the stack of the settings, and reports what is wrong."""


class Proxies(NamedTuple):
    """What no setting says of the proxies: their addresses, or how many entries they append."""

    trusted: Sequence[str] = ()
    hops: int | None = None

    @property
    def options(self) -> Options:
        """What says so to `ProxyHeadersMiddleware`; nothing where nobody said it."""
        given: Options = {"trusted": [*self.trusted]} if self.trusted else {}
        return given if self.hops is None else {**given, "hops": self.hops}


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The layer that does what the settings let Django do; what of that is superfluous then; what to decide.

    Arguments:
        options: by name; of those that are left out the layer takes its own.
        written: the source of options that are not to be written out by value.
        conditions: calls of the layer's ``only`` and ``exclude``.
        switch: the setting that decides whether the layer is there.
        superfluous: entries of ``MIDDLEWARE``, and settings.
        notes: what is not carried over, or must be looked at.
        left_out: why the layer is not to be there after all.
        done_by: entries of ``MIDDLEWARE`` that do it now, and must stay where the layer is left out.
    """

    options: Options = field(default_factory=dict[str, Any])
    written: Mapping[str, str] = field(default_factory=dict[str, str])
    conditions: Conditions = ()
    switch: str = ""
    superfluous: Sequence[str] = ()
    notes: Sequence[str] = ()
    left_out: str = ""
    done_by: Sequence[str] = ()


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
        suggest: given what is known of proxies, returns what does the same as the settings do, or None.
        duplicates: what both would do.
        checks: what to look at wherever the project runs.
        deployed: what to look at once it is deployed: ``manage.py check --deploy``.
        refuses: whether it answers requests by itself: websockets of Channels are then left to Channels.
        told: the settings for a proxy that the layer relies on too, each with the option that makes it do so,
            or with nothing.
    """

    layer: str
    defaults: Callable[[Options], Options] | None = None
    suggest: Callable[[Proxies], Translation | None] | None = None
    duplicates: Sequence[Duplicate] = ()
    checks: Sequence[Look] = ()
    deployed: Sequence[Look] = ()
    refuses: bool = False
    told: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.layer.rpartition(".")[2]
