"""Layer: a middleware and its options, not yet wrapped around anything."""

import inspect
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from types import MappingProxyType
from typing import Any, Generic, ParamSpec

from asgi_stack.applications import accepts, check_application, name_of
from asgi_stack.errors import ApplicationError, ImportPathError, LayerError
from asgi_stack.types import ASGIApp, MiddlewareFactory

__all__ = ["Layer", "import_path"]

P = ParamSpec("P")


class Layer(Generic[P]):
    """A middleware factory plus its options: ``Layer(TrustedHostMiddleware, allowed_hosts=["example.com"])``.

    The factory is anything that takes the inner application first and returns an application: a class, a
    function, a ``functools.partial``. The options are matched with its signature on the spot, so that a
    misspelt one is an error where it was written; their values are checked when the layer wraps something.

    Raises:
        LayerError: where the factory cannot be called with an application and these options.
    """

    __slots__ = ("_factory", "_options", "_path")

    def __init__(self, factory: MiddlewareFactory[P], /, *args: P.args, **options: P.kwargs) -> None:
        if args:
            raise LayerError(
                f"Layer({name_of(factory)}, ...): {args!r} was given by position. Name each option."
            )
        _check_factory(factory, options)
        self._factory: MiddlewareFactory[...] | None = factory
        self._options: dict[str, Any] = dict(options)
        self._path: str | None = None

    @classmethod
    def at(cls, path: str, /, **options: Any) -> "Layer[...]":
        """Return a layer whose factory is found at a dotted path, and imported only when it wraps something.

        Raises:
            LayerError: where *path* is not a dotted path.
        """
        if (
            not isinstance(path, str)
            or not all(part.isidentifier() for part in path.split("."))
            or "." not in path
        ):
            raise LayerError(
                f"Layer.at({path!r}): give a dotted path, as in Layer.at('package.module.Name')."
            )
        layer: Layer[...] = Layer.__new__(Layer)
        layer._factory = None
        layer._options = options
        layer._path = path
        return layer

    @property
    def name(self) -> str:
        """The name of the factory, or the dotted path as it was given."""
        return self._path or name_of(self._factory)

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
        factory: MiddlewareFactory[...] = import_path(self.name)
        _check_factory(factory, self._options)
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

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Layer):
            return NotImplemented
        return self._key() == other._key() and self._options == other._options

    def __hash__(self) -> int:
        return hash((self._key(), *sorted(self._options)))

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self._options.items())
        return f"{self.name}({options})"

    def _key(self) -> object:
        return self._path or self._factory


def import_path(path: str) -> Any:
    """Return what a dotted path names: a module's attribute, or an attribute of that.

    Raises:
        ImportPathError: naming the part that cannot be found; its cause is the error of the import.
    """
    head, *rest = path.split(".")
    found, so_far = _import(head, path), head
    for part in rest:
        where, so_far = so_far, f"{so_far}.{part}"
        if not hasattr(found, part):
            if not inspect.ismodule(found):
                raise ImportPathError(f"{path!r} cannot be imported: {where!r} has no attribute {part!r}.")
            _import(so_far, path, where)
        found = getattr(found, part)
    return found


def _import(module: str, path: str, parent: str | None = None) -> Any:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise ImportPathError(
                f"{path!r} cannot be imported: importing {module!r} failed: {error}."
            ) from error
        fault = f"{parent!r} has no attribute or submodule" if parent else "there is no module"
        raise ImportPathError(
            f"{path!r} cannot be imported: {fault} {module.rpartition('.')[2]!r}."
        ) from None
    except Exception as error:
        raised = f"{type(error).__name__}: {error}"
        raise ImportPathError(f"{path!r} cannot be imported: importing {module!r} raised {raised}") from error


def _check_factory(factory: Any, options: Mapping[str, Any]) -> None:
    if not callable(factory):
        hint = f"For a dotted path write Layer.at({factory!r})." if isinstance(factory, str) else _WANTED
        raise LayerError(f"{factory!r} is not a middleware. {hint}")
    name = name_of(factory)
    if _is_async(factory):
        what = "an application already" if accepts(factory, None, None, None) else "an async function"
        raise LayerError(f"{name} is {what}, not a middleware. {_WANTED}")
    try:
        signature = inspect.signature(factory)
    except (TypeError, ValueError):  # some C callables have none
        return
    try:
        signature.bind(None, **options)
    except TypeError as error:
        raise LayerError(f"{name}: {error}.{_hint(signature, options)}") from None


_WANTED = "Give a class or a function that takes the inner application and returns an application."


def _is_async(factory: Any) -> bool:
    if inspect.isclass(factory):
        return False
    call = factory if inspect.isroutine(factory) else getattr(factory, "__call__", factory)  # noqa: B004
    return inspect.iscoroutinefunction(call)


def _hint(signature: inspect.Signature, options: Mapping[str, Any]) -> str:
    known = [p.name for p in [*signature.parameters.values()][1:] if p.kind in _BY_NAME]
    for option in options:
        if option not in known and (close := get_close_matches(option, known, n=1)):
            return f" Did you mean {close[0]!r}?"
    return f" Its options: {', '.join(known)}." if known else " It takes no options."


_BY_NAME = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
