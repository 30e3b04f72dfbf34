"""Fixtures: every server in turn, serving the example or an application of ``apps/``."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.servers import EVERY_SERVER, KINDS, PATIENCE, Kind, Server, serving


def available(name: str) -> Kind:
    """The server *name*, or a skip that says what is missing; in CI nothing may be missing."""
    kind = KINDS[name]
    if missing := kind.missing():
        reason = f"{name} cannot run: {', '.join(missing)} is not installed"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return kind


@pytest.fixture(scope="session", params=EVERY_SERVER)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The example project, served by each server."""
    with serving(
        available(request.param), "mysite.asgi:application", tmp_path_factory.mktemp("log")
    ) as server:
        yield server


@pytest.fixture
def client(example: Server) -> Iterator[httpx.Client]:
    """A client of the example that trusts no proxy of the environment."""
    with httpx.Client(base_url=example.url, timeout=PATIENCE, trust_env=False) as client:
        yield client


@pytest.fixture(params=EVERY_SERVER)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each server, not yet started."""
    return available(request.param)


@pytest.fixture
def start(kind: Kind, tmp_path: Path) -> Iterator[Callable[[str], Server]]:
    """``start("module:app")`` serves an application of ``apps/`` until the end of the test."""
    with ExitStack() as servers:
        yield lambda app: servers.enter_context(serving(kind, app, tmp_path))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what starts servers, proxies and browsers to ``make everywhere``."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.everywhere)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[Any]:
    """Show what the servers of a failed test have logged."""
    report = yield
    if report.failed:
        for value in getattr(item, "funcargs", {}).values():
            if isinstance(value, Server):
                report.sections.append((f"log of {value.kind.name}", value.log()))
    return report
