"""Numbers, and seconds."""

from sys import float_info
from typing import Any

from asgi_stack.errors import OptionError

__all__ = ["seconds", "whole_number"]


def whole_number(
    owner: object,
    option: str,
    given: Any,
    *,
    least: int = 0,
    most: int | None = None,
    what: str = "a whole number",
    hint: str = "",
) -> int:
    """Return a whole number within its limits. True is none, and neither is 5.0."""
    is_whole = isinstance(given, int) and not isinstance(given, bool)
    if is_whole and given >= least and (most is None or given <= most):
        return int(given)
    limits = f"{least} or more" if most is None else f"{least} to {most}"
    raise OptionError(owner, option, given, _number_hint(f"{what}, {limits}", given, hint))


def seconds(
    owner: object,
    option: str,
    given: Any,
    *,
    least: float = 0.0,
    what: str = "seconds",
    hint: str = "",
) -> float:
    """Return a number of seconds, whole or not, that is finite and not below *least*."""
    if isinstance(given, int | float) and not isinstance(given, bool) and least <= given <= float_info.max:
        return given
    raise OptionError(owner, option, given, _number_hint(f"{what}, {least:g} or more", given, hint))


def _number_hint(wanted: str, given: Any, hint: str) -> str:
    text_hint = f"{given!r} is text: give the number itself." if isinstance(given, str) and given else ""
    return " ".join(filter(None, [f"Give {wanted}.", text_hint, hint]))
