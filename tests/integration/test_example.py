"""The example project over real HTTP, on every server."""

import re
import uuid

import httpx
import pytest

from tests.integration.servers import Server
from tests.integration.wire import exchange, request_bytes

CLOSE = "Connection: close"


@pytest.mark.parametrize(("path", "view"), [("/", "asynchronous"), ("/sync/", "synchronous")])
def test_a_page_of_either_kind_of_view_shows_the_stack_around_it(
    client: httpx.Client, path: str, view: str
) -> None:
    page = client.get(path)

    assert page.status_code == 200
    assert all(text in page.text for text in [view, "RequestIDMiddleware", "ErrorBoundaryMiddleware"])


def test_the_page_and_the_header_name_the_same_request_id(client: httpx.Client) -> None:
    page = client.get("/")

    assert f'<dd id="request-id">{page.headers["x-request-id"]}</dd>' in page.text


def test_two_requests_of_one_connection_have_two_ids(client: httpx.Client) -> None:
    first, second = client.get("/sync/"), client.get("/sync/")

    assert first.headers["x-request-id"] != second.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/", "/stream/", "/error/", "/nowhere/"])
def test_every_answer_carries_each_header_of_the_stack_once(example: Server, path: str) -> None:
    answer = exchange(example, request_bytes("GET", path, "localhost", CLOSE))

    names = ["x-request-id", "server-timing", "x-content-type-options", "content-type"]
    assert {name: len(answer.all(name)) for name in names} == dict.fromkeys(names, 1)


@pytest.mark.parametrize("path", ["/", "/sync/"])
def test_head_has_the_length_of_the_page_and_no_body(example: Server, path: str) -> None:
    answer = exchange(example, request_bytes("HEAD", path, "localhost", CLOSE))

    assert (answer.status, answer.body) == (200, b"")
    assert int(*answer.all("content-length")) > 1000


def test_the_stylesheet_of_the_admin_is_served_with_the_headers_of_the_stack(client: httpx.Client) -> None:
    sheet = client.get("/static/admin/css/base.css")

    assert (sheet.status_code, sheet.headers["content-type"]) == (200, "text/css")
    assert "x-request-id" in sheet.headers


def test_a_stream_arrives_whole(client: httpx.Client) -> None:
    with client.stream("GET", "/stream/", params={"count": 100, "size": 10_000}) as response:
        received = sum(map(len, response.iter_bytes()))

    assert (response.status_code, received) == (200, 1_000_000)


def test_a_stream_is_refused_beyond_its_limit(client: httpx.Client) -> None:
    assert client.get("/stream/", params={"count": 2**40}).status_code == 400


@pytest.mark.parametrize("size", [10, 3_000_000])
def test_an_upload_arrives_whole(client: httpx.Client, size: int) -> None:
    client.get("/upload/")
    token = {"X-CSRFToken": client.cookies["csrftoken"]}
    page = client.post("/upload/", headers=token, files={"file": ("a.bin", b"x" * size)})

    assert f"a.bin: {size} bytes received." in page.text


def test_a_view_that_raises_becomes_a_500_inside_of_the_stack(client: httpx.Client) -> None:
    page = client.get("/error/")

    assert page.status_code == 500
    assert "always fails" in page.text


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example"])
def test_a_request_for_another_host_is_refused(example: Server, host: str) -> None:
    answer = exchange(example, request_bytes("GET", "/", host, CLOSE))

    assert answer.status == 400
    assert host.encode() not in answer.body


def test_a_refused_request_has_the_headers_of_the_layers_outside(example: Server) -> None:
    answer = exchange(example, request_bytes("GET", "/", "evil.example", CLOSE))

    assert len(answer.all("x-request-id")) == 1
    assert answer.all("x-content-type-options") == ["nosniff"]


def test_a_client_that_leaves_stops_the_stream(example: Server, client: httpx.Client) -> None:
    name = uuid.uuid4().hex
    with example.connect() as connection:
        connection.sendall(request_bytes("GET", f"/stream/?count=16384&size=65536&name={name}"))
        assert connection.recv(65536)

    def stopped() -> bool:
        return client.get("/stream/progress/", params={"name": name}).json()["state"] == "stopped"

    example.wait_until(stopped, "the stream of a client that left is stopped")


def test_the_state_made_at_the_start_reaches_a_view(example: Server, client: httpx.Client) -> None:
    expected = "s ago" if example.kind.has_lifespan else "this server runs no lifespan"

    assert expected in client.get("/").text


def test_no_server_complains_about_the_lifespan(example: Server, client: httpx.Client) -> None:
    client.get("/")

    # Not in the frames of tracebacks: the checkout may lie in a folder of that name.
    complaint = r"^(?! *File ).*(lifespan.*(unsupported|error|fail)|can only handle)"
    assert not re.search(complaint, example.log(), re.IGNORECASE | re.MULTILINE)
