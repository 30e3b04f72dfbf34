"""Whoever follows CONTRIBUTING.md in a fresh checkout has a middleware that all tests accept."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.docs.run_page import blocks_of

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "CONTRIBUTING.md"
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.sqlite3")
# Of an installed package there is no checkout to follow the page in.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / "asgi_stack").exists(), reason="the package is installed"),
]

RECORDS = "_RECORDS = [\n"
FILES = {block.file: block.text.partition("\n")[2] for block in blocks_of(PAGE) if block.file}

# What a new class must pass, without the tests of all others.
OF_THE_NEW_ONE = "NoIndex or no_index or no-index or NO_INDEX or no_circle or recommended or in_the_box"
TESTS = {
    "tests/middleware/test_all.py tests/middleware/test_contract.py tests/middleware/test_any_head.py "
    "tests/middleware/test_order.py tests/grammar/test_linear_time.py tests/test_floors.py "
    "tests/test_circles.py tests/test_box.py tests/docs/test_lists.py tests/docs/test_links.py "
    "tests/test_docs.py tests/django/test_counterparts.py": OF_THE_NEW_ONE,
    "tests/docs/test_lists.py tests/docs/test_names_page.py tests/fuzz": "written or names or edge",
}


def run(place: Path, *command: str) -> None:
    # The copy is not what coverage is measured of.
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COVERAGE", "COV_"))}
    environment = {**kept, "PYTHONPATH": str(place), "DJANGO_SETTINGS_MODULE": "tests.project.settings"}
    done = subprocess.run(
        [sys.executable, *command], cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository in which somebody did what the page says."""
    place = tmp_path_factory.mktemp("fresh") / "checkout"
    shutil.copytree(ROOT, place, ignore=LEFT_OUT)
    for file, text in FILES.items():
        path = place / file
        if path.exists():
            source = path.read_text(encoding="utf-8")
            path.write_text(source.replace(RECORDS, RECORDS + text), encoding="utf-8")
        else:
            path.write_text(text, encoding="utf-8")
    run(place, "-m", "tests.docs.lists")
    return place


def test_the_page_writes_a_module_a_record_and_a_counterpart() -> None:
    assert [*FILES] == [
        "asgi_stack/middleware/no_index.py",
        "tests/middleware/cases.py",
        "asgi_stack/django/counterparts/no_index.py",
    ]


@pytest.mark.parametrize(("files", "chosen"), TESTS.items(), ids=["its own", "the lists"])
def test_whoever_follows_the_page_passes_the_tests(followed: Path, files: str, chosen: str) -> None:
    run(followed, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files.split(), "-k", chosen)


@pytest.mark.parametrize("name", ["middleware/no_index.py", "django/counterparts/no_index.py"])
def test_nothing_but_the_lists_was_written_beside_it(followed: Path, name: str) -> None:
    assert (followed / "asgi_stack" / name).read_text(encoding="utf-8") == FILES[f"asgi_stack/{name}"]


KNOWS_IT = """
import django
from django.test import override_settings
from asgi_stack.django import get_stack
from asgi_stack.django.suggestion import suggest

django.setup()
layer = "asgi_stack.middleware.NoIndexMiddleware"
robots = "x_robots_tag_middleware.middleware.XRobotsTagMiddleware"
with override_settings(ASGI_STACK=[layer], X_ROBOTS_TAG=["noindex", "noarchive"], MIDDLEWARE=[robots]):
    (found,) = get_stack()
    raise SystemExit(found.options != {"tag": "noindex, noarchive"} or layer not in suggest().entries)
"""


def test_settings_and_suggestion_know_the_counterpart(followed: Path) -> None:
    run(followed, "-c", KNOWS_IT)


@pytest.mark.skipif(find_spec("ruff") is None, reason="make check installs it")
def test_what_was_written_is_in_the_form_of_the_house(followed: Path) -> None:
    run(followed, "-m", "ruff", "format", "--check", ".")
    run(followed, "-m", "ruff", "check", ".")


@pytest.mark.skipif(find_spec("mypy") is None, reason="make check installs it")
def test_its_options_are_seen_by_a_type_checker(followed: Path) -> None:
    run(followed, "-m", "mypy", "tests/typing/options.py", "asgi_stack/django/counterparts")
