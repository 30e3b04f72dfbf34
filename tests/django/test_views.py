"""The views of a project, and what their decorators say of them."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import django
import pytest
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path, re_path
from django.urls.resolvers import URLPattern
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views import View as ClassView
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt, xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt

from asgi_stack.django.exemption import Exemption, exemption_of
from asgi_stack.django.routes import Route
from asgi_stack.django.views import View, all_views, is_csrf_exempt, is_frames_exempt, sets_policy


def plain(request: HttpRequest, **more: Any) -> HttpResponse:
    return HttpResponse("ok")


def hook(request: HttpRequest, **more: Any) -> HttpResponse:
    return HttpResponse("ok")


exempt = csrf_exempt(hook)


def views_of(*patterns: Any) -> list[View]:
    module: Any = ModuleType("urls_of_a_test")
    module.urlpatterns = [*patterns]
    with override_settings(ROOT_URLCONF=module):
        return all_views()


def paths_of(*patterns: Any) -> list[str | None]:
    return [view.route.path if view.route else None for view in views_of(*patterns)]


class Odd:
    """A pattern of somebody else's."""


@pytest.fixture(autouse=True)
def languages() -> Iterator[None]:
    with override_settings(LANGUAGES=[("en", "English"), ("de", "German")]):
        yield


def test_views_are_found_with_their_paths() -> None:
    nested = include([path("<int:pk>/", plain), re_path(r"^(?P<code>\w+)/x/$", plain)])

    assert paths_of(path("", plain), path("api/", nested)) == ["/", "/api/<int>/", "/api/<str>/x/"]


def test_a_language_may_be_ahead_of_a_path() -> None:
    assert paths_of(*i18n_patterns(path("a/", plain))) == ["/<str>/a/"]
    assert paths_of(*i18n_patterns(path("a/", plain), prefix_default_language=False)) == ["/<str>/a/", "/a/"]


def test_a_translated_route_is_one_for_each_language() -> None:
    # Django itself translates this one.
    assert paths_of(path(gettext_lazy("Yes"), plain)) == ["/Yes", "/Ja"]


def test_a_pattern_of_another_kind_leads_nobody_knows_where() -> None:
    assert views_of(URLPattern(Odd(), plain)) == [View(Route("/", False), plain)]


def test_a_route_that_is_no_path_is_none() -> None:
    assert paths_of(path("a//b/", plain)) == [None]


class Embedded(ClassView):
    @method_decorator(xframe_options_exempt)
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")


@method_decorator(xframe_options_exempt, name="dispatch")
class Dispatched(ClassView):
    """Is embedded whatever the method."""


@method_decorator([never_cache, xframe_options_exempt], name="dispatch")
class Listed(Dispatched):
    """Has it among others."""


def late() -> Any:
    def view(request: HttpRequest) -> Any:
        return never

    if view:
        return view
    never = plain
    return never


EMBEDDED = {
    "a function": xframe_options_exempt(plain),
    "inside of others": never_cache(csrf_exempt(xframe_options_exempt(plain))),
    "a method": Embedded.as_view(),
    "a class": Dispatched.as_view(),
    "a list": Listed.as_view(),
}


@pytest.mark.parametrize("view", EMBEDDED.values(), ids=EMBEDDED)
def test_a_view_that_may_be_embedded_is_known(view: Any) -> None:
    assert is_frames_exempt(view)


@pytest.mark.parametrize(
    "view",
    [plain, xframe_options_sameorigin(plain), ClassView.as_view(), never_cache(exempt), print, late()],
    ids=["a function", "another decorator", "a class", "other decorators", "no function", "not bound yet"],
)
def test_a_view_that_may_not_is_known_too(view: Any) -> None:
    assert not is_frames_exempt(view)


@pytest.mark.skipif(django.VERSION < (6,), reason="Django 5.2 has no policies")
def test_a_view_with_a_policy_of_its_own_is_known() -> None:
    from django.views.decorators import csp

    assert sets_policy(csp.csp_override({})(plain))
    assert sets_policy(never_cache(csp.csp_report_only_override({})(plain)))
    assert not sets_policy(xframe_options_exempt(plain))


def test_django_without_policies_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "django.views.decorators.csp", None)

    assert not sets_policy(plain)


def exempted(*patterns: Any) -> Exemption:
    views = views_of(*patterns)
    return exemption_of([view for view in views if is_csrf_exempt(view.callback)], views)


EXEMPTIONS = {
    "nothing": ([path("a/", plain)], Exemption()),
    "one of many": ([path("a/", plain), path("hook/", exempt)], Exemption(("/hook",))),
    "a whole api": (
        [path("a/", plain), path("api/", include([path("", exempt), path("<int:pk>/", exempt)]))],
        Exemption(("/api",)),
    ),
    "one below others": (
        [path("api/", include([path("", plain), path("hooks/<uuid:code>/", exempt)]))],
        Exemption(("/api/hooks",)),
    ),
    "one with others below it": (
        [path("api/", include([path("", exempt), path("a/", plain)]))],
        Exemption((), ("/api/",)),
    ),
    "the first page": ([path("", exempt), path("a/", plain)], Exemption((), ("/",))),
    "all that begins so, among others": (
        [path("a/<path:rest>", exempt), path("a/b/", plain)],
        Exemption(("/a",)),
    ),
    "a path inside of another": (
        [path("a/<path:rest>", exempt), path("a/b/", exempt), path("a/c/", plain)],
        Exemption(("/a",)),
    ),
}


@pytest.mark.parametrize(("patterns", "exemption"), EXEMPTIONS.values(), ids=EXEMPTIONS)
def test_the_fewest_paths_are_exempted(patterns: list[Any], exemption: Exemption) -> None:
    assert exempted(*patterns) == exemption
    assert exemption.is_usable


@pytest.mark.parametrize("pattern", [re_path("hook", exempt), path("a//b/", exempt)])
def test_a_view_at_no_path_that_can_be_told_makes_it_useless(pattern: Any) -> None:
    assert exempted(pattern).unknown == 1
    assert not exempted(pattern).is_usable


def test_more_paths_than_anybody_would_read_make_it_useless() -> None:
    patterns = [path(f"{index}/hook/", exempt) for index in range(30)]
    patterns += [path(f"{index}/", plain) for index in range(30)]

    assert not exempted(*patterns).is_usable
