"""The edits of a stack, and the layer that each of them means."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from asgi_stack import ASGIMiddleware, HeaderMiddleware, Layer, Stack, TargetError


class A(ASGIMiddleware):
    """One layer."""

    __slots__ = ()


class B(HeaderMiddleware):
    """Another."""

    __slots__ = ()


class C(ASGIMiddleware):
    """A third."""

    __slots__ = ()


def wrap(app: Any) -> Any:
    return app


@asynccontextmanager
async def database() -> AsyncGenerator[None]:
    yield


BASE = Stack([A, B, Layer(C).named("edge"), wrap], lifespan=[database], lifespan_timeout=5)
PATH = f"{__name__}.B"


@pytest.mark.parametrize("target", [B, PATH, "B"])
@pytest.mark.parametrize(
    ("verb", "names"),
    [
        ("insert_outside", ["A", "x", "y", "B", "edge", "wrap"]),
        ("insert_inside", ["A", "B", "x", "y", "edge", "wrap"]),
        ("replace", ["A", "x", "y", "edge", "wrap"]),
    ],
)
def test_an_edit_is_found_by_class_path_or_name(target: Any, verb: str, names: list[str]) -> None:
    edited = getattr(BASE, verb)(target, Layer(A).named("x"), Layer(A).named("y"))

    assert [layer.name for layer in edited] == names


TARGETS: list[tuple[Any, str]] = [
    ("edge", "edge"),
    (C, "edge"),
    (wrap, "wrap"),
    (f"{__name__}.wrap", "wrap"),
]


@pytest.mark.parametrize(("target", "gone"), TARGETS, ids=[str(number) for number in range(len(TARGETS))])
def test_without_takes_out_the_layer_that_is_meant(target: Any, gone: str) -> None:
    assert gone not in [layer.name for layer in BASE.without(target)]


def test_an_edit_leaves_the_stack_as_it_was_and_keeps_its_contexts() -> None:
    before = Stack([*BASE], lifespan=[database], lifespan_timeout=5)
    edited = BASE.without(A, "edge")

    assert before == BASE
    assert edited == Stack([B, wrap], lifespan=[database], lifespan_timeout=5)


def test_a_dotted_layer_is_found_by_the_class_that_it_leads_to() -> None:
    stack = Stack([Layer.at(PATH), Layer.at("no_such_module.Thing")])

    assert [layer.name for layer in stack.without(B)] == ["no_such_module.Thing"]
    assert [layer.name for layer in stack.without("no_such_module.Thing")] == [PATH]


def test_a_partial_is_found_by_what_it_calls() -> None:
    assert len(Stack([Layer(partial(A))]).without(A)) == 0


def test_a_stack_is_extended_by_unpacking_it() -> None:
    assert [layer.name for layer in Stack([*BASE, B])] == ["A", "B", "edge", "wrap", "B"]


MISSING: list[tuple[Stack, Any, str]] = [
    (BASE, "edg", r"^'edg' is not in the stack\. Did you mean 'edge'\? It holds: A, B, edge, wrap\.$"),
    (BASE, "other.Thing", r"^'other\.Thing' is not in the stack\. It holds"),
    (BASE, HeaderMiddleware, None),
    (BASE, print, r"^print is not in the stack"),
    (Stack([]), A, r"^A is not in the stack\. It holds: no layer\."),
    (Stack([A, B, A]), A, r"^A means several layers of the stack: 1, 3\. Tell them apart with \.named\(\)\."),
]


@pytest.mark.parametrize(("stack", "target", "message"), [m for m in MISSING if m[2]])
@pytest.mark.parametrize("verb", ["insert_outside", "insert_inside", "replace", "without"])
def test_a_target_that_is_not_one_layer_is_an_error_that_lists_the_stack(
    verb: str, stack: Stack, target: Any, message: str
) -> None:
    with pytest.raises(TargetError, match=message):
        getattr(stack, verb)(target)


def test_a_base_class_means_its_subclass() -> None:
    assert [layer.name for layer in BASE.without(HeaderMiddleware)] == ["A", "edge", "wrap"]
