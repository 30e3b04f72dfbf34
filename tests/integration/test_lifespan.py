"""The contexts of a stack on real servers: their order, their failures, and a server without lifespan."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.integration.servers import PATIENCE, WITH_LIFESPAN, Kind, Server, running

Start = Callable[[str], Server]

with_lifespan = pytest.mark.parametrize("kind", WITH_LIFESPAN, indirect=True)

OPENED = ["open outer", "open pool", "open project"]
CLOSED = ["close project", "close pool", "close outer"]


def said(server: Server) -> list[str]:
    """What the contexts have said so far, in order."""
    lines = server.log().splitlines()
    return [line.partition("lifespan test: ")[2] for line in lines if "lifespan test: " in line]


def get(server: Server) -> httpx.Response:
    return httpx.get(server.url, timeout=PATIENCE, trust_env=False)


@with_lifespan
@pytest.mark.parametrize("app", ["starlette", "fastapi"])
def test_contexts_open_outermost_first_and_close_in_reverse(start: Start, app: str) -> None:
    server = start(f"lifespans:{app}")
    get(server)
    server.stop()

    assert said(server) == [*OPENED, "open inner", "close inner", *CLOSED]


@with_lifespan
@pytest.mark.parametrize("app", ["starlette", "fastapi"])
def test_every_request_is_given_the_state_of_all_contexts(start: Start, app: str) -> None:
    expected = {name: f"the {name}" for name in ["outer", "pool", "project", "inner"]}

    assert get(start(f"lifespans:{app}")).json() == expected


@with_lifespan
def test_a_layer_that_cannot_start_stops_the_server_and_is_named(kind: Kind, tmp_path: Path) -> None:
    with running(kind, "lifespans:layer_fails", tmp_path) as server:
        server.wait()

    assert "PoolMiddleware" in server.log()
    assert said(server) == ["open outer", "close outer"]


@with_lifespan
def test_an_inner_application_that_cannot_start_stops_the_server(kind: Kind, tmp_path: Path) -> None:
    with running(kind, "lifespans:starlette_fails", tmp_path) as server:
        server.wait()

    assert "inner cannot start" in server.log()
    assert said(server) == [*OPENED, *CLOSED]


def test_django_in_an_empty_stack_starts_and_stops_without_complaint(start: Start) -> None:
    server = start("lifespans:plain_django")
    answered = get(server).status_code
    server.stop()

    assert answered == 200
    assert [word for word in ("unsupported", "can only handle", "Traceback") if word in server.log()] == []


@pytest.mark.parametrize("kind", ["daphne"], indirect=True)
def test_without_lifespan_events_the_server_serves_and_warns_once(start: Start) -> None:
    server = start("lifespans:starlette")
    answers = [get(server).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert server.log().count("sends no lifespan events") == 1
