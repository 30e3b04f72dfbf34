"""Order: what middleware says of its place, and the check of it."""

import sys
from functools import partial
from types import ModuleType
from typing import Any, ClassVar

import pytest

from asgi_stack import ASGIMiddleware, ConfigurationError, Layer, OptionError, Order, OrderError, Stack
from asgi_stack.composing.known_orders import KNOWN
from asgi_stack.composing.ordering import Placed, check_order
from asgi_stack.composing.targets import path_of
from asgi_stack.order import Place
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


@pytest.mark.parametrize("path", KNOWN)
def test_what_is_known_is_known_by_the_path_where_the_class_is_defined(path: str) -> None:
    module, _, name = path.rpartition(".")
    found = getattr(pytest.importorskip(module), name)

    assert path_of(found) == path


HIDDEN = "a browser hides a 500 that has no CORS headers"
BOX = "asgi_stack.middleware"
CORS = Layer.at("starlette.middleware.cors.CORSMiddleware")
OWN_CORS = Layer.at(f"{BOX}.CORSMiddleware", allow_origins=["https://a.example"])
OWN_PROXY = Layer.at(f"{BOX}.ProxyHeadersMiddleware", trusted=["10.0.0.1"])
HOST = Layer.at(f"{BOX}.TrustedHostMiddleware", allowed_hosts=["a.example"])
SENTRY = Layer.at("sentry_sdk.integrations.asgi.SentryAsgiMiddleware")
ERRORS = Layer.at("starlette.middleware.errors.ServerErrorMiddleware")

# The outer one, the inner one, and why.
FACTS = [
    (CORS, Layer.at(f"{BOX}.ErrorBoundaryMiddleware"), HIDDEN),
    (CORS, ERRORS, HIDDEN),
    (OWN_CORS, ERRORS, HIDDEN),
    (Layer.at("uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware"), HOST, "the host to check is"),
    (HOST, Layer.at("servestatic.ServeStaticASGI"), "files are for requests to your own hosts only"),
    (Layer.at(f"{BOX}.RequestIDMiddleware"), SENTRY, "a report should bear the request's id"),
    (OWN_PROXY, SENTRY, "it believes X-Forwarded-For, which anybody can write"),
    (OWN_PROXY, Layer.at("opentelemetry.instrumentation.asgi.OpenTelemetryMiddleware"), "the client is the"),
]


@pytest.mark.parametrize(("outer", "inner", "reason"), FACTS, ids=shown)
def test_what_is_known_of_public_middleware_is_checked(outer: Any, inner: Any, reason: str) -> None:
    for layer in (outer, inner):
        pytest.importorskip(layer.name.partition(".")[0])
    Stack([outer, inner]).wrap(Recorder())

    with pytest.raises(ConfigurationError, match=reason):
        Stack([inner, outer]).wrap(Recorder())


def test_a_target_that_nobody_has_imported_is_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lazily_there", ModuleType("lazily_there"))
    placed = [Placed("layer 1", "Outer", Outer), Placed("layer 2", "Plain", Plain)]

    assert check_order(placed) == []
    assert "no_such" not in sys.modules


BAD_TARGETS: list[tuple[Any, str]] = [
    ("a.B", r"^Order: inside_of='a\.B' is not usable\. Give a list or reasons by target, as in inside_of=\["),
    (Plain, r"^Order: inside_of=<class .*Plain'> is not usable\. Give a list"),
    (7, r"^Order: inside_of=7 is not usable\. Give a list"),
    (["nodots"], r"^Order: inside_of='nodots' is not usable\. Give classes and dotted paths"),
    ([7], r"^Order: inside_of=7 is not usable\. Give classes and dotted paths"),
    ({"a.B": None}, r"^Order: inside_of=None is not usable\. Give the reason as a str"),
]


@pytest.mark.parametrize(("targets", "message"), BAD_TARGETS, ids=[text for _, text in BAD_TARGETS])
def test_a_target_that_means_nothing_is_refused(targets: Any, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        Order(inside_of=targets)


def test_an_order_prints_what_it_says() -> None:
    order = Order(inside_of={"a.B": "why"}, outside_of=["c.D"], once=True, place=Place.DOOR)

    assert repr(order) == "Order(inside_of=['a.B'], outside_of=['c.D'], once=True, place=Place.DOOR)"


def test_a_place_has_a_rank_from_the_outermost_and_no_place_the_last() -> None:
    ranks = [Order(place=place).rank for place in Place]

    assert ranks == sorted(ranks)
    assert Order().rank > ranks[-1]


def test_a_place_that_is_none_is_refused() -> None:
    with pytest.raises(
        OptionError, match=r"^Order: place='door' is not usable. Give a Place, as in place=Place.DOOR.$"
    ):
        Order(place="door")  # type: ignore[arg-type]
    assert repr(Order()) == "Order()"
