"""Order: what a middleware says of its place in a stack."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, TypeAlias

from asgi_stack.errors import OptionError
from asgi_stack.options import entries, flag, instance, mapping

__all__ = ["Order", "Place"]

Targets: TypeAlias = Iterable[type[Any] | str] | Mapping[Any, str]


class Place(Enum):
    """The places of the recommended order, outermost first, each with the reason for it.

    A class of this package names its own: ``order: ClassVar[Order] = Order(place=Place.DOOR)``. Nothing is
    refused for it; the lists in the docs and `suggest` go by it.
    """

    PROXY = "everything inside sees the client, the scheme and the host of the request, not the proxy's"
    NAME = "every layer inside, and every log line, can name the request"
    CLOCK = "it measures all that is inside of it"
    FIELDS = "the replies of all layers inside get the headers too"
    DRAIN = "a hook of the platform knows no password, and readiness is over when the drain begins"
    PROBE = "a probe knows neither hosts nor passwords, and must not wait"
    FORM = "nothing inside ever sees a request that two layers could read in two ways"
    HOST = "nothing inside ever sees a host that is not yours"
    SCHEME = "nothing inside ever sees a request that came unprotected"
    SHARING = "every answer from inside, refusals and errors included, can be read by the pages that may"
    ERROR = "its 500 passes outward through all of the above"
    DOOR = "what they refuse costs nothing more"
    ORIGIN = "what it refuses is readable, and nothing inside need look at it"


class Order:
    """Where a middleware class must stand in a stack: ``order: ClassVar[Order] = Order(inside_of=[...])``.

    A target is a class, which stands for its subclasses too, or the dotted path of anything that may be a
    layer. A target that is not in the stack is ignored, and one that nobody has imported is not imported.

    Arguments:
        inside_of: must see a request before this class does; a mapping gives the reason for each.
        outside_of: must see a request after this class does; likewise.
        once: the class may not be in a stack twice.
        place: where the recommended order has it, if that has it at all.

    Raises:
        OptionError: for a target that is neither a class nor a dotted path, or a place that is no `Place`.
    """

    __slots__ = ("inside_of", "once", "outside_of", "place")

    def __init__(
        self,
        *,
        inside_of: Targets = (),
        outside_of: Targets = (),
        once: bool = False,
        place: Place | None = None,
    ) -> None:
        self.inside_of = _targets("inside_of", inside_of)
        self.outside_of = _targets("outside_of", outside_of)
        self.once = flag("Order", "once", once)
        hint = f"Give a Place, as in place=Place.{Place.DOOR.name}."
        self.place = None if place is None else instance("Order", "place", place, Place, hint=hint)

    @property
    def rank(self) -> int:
        """The number of its place, counted from the outermost; behind all others where there is none."""
        places = [*Place]
        return places.index(self.place) if self.place else len(places)

    def __repr__(self) -> str:
        sides: dict[str, Any] = {"inside_of": [*self.inside_of], "outside_of": [*self.outside_of]}
        given = [f"{side}={targets!r}" for side, targets in sides.items() if targets]
        given += ["once=True"] if self.once else []
        given += [f"place={self.place}"] if self.place else []
        return f"Order({', '.join(given)})"


def _targets(side: str, given: Any) -> Mapping[Any, str]:
    hint = f"Give a list or reasons by target, as in {side}=['package.module.Name']."
    reasons: dict[Any, str]
    if hasattr(given, "items"):
        reasons = dict(mapping("Order", side, given, hint=hint))
    else:
        reasons = dict.fromkeys(entries("Order", side, given, hint=hint), "")
    for target, reason in reasons.items():
        if not isinstance(target, type) and not (isinstance(target, str) and "." in target):
            raise OptionError("Order", side, target, "Give classes and dotted paths.")
        instance("Order", side, reason, str, hint="Give the reason as a str.")
    return reasons
