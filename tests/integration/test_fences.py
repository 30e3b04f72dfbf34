"""Fences on every server: whatever a client spells, what is guarded stays guarded.

The requests are raw bytes, as no client library would send them. That the spellings matter is shown by the
same applications without a fence, which serve the secret for many of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from tests.integration.conftest import available
from tests.integration.servers import EVERY_SERVER, Kind, Server, serving
from tests.integration.wire import request_bytes

SECRET = b"what only operators may see"
CLOSE = "Connection: close"
OPERATOR = "Authorization: Basic b3BzOmEgcGFzc3dvcmQ="
SOCKET = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
]
ROOT_PATH = {
    "uvicorn-h11": "--root-path",
    "uvicorn-httptools": "--root-path",
    "hypercorn": "--root-path",
    "daphne": "--root-path",
    "granian": "--url-path-prefix",
}

TARGETS = [
    "/admin", "/admin/", "/admin/file.txt", "/pre/admin", "/pre/admin/", "/pre/admin/file.txt", "//admin/",
    "//admin/file.txt", "///admin//file.txt", "/admin//file.txt", "/pre//admin/file.txt", "//pre/admin/",
    "/pre/pre/admin/", "/./admin/file.txt", "/x/../admin/file.txt", "/public/../admin/file.txt",
    "/public//../admin/file.txt", "/public/%2e%2e/admin/file.txt", "/public/..%2fadmin%2Ffile.txt",
    "/public%2F..%2Fadmin/file.txt", "/..%2Fadmin/file.txt", "/public/..%5Cadmin%5Cfile.txt", "/%61dmin/",
    "/%2561dmin/", "/%61dmin/file.txt", "/admin%0a", "/admin%0A/", "/admin/%0a", "/admin%0d%0a",
    "/admin%2Ffile.txt", "/admin/file.txt/", "/admin/file.txt%0a", "/admin/./file.txt",
    "/admin/x/../file.txt", "/ADMIN/", "/admin;x/", "/admin/..;/admin/", "/admin%00", "/admin?x=/public",
    "/admin/%23", "/admin%20/", "http://host/admin/", "http://host//admin/file.txt", "admin/", "*",
    "/\\admin/file.txt", "\\admin",
]  # fmt: skip


def below(kind: Kind, root: str) -> Kind:
    """The same server, told that the application is below a path."""
    return replace(kind, command=lambda app, port: [*kind.command(app, port), ROOT_PATH[kind.name], root])


@pytest.fixture(scope="module", params=[*EVERY_SERVER, "gunicorn"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Each server, and Django with ``FORCE_SCRIPT_NAME``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FENCED_SCRIPT_NAME", "/pre")
        with serving(
            available(request.param), "fenced:application", tmp_path_factory.mktemp("log")
        ) as server:
            yield server


@pytest.fixture(scope="module", params=ROOT_PATH)
def server_below(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Each server with a root path that has a slash at its end, on which no two applications agree."""
    kind = below(available(request.param), "/pre/")
    with serving(kind, "fenced:application", tmp_path_factory.mktemp("log")) as server:
        yield server


def sent(server: Server, method: str, target: str, hosts: list[str], *lines: str) -> bytes:
    """What the server sends until it hangs up, has refused a handshake, or has told the secret."""
    received = b""
    with server.connect() as connection:
        connection.settimeout(1.0)
        try:
            connection.sendall(
                request_bytes(method, target, None, *[f"Host: {host}" for host in hosts], *lines)
            )
            while SECRET not in received and not is_refusal(received, lines):
                if not (piece := connection.recv(65536)):
                    break
                received += piece
        except OSError:  # it stays silent, or hangs up on what it cannot read
            pass
    return received


def is_refusal(received: bytes, lines: tuple[str, ...]) -> bool:
    return CLOSE not in lines and b"\r\n\r\n" in received and b" 101 " not in received


def gives_away(server: Server, site: str, targets: Iterable[str] = TARGETS) -> set[str]:
    """The targets for which a site tells its secret to everybody."""
    lines = SOCKET if site.startswith("channels") else [CLOSE]
    return {target for target in targets if SECRET in sent(server, "GET", target, [site], *lines)}


BY_PATH = {
    "django": {"/admin/", "/pre/admin/", "/public/../admin/file.txt"},
    "starlette": {"/admin", "/admin%0a"},
    "files": {"/admin/file.txt", "//admin/file.txt", "/public/../admin/file.txt", "/x/../admin/file.txt"},
    "all-but-public": {"/admin/file.txt", "//admin/file.txt", "/public/%2e%2e/admin/file.txt"},
    "channels": {"/admin/"},
}
"""Each application, and targets by which it gives its secret away on every server where nothing guards it."""


@pytest.mark.parametrize("site", BY_PATH)
def test_no_spelling_of_a_path_walks_around_a_fence(server: Server, site: str) -> None:
    assert gives_away(server, f"{site}.fenced.test") == set()


@pytest.mark.parametrize("site", BY_PATH)
def test_no_root_path_with_a_slash_at_its_end_opens_a_fence(server_below: Server, site: str) -> None:
    assert gives_away(server_below, f"{site}.fenced.test") == set()


@pytest.mark.parametrize("site", BY_PATH)
def test_without_the_fence_the_spellings_lead_to_what_it_guards(server: Server, site: str) -> None:
    assert gives_away(server, f"{site}.bare.test", BY_PATH[site]) == BY_PATH[site]


@pytest.mark.parametrize(
    ("site", "target"),
    [
        ("django", "/admin/"),
        ("starlette", "/admin"),
        ("files", "/admin/file.txt"),
        ("by-method", "/by-method"),
    ],
)
def test_who_may_come_in_comes_in(server: Server, site: str, target: str) -> None:
    method = "POST" if site == "by-method" else "GET"
    received = sent(server, method, target, [f"{site}.fenced.test"], CLOSE, OPERATOR, "Content-Length: 0")

    assert SECRET in received


@pytest.mark.parametrize("site", ["files", "all-but-public"])
def test_what_is_not_guarded_is_for_everybody(server: Server, site: str) -> None:
    received = sent(server, "GET", "/public/file.txt", [f"{site}.fenced.test"], CLOSE)

    assert b"what everybody may see" in received


METHODS = ["POST", "post", "Post", "pOST", "POST\t", "PO%53T"]


def test_no_spelling_of_a_method_walks_around_a_fence(server: Server) -> None:
    told = {
        method
        for method in METHODS
        if SECRET in sent(server, method, "/by-method", ["by-method.fenced.test"], CLOSE, "Content-Length: 0")
    }

    assert told == set()


HOSTS = [
    ["admin.test"], ["ADMIN.test"], ["admin.test."], ["admin.test:80"], ["admin.test:65536"],
    ["admin.test:99999"],
    ["admin.test:" + "0" * 250 + "1"], ["admin.test", "x"], ["x", "admin.test"], ["admin.test", "admin.test"],
    ["admin.test, x"], ["admin.test:x"], ["admin.test:"], ["x@admin.test"], [" admin.test"],
    ["admin.test/x"], ["admin\u00ad.test"], [],
]  # fmt: skip


def test_no_spelling_of_a_host_walks_around_a_fence(server: Server) -> None:
    assert [hosts for hosts in HOSTS if SECRET in sent(server, "GET", "/by-host", hosts, CLOSE)] == []
    assert SECRET in sent(server, "GET", "/by-host", ["admin.test"], CLOSE, OPERATOR)
