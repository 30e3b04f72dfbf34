"""Building an application from layers."""

from collections.abc import Sequence
from typing import NamedTuple

from asgi_stack.applications import check_application
from asgi_stack.base import ASGIMiddleware, HeaderMiddleware
from asgi_stack.composing.conditions import decision_for
from asgi_stack.composing.group import Group, put_around
from asgi_stack.composing.layer import Layer
from asgi_stack.composing.ordering import Placed, check_order
from asgi_stack.errors import ConfigurationError, StackError
from asgi_stack.lifespan import Arrival, Context, Passed, check_context
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["Built", "BuiltLayer", "build", "try_build"]


class BuiltLayer(NamedTuple):
    """What became of one layer. Those with the same number as their `group` run in one frame."""

    is_enabled: bool = True
    group: int | None = None


class Built(NamedTuple):
    """Layers around an application: what a scope enters first, and what came to light on the way.

    `layers` are those that were given, in their order, and `contexts` those that the layers have. A lifespan
    passes the layers in `passed`, and comes to the application at `arrival`.
    """

    outermost: ASGIApp
    contexts: list[Context]
    passed: list[Passed]
    arrival: Arrival
    layers: list[BuiltLayer]
    faults: list[tuple[str, Exception]]


def build(layers: Sequence[Layer[...]], application: ASGIApp) -> Built:
    """Resolve, construct and check everything, and put the layers around *application*.

    Raises:
        ConfigurationError: listing every fault that was found, by position and name.
    """
    built = try_build(layers, application)
    if built.faults:
        raise ConfigurationError(built.faults) from built.faults[0][1]
    return built


def try_build(layers: Sequence[Layer[...]], application: ASGIApp) -> Built:
    """Do the same as far as it goes: a layer that cannot be made is left out, and is one of the faults."""
    building = _Building(layers, application)
    outermost = building.wrap()
    building.check_order()
    return Built(
        outermost, building.contexts, building.passed, building.arrival, building.layers(), building.faults
    )


class _Building:
    """What comes to light while the layers are put around an application."""

    def __init__(self, layers: Sequence[Layer[...]], application: ASGIApp) -> None:
        self._layers = [
            (f"layer {position} of {len(layers)}, {layer.name}", layer)
            for position, layer in enumerate(layers, 1)
        ]
        self._placed: list[Placed] = []
        self._disabled: set[str] = set()
        # A group is replaced whenever a layer joins it; what is inside of it stays.
        self._inside_of_group: dict[str, ASGIApp] = {}
        self.contexts: list[Context] = []
        self.passed: list[Passed] = []
        self.faults: list[tuple[str, Exception]] = []
        self.arrival = Arrival(self._checked(application))

    def wrap(self) -> ASGIApp:
        """Put the layers around the application, innermost first."""
        wrapped: ASGIApp = Group((), self.arrival.app, normalise=True, arrival=self.arrival)
        for where, layer in reversed(self._layers):
            try:
                wrapped = self._wrap_one(where, layer, wrapped)
            except Exception as error:
                self.faults.insert(0, (where, error))
        return wrapped

    def check_order(self) -> None:
        """Add what the layers that could be made say against their order."""
        self.faults += check_order(self._placed)

    def layers(self) -> list[BuiltLayer]:
        """Return what became of each layer; groups are numbered from the outermost on."""
        numbers: dict[int, int] = {}
        built: list[BuiltLayer] = []
        for where, _ in self._layers:
            inside = self._inside_of_group.get(where)
            group = None if inside is None else numbers.setdefault(id(inside), len(numbers) + 1)
            built.append(BuiltLayer(where not in self._disabled, group))
        return built

    def _wrap_one(self, where: str, layer: Layer[...], given: ASGIApp) -> ASGIApp:
        if not layer.is_enabled():
            self._disabled.add(where)
            return given
        made = layer.wrap(given)
        self._placed.insert(0, Placed(where, layer.name, layer.resolve()))
        if made is not given:  # a factory may decide to add nothing
            self.contexts[:0] = _own_context(made, where)
        if not _is_ours(made) and decision_for(layer.clauses, "lifespan") is not False:
            self.passed.insert(0, Passed(where, made))
        placed = put_around(made, given, layer.clauses)
        if isinstance(placed, Group) and placed is not given and placed.members[0].fused:
            self._inside_of_group[where] = placed.app
        return placed

    def _checked(self, application: ASGIApp) -> ASGIApp:
        try:
            check_application(application)
        except StackError as error:
            self.faults.append(("Stack.wrap", error))
            return _placeholder
        return application


async def _placeholder(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand in for an application that was refused, so that the layers around it can be checked too."""


def _is_ours(made: ASGIApp) -> bool:
    """Tell whether a layer is of this package, and known to hand a lifespan on."""
    plain = isinstance(made, HeaderMiddleware) and type(made).__call__ is HeaderMiddleware.__call__
    return plain or type(made).__module__.startswith(f"{__name__.partition('.')[0]}.")


def _own_context(made: ASGIApp, where: str) -> list[Context]:
    if not isinstance(made, ASGIMiddleware) or type(made).lifespan is ASGIMiddleware.lifespan:
        return []
    check_context(made, made.lifespan)
    return [Context(where, made.lifespan)]
