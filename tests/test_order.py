"""Order: what middleware says of its place, and the check of it."""

import sys
from functools import partial
from types import ModuleType
from typing import Any, ClassVar

import pytest

from asgi_stack import ASGIMiddleware, ConfigurationError, Layer, LayerError, Order, OrderError, Stack
from asgi_stack.order import Placed, check_order
from asgi_stack.testing import Recorder
from tests.helpers import shown


class Plain(ASGIMiddleware):
    """Says nothing of its place."""

    __slots__ = ()


class Other(ASGIMiddleware):
    """Nothing either."""

    __slots__ = ()


class Special(Plain):
    """A subclass of a target."""

    __slots__ = ()


class Inner(ASGIMiddleware):
    """Wants to be inside of Plain."""

    __slots__ = ()
    order: ClassVar[Order] = Order(inside_of={Plain: "it reads what Plain writes"})


class Outer(ASGIMiddleware):
    """Wants to be outside of Plain, which it knows by its path."""

    __slots__ = ()
    order: ClassVar[Order] = Order(outside_of=[f"{__name__}.Plain", "no_such.module.Thing"])


class Single(ASGIMiddleware):
    """May be there once."""

    __slots__ = ()
    order: ClassVar[Order] = Order(once=True)


class Chicken(ASGIMiddleware):
    """Contradicts Egg."""

    __slots__ = ()
    order: ClassVar[Order] = Order(inside_of=[f"{__name__}.Egg"])


class Egg(ASGIMiddleware):
    """Contradicts Chicken."""

    __slots__ = ()
    order: ClassVar[Order] = Order(inside_of=[Chicken])


def function_layer(app: Any) -> Any:
    return app


class AfterFunction(ASGIMiddleware):
    """A target need not be a class."""

    __slots__ = ()
    order: ClassVar[Order] = Order(inside_of=[f"{__name__}.function_layer"])


GOOD = [
    [Plain, Inner],
    [Special, Inner],
    [Outer, Plain],
    [Outer, Special],
    [Inner],
    [Outer],
    [Inner, Other],
    [Single, Plain],
    [Chicken],
    [function_layer, AfterFunction],
    [Layer(partial(Plain)), Inner],
]


@pytest.mark.parametrize("entries", GOOD, ids=shown)
def test_an_order_that_every_layer_agrees_with_is_accepted(entries: list[Any]) -> None:
    Stack(entries).wrap(Recorder())


WRONG = [
    (
        [Inner, Other, Plain],
        r"^layer 1 of 3, Inner: it must stand inside of Plain \(layer 3 of 3, Plain\): "
        r"it reads what Plain writes\. Move it inside of that layer\.$",
    ),
    ([Inner, Special], r"layer 1 of 2, Inner: it must stand inside of Special"),
    (
        [Plain, Outer],
        r"^layer 2 of 2, Outer: it must stand outside of Plain \(layer 1 of 2, Plain\)\. Move it outside",
    ),
    ([Special, Outer], r"layer 2 of 2, Outer: it must stand outside of Special"),
    (
        [Single, Plain, Single],
        r"^layer 3 of 3, Single: it may be in a stack once, and is already layer 1 of 3",
    ),
    (
        [Chicken, Egg],
        r"what these layers say of their order contradicts itself: (Egg inside of Chicken|Chicken) ",
    ),
    ([AfterFunction, function_layer], r"layer 1 of 2, AfterFunction: it must stand inside of function_layer"),
    ([Layer(partial(Inner)), Plain], r"layer 1 of 2, Inner: it must stand inside of Plain"),
    ([Layer(Inner).named("reader"), Layer(Plain).named("writer")], r"reader: it must stand inside of writer"),
]


@pytest.mark.parametrize(("entries", "message"), WRONG, ids=[text for _, text in WRONG])
def test_an_order_that_a_layer_rules_out_is_an_error_that_says_what_to_move(
    entries: Any, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        Stack(entries).wrap(Recorder())

    assert isinstance(caught.value.errors[0], OrderError)


def test_every_violation_is_reported() -> None:
    with pytest.raises(ConfigurationError, match=r"^3 layers cannot be used") as caught:
        Stack([Inner, Single, Plain, Outer, Single]).wrap(Recorder())

    assert len(caught.value.errors) == 3


def test_a_layer_that_is_not_enabled_has_no_place() -> None:
    Stack([Inner, Layer(Plain).enabled_if(False)]).wrap(Recorder())


KNOWN = [
    ("starlette.middleware.cors.CORSMiddleware", "asgi_stack.middleware.ErrorBoundaryMiddleware", {}),
]


@pytest.mark.parametrize(("path", "boundary", "options"), KNOWN)
def test_what_is_known_of_public_middleware_is_checked(path: str, boundary: str, options: Any) -> None:
    layers = [Layer.at(boundary), Layer.at(path, **options)]
    Stack(layers[::-1]).wrap(Recorder())

    with pytest.raises(ConfigurationError, match="a browser hides a 500 that has no CORS headers"):
        Stack(layers).wrap(Recorder())


def test_a_target_that_nobody_has_imported_is_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lazily_there", ModuleType("lazily_there"))
    placed = [Placed("layer 1", "Outer", Outer), Placed("layer 2", "Plain", Plain)]

    assert check_order(placed) == []
    assert "no_such" not in sys.modules


BAD_TARGETS: list[tuple[Any, str]] = [
    ("a.B", r"^Order\(inside_of='a\.B'\): give a list, as in inside_of=\['a\.B'\]"),
    (Plain, r"^Order\(inside_of=<class .*Plain'>\): give a list"),
    (["nodots"], r"^Order\(inside_of=\.\.\.\): 'nodots' is neither a class nor a dotted path"),
    ([7], r"7 is neither a class nor a dotted path"),
]


@pytest.mark.parametrize(("targets", "message"), BAD_TARGETS, ids=[text for _, text in BAD_TARGETS])
def test_a_target_that_means_nothing_is_refused(targets: Any, message: str) -> None:
    with pytest.raises(LayerError, match=message):
        Order(inside_of=targets)


def test_an_order_prints_what_it_says() -> None:
    order = Order(inside_of={"a.B": "why"}, outside_of=["c.D"], once=True)

    assert repr(order) == "Order(inside_of=['a.B'], outside_of=['c.D'], once=True)"
    assert repr(Order()) == "Order()"
