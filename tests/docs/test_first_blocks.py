"""Each way of use that the README shows, pasted into a new project and served: the site works as before.

The blocks are taken from the page itself. The project is what ``startproject`` makes, and nothing else.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.docs.run_page import Block, blocks_of
from tests.integration.servers import KINDS, Server, environment, running

# Starts a server.
pytestmark = pytest.mark.everywhere

README = Path(__file__).parents[2] / "README.md"
UVICORN = KINDS["uvicorn-h11"]


def blocks(file: str) -> list[Block]:
    return [block for block in blocks_of(README) if block.file == file]


INSTALLED, IN_SETTINGS = blocks("mysite/settings.py")
WAYS = dict(zip(["in asgi.py", "in settings"], blocks("mysite/asgi.py"), strict=True))


def new_project(folder: Path) -> Path:
    command = [sys.executable, "-m", "django", "startproject", "mysite", str(folder)]
    subprocess.run(command, check=True, env=environment())
    return folder


def paste(way: str, project: Path) -> None:
    with (project / "mysite/settings.py").open("a", encoding="utf-8") as settings:
        settings.write(INSTALLED.text + (IN_SETTINGS.text if way == "in settings" else ""))
    (project / "mysite/asgi.py").write_text(WAYS[way].text, encoding="utf-8")


@pytest.fixture(scope="module", params=WAYS)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    project = new_project(tmp_path_factory.mktemp("project"))
    paste(request.param, project)
    with running(UVICORN, "mysite.asgi:application", project, paths=[project]) as server:
        server.wait_until(server.listens, "it listens")
        yield server


@pytest.mark.parametrize("path", ["/", "/static/admin/css/base.css", "/admin/login/?next=/admin/"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_new_project_works_with_the_block_as_it_is_pasted(served: Server, path: str, host: str) -> None:
    page = httpx.get(f"http://{host}:{served.port}{path}", trust_env=False)

    assert page.status_code == 200
    assert "x-request-id" in page.headers


def test_nothing_is_complained_of_in_the_log(served: Server) -> None:
    assert not any(word in served.log() for word in ("Traceback", "ERROR", "WARNING", "unsupported"))


@pytest.mark.parametrize("way", WAYS)
def test_the_system_checks_of_such_a_project_are_clean(way: str, tmp_path: Path) -> None:
    project = new_project(tmp_path)
    paste(way, project)
    command = [sys.executable, "manage.py", "check", "--fail-level", "WARNING"]
    done = subprocess.run(
        command, cwd=project, env=environment(project), capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("way", WAYS)
def test_the_blocks_import_nothing_that_was_not_installed(way: str) -> None:
    imported = {
        line.split()[1].partition(".")[0] for line in WAYS[way].text.splitlines() if "import " in line
    }

    assert imported <= {"os", "django", "asgi_stack"}
