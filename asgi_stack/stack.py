"""Stack: layers, outermost first, and the application that they make together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias

from asgi_stack.applications import check_application, name_of
from asgi_stack.base import ASGIMiddleware, HeaderGroup, fuse
from asgi_stack.errors import ConfigurationError, LayerError, OptionError, StackError
from asgi_stack.layer import Layer
from asgi_stack.lifespan import Context, Lifespan, check_context
from asgi_stack.types import ASGIApp, MiddlewareFactory, Receive, Scope, Send

__all__ = ["Stack", "StackedApplication"]

Entry: TypeAlias = Layer[...] | MiddlewareFactory[[]]


class Stack:
    """Middleware listed outermost first: the first entry sees a request first and its response last.

    A stack is immutable. Two stacks are equal when their layers and contexts are.

    Arguments:
        layers: each a `Layer`, or a middleware factory that needs no options.
        lifespan: the project's own contexts: callables without arguments that return an async context
            manager. They are entered in order, after those of the layers, before the first request.
        lifespan_timeout: seconds that each context may take to enter, and again to leave; None for no limit.

    Raises:
        ConfigurationError: naming every entry that is not a layer.
        OptionError: for a *lifespan* or a *lifespan_timeout* that cannot be used.
    """

    __slots__ = ("_layers", "_lifespan", "_lifespan_timeout")

    def __init__(
        self,
        layers: Iterable[Entry] = (),
        *,
        lifespan: Iterable[Callable[[], AbstractAsyncContextManager[Mapping[str, Any] | None]]] = (),
        lifespan_timeout: float | None = None,
    ) -> None:
        self._layers = _as_layers(layers)
        self._lifespan = self._as_contexts(lifespan)
        if lifespan_timeout is not None and not _is_positive(lifespan_timeout):
            raise OptionError(
                self, "lifespan_timeout", lifespan_timeout, "Give seconds above 0, or None for no limit."
            )
        self._lifespan_timeout = lifespan_timeout

    def wrap(self, application: ASGIApp) -> "StackedApplication":
        """Return *application* with every layer around it.

        Dotted paths are imported and layers constructed here and now, innermost first.

        Raises:
            ConfigurationError: listing every layer that cannot be made, by position and name.
        """
        faults: list[tuple[str, Exception]] = []
        try:
            check_application(application)
        except StackError as error:
            faults.append(("Stack.wrap", error))
            application = _placeholder
        wrapped: ASGIApp = HeaderGroup((), application, normalise=True)
        contexts: list[Context] = []
        for position, layer in reversed([*enumerate(self._layers, 1)]):
            where = f"layer {position} of {len(self._layers)}, {layer.name}"
            try:
                made = layer.wrap(wrapped)
                # A factory may decide to add nothing; what it was given has its context already.
                contexts += _own_context(made, where) if made is not wrapped else []
                wrapped = fuse(made, wrapped)
            except Exception as error:
                faults.append((where, error))
        if faults:
            faults.reverse()
            raise ConfigurationError(faults) from faults[0][1]
        contexts.reverse()
        contexts += [Context(f"lifespan context {name_of(enter)}", enter) for enter in self._lifespan]
        return StackedApplication(self, application, wrapped, Lifespan(contexts, self._lifespan_timeout))

    def __iter__(self) -> Iterator[Layer[...]]:
        return iter(self._layers)

    def __len__(self) -> int:
        return len(self._layers)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Stack) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        lines = "".join(f"    {layer!r},\n" for layer in self._layers)
        options = f", lifespan=[{', '.join(map(name_of, self._lifespan))}]" if self._lifespan else ""
        if self._lifespan_timeout is not None:
            options += f", lifespan_timeout={self._lifespan_timeout!r}"
        return f"Stack([\n{lines}]{options})" if lines else f"Stack([]{options})"

    def _as_contexts(self, lifespan: Iterable[Any]) -> tuple[Any, ...]:
        if not isinstance(lifespan, Iterable):
            raise OptionError(self, "lifespan", lifespan, "Give a list of functions, as in lifespan=[...].")
        contexts = tuple(lifespan)
        for context in contexts:
            check_context(self, context)
        return contexts

    def _key(self) -> tuple[object, ...]:
        return self._layers, self._lifespan, self._lifespan_timeout


class StackedApplication:
    """An application with a stack around it: what `Stack.wrap` returns and an ASGI server serves."""

    __slots__ = ("_lifespan", "_outermost", "application", "stack")

    _asgi_single_callable = True

    stack: Stack
    """The stack that it was made by."""

    application: ASGIApp
    """The application that was wrapped."""

    def __init__(self, stack: Stack, application: ASGIApp, outermost: ASGIApp, lifespan: Lifespan) -> None:
        self.stack = stack
        self.application = application
        self._outermost = outermost
        self._lifespan = lifespan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one scope; a lifespan also enters and leaves the contexts of the stack."""
        if scope["type"] == "lifespan":
            await self._lifespan.serve(self._outermost, scope, receive, send)
            return
        if self._lifespan.touches_requests:
            scope = self._lifespan.touch(scope)
        await self._outermost(scope, receive, send)

    def __repr__(self) -> str:
        return f"{self.stack!r}.wrap({name_of(self.application)})"


def _is_positive(seconds: Any) -> bool:
    return isinstance(seconds, (int, float)) and 0 < seconds < float("inf")


async def _placeholder(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand in for an application that was refused, so that the layers around it can be checked too."""


def _as_layers(entries: Iterable[Any]) -> tuple[Layer[...], ...]:
    if isinstance(entries, (str, Layer)) or not isinstance(entries, Iterable):
        raise LayerError(f"Stack({entries!r}): give a list of layers, as in Stack([...]).")
    layers: list[Layer[...]] = []
    faults: list[tuple[str, Exception]] = []
    for position, entry in enumerate(entries, 1):
        try:
            layers.append(entry if isinstance(entry, Layer) else Layer(entry))
        except StackError as error:
            faults.append((f"layer {position}", error))
    if faults:
        raise ConfigurationError(faults) from faults[0][1]
    return tuple(layers)


def _own_context(made: ASGIApp, where: str) -> list[Context]:
    if not isinstance(made, ASGIMiddleware) or type(made).lifespan is ASGIMiddleware.lifespan:
        return []
    check_context(made, made.lifespan)
    return [Context(where, made.lifespan)]
