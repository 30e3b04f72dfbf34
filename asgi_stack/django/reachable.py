"""What an application is made of, as far as Python can tell: is Django in it, and a stack around that?"""

import functools
import types
from collections import deque
from collections.abc import Iterator
from typing import Any

from django.core.handlers.asgi import ASGIHandler

from asgi_stack.composing.stack import StackedApplication

__all__ = ["look_inside"]

_PROTOCOLS = "application_mapping"
_MOST = 5_000
"""Objects that are looked at: an application has tens of them around Django, and whole models inside."""


def look_inside(application: Any) -> tuple[StackedApplication | None, bool]:
    """Return a stack that an application has in it, if any, and whether Django without one is there.

    Looked at is what an object holds: its attributes, the items of lists and mappings, and what a function
    closes over, or names of its module.
    """
    found_django = False
    waiting, seen = deque([application]), set[int]()
    while waiting and len(seen) < _MOST:
        thing = waiting.popleft()
        if isinstance(thing, StackedApplication):
            return thing, False
        if isinstance(thing, ASGIHandler):
            found_django = True
        elif id(thing) not in seen:
            seen.add(id(thing))
            waiting.extend(_held(thing))
    return None, found_django


def _held(thing: object) -> Iterator[Any]:
    # By type and not by isinstance, which would ask a lazy object, and so make it.
    return _held_by_kind(type(thing), thing)


def _held_by_kind(kind: type, thing: Any) -> Iterator[Any]:
    if issubclass(kind, dict):
        yield from thing.values()
    elif issubclass(kind, list | tuple):
        yield from thing
    elif issubclass(kind, types.MethodType):
        yield from (thing.__self__, thing.__func__)
    elif issubclass(kind, types.FunctionType):
        yield from _held_by_function(thing)
    elif issubclass(kind, functools.partial):
        yield from (thing.func, *thing.args, *thing.keywords.values())
    elif not issubclass(kind, type | types.ModuleType):
        yield from _held_by_object(thing)


def _held_by_function(function: types.FunctionType) -> Iterator[Any]:
    yield from (cell.cell_contents for cell in function.__closure__ or () if _is_filled(cell))
    yield from (
        function.__globals__[name] for name in function.__code__.co_names if name in function.__globals__
    )
    yield getattr(function, "__wrapped__", None)


def _is_filled(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:  # a name that is not bound yet
        return False


def _held_by_object(thing: Any) -> Iterator[Any]:
    attributes = getattr(thing, "__dict__", {})
    if _PROTOCOLS in attributes:
        # A router of Channels: what it does with websockets says nothing of Django.
        yield attributes[_PROTOCOLS].get("http")
        return
    yield from attributes.values()
    for owner in type(thing).__mro__:
        slots = vars(owner).get("__slots__", ())
        yield from (getattr(thing, name, None) for name in ([slots] if isinstance(slots, str) else slots))
        yield vars(owner).get("__call__")
