"""The check of the order in which the layers of a stack stand."""

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from asgi_stack.composing.known_orders import KNOWN
from asgi_stack.composing.targets import is_target, path_of, unwrapped
from asgi_stack.errors import OrderError
from asgi_stack.order import Order

__all__ = ["Placed", "check_order"]


class Placed(NamedTuple):
    """A layer at its place: how reports call it, and what makes it."""

    where: str
    name: str
    factory: Any


class _Rule(NamedTuple):
    outer: int
    inner: int
    owner: int
    reason: str


def check_order(layers: Sequence[Placed]) -> list[tuple[str, Exception]]:
    """Return every fault in the order of *layers*, outermost first, with the layer that rules it out."""
    orders = [_order_of(layer.factory) for layer in layers]
    rules = [rule for index, order in enumerate(orders) for rule in _rules_of(index, order, layers)]
    faults = [fault for index, order in enumerate(orders) if order.once for fault in _repeats(index, layers)]
    if cycle := _cycle(rules):
        names = " inside of ".join(layers[index].name for index in cycle)
        message = (
            f"what these layers say of their order contradicts itself: {names}. Change one of their orders."
        )
        return [*faults, (layers[cycle[0]].where, OrderError(message))]
    return [*faults, *(_fault(rule, layers) for rule in rules if rule.outer > rule.inner)]


def _order_of(factory: Any) -> Order:
    factory = unwrapped(factory)
    order = getattr(factory, "order", None)
    return order if isinstance(order, Order) else Order(**KNOWN.get(path_of(factory), {}))


def _rules_of(index: int, order: Order, layers: Sequence[Placed]) -> Iterator[_Rule]:
    for target, reason in order.inside_of.items():
        yield from (_Rule(other, index, index, reason) for other in _find(target, index, layers))
    for target, reason in order.outside_of.items():
        yield from (_Rule(index, other, index, reason) for other in _find(target, index, layers))


def _find(target: Any, index: int, layers: Sequence[Placed]) -> Iterator[int]:
    # Whatever is in the stack has been imported by now, so a path needs no import to be compared.
    return (
        other for other, layer in enumerate(layers) if other != index and is_target(target, layer.factory)
    )


def _repeats(index: int, layers: Sequence[Placed]) -> Iterator[tuple[str, Exception]]:
    for other in layers[:index]:
        if other.factory is layers[index].factory:
            message = f"it may be in a stack once, and is already {other.where}. Take one of them out."
            yield layers[index].where, OrderError(message)


def _cycle(rules: Iterable[_Rule]) -> list[int]:
    graph: TopologicalSorter[int] = TopologicalSorter()
    for rule in rules:
        graph.add(rule.inner, rule.outer)
    try:
        graph.prepare()
    except CycleError as error:
        cycle: list[int] = error.args[1]
        return cycle[::-1]
    return []


def _fault(rule: _Rule, layers: Sequence[Placed]) -> tuple[str, Exception]:
    owner = layers[rule.owner]
    other = layers[rule.inner if rule.owner == rule.outer else rule.outer]
    side = "outside" if rule.owner == rule.outer else "inside"
    reason = f": {rule.reason}" if rule.reason else ""
    message = f"it must stand {side} of {other.name} ({other.where}){reason}. Move it {side} of that layer."
    return owner.where, OrderError(message)
