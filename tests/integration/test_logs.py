"""Which lines of a server bear the id of the request, as docs/middleware/request-id.md says."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.integration.apps.logged_settings import LOGGING
from tests.integration.conftest import available
from tests.integration.servers import PATIENCE, Server, serving

ID = "[0-9a-f]{32}"
ACCESS = {
    "uvicorn-h11": "uvicorn.access",
    "uvicorn-httptools": "uvicorn.access",
    "hypercorn": "hypercorn.access",
    "granian": "granian.access",
    "gunicorn": "gunicorn.access",
}
FAILURE = {
    "uvicorn-h11": "uvicorn.error",
    "uvicorn-httptools": "uvicorn.error",
    "hypercorn": "hypercorn.error",
    "granian": "_granian.utils",
    "gunicorn": "gunicorn.error",
}


def with_its_log(name: str, folder: Path) -> list[str]:
    """What a server is told on its command line, so that it writes an access line, and by our handler."""
    if name == "hypercorn":
        (folder / "log.json").write_text(json.dumps(LOGGING), "utf-8")
    return {
        "hypercorn": ["--log-config", f"json:{folder / 'log.json'}"],
        "granian": ["--access-log"],
        "gunicorn": ["--access-logfile", "-"],
    }.get(name, [])


@pytest.fixture(scope="module", params=[*ACCESS, "daphne"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder, kind = tmp_path_factory.mktemp("log"), available(request.param)
    more = with_its_log(kind.name, folder)
    told = replace(kind, command=lambda app, port: [*kind.command(app, port), *more])
    with serving(told, "logged:app", folder) as server:
        yield server


def get(server: Server, path: str) -> httpx.Response:
    return httpx.get(server.url + path, timeout=PATIENCE, trust_env=False)


def test_the_access_line_bears_the_id_that_the_client_was_told(server: Server) -> None:
    request_id = get(server, "/page").headers["x-request-id"]
    if server.kind.name == "daphne":
        server.wait_until(lambda: '"GET /page" 204' in server.log(), "the access line is there")
        assert request_id not in server.log()
    else:
        line = f"[{request_id}] {ACCESS[server.kind.name]}: "
        server.wait_until(lambda: line in server.log(), "the access line bears the id")


def test_the_traceback_bears_an_id(server: Server) -> None:
    get(server, "/fail")
    # Daphne writes it in no request's context.
    logger, of_request = FAILURE.get(server.kind.name, "daphne.server"), server.kind.name in FAILURE
    head = rf"^\[{ID if of_request else '-'}\] {re.escape(logger)}: .*"
    line = re.compile(rf"{head}\n(?:.*\n)*?Traceback", re.MULTILINE)

    server.wait_until(lambda: line.search(server.log()) is not None, "the traceback is there")
