"""The settings that docs/recipes/proxies.md shows, with nginx and HAProxy themselves in front of the edge."""

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import available
from tests.integration.servers import PATIENCE, ROOT, Kind, Server, free_port, serving
from tests.integration.wire import Answer, parse, request_bytes

PAGE = ROOT / "docs" / "recipes" / "proxies.md"
CLIENT = "127.0.0.3"  # another address of this machine, so that the client is not the proxy

NGINX = """\
daemon off; pid nginx.pid; error_log stderr; events {{}}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fcgi; uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
    server {{ listen 127.0.0.1:{port}; {example} }}
}}
"""
HAPROXY = """\
defaults
    mode http
    timeout client 30s
    timeout server 30s
    timeout connect 30s
frontend front
    bind 127.0.0.1:{port}
    default_backend site
{example}
"""


def nginx(config: str, _: int) -> list[str]:
    return ["nginx", "-p", str(Path(config).parent), "-c", config]


def haproxy(config: str, _: int) -> list[str]:
    return ["haproxy", "-db", "-f", config]


PROXIES: dict[str, tuple[Callable[[str, int], list[str]], str]] = {
    "nginx": (nginx, NGINX),
    "haproxy": (haproxy, HAPROXY),
}


def example(name: str, port: int) -> str:
    """The settings that the page shows, with the application on *port*."""
    found = re.search(rf"```{name}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return re.sub(r"[\d.]+:8000\b", f"127.0.0.1:{port}", found[1] if found else "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORWARDED_ALLOW_IPS", "")
        kind = available("uvicorn-httptools")
        with serving(kind, "edge_attacks:application", tmp_path_factory.mktemp("log")) as server:
            yield server


@pytest.fixture(scope="module", params=PROXIES)
def proxy(
    request: pytest.FixtureRequest, site: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The proxy in front of the site."""
    name, folder, port = request.param, tmp_path_factory.mktemp("proxy"), free_port()
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    command, template = PROXIES[name]
    config, log_file = folder / "config", folder / "log"
    config.write_text(template.format(port=port, example=example(name, site.port)))
    with log_file.open("wb") as log:
        process = subprocess.Popen(command(str(config), port), stdout=log, stderr=subprocess.STDOUT)
    server = Server(Kind(name, command, ()), port, process, log_file)
    try:
        server.wait_until(server.listens, "it listens")
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)


def ask(proxy: Server, *lines: str) -> Answer:
    data = request_bytes("GET", "/plain", "example.com", "Connection: close", *lines)
    with socket.create_connection(("127.0.0.1", proxy.port), PATIENCE, (CLIENT, 0)) as connection:
        connection.sendall(data)
        return parse(b"".join(iter(lambda: connection.recv(65536), b"")))


def seen(proxy: Server, *lines: str) -> dict[str, Any]:
    return json.loads(ask(proxy, *lines).body)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["X-Forwarded-For: 6.6.6.6"],
        ["X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 127.0.0.1"],
        ["X_Forwarded_For: 6.6.6.6", "Forwarded: for=6.6.6.6", "X-Real-IP: 6.6.6.6"],
        ["Connection: X-Forwarded-For, close"],
    ],
)
def test_the_client_is_who_came_to_the_proxy(proxy: Server, lines: list[str]) -> None:
    found = seen(proxy, *lines)

    assert found["client"] == CLIENT
    assert not [name for name in found["names"] if "FORWARD" in name or "REAL_IP" in name]


def test_nobody_else_chooses_the_scheme_or_the_host(proxy: Server) -> None:
    found = seen(proxy, "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.com")

    assert (found["secure"], found["host"]) == (False, "example.com")
