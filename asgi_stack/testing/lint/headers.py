"""Header lists: pairs of bytes, lower-case names, no pseudo headers."""

from typing import Any, NamedTuple

from asgi_stack.testing.lint.blame import Fault
from asgi_stack.testing.lint.values import MISSING, is_items, is_iterator, is_list, shown

__all__ = ["HeaderRules", "check_headers", "values_of"]


_COLON = ord(":")


class HeaderRules(NamedTuple):
    """Which rule speaks of which property in one place; no *lower*: any case will do there."""

    title: str
    pairs: str
    pseudo: str
    lower: str | None = None
    required: bool = False


def check_headers(rules: HeaderRules, headers: Any, fault: Fault) -> bool:
    """Check a header list; tell whether it is as usual: a list of tuples of bytes, in lower case.

    An iterator is left alone, as looking at it would use it up.
    """
    usual = headers.__class__ is list
    if not usual and not _can_look(rules, headers, fault):
        return False
    for pair in headers:
        # The usual pair is told from the rest in as few steps as there are.
        if pair.__class__ is tuple and len(pair) == 2:
            name, value = pair
            if type(name) is type(value) is bytes and name.islower() and name[0] != _COLON:
                continue
        usual = False
        _check_pair(rules, pair, fault)
    return usual


def values_of(name: bytes, headers: Any) -> list[bytes]:
    """Give the values of a header that can be read without using anything up; its case does not matter."""
    if not is_list(headers) and (not is_items(headers) or is_iterator(headers)):
        return []
    named = [pair for pair in headers if _are_bytes(pair) and len(pair[0]) == len(name)]
    return [pair[1] for pair in named if pair[0].lower() == name]


def _can_look(rules: HeaderRules, headers: Any, fault: Fault) -> bool:
    if headers is MISSING and rules.required:
        fault(rules.pairs, f"{rules.title} has no 'headers'.", f"{rules.title} headers")
    elif headers is not MISSING and not is_items(headers):
        text = f"{rules.title} has headers={shown(headers)}; it must be an iterable of pairs of bytes."
        fault(rules.pairs, text, f"{rules.title} headers")
    else:
        return headers is not MISSING and not is_iterator(headers)
    return False


def _check_pair(rules: HeaderRules, pair: Any, fault: Fault) -> None:
    if is_iterator(pair):
        return
    items: tuple[Any, ...] = tuple(pair) if is_items(pair) else ()
    if not _are_bytes(items):
        text = f"{rules.title} has the header {shown(pair)}; it must be a pair of bytes, a name and a value."
        fault(rules.pairs, text, shown(pair))
        return
    name = items[0]
    if name.startswith(b":"):
        fault(rules.pseudo, f"{rules.title} has the pseudo header {shown(name)}.", shown(name))
    if rules.lower is not None and name != name.lower():
        text = f"{rules.title} has the header name {shown(name)}; it must be {shown(name.lower())}."
        fault(rules.lower, text, shown(name))


def _are_bytes(pair: Any) -> bool:
    if pair.__class__ not in (tuple, list) or len(pair) != 2:
        return False
    return isinstance(pair[0], bytes) and isinstance(pair[1], bytes)
