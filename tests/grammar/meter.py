"""Counts the work of a parser without a clock, so that the count is the same on every machine.

The work is the lines of Python that run, and the bytes and characters that C code looks at or copies on the
way. Lines are counted by tracing. What C does is charged by the operands: a parser is given a `Bytes`, every
method and operator of which charges what it has to look at, and gives a `Bytes` or a `Text` again. A method
that may stop early is charged in full, so the count is what the worst case costs.

Not seen is C code that takes a string as an argument (``b"".join``, ``inet_pton``, ``b64decode``): each call
of it is linear by itself, and more calls are more lines. Regular expressions are not seen either; no parser
has any, which `test_linear_time.py` shows.
"""

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

__all__ = ["Bytes", "Text", "work_of"]

charged = 0


def charge(size: int) -> None:
    global charged
    charged += size


def metered(value: Any) -> Any:
    """The same value, of which every use is charged."""
    if type(value) is bytes:
        return Bytes(value)
    if type(value) is str:
        return Text(value)
    if isinstance(value, tuple | list):
        return type(value)(map(metered, value))
    return value


def _size_of(base: type, name: str, own: Any, arguments: tuple[Any, ...], result: Any) -> int:
    if name in ("startswith", "endswith"):
        wanted = arguments[0]
        return sum(map(len, wanted)) if isinstance(wanted, tuple) else len(wanted)
    if name in ("__eq__", "__ne__"):
        return base.__len__(own) if isinstance(arguments[0], base) and len(arguments[0]) == len(own) else 1
    if name == "__getitem__":
        return len(result) if isinstance(result, base) else 1
    return base.__len__(own) + (len(result) if isinstance(result, base) else 0)


def _charging(base: type, name: str) -> Callable[..., Any]:
    plain = getattr(base, name)

    def method(own: Any, *arguments: Any, **options: Any) -> Any:
        result = plain(own, *arguments, **options)
        charge(_size_of(base, name, own, arguments, result))
        return metered(result)

    return method


OPERATORS = [
    f"__{name}__"
    for name in (
        "add",
        "contains",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
        "hash",
        "getitem",
        "mul",
        "rmul",
        "mod",
        "format",
    )
]
FREE = {"isascii", "maketrans", "fromhex"}


def _methods(base: type) -> dict[str, Any]:
    names = [name for name in dir(base) if name in OPERATORS or not (name.startswith("__") or name in FREE)]
    made: dict[str, Any] = {name: _charging(base, name) for name in names}

    def each(own: Any) -> Iterator[Any]:
        charge(len(own))
        return base.__iter__(own)  # type: ignore[attr-defined]

    def added_to(own: Any, other: Any) -> Any:
        charge(len(own) + len(other))
        return metered(base.__add__(other, own))  # type: ignore[attr-defined]

    return {**made, "__iter__": each, "__radd__": added_to, "__slots__": ()}


Bytes: Any = type("Bytes", (bytes,), _methods(bytes))
Text: Any = type("Text", (str,), _methods(str))


def work_of(parser: Callable[[bytes], object], value: bytes) -> int:
    """How many lines *parser* runs for this value, and how many bytes and characters C looks at meanwhile."""
    given, begin, lines = Bytes(value), charged, 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal lines
        if frame.f_code.co_filename == __file__:
            return None
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        parser(given)
    finally:
        sys.settrace(before)
    return lines + charged - begin
