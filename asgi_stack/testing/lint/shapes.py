"""Which keys a scope or an event has, and what their values may be: declared once, checked in one loop."""

from collections.abc import Callable
from typing import Any, NamedTuple

from asgi_stack.testing.lint.blame import Fault
from asgi_stack.testing.lint.values import MISSING, SURE_TYPES, shown, unplain

__all__ = ["Key", "Shape", "check_event", "check_extra", "check_shape", "is_usual_body", "shape"]


class Key(NamedTuple):
    """One key: the rule that speaks of it, what the rule wants, and the value that stands for absence."""

    key: str
    rule: str
    wants: str
    accepts: Callable[[Any], bool]
    default: object = MISSING
    """A value that is accepted makes the key optional; MISSING makes it required."""


class Shape(NamedTuple):
    """The keys of one event type or scope type."""

    title: str
    fields: tuple[tuple[Key, str, object, tuple[type, ...], Callable[[Any], bool]], ...]
    """Each field, and of it what every check needs: key, default, the types of which it accepts any value (to
    look at a type is quicker than to ask), and the question."""
    known: frozenset[str]


def shape(title: str, *fields: Key, also: tuple[str, ...] = ()) -> Shape:
    """Make a shape; *also* names keys that are known and looked at elsewhere."""
    known = frozenset({"type", *also, *(field.key for field in fields)})
    return Shape(title, tuple(map(_for_checking, fields)), known)


def _for_checking(field: Key) -> tuple[Key, str, object, tuple[type, ...], Callable[[Any], bool]]:
    return field, field.key, field.default, SURE_TYPES.get(field.accepts, ()), field.accepts


def check_shape(shape: Shape, values: dict[str, Any], fault: Fault) -> None:
    """Check every key that the shape declares."""
    get = values.get
    for field, key, default, sure, accepts in shape.fields:
        value = get(key, default)
        if value.__class__ not in sure and not accepts(value):
            fault(field.rule, _misfit(shape.title, key, field.wants, value), f"{shape.title} {key}")


def check_event(shape: Shape, event: dict[Any, Any], fault: Fault) -> None:
    """Check every key that the shape declares, and what the event has beyond them."""
    get = event.get
    for field, key, default, sure, accepts in shape.fields:
        value = get(key, default)
        if value.__class__ not in sure and not accepts(value):
            fault(field.rule, _misfit(shape.title, key, field.wants, value), f"{shape.title} {key}")
    if not shape.known.issuperset(event):
        check_extra(shape.known, event, fault)


def is_usual_body(event: dict[Any, Any]) -> bool:
    """Tell whether it has ``body``, bytes, perhaps ``more_body``, a bool, and no more: all is well then.

    The one event that comes by the thousand, so it alone is told at a glance.
    """
    if event.get("body").__class__ is not bytes:
        return False
    return len(event) == 2 or (len(event) == 3 and event.get("more_body").__class__ is bool)


def check_extra(known: frozenset[str], event: dict[Any, Any], fault: Fault) -> None:
    """Check what an event has beyond the keys that the specification names; to have more is allowed."""
    if known.issuperset(event):
        return
    title = shown(event.get("type"))
    for key in event.keys() - known:
        odd = unplain({key: event[key]})
        if odd is not None:
            fault(odd[0], f"the event {title} holds {shown(odd[1])} in {shown(key)}.", shown(key))


def _misfit(title: str, key: str, wants: str, value: object) -> str:
    if value is MISSING:
        return f"{title} has no {key!r}; it must be {wants}."
    return f"{title} has {key}={shown(value)}; it must be {wants}."
