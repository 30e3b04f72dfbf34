"""Header lists: pairs of bytes, lower-case names, no pseudo headers."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from asgi_stack.testing.lint.report import Fault
from asgi_stack.testing.lint.values import MISSING, is_items, is_iterator, shown

__all__ = ["HeaderRules", "check_headers", "visible_pairs"]


class HeaderRules(NamedTuple):
    """Which rule speaks of which property in one place; no *lower*: any case will do there."""

    title: str
    pairs: str
    pseudo: str
    lower: str | None = None
    required: bool = False


def check_headers(rules: HeaderRules, headers: Any, fault: Fault) -> None:
    """Check a header list; an iterator is left alone, as looking at it would use it up."""
    kind = type(headers)
    if kind is list or _can_look(rules, headers, fault):
        _check_pairs(rules, headers, fault)


def _check_pairs(rules: HeaderRules, headers: Iterable[Any], fault: Fault) -> None:
    for pair in headers:
        # The usual pair is told from the rest in as few steps as there are.
        kind = type(pair)
        if kind is tuple and len(pair) == 2:
            name, value = pair
            if type(name) is bytes and type(value) is bytes and name.islower() and name[:1] != b":":
                continue
        _check_pair(rules, pair, fault)


def visible_pairs(headers: Any) -> Sequence[tuple[bytes, bytes]]:
    """Give the pairs that can be read without using anything up, with names in lower case."""
    if not is_items(headers) or is_iterator(headers):
        return ()
    pairs = [tuple(pair) for pair in headers if is_items(pair) and not is_iterator(pair)]
    return [(pair[0].lower(), pair[1]) for pair in pairs if _are_bytes(pair)]


def _can_look(rules: HeaderRules, headers: Any, fault: Fault) -> bool:
    if headers is MISSING and rules.required:
        fault(rules.pairs, f"{rules.title} has no 'headers'.", f"{rules.title} headers")
    elif headers is not MISSING and (not is_items(headers)):
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


def _are_bytes(pair: Sequence[object]) -> bool:
    return len(pair) == 2 and isinstance(pair[0], bytes) and isinstance(pair[1], bytes)
