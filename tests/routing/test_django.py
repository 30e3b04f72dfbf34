"""Django below a prefix: paths, links and redirects, on servers that understand ``root_path`` differently."""

import pytest
from django.core.asgi import get_asgi_application

from asgi_stack.routing import PathRouter
from tests.routing.clients import get, served

pytestmark = pytest.mark.usefixtures("django_with_our_views")

PLACES = [
    # root_path, the path that the server gives, what stands in front of the mount
    ("", "/site", ""),
    ("/pre", "/pre/site", "/pre"),
    ("/pre", "/site", "/pre"),
    ("/pre/", "/pre/site", "/pre"),
]


@pytest.mark.parametrize(("root", "base", "front"), PLACES)
async def test_a_mounted_django_knows_where_it_is(root: str, base: str, front: str) -> None:
    told = await get(PathRouter({"/site": get_asgi_application()}), f"{base}/named/a%2Fb/", root_path=root)

    assert told == {
        "path": f"{front}/site/named/a/b/",
        "path_info": "/named/a/b/",
        "reversed": f"{front}/site/named/x/",
        "absolute": f"http://testserver{front}/site/named/a/b/",
    }


@pytest.mark.parametrize(("root", "base", "front"), PLACES)
@pytest.mark.parametrize(
    ("url", "location"),
    [("/away", "/away/"), ("/away/", "/named/x/"), ("", "/"), ("/named/a?b=c", "/named/a/?b=c")],
)
async def test_redirects_of_a_mounted_django_come_out_right(
    root: str, base: str, front: str, url: str, location: str
) -> None:
    async with served(PathRouter({"/site": get_asgi_application()}), root_path=root) as client:
        response = await client.get(base + url)

    assert (response.status, response.headers["location"]) in [
        (status, f"{front}/site{location}") for status in (301, 302)
    ]


@pytest.mark.parametrize("root", ["/pre", "/pre/"])
@pytest.mark.parametrize("url", ["/pre/named/a/", "/named/a/"])
async def test_django_at_the_root_mount_knows_the_root_path_of_the_server(root: str, url: str) -> None:
    told = await get(PathRouter({"/": get_asgi_application()}), url, root_path=root)

    assert (told["path"], told["path_info"], told["reversed"]) == (
        "/pre/named/a/",
        "/named/a/",
        "/pre/named/x/",
    )
