"""Small questions about single values. None of them consumes an iterator or changes anything."""

import math
import reprlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeGuard, cast

__all__ = [
    "MISSING",
    "SURE_TYPES",
    "is_address",
    "is_bool",
    "is_bytes",
    "is_bytes_or_none",
    "is_dict",
    "is_filled_str",
    "is_int",
    "is_items",
    "is_iterator",
    "is_list",
    "is_server_address",
    "is_str",
    "is_str_or_none",
    "is_unsigned_or_none",
    "iterable_of",
    "one_of",
    "shown",
    "unplain",
]


class _Missing:
    __slots__ = ()

    def __repr__(self) -> str:
        return "nothing"


MISSING: Final = _Missing()
"""Stands for the value of a required key that is absent: no question here says yes to it."""

_LEAST, _MOST = -(2**63), 2**63 - 1
_short = reprlib.Repr()
_short.maxstring = _short.maxother = 80


def shown(value: object) -> str:
    """Give the repr of a value, cut to a length that an error text can carry."""
    if isinstance(value, bytes):
        return repr(value) if len(value) <= 60 else f"{value[:57]!r}..."
    return _short.repr(value)


def is_str(value: object) -> bool:
    """Tell whether it is a Unicode string."""
    return isinstance(value, str)


def is_filled_str(value: object) -> bool:
    """Tell whether it is a Unicode string that is not empty."""
    return isinstance(value, str) and value != ""


def is_str_or_none(value: object) -> bool:
    """Tell whether it is a Unicode string or None."""
    return value is None or isinstance(value, str)


def is_bytes(value: object) -> bool:
    """Tell whether it is a byte string: ``bytes``, as the specification says, and no other buffer."""
    return isinstance(value, bytes)


def is_bytes_or_none(value: object) -> bool:
    """Tell whether it is a byte string or None."""
    return value is None or isinstance(value, bytes)


def is_bool(value: object) -> bool:
    """Tell whether it is True or False."""
    return value is True or value is False


def is_dict(value: object) -> TypeGuard[dict[Any, Any]]:
    """Tell whether it is a dict."""
    return isinstance(value, dict)


def is_int(value: object) -> bool:
    """Tell whether it is an integer within the signed 64-bit range; a bool is not."""
    return isinstance(value, int) and value is not True and value is not False and _LEAST <= value <= _MOST


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Tell whether it is a list."""
    return isinstance(value, list)


def is_items(value: object) -> TypeGuard[Iterable[Any]]:
    """Tell whether it is an iterable of items; a str or bytes is one thing."""
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes))


def is_iterator(value: object) -> bool:
    """Tell whether looking at its items would use it up."""
    return isinstance(value, Iterator)


def is_unsigned_or_none(bits: int) -> Callable[[object], bool]:
    """Make the question whether a value is an unsigned integer of so many bits, or None."""

    def ask(value: Any) -> bool:
        return value is None or (is_int(value) and 0 <= value < 2**bits)

    return ask


def one_of(*values: str) -> Callable[[object], bool]:
    """Make the question whether a value is one of these strings."""
    allowed = frozenset(values)
    return lambda value: isinstance(value, str) and value in allowed


def iterable_of(ask: Callable[[object], bool]) -> Callable[[Any], bool]:
    """Make the question whether a value is an iterable of such items; an iterator is taken at its word."""

    def ask_all(value: object) -> bool:
        return is_items(value) and (is_iterator(value) or all(map(ask, value)))

    return ask_all


def is_address(value: Any) -> bool:
    """Tell whether it is a pair of host and port, or None."""
    return value is None or _is_pair(value, is_int)


def is_server_address(value: Any) -> bool:
    """Tell whether it is a pair of host and port, of a unix socket's path and None, or None."""
    return value is None or _is_pair(value, _is_port_or_none)


def _is_port_or_none(value: object) -> bool:
    return value is None or is_int(value)


def _is_pair(value: Any, is_port: Callable[[object], bool]) -> bool:
    if value.__class__ is tuple and len(value) == 2:
        host, port = value
        # A port as there are: the comparison with numbers of 64 bits takes its time.
        return isinstance(host, str) and ((port.__class__ is int and 0 <= port <= 65535) or is_port(port))
    if not is_items(value) or is_iterator(value):
        return is_items(value)
    items = tuple(value)
    return len(items) == 2 and isinstance(items[0], str) and is_port(items[1])


def unplain(value: Any) -> tuple[str, object] | None:
    """Give the rule that a part of *value* breaks as content of an event, and the part; None if all is well.

    Lists, tuples and dicts are searched to any depth, each of them once.
    """
    waiting, searched = [value], set[int]()
    while waiting:
        item = waiting.pop()
        if id(item) in searched:
            continue
        searched.add(id(item))
        if is_dict(item):
            odd_keys = [key for key in item if not isinstance(key, str)]
            if odd_keys:
                return "C9", odd_keys[0]
            waiting.extend(item.values())
        elif isinstance(item, (list, tuple)):
            waiting.extend(cast("Iterable[Any]", item))
        elif not _is_plain_scalar(item):
            return "C8", item
    return None


def _is_plain_scalar(item: object) -> bool:
    if isinstance(item, float):
        return math.isfinite(item)
    return item is None or isinstance(item, (bytes, str, bool)) or is_int(item)


SURE_TYPES: Mapping[object, tuple[type, ...]] = {
    is_str: (str,),
    is_str_or_none: (str, type(None)),
    is_bytes: (bytes,),
    is_bytes_or_none: (bytes, type(None)),
    is_bool: (bool,),
    is_dict: (dict,),
}
"""For a question, the types to whose every value its answer is yes."""
