"""Building an application from layers."""

from collections.abc import Sequence
from typing import NamedTuple

from asgi_stack.applications import check_application
from asgi_stack.base import ASGIMiddleware
from asgi_stack.composing.group import HeaderGroup, put_around
from asgi_stack.composing.layer import Layer
from asgi_stack.composing.ordering import Placed, check_order
from asgi_stack.errors import ConfigurationError, StackError
from asgi_stack.lifespan import Context, check_context
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["Built", "build"]


class Built(NamedTuple):
    """Layers around an application: what a scope enters first, and the contexts that the layers have."""

    outermost: ASGIApp
    contexts: list[Context]


def build(layers: Sequence[Layer[...]], application: ASGIApp) -> Built:
    """Resolve, construct and check everything, and put the layers around *application*.

    Raises:
        ConfigurationError: listing every fault that was found, by position and name.
    """
    building = _Building(layers)
    outermost = building.wrap(application)
    building.check_order()
    if building.faults:
        raise ConfigurationError(building.faults) from building.faults[0][1]
    return Built(outermost, building.contexts)


class _Building:
    """What comes to light while the layers are put around an application."""

    def __init__(self, layers: Sequence[Layer[...]]) -> None:
        self._layers = [
            (f"layer {position} of {len(layers)}, {layer.name}", layer)
            for position, layer in enumerate(layers, 1)
        ]
        self._placed: list[Placed] = []
        self.contexts: list[Context] = []
        self.faults: list[tuple[str, Exception]] = []

    def wrap(self, application: ASGIApp) -> ASGIApp:
        """Put the layers around *application*, innermost first."""
        wrapped: ASGIApp = HeaderGroup((), self._checked(application), normalise=True)
        for where, layer in reversed(self._layers):
            try:
                wrapped = self._wrap_one(where, layer, wrapped)
            except Exception as error:
                self.faults.insert(0, (where, error))
        return wrapped

    def check_order(self) -> None:
        """Add what the layers that could be made say against their order."""
        self.faults += check_order(self._placed)

    def _wrap_one(self, where: str, layer: Layer[...], given: ASGIApp) -> ASGIApp:
        if not layer.is_enabled():
            return given
        made = layer.wrap(given)
        self._placed.insert(0, Placed(where, layer.name, layer.resolve()))
        if made is not given:  # a factory may decide to add nothing
            self.contexts[:0] = _own_context(made, where)
        return put_around(made, given, layer.clauses)

    def _checked(self, application: ASGIApp) -> ASGIApp:
        try:
            check_application(application)
        except StackError as error:
            self.faults.append(("Stack.wrap", error))
            return _placeholder
        return application


async def _placeholder(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand in for an application that was refused, so that the layers around it can be checked too."""


def _own_context(made: ASGIApp, where: str) -> list[Context]:
    if not isinstance(made, ASGIMiddleware) or type(made).lifespan is ASGIMiddleware.lifespan:
        return []
    check_context(made, made.lifespan)
    return [Context(where, made.lifespan)]
