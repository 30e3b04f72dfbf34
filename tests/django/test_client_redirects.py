"""Redirects, whoever gives them: a layer's are followed as a view's, by their method and to their host."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.test import SimpleTestCase, override_settings
from django.urls import path

from asgi_stack import HeaderMiddleware, Reply, RequestHead
from asgi_stack.django.test import AsyncStackClient
from asgi_stack.middleware import HTTPSRedirectMiddleware

CHECKS = SimpleTestCase()


class Moved(HeaderMiddleware):
    """Sends whoever asks for ``/old/`` elsewhere."""

    __slots__ = ("_location", "_status")

    def __init__(self, app: Any, *, location: str = "/echo/", status: int = 302) -> None:
        super().__init__(app)
        self._location, self._status = location, status

    def on_request(self, request: RequestHead) -> Reply | None:
        if request.path != "/old/":
            return None
        return Reply(self._status, headers=[(b"location", self._location.encode())])


def echo(request: HttpRequest) -> JsonResponse:
    fields = {"host": request.get_host(), "path": request.path, "method": request.method}
    return JsonResponse({**fields, "query": request.GET.urlencode(), "body": request.POST.dict()})


def back(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/old/")


urlpatterns = [path("back/", back), path("echo/", echo), path("old/echo/", echo), path("é/echo/", echo)]


def moved(**options: Any) -> Any:
    return override_settings(ASGI_STACK=[(Moved, options)])


@pytest.fixture(autouse=True)
def project() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"]):
        yield


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_of_a_layer_is_one_to_assert_redirects(status: int) -> None:
    with moved(status=status):
        response = await AsyncStackClient().get("/old/")

    CHECKS.assertRedirects(response, "/echo/", status, fetch_redirect_response=False)


async def test_a_redirect_of_a_layer_is_followed() -> None:
    with moved(location="/echo/?b=2"):
        response = await AsyncStackClient().get("/old/", {"a": "1"}, follow=True)

    CHECKS.assertRedirects(response, "/echo/?b=2")
    assert response.json()["query"] == "b=2"


async def test_a_chain_leads_through_views_and_layers() -> None:
    with moved():
        response = await AsyncStackClient().get("/back/", follow=True)

    assert response.redirect_chain == [("/old/", 302), ("/echo/", 302)]


@pytest.mark.parametrize("status", [201, 204, 304])
async def test_another_answer_with_a_location_is_no_redirect(status: int) -> None:
    with moved(status=status):
        response = await AsyncStackClient().get("/old/", follow=True)

    assert not hasattr(response, "url")


@pytest.mark.parametrize(("status", "method", "body"), [(302, "GET", {}), (308, "POST", {"name": "x"})])
async def test_the_status_decides_whether_the_body_is_sent_again(status: int, method: str, body: Any) -> None:
    with moved(status=status):
        response = await AsyncStackClient().post("/old/", {"name": "x"}, follow=True)

    assert (response.json()["method"], response.json()["body"]) == (method, body)


async def test_a_head_request_stays_one() -> None:
    with moved():
        response = await AsyncStackClient().head("/old/", follow=True)

    assert (response.status_code, response.content, response.request["method"]) == (200, b"", "HEAD")


@pytest.mark.parametrize(
    ("location", "found"), [("echo/", "/old/echo/"), ("../echo/", "/echo/"), ("../%C3%A9/echo/", "/é/echo/")]
)
async def test_a_relative_address_begins_where_the_request_went(location: str, found: str) -> None:
    with moved(location=location):
        response = await AsyncStackClient().get("/old/", follow=True)

    assert response.json()["path"] == found


async def test_another_host_is_asked_under_its_name() -> None:
    with moved(location="https://other.example:8443"):
        response = await AsyncStackClient().get("/old/", follow=True)

    assert response.request["scheme"] == "https"
    assert response.asgi_request.get_host() == "other.example:8443"


async def test_a_redirect_to_https_comes_to_an_end() -> None:
    with override_settings(ASGI_STACK=[(HTTPSRedirectMiddleware, {"allowed_hosts": ["testserver"]})]):
        response = await AsyncStackClient().post("/echo/", {"name": "x"}, follow=True)

    assert response.redirect_chain == [("https://testserver/echo/", 308)]
    assert response.json()["body"] == {"name": "x"}


async def test_the_fields_of_a_request_go_with_it() -> None:
    with moved():
        given = {"headers": {"host": "a.example", "x-a": "1"}, "REMOTE_ADDR": "203.0.113.9"}
        response = await AsyncStackClient().get("/old/", follow=True, **given)

    meta = response.asgi_request.META
    assert (meta["HTTP_HOST"], meta["HTTP_X_A"], meta["REMOTE_ADDR"]) == ("a.example", "1", "203.0.113.9")
