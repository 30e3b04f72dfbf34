"""Keeping secrets out of what is printed: of the values of options, and of what stands in a wrong place."""

import re
import sys
from collections.abc import Iterable, Mapping, Sized
from functools import partial
from typing import Any, cast

from asgi_stack.applications import name_of
from asgi_stack.base import ASGIMiddleware
from asgi_stack.errors import MASK, is_secret

__all__ = ["Outline", "is_masked", "outline", "without_userinfo"]

_OURS = "asgi_stack."
_USERINFO = re.compile(r"(?<=://)[^/@\s'\"]+(?=@)")


def is_masked(name: str, value: object, factory: Any = None) -> bool:
    """Tell whether the value of an option is not to be printed.

    A class of this package declares its secrets; of any other, names tell what looks like one. True, False
    and None are always printed: they are no secret, and who reviews a stack must see them change.
    """
    if value is None or isinstance(value, bool):
        return False
    while isinstance(factory, partial):
        factory = factory.func
    factory = _loaded(factory) if isinstance(factory, str) else factory
    if isinstance(factory, type) and issubclass(factory, ASGIMiddleware):
        if name in factory.secret_options:
            return True
        if factory.__module__.startswith(_OURS):
            return False
    if isinstance(factory, str) and factory.startswith(_OURS):
        # Not imported yet: of ours one class has a secret.
        return name == "users"
    return is_secret(name) or (name == "headers" and isinstance(value, Mapping))


def _loaded(path: str) -> object:
    """Return what is at a path, if its module was imported: nothing is, for what is only to be printed."""
    module, _, name = path.rpartition(".")
    return getattr(sys.modules.get(module), name, path)


def without_userinfo(text: str) -> str:
    """Return *text* with a mask in place of what stands before the ``@`` of a URL."""
    return _USERINFO.sub(MASK, text)


class Outline:
    """A value that an error shows by its `outline`."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def __repr__(self) -> str:
        return outline(self._value)


def outline(value: object) -> str:
    """Return what a value is, and nothing of what it holds: for an error about something in a wrong place.

    A dotted path, and what has a name, are shown; they say which entry is meant.
    """
    if isinstance(value, str):
        is_path = "." in value and all(part.isidentifier() for part in value.split("."))
        return repr(value) if is_path else "a str"
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    if isinstance(value, tuple | list):
        inside = ", ".join(map(outline, cast("Iterable[object]", value)))
        return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"
    if isinstance(value, type) or hasattr(value, "__qualname__"):
        return name_of(value)
    kind = type(value).__name__
    size = f" of {len(value)}" if isinstance(value, Sized) else ""
    return f"{'an' if kind[0].lower() in 'aeiou' else 'a'} {kind}{size}"
