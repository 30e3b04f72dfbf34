"""Layer: a middleware and its options, not yet wrapped around anything."""

import copy
import inspect
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Generic, ParamSpec, Self, TypeAlias

from asgi_stack.applications import check_application, name_of
from asgi_stack.composing.conditions import Clause, Strings, make_clause
from asgi_stack.composing.factories import check_factory
from asgi_stack.composing.importing import import_path
from asgi_stack.composing.masking import is_masked, without_userinfo
from asgi_stack.errors import MASK, ApplicationError, LayerError
from asgi_stack.options import decided, predicate, text
from asgi_stack.types import ASGIApp, MiddlewareFactory, Scope

__all__ = ["Layer"]

P = ParamSpec("P")

Switch: TypeAlias = bool | str | Callable[[], bool]


class Layer(Generic[P]):
    """A middleware factory plus its options: ``Layer(TrustedHostMiddleware, allowed_hosts=["example.com"])``.

    The factory is anything that takes the inner application first and returns an application: a class, a
    function, a ``functools.partial``. The options are matched with its signature on the spot, so that a
    misspelt one is an error where it was written; their values are checked when the layer wraps something.

    Raises:
        LayerError: where the factory cannot be called with an application and these options.
    """

    __slots__ = ("_clauses", "_factory", "_given_name", "_options", "_path", "_switches")

    _factory: MiddlewareFactory[...] | None
    _options: dict[str, Any]
    _path: str | None

    def __init__(self, factory: MiddlewareFactory[P], /, *args: P.args, **options: P.kwargs) -> None:
        if args:
            raise LayerError(
                f"Layer({name_of(factory)}, ...): {len(args)} given by position. Name each option, as in "
                f"Layer({name_of(factory)}, option=...)."
            )
        check_factory(factory, options)
        self._set(factory, None, dict(options))

    @classmethod
    def at(cls, path: str, /, **options: Any) -> "Layer[...]":
        """Return a layer whose factory is found at a dotted path, and imported only when it wraps something.

        Raises:
            OptionError: where *path* is not a dotted path.
        """
        hint = "Give a dotted path, as in Layer.at('package.module.Name')."
        layer: Layer[...] = Layer.__new__(Layer)
        layer._set(None, text("Layer.at", "path", path, fits=_is_dotted_path, hint=hint), options)
        return layer

    def _set(self, factory: MiddlewareFactory[...] | None, path: str | None, options: dict[str, Any]) -> None:
        self._factory = factory
        self._path = path
        self._options = options
        self._clauses: tuple[Clause, ...] = ()
        self._switches: tuple[Switch, ...] = ()
        self._given_name: str | None = None

    @property
    def name(self) -> str:
        """The name that `named` gave; else the name of the factory, or its dotted path."""
        return self._given_name or self.factory_name

    @property
    def factory_name(self) -> str:
        """The name of the factory, or its dotted path as it was given."""
        return self._path or name_of(self._factory)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The conditions, one for each call of `only` and `exclude`."""
        return self._clauses

    @property
    def options(self) -> Mapping[str, Any]:
        """The options, read-only."""
        return MappingProxyType(self._options)

    def resolve(self) -> MiddlewareFactory[...]:
        """Return the factory, imported if need be.

        Raises:
            ImportPathError: where the path leads nowhere.
            LayerError: where it leads to something that does not take an application and the options.
        """
        if self._factory is not None:
            return self._factory
        factory: MiddlewareFactory[...] = import_path(self.factory_name)
        check_factory(factory, self._options)
        return factory

    def wrap(self, application: ASGIApp) -> ASGIApp:
        """Return *application* inside of this one layer.

        Raises:
            StackError: where the layer cannot be made, or makes something that is not an application.
            Exception: whatever the factory itself raises for an option that it cannot use.
        """
        wrapped = self.resolve()(application, **self._options)
        try:
            check_application(wrapped)
        except ApplicationError as error:
            if inspect.iscoroutine(wrapped):
                wrapped.close()
            raise ApplicationError(f"it did not return an application: {error}") from None
        return wrapped

    def only(
        self,
        *,
        path: Strings | None = None,
        exact_path: Strings | None = None,
        host: Strings | None = None,
        method: Strings | None = None,
        scope_type: Strings | None = None,
        when: Callable[[Scope], bool] | None = None,
    ) -> Self:
        """Return this layer, acting on matching requests only; all others go past it.

        All of the keys must match, and of each key one of its values. Where an application may read a
        request in another way than the layer, and it would match then, the layer acts.

        Arguments:
            path: paths with all below them: ``/api`` is ``/api`` and ``/api/x``, never ``/apixyz``, and
                ``/ping/<uuid>`` is a pattern. What ``root_path`` holds is not part of the path.
            exact_path: paths that are themselves alone.
            host: names as in ``allowed_hosts``: ``example.com``, ``.example.com``, ``*.example.com``.
            method: upper-case; the handshake of a websocket is a GET; HEAD is a method of its own.
            scope_type: ``http``, ``websocket``, ``lifespan``. The other keys speak of http and websocket
                scopes and hold nothing else back.
            when: is given the scope and returns whether the layer acts.

        Raises:
            OptionError: for a value that could never match, with the mend, and for an async *when*.
        """
        given = {"path": path, "exact_path": exact_path, "host": host, "method": method}
        return self._with_clause("only", **given, scope_type=scope_type, when=when)

    def exclude(
        self,
        *,
        path: Strings | None = None,
        exact_path: Strings | None = None,
        host: Strings | None = None,
        method: Strings | None = None,
        scope_type: Strings | None = None,
        when: Callable[[Scope], bool] | None = None,
    ) -> Self:
        """Return this layer, acting on all requests but those that surely match, however they are read.

        Raises:
            OptionError: for a value that could never match, with the mend, and for an async *when*.
        """
        given = {"path": path, "exact_path": exact_path, "host": host, "method": method}
        return self._with_clause("exclude", **given, scope_type=scope_type, when=when)

    def enabled_if(self, switch: Switch) -> Self:
        """Return this layer, present in a wrapped application only where *switch* is, or returns, true.

        It is decided once, in `Stack.wrap`: a layer that is not enabled is absent. A str is the name of a
        Django setting, for stacks that the settings declare.

        Raises:
            OptionError: for anything else, an async function among it.
        """
        owner = f"Layer({self.name}).enabled_if"
        if callable(switch):
            predicate(owner, "switch", switch, hint=_SWITCH_HINT)
        elif not isinstance(switch, bool):
            text(owner, "switch", switch, fits=_is_name_of_setting, hint=_SWITCH_HINT)
        return self._changed(_switches=(*self._switches, switch))

    def named(self, name: str) -> Self:
        """Return this layer under a name, for reports and for the edits of a stack.

        Raises:
            OptionError: for an empty name, or one with a dot, which would be read as a path.
        """
        hint = "Give a name without dots, as in named('edge')."
        name = text(f"Layer({self.name}).named", "name", name, fits=_is_plain_name, hint=hint)
        return self._changed(_given_name=name)

    def is_enabled(self) -> bool:
        """Tell whether every switch of `enabled_if` is on.

        Raises:
            LayerError: for the name of a setting, which only a stack in settings can look up.
            OptionError: for a function that returns text, or what must be awaited.
        """
        for switch in self._switches:
            if isinstance(switch, str):
                raise LayerError(f"enabled_if({switch!r}): only a stack in settings can look up a setting.")
        owner = f"Layer({self.name}).enabled_if"
        switches = self._switches
        return all(decided(owner, "switch", each()) if callable(each) else each for each in switches)

    def with_options(self, /, **options: Any) -> Self:
        """Return this layer with these options too; one that it has already gets the new value.

        Raises:
            LayerError: where the factory cannot be called with them. A dotted path is asked in `resolve`.
        """
        changed = {**self._options, **options}
        if self._factory is not None:
            check_factory(self._factory, changed)
        return self._changed(_options=changed)

    def with_settings(self, look_up: Callable[[str], bool]) -> Self:
        """Return this layer with every setting that `enabled_if` names looked up."""
        switches = (look_up(switch) if isinstance(switch, str) else switch for switch in self._switches)
        return self._changed(_switches=tuple(switches))

    def _with_clause(self, verb: str, **given: Any) -> Self:
        return self._changed(_clauses=(*self._clauses, make_clause(self.name, verb, **given)))

    def _changed(self, **changes: Any) -> Self:
        layer = copy.copy(self)
        for attribute, value in changes.items():
            setattr(layer, attribute, value)
        return layer

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Layer) else NotImplemented

    def __hash__(self) -> int:
        return hash((self._path or self._factory, *sorted(self._options)))

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={self._shown(name, value)}" for name, value in self._options.items())
        return "".join([f"{self.factory_name}({options})", *self._suffixes()])

    def _shown(self, name: str, value: Any) -> str:
        if is_masked(name, value, self._factory or self._path):
            return repr(MASK)
        return without_userinfo(repr(value))

    def _suffixes(self) -> Iterable[str]:
        yield from (f".{clause!r}" for clause in self._clauses)
        for switch in self._switches:
            yield f".enabled_if({name_of(switch) if callable(switch) else repr(switch)})"
        if self._given_name:
            yield f".named({self._given_name!r})"

    def _key(self) -> tuple[object, ...]:
        factory = self._path or self._factory
        return factory, self._options, self._clauses, self._switches, self._given_name


_SWITCH_HINT = (
    "Give a bool, a function without arguments that returns one, or a setting's name, as in 'DEBUG'."
)


def _is_dotted_path(path: str) -> bool:
    return "." in path and all(part.isidentifier() for part in path.split("."))


def _is_name_of_setting(name: str) -> bool:
    # Django knows no other settings; "False" is what the environment says.
    return name.isidentifier() and name.isupper()


def _is_plain_name(name: str) -> bool:
    return "." not in name and name.isprintable()
