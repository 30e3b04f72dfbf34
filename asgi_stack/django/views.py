"""The views of a project, by the paths at which they are, and what decorators say of them."""

from collections.abc import Iterable, Iterator, Sequence
from types import FunctionType
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern
from django.utils.functional import Promise
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_exempt

from asgi_stack.django.routes import Piece, Route, read_regex, read_route, route_of

__all__ = ["View", "all_views", "is_csrf_exempt", "is_frames_exempt", "named_views", "sets_policy"]


class View(NamedTuple):
    """A view, and one of the routes that lead to it; None for one that is no path."""

    route: Route | None
    callback: Any


def all_views() -> list[View]:
    """Return every view of ``ROOT_URLCONF``; none where it cannot be read, which Django says by itself."""
    try:
        return [*_views(get_resolver().url_patterns, [()])]
    except Exception:
        return []


def named_views(views: Iterable[View]) -> str:
    """Return the paths of some views, for a sentence: the first of them, and that there are more."""
    paths = sorted({view.route.path if view.route else "a path that cannot be told" for view in views})
    return f"{', '.join(paths[:3])}{' and others' if len(paths) > 3 else ''}"


def _views(patterns: Iterable[Any], prefixes: Sequence[tuple[Piece, ...]]) -> Iterator[View]:
    for pattern in patterns:
        is_end = isinstance(pattern, URLPattern)
        pieces = [*_pieces(pattern.pattern, is_end)]
        routes = [(*prefix, piece) for prefix in prefixes for piece in pieces]
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, routes)
        else:
            yield from (View(route_of(route), pattern.callback) for route in routes)


def _pieces(pattern: Any, is_end: bool) -> Iterator[Piece]:
    """Give what a pattern may say, which is more than one thing where it depends on the language."""
    if isinstance(pattern, LocalePrefixPattern):
        yield Piece("<str>/")
        if not pattern.prefix_default_language:
            yield Piece("")
    elif isinstance(pattern, RoutePattern):
        yield from map(read_route, _texts(pattern))
    elif isinstance(pattern, RegexPattern):
        yield from (read_regex(text, is_end=is_end) for text in _texts(pattern))
    else:
        yield Piece("", False)


def _texts(pattern: Any) -> list[str]:
    """Return a pattern as it was written: in every language, where it is translated."""
    if not isinstance(getattr(pattern, "_route", getattr(pattern, "_regex", "")), Promise):
        return [str(pattern)]
    found: dict[str, None] = {}
    for code, _ in settings.LANGUAGES:
        with override(code):
            found[str(pattern)] = None
    return [*found]


def is_csrf_exempt(callback: Any) -> bool:
    """Tell whether ``CsrfViewMiddleware`` lets every request for this view pass."""
    return bool(getattr(callback, "csrf_exempt", False))


# A decorator leaves no mark on a view, but the code of what it has put around it.


def is_frames_exempt(callback: Any) -> bool:
    """Tell whether `xframe_options_exempt` is around this view, or a part of it."""
    decorator = xframe_options_exempt.__code__
    codes = [function.__code__ for function in _functions_of(callback)]
    ours = [code.co_qualname for code in codes if code.co_filename == decorator.co_filename]
    return any(f"{name}.".startswith(f"{decorator.co_qualname}.") for name in ours)


def sets_policy(callback: Any) -> bool:
    """Tell whether a decorator of Django's gives this view a content security policy of its own."""
    try:
        from django.views.decorators.csp import csp_override
    except ImportError:  # Django 5.2
        return False
    file = csp_override.__code__.co_filename
    return any(function.__code__.co_filename == file for function in _functions_of(callback))


def _functions_of(callback: Any) -> Iterator[FunctionType]:
    """Give the functions that a view is made of: those that it wraps, and the methods of its class."""
    waiting, seen = [callback], set[int]()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, FunctionType):
            yield thing
            waiting += _closed_over(thing)
            waiting += _methods(getattr(thing, "view_class", None))
        elif isinstance(thing, list | tuple):
            waiting += thing


def _closed_over(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # a name that is not bound yet
            continue


def _methods(view: Any) -> list[Any]:
    owners: list[type[Any]] = [*getattr(view, "__mro__", ())]
    return [member for owner in owners for member in vars(owner).values() if isinstance(member, FunctionType)]
