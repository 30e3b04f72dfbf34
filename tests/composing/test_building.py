"""What building a stack tells of each layer."""

from typing import Any

import pytest

from asgi_stack import ASGIMiddleware, ConfigurationError, HeaderMiddleware, Layer
from asgi_stack.composing.building import build, try_build
from asgi_stack.testing import Recorder

FUSED, FRAME = Layer(HeaderMiddleware), Layer(ASGIMiddleware)


@pytest.mark.parametrize(
    ("layers", "groups"),
    [
        ([], []),
        ([FUSED, FUSED], [1, 1]),
        ([FUSED, FRAME, FUSED], [1, None, 2]),
        ([FUSED, FRAME.only(path="/a"), FUSED], [1, None, 1]),
        ([FRAME.only(path="/a"), FRAME], [None, None]),
        ([FUSED, FUSED.enabled_if(False), FUSED], [1, None, 1]),
    ],
)
def test_groups_are_numbered_from_the_outermost_on(layers: Any, groups: Any) -> None:
    assert [layer.group for layer in build(layers, Recorder()).layers] == groups


def test_a_layer_that_is_not_enabled_is_told_from_one_that_is() -> None:
    built = build([FUSED, FUSED.enabled_if(lambda: False)], Recorder())

    assert [layer.is_enabled for layer in built.layers] == [True, False]


def test_a_layer_that_cannot_be_made_is_a_fault_and_the_others_are_built() -> None:
    layers: Any = [FUSED, Layer.at("nowhere.at_all"), FUSED]
    built = try_build(layers, Recorder())

    assert [where for where, _ in built.faults] == ["layer 2 of 3, nowhere.at_all"]
    assert [layer.group for layer in built.layers] == [1, None, 1]


def test_only_a_stack_without_a_fault_is_built() -> None:
    layers: Any = [Layer.at("nowhere.at_all")]
    with pytest.raises(ConfigurationError, match="nowhere"):
        build(layers, Recorder())
