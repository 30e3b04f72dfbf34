"""A real browser on loopback: pages of several origins in it run cases, and the site tells what arrived."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.integration.conftest import available
from tests.integration.servers import PATIENCE, Kind, Server, serving

# Every name but those of this machine is unknown to the browser, and what it would ask for by itself is off.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--disable-extensions",
    "--disable-component-update",
    "--disable-background-networking",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP localhost 127.0.0.1, MAP *.localhost 127.0.0.1, "
    "EXCLUDE 127.0.0.1, MAP * ~NOTFOUND",
]


@dataclass(frozen=True)
class Case:
    """Requests of a page of *origin* to *url*, one after the other, and what both ends must tell.

    In *origin* and *url* ``:PAGE`` and ``:SITE`` stand for the ports of the two servers.
    """

    name: str
    origin: str
    url: str
    answers: list[str]
    arrived: list[str]
    steps: list[dict[str, Any]] = field(default_factory=lambda: [{}])
    kind: str = "fetch"

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Run:
    """What the page was told in each case, and what arrived at the site."""

    results: dict[str, list[str]]
    log: list[dict[str, str]]

    def answers(self, case: Case) -> list[str]:
        return self.results[case.name]

    def arrived(self, case: Case) -> list[str]:
        return self.fields(case, "line")

    def fields(self, case: Case, name: str) -> list[str]:
        """The values of a request field, ``"-"`` where a request had none."""
        return [entry.get(name, "-") for entry in self.log if entry["case"] == case.name]


def chromium() -> str:
    """The browser's command, or a skip where there is none; in CI nothing may be missing."""
    command = shutil.which("chromium")
    if command is None:
        reason = "chromium is not installed"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return command


@contextlib.contextmanager
def browsing(command: str, url: str, log_file: Path) -> Iterator[Server]:
    """A browser with *url* open and a profile of its own; no process of it is left."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        log_file.open("wb", buffering=0) as log,
        subprocess.Popen(
            [command, *FLAGS, f"--user-data-dir={home}", url],
            bufsize=0,
            env={**os.environ, "HOME": home},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        reader = Thread(target=shutil.copyfileobj, args=(process.stdout, log))
        reader.start()
        try:
            yield Server(Kind("chromium", lambda *_: [], ()), 0, process, log_file)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            # Some of its processes form groups of their own, and end when they miss it: the pipe ends last.
            reader.join(PATIENCE)


def run(cases: list[Case], folder: Path) -> Run:
    """Serve the page and the site, and let a browser run *cases*."""
    command, kind = chromium(), available("uvicorn-httptools")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        page = stack.enter_context(serving(kind, "cross_origin:page", folder))
        patch.setenv("PAGE_PORT", str(page.port))
        site = stack.enter_context(serving(kind, "cross_origin:site", folder))
        client = stack.enter_context(httpx.Client(timeout=PATIENCE, trust_env=False))
        client.put(f"{page.url}/cases", content=by_origin(cases, page.port, site.port)).raise_for_status()
        url = f"http://localhost:{page.port}/"
        browser = stack.enter_context(browsing(command, url, folder / "chromium.log"))

        def has_results() -> bool:
            browser.check_alive()
            return client.get(f"{page.url}/results").status_code == 200

        browser.wait_until(has_results, "the page has run its cases", 4 * PATIENCE)
        return Run(client.get(f"{page.url}/results").json(), client.get(f"{site.url}/log").json())


def by_origin(cases: list[Case], page: int, site: int) -> str:
    """The cases as the page reads them."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for case in cases:
        url = case.url if "?" in case.url else f"{case.url}?case={case.name.replace(' ', '+')}"
        entry = {"name": case.name, "kind": case.kind, "url": url, "steps": case.steps}
        groups.setdefault(case.origin, []).append(entry)
    return json.dumps(groups).replace(":PAGE", f":{page}").replace(":SITE", f":{site}")
