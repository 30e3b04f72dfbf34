"""The edge over HTTP/2, on the servers that speak it in clear: what HTTP/1.1 calls Host is ``:authority``."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.integration.conftest import available
from tests.integration.servers import PATIENCE, Server, serving

HTTPS = {"x-forwarded-proto": "https"}


@pytest.fixture(scope="module", params=["hypercorn", "granian"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(
        available(request.param), "edge_attacks:application", tmp_path_factory.mktemp("log")
    ) as server:
        yield server


def ask(
    server: Server, target: str, *, method: str = "GET", host: str = "example.com", **more: str
) -> httpx.Response:
    # Each by a connection of its own: one server now and then closes one after an early answer.
    headers = {"host": host, **HTTPS, **{name.replace("_", "-"): value for name, value in more.items()}}
    with httpx.Client(http1=False, http2=True, trust_env=False, timeout=PATIENCE) as client:
        response = client.request(method, f"{server.url}{target}", headers=headers)
    assert response.http_version == "HTTP/2"
    return response


@pytest.mark.parametrize("host", ["evil.com", "exampleXcom", "example.com.evil.com", "example.com:x"])
def test_attacks_12_to_15_another_authority_is_refused(server: Server, host: str) -> None:
    response = ask(server, "/", host=host)

    assert (response.status_code, response.text) == (400, "Bad Request\n")


@pytest.mark.parametrize("target", ["/a%2Fb", "/a/%2e%2e/b", "/%00", "/%252e/"])
def test_attack_18_a_path_that_layers_read_differently_is_refused(server: Server, target: str) -> None:
    assert ask(server, target).status_code == 400


def test_attack_19_many_fields_are_refused(server: Server) -> None:
    assert ask(server, "/", **{f"x_{number}": "b" for number in range(120)}).status_code == 431


def test_attack_17_a_redirect_keeps_the_path_and_names_the_authority(server: Server) -> None:
    response = ask(server, "/c%20d?x=%2F", x_forwarded_proto="http")

    assert (response.status_code, response.headers["location"]) == (301, "https://example.com/c%20d?x=%2F")


def test_attack_38_a_request_of_another_site_is_refused_with_all_fields(server: Server) -> None:
    response = ask(server, "/", method="POST", sec_fetch_site="cross-site", origin="https://foo.com.evil.com")

    assert (response.status_code, response.headers["vary"]) == (403, "Sec-Fetch-Site, Origin")
    assert "strict-transport-security" in response.headers


def test_an_honest_request_reaches_django(server: Server) -> None:
    found = json.loads(ask(server, "/page", x_forwarded_for="203.0.113.9").text)

    assert (found["client"], found["secure"], found["host"]) == ("203.0.113.9", True, "example.com")
