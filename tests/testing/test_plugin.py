import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from asgi_stack.testing import ASGIClient, ManualClock, Recorder
from asgi_stack.testing.plugin import asgi_client, asgi_clock, asgi_recorder

__all__ = ["asgi_client", "asgi_clock", "asgi_recorder"]

# Each test starts pytest.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
# pytest-django, where it is installed, loads Django.
PLUGINS = ["-p", "no:cacheprovider", "-p", "no:django"]
LOOP = "asyncio_default_fixture_loop_scope=function"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run pytest on one file, in a folder where asgi_stack is installed with its entry point."""
    installed = tmp_path / "site" / "asgi_stack-0.dist-info"
    installed.mkdir(parents=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (name, target), *_ = project["entry-points"]["pytest11"].items()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: asgi_stack\nVersion: 0\n")
    (installed / "entry_points.txt").write_text(f"[pytest11]\n{name} = {target}\n")

    def run_pytest(test: str, *options: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "test_it.py").write_text(test)
        command = [sys.executable, "-m", "pytest", "-q", *PLUGINS, "-o", LOOP, *options]
        path = os.pathsep.join([str(installed.parent), str(ROOT)])
        environment = {**os.environ, "PYTHONPATH": path}
        return subprocess.run(
            [*command, "test_it.py"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run_pytest


async def test_the_fixtures_make_the_things_of_the_kit(
    asgi_client: Callable[..., ASGIClient],
    asgi_recorder: Callable[..., Recorder],
    asgi_clock: ManualClock,
) -> None:
    async with asgi_client(asgi_recorder(status=204), timeout=1) as client:
        assert (await client.get("/")).status == 204

    assert asgi_clock() == 0


ASYNC_TEST = """
import pytest

{mark}
async def test_it(asgi_client, asgi_recorder):
    async with asgi_client(asgi_recorder()) as client:
        assert (await client.get("/")).status == 200
"""


@pytest.mark.parametrize(("mode", "mark"), [("auto", ""), ("strict", "@pytest.mark.asyncio")])
def test_it_works_in_both_modes_of_pytest_asyncio(run: Run, mode: str, mark: str) -> None:
    done = run(ASYNC_TEST.format(mark=mark), f"--asyncio-mode={mode}", "-W", "error")

    assert "1 passed" in done.stdout, done.stdout


def test_an_application_that_is_left_running_is_an_error_of_the_test(run: Run) -> None:
    test = """
import asyncio

async def never(scope, receive, send):
    await asyncio.Event().wait()

async def test_it(asgi_client):
    try:
        await asgi_client(never, timeout=0.001).get("/")
    except TimeoutError:
        pass
"""
    done = run(test, "--asyncio-mode=auto")

    assert "1 passed, 1 error" in done.stdout, done.stdout
    assert (
        "LeftRunningError: asgi_client: the application was left running when the test was over"
        in done.stdout
    )


def test_a_run_that_does_not_use_it_loads_next_to_nothing(run: Run) -> None:
    test = """
import sys

def test_it():
    kit = {name for name in sys.modules if name.startswith("asgi_stack.testing.")}
    assert kit == {"asgi_stack.testing.plugin"}
    assert "django" not in sys.modules
"""
    done = run(test)

    assert "1 passed" in done.stdout, done.stdout


def test_a_name_that_the_kit_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(ImportError, match="cannot import name 'Recoder'"):
        from asgi_stack.testing import Recoder  # noqa: F401
