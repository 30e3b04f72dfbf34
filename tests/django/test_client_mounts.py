"""Django somewhere in an application: below a mount, behind its handler of static files, as on a server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import get_script_prefix, path, reverse

from asgi_stack import Stack
from asgi_stack.django.test import AsyncStackClient
from asgi_stack.routing import PathRouter

ORIGINAL = ASGIHandler.__call__


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{reverse('page')} {request.build_absolute_uri()}")


async def async_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(reverse("page"))


async def stream(request: HttpRequest) -> StreamingHttpResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield b"1"
        await asyncio.Event().wait()

    return StreamingHttpResponse(parts())


async def patched(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(ASGIHandler.__call__ is not ORIGINAL))


def broken(request: HttpRequest) -> HttpResponse:
    raise LookupError("the view failed")


urlpatterns = [
    path("page/", page, name="page"), path("async/", async_page), path("stream/", stream),
    path("patched/", patched), path("broken/", broken),
]  # fmt: skip

STATIC = {"STATIC_URL": "/static/", "INSTALLED_APPS": ["django.contrib.staticfiles"]}


@pytest.fixture(autouse=True)
def project(tmp_path: Any) -> Iterator[None]:
    (tmp_path / "site.css").write_text("body {}")
    with override_settings(ROOT_URLCONF=__name__, STATICFILES_DIRS=[tmp_path], **STATIC):
        yield


def mounted() -> AsyncStackClient:
    return AsyncStackClient(application=PathRouter({"/site": get_asgi_application()}))


@pytest.mark.parametrize("where", ["page", "async"])
async def test_links_below_a_mount_have_its_prefix(where: str) -> None:
    response = await mounted().get(f"/site/{where}/")

    assert response.content.split()[0] == b"/site/page/"


async def test_the_prefix_does_not_come_back_to_the_test() -> None:
    await mounted().get("/site/page/")

    assert get_script_prefix() == "/"


async def test_force_script_name_is_the_prefix_of_links() -> None:
    with override_settings(FORCE_SCRIPT_NAME="/forced"):
        response = await AsyncStackClient(application=get_asgi_application()).get("/page/")

    assert response.content.startswith(b"/forced/page/")


async def test_the_view_below_a_mount_is_known() -> None:
    assert (await mounted().get("/site/page/")).resolver_match.route == "page/"


def behind_static_files() -> AsyncStackClient:
    return AsyncStackClient(application=Stack([]).wrap(ASGIStaticFilesHandler(get_asgi_application())))


@pytest.mark.parametrize(("name", "status"), [("site.css", 200), ("none.css", 404)])
async def test_static_files_are_served_by_the_handler_of_static_files(name: str, status: int) -> None:
    response = await behind_static_files().get(f"/static/{name}")

    assert (response.status_code, response.content == b"body {}") == (status, status == 200)


async def test_a_page_behind_the_handler_of_static_files_is_djangos_own() -> None:
    response = await behind_static_files().get("/page/")

    assert response.resolver_match.url_name == "page"


async def test_the_handler_is_lent_for_the_time_of_a_request() -> None:
    client = AsyncStackClient(application=get_asgi_application())
    response = await client.get("/patched/")

    assert response.content == b"True"
    assert ASGIHandler.__call__ is ORIGINAL


async def test_the_handler_is_given_back_by_the_last_of_several_requests() -> None:
    client = AsyncStackClient(application=get_asgi_application())
    answers = await asyncio.gather(*(client.get("/patched/") for _ in range(3)))

    assert [response.content for response in answers] == [b"True"] * 3
    assert ASGIHandler.__call__ is ORIGINAL


async def test_the_handler_is_given_back_where_a_view_fails() -> None:
    with pytest.raises(LookupError):
        await AsyncStackClient(application=get_asgi_application()).get("/broken/")

    assert ASGIHandler.__call__ is ORIGINAL


async def test_the_handler_is_given_back_by_a_stream_that_is_left() -> None:
    response = await AsyncStackClient(application=get_asgi_application()).get("/stream/")
    lent = ASGIHandler.__call__ is not ORIGINAL
    response.close()
    for _ in range(3):
        await asyncio.sleep(0)

    assert (lent, ASGIHandler.__call__) == (True, ORIGINAL)


async def test_the_stack_of_the_settings_needs_no_handler() -> None:
    with override_settings(ASGI_STACK=[]):
        assert (await AsyncStackClient().get("/patched/")).content == b"False"
