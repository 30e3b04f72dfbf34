"""Writing down the options of a layer: the same text in every process, and no secrets."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from asgi_stack.composing.targets import path_of, unwrapped
from asgi_stack.errors import MASK, is_secret

__all__ = ["describe", "describe_options"]

_USERINFO = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def describe_options(options: Mapping[str, Any]) -> dict[str, str]:
    """Return each option as text; the value of one whose name speaks of a secret is masked."""
    return {name: _describe_named(name, value) for name, value in options.items()}


def describe(value: Any) -> str:
    """Return a value as text: classes and functions by their path, sets in order, URLs without a password."""
    for kind, write in _WRITERS.items():
        if isinstance(value, kind):
            return write(value)
    if callable(value) and hasattr(unwrapped(value), "__qualname__"):
        return path_of(unwrapped(value))
    return _ADDRESS.sub("", _USERINFO.sub(MASK, repr(value)))


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
    return repr(MASK) if is_secret(name) and value is not None else describe(value)


_WRITERS: dict[type[Any], Callable[[Any], str]] = {
    str: lambda value: repr(_USERINFO.sub(MASK, value)),
    Mapping: _describe_mapping,
    list: lambda value: f"[{', '.join(_describe_all(value))}]",
    tuple: _describe_tuple,
    set: _describe_set,
    frozenset: _describe_set,
}
