"""What the middleware in the box says of its place: only where another place really goes wrong.

Which rules there are, and why, stands in the classes and, made from them, in ``docs/order.md``.
"""

from collections.abc import Iterator

import pytest

from asgi_stack import ConfigurationError, Layer, Stack
from asgi_stack.testing import Recorder
from tests.docs.lists import recommended
from tests.helpers import call
from tests.middleware.cases import CASES, Case

every_middleware = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def rules() -> Iterator[tuple[str, str, str]]:
    """The one that must be outside, the one that must be inside of it, and why, of classes in the box."""
    for name, case in CASES.items():
        order = case.factory.order
        for target, reason in order.outside_of.items():
            yield name, target.rpartition(".")[2], reason
        for target, reason in order.inside_of.items():
            yield target.rpartition(".")[2], name, reason


RULES = [rule for rule in rules() if {*rule[:2]} <= CASES.keys()]


def layer(name: str) -> Layer[...]:
    return Layer(CASES[name].factory, **CASES[name].options)


def faults(*names: str) -> str:
    """What is wrong with these classes in this order; nothing where it is right."""
    try:
        Stack(map(layer, names)).wrap(Recorder())
    except ConfigurationError as error:
        return str(error)
    return ""


async def test_the_recommended_order_breaks_no_rule() -> None:
    stack = Stack(map(layer, recommended()))
    https = CASES["BasicAuthMiddleware"].scope(url="https://testserver/")

    assert (await call(stack.wrap(Recorder()), https)).status == 200


@pytest.mark.parametrize(("outer", "inner", "reason"), RULES)
def test_the_other_way_round_is_refused_with_the_reason(outer: str, inner: str, reason: str) -> None:
    text = faults(inner, outer)

    assert "must stand" in text
    assert reason in text


@every_middleware
def test_what_makes_no_sense_twice_may_be_there_once_and_all_else_twice(case: Case) -> None:
    text = faults(case.name, case.name)

    assert bool(text) == case.factory.order.once
    assert ("it may be in a stack once" in text) == case.factory.order.once


@every_middleware
def test_it_has_a_place_in_the_recommended_order(case: Case) -> None:
    assert case.factory.order.place is not None


@every_middleware
def test_every_rule_gives_its_reason(case: Case) -> None:
    order = case.factory.order

    assert all({**order.inside_of, **order.outside_of}.values())
