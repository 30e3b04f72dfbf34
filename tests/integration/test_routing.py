"""Routers on real servers: a root path that each server understands differently, websockets, lifespans."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.integration.servers import PATIENCE, Kind, Server, serving

FLAGS = {"granian": "--url-path-prefix"}

Get = Callable[[str], httpx.Response]


def below(kind: Kind, prefix: str) -> Kind:
    """The same server, told that it is reached below *prefix*."""
    flag = FLAGS.get(kind.name, "--root-path")
    return replace(kind, command=lambda app, port: [*kind.command(app, port), flag, prefix])


@pytest.fixture
def server(kind: Kind, tmp_path: Path) -> Iterator[Server]:
    with serving(below(kind, "/pre"), "routed:application", tmp_path) as server:
        yield server


@pytest.fixture
def get(server: Server) -> Iterator[Get]:
    with httpx.Client(base_url=server.url, timeout=PATIENCE, trust_env=False) as client:
        yield client.get


def test_links_and_redirects_come_out_right_below_a_root_path(get: Get) -> None:
    redirected = get("/site/admin")

    assert (redirected.status_code, redirected.headers["location"]) == (301, "/pre/site/admin/")
    assert get("/api/where").json()["link"] == "/pre/api/where"


def test_a_login_redirect_of_django_names_the_whole_path(get: Get) -> None:
    assert get("/site/admin/").headers["location"] == "/pre/site/admin/login/?next=/pre/site/admin/"


def test_an_encoded_slash_is_no_boundary_on_any_server(get: Get) -> None:
    assert [get(url).status_code for url in ("/api%2Fwhere", "/apiwhere", "/api/where")] == [404, 404, 200]


def test_each_request_has_the_state_of_its_application(server: Server, get: Get) -> None:
    expected = {"opened": True} if server.kind.has_lifespan else None

    assert get("/api/where").json()["state"] == expected


def test_a_websocket_is_routed_and_a_stray_one_refused(server: Server) -> None:
    url = server.url.replace("http", "ws")
    with connect(f"{url}/api/echo", proxy=None) as socket:
        socket.send("hi")
        assert socket.recv() == "hi"
    with pytest.raises(InvalidStatus, match=r"HTTP 40[34]"):
        connect(f"{url}/site/", proxy=None)
