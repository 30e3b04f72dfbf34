"""Which paths to exempt from a layer, so that views which Django exempts go on as before."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from asgi_stack.django.routes import EVERYTHING, Route
from asgi_stack.django.views import View

__all__ = ["MOST", "Exemption", "exemption_of"]

MOST = 20
"""Paths that anybody would read: a layer with more exemptions protects what nobody can tell."""


class Exemption(NamedTuple):
    """Paths with all that is below them, paths alone, and how many views are at no path that can be told."""

    paths: Sequence[str] = ()
    exact_paths: Sequence[str] = ()
    unknown: int = 0

    @property
    def is_usable(self) -> bool:
        """Tell whether the paths are all, and few enough."""
        return not self.unknown and len(self.paths) + len(self.exact_paths) <= MOST


def exemption_of(exempt: Iterable[View], views: Iterable[View]) -> Exemption:
    """Return the fewest paths that cover all of the views which are exempt.

    A path stands for all below it where nothing else is there; else each view is named by itself.
    """
    chosen = {view.route for view in exempt}
    others = {view.route for view in views} - chosen
    unknown = sum(route is None or route == EVERYTHING for route in chosen)
    told = [route for route in chosen if route is not None and route != EVERYTHING]
    taken = _prefixes_of(others)
    paths, exact_paths = set[str](), set[str]()
    for route in told:
        free = next((prefix for prefix in _prefixes(route) if prefix not in taken), None)
        if free is None and route.is_whole:
            exact_paths.add(route.path)
        else:
            paths.add(free or route.path.rstrip("/"))
    return Exemption(tuple(sorted(_outermost(paths))), tuple(sorted(exact_paths)), unknown)


def _prefixes(route: Route) -> Iterator[str]:
    """Give the paths that a route is below, the shortest first, itself included; never the whole site."""
    segments = route.path.strip("/").split("/")
    yield from ("/" + "/".join(segments[:count]) for count in range(1, len(segments) + 1) if segments[0])


def _prefixes_of(routes: Iterable[Route | None]) -> set[str]:
    return {prefix for route in routes if route is not None for prefix in _prefixes(route)}


def _outermost(paths: set[str]) -> Iterator[str]:
    yield from (path for path in paths if not any(path.startswith(f"{other}/") for other in paths))
