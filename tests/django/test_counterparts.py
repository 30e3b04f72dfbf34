"""What Django does of what a layer does stands in one module for each such layer."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

from asgi_stack import box
from asgi_stack.django import counterparts

MODULES = [found.name for found in iter_modules(counterparts.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_named_after_its_layer(name: str) -> None:
    module = import_module(f"{counterparts.__name__}.{name}")

    assert module.COUNTERPART.layer == getattr(box, name.upper())
    assert module.COUNTERPART in counterparts.COUNTERPARTS


def test_no_layer_has_two_counterparts() -> None:
    layers = [counterpart.layer for counterpart in counterparts.COUNTERPARTS]

    assert sorted(layers) == sorted(set(layers))
