"""Telling whether a layer's factory is the one that somebody means by a class or a dotted path."""

import sys
from functools import partial
from typing import Any

__all__ = ["is_target", "path_of", "unwrapped"]


def path_of(factory: Any) -> str:
    """Return the dotted path of the module and name where a class or a function was defined."""
    return f"{getattr(factory, '__module__', '')}.{getattr(factory, '__qualname__', '')}"


def is_target(target: Any, factory: Any) -> bool:
    """Tell whether *factory* is the class or function *target*, a subclass of it, or found at that path.

    A path is looked up among the modules that are loaded: nothing is imported.
    """
    factory = unwrapped(factory)
    if isinstance(target, str):
        if path_of(factory) == target:
            return True
        module, _, name = target.rpartition(".")
        target = getattr(sys.modules.get(module), name, None)
    if isinstance(target, type) and isinstance(factory, type):
        return issubclass(factory, target)
    return target is not None and factory is target


def unwrapped(factory: Any) -> Any:
    """Return what a ``functools.partial``, or several of them, will call."""
    while isinstance(factory, partial):
        factory = factory.func
    return factory
