"""What docs/testing-django.md says of pytest-django and pytest-timeout, in a project of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = {
    "pytest.ini": """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
DJANGO_SETTINGS_MODULE = shop_settings
pythonpath = .
""",
    "shop_settings.py": """
SECRET_KEY = "only for these tests"
ROOT_URLCONF = "shop_urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "a", "TEST": {"NAME": "b"}}}
ASGI_STACK = ["asgi_stack.middleware.RequestIDMiddleware"]
""",
    "shop_urls.py": """
import time

from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.urls import path


async def count(request):
    return HttpResponse(str(await Group.objects.acount()))


async def blocked(request):
    time.sleep(60)


urlpatterns = [
    path("async/", count),
    path("sync/", lambda request: HttpResponse(str(Group.objects.count()))),
    path("blocked/", blocked),
]
""",
    "test_shop.py": """
import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import Group

from asgi_stack.django.test import AsyncStackClient

every_view = pytest.mark.parametrize("url", ["/async/", "/sync/"])


@pytest.fixture
def group(db):
    return Group.objects.create(name="a")


@every_view
def test_plain(group, url):
    assert async_to_sync(AsyncStackClient().get)(url).content == b"1"


@every_view
@pytest.mark.django_db(transaction=True)
async def test_transaction(url):
    await Group.objects.acreate(name="a")
    assert (await AsyncStackClient().get(url)).content == b"1"


@pytest.mark.django_db
def test_nothing_stays():
    assert Group.objects.count() == 0


@every_view
async def test_trap(group, url):
    assert (await AsyncStackClient().get(url)).content == b"1"


@pytest.mark.timeout(0.3, method="signal")
async def test_time_limit():
    await AsyncStackClient().get("/blocked/")
""",
}


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What pytest says of each test."""
    pytest.importorskip("pytest_django")
    folder = tmp_path_factory.mktemp("shop")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-rA",
        "--tb=no",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "shop_settings"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    found = re.findall(r"^(?:PASSED|FAILED) test_shop.py::.*", done.stdout, re.MULTILINE)
    assert found, done.stdout + done.stderr
    return found


def outcomes(lines: list[str], name: str) -> set[str]:
    return {line.split()[0] for line in lines if f"::{name}" in line}


@pytest.mark.parametrize("name", ["test_plain", "test_transaction", "test_nothing_stays"])
def test_what_the_page_recommends_sees_its_rows_and_leaves_none(lines: list[str], name: str) -> None:
    assert outcomes(lines, name) == {"PASSED"}


def test_what_the_page_warns_of_does_not_see_them(lines: list[str]) -> None:
    assert outcomes(lines, "test_trap") == {"FAILED"}


def test_a_time_limit_of_the_runner_comes_out_as_it_is(lines: list[str]) -> None:
    (line,) = [line for line in lines if "::test_time_limit" in line]

    assert re.search(r"Timeout .*0\.3", line)
