"""Writing down the options of a layer: the same text in every process, and no secrets."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from asgi_stack.composing.masking import is_masked, without_userinfo
from asgi_stack.composing.targets import path_of, unwrapped
from asgi_stack.errors import MASK

__all__ = ["describe", "describe_options"]

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def describe_options(options: Mapping[str, Any], factory: Any = None) -> dict[str, str]:
    """Return each option of *factory*, or of what is at that path, as text; secrets are masked."""
    return {
        name: repr(MASK) if is_masked(name, value, factory) else describe(value)
        for name, value in options.items()
    }


def describe(value: Any) -> str:
    """Return a value as text: classes and functions by their path, sets in order, URLs without a password."""
    for kind, write in _WRITERS.items():
        if isinstance(value, kind):
            return write(value)
    if callable(value) and hasattr(unwrapped(value), "__qualname__"):
        return path_of(unwrapped(value))
    return _ADDRESS.sub("", without_userinfo(repr(value)))


def _describe_all(values: Any) -> list[str]:
    return [describe(value) for value in values]


def _describe_tuple(value: Any) -> str:
    items = _describe_all(value)
    return f"({', '.join(items)}{',' * (len(items) == 1)})"


def _describe_set(value: Any) -> str:
    return f"{{{', '.join(sorted(_describe_all(value)))}}}"


def _describe_mapping(value: Any) -> str:
    items = (f"{key!r}: {_describe_named(str(key), item)}" for key, item in value.items())
    return f"{{{', '.join(items)}}}"


def _describe_named(name: str, value: Any) -> str:
    return repr(MASK) if is_masked(name, value) else describe(value)


_WRITERS: dict[type[Any], Callable[[Any], str]] = {
    str: lambda value: repr(without_userinfo(value)),
    Mapping: _describe_mapping,
    list: lambda value: f"[{', '.join(_describe_all(value))}]",
    tuple: _describe_tuple,
    set: _describe_set,
    frozenset: _describe_set,
}
