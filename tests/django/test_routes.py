"""From what Django routes by to the grammar of paths."""

import re

import pytest

from asgi_stack.django.routes import EVERYTHING, Piece, Route, exact_routes, read_regex, read_route, route_of

ROUTES = {
    "": ("/", True),
    "api/": ("/api/", True),
    "api": ("/api", True),
    "<int:pk>/": ("/<int>/", True),
    "<code>/x/": ("/<str>/x/", True),
    "ping/<uuid:code>": ("/ping/<uuid>", True),
    "a/<slug:s>-<int:x>/e": ("/a/<str>/e", True),
    "files/<path:rest>": ("/files/", False),
    "by/<yyyy:year>/": ("/by/", False),
}


@pytest.mark.parametrize(("route", "expected"), ROUTES.items())
def test_a_route_is_read(route: str, expected: tuple[str, bool]) -> None:
    assert route_of([read_route(route)]) == Route(*expected)


EXPRESSIONS = {
    "^$": ("/", True),
    "^api/$": ("/api/", True),
    "^/lead/$": ("/lead/", True),
    r"^a\.json\Z": ("/a.json", True),
    "^api/": ("/api/", False),
    r"^ping/(?P<code>[\w-]+)/$": ("/ping/<str>/", True),
    r"^ping/(\d+)/?$": ("/ping/<int>/", True),
    r"^ping/[0-9]+$": ("/ping/<int>", True),
    "^x/(?P<a>[^/]+)/edit$": ("/x/<str>/edit", True),
    r"^u/(?P<id>[0-9]+)-(?P<slug>[-\w]+)/$": ("/u/<str>/", True),
    "^i18n/[a-z]{2}/x$": ("/i18n/<str>/x", True),
    "^files/(?P<p>.*)$": ("/files/", False),
    "^files/[^a]+/$": ("/files/", False),
    "^foo/?(?:bar/)?$": ("/", False),
    "^a|b$": ("/", False),
    r"^(?P<x>\d+)?/y$": ("/", False),
    "items": ("/", False),
    "(?i)^items/$": ("/", False),
}


@pytest.mark.parametrize(("pattern", "expected"), EXPRESSIONS.items())
def test_an_expression_is_read(pattern: str, expected: tuple[str, bool]) -> None:
    assert route_of([read_regex(pattern, is_end=True)]) == Route(*expected)


@pytest.mark.parametrize(
    ("pattern", "path"), [(p, path) for p, (path, whole) in EXPRESSIONS.items() if whole]
)
def test_what_is_read_as_whole_is_what_the_expression_matches(pattern: str, path: str) -> None:
    example = path[1:].replace("<int>", "7").replace("<str>", "12-x" if "u/" in pattern else "ab")

    assert re.search(pattern.replace("^/lead", "^lead"), example)


def test_pieces_are_put_together() -> None:
    pieces = [Piece("<str>/"), read_route("api/"), read_regex("^users/$", is_end=True)]

    assert route_of(pieces) == Route("/<str>/api/users/", True)


def test_nothing_is_known_behind_a_piece_that_was_not_understood() -> None:
    assert route_of([read_route("a/<path:b>"), read_route("c/")]) == Route("/a/", False)
    assert route_of([read_regex("a", is_end=False), read_route("c/")]) == EVERYTHING


def test_an_expression_that_goes_on_needs_no_end() -> None:
    assert route_of([read_regex("^api/", is_end=False), read_route("x/")]) == Route("/api/x/", True)


@pytest.mark.parametrize("route", ["a//b/", "a/../b/", "%41/", "a?b"])
def test_what_is_no_path_is_none(route: str) -> None:
    assert route_of([read_route(route)]) is None


EXACT = {
    "^": [("/", False)],
    "^.*$": [("/", False)],
    "^/api/.*$": [("/api/", False)],
    "^api/(.*)$": [("/api/", False)],
    "^api/": [("/api/", False)],
    "^health$": [("/health", True)],
    "^health/?$": [("/health", True), ("/health/", True)],
    r"^ping/\d+/$": [("/ping/<int>/", True)],
    "^api": [],
    "^api.*": [],
    r"^api/.*\.txt$": [],
    "api/$": [],
    r"^x/\w+/$": [],
    r"^x/\w+/?$": [],
    "^(a|b)/$": [],
    "^a//b/$": [],
}


@pytest.mark.parametrize(("pattern", "routes"), EXACT.items())
def test_a_route_that_means_just_the_same_is_found_or_none(
    pattern: str, routes: list[tuple[str, bool]]
) -> None:
    assert exact_routes(pattern) == [Route(*route) for route in routes]
