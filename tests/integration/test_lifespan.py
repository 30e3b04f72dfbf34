"""The contexts of a stack on real servers: their order, their failures, and a server without lifespan."""

import signal
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


# The exit codes after a start that failed, and after a stop that did. Uvicorn ends by the signal that it got.
ENDS = {
    "uvicorn-h11": (3, -signal.SIGTERM),
    "uvicorn-httptools": (3, -signal.SIGTERM),
    "hypercorn": (0, 0),
    "granian": (1, 0),
    "gunicorn": (3, 0),
}
each_end = pytest.mark.parametrize("kind", ENDS, indirect=True)


@each_end
@pytest.mark.parametrize(("app", "name"), [("layer_fails", "pool"), ("router_fails", "inner")])
def test_a_start_that_fails_ends_the_server_with_the_cause_in_the_log(
    kind: Kind, tmp_path: Path, app: str, name: str
) -> None:
    with running(kind, f"lifespans:{app}", tmp_path) as server:
        code = server.wait()

    assert code == ENDS[kind.name][0]
    assert f"RuntimeError: {name} cannot start" in server.log()


@each_end
@pytest.mark.parametrize(
    ("app", "name"), [("layer_fails_to_stop", "pool"), ("router_fails_to_stop", "inner")]
)
def test_a_stop_that_fails_ends_the_server_with_the_cause_in_the_log(
    kind: Kind, start: Start, app: str, name: str
) -> None:
    server = start(f"lifespans:{app}")
    answered = get(server).status_code
    code = server.stop()

    assert (answered, code) == (200, ENDS[kind.name][1])
    assert f"RuntimeError: {name} cannot stop" in server.log()


on_trio = pytest.mark.parametrize("kind", ["hypercorn-trio"], indirect=True)


@on_trio
def test_on_trio_contexts_and_the_state_work(start: Start) -> None:
    server = start("lifespans:starlette")
    answer = get(server).json()
    server.stop()

    assert answer == {name: f"the {name}" for name in ["outer", "pool", "project", "inner"]}
    assert said(server) == [*OPENED, "open inner", "close inner", *CLOSED]


@on_trio
def test_on_trio_a_router_refuses_to_start_with_one_sentence(kind: Kind, tmp_path: Path) -> None:
    with running(kind, "lifespans:router", tmp_path) as server:
        server.wait()

    assert "a router needs asyncio, and the server runs another library's event loop." in server.log()


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
