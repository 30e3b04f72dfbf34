"""ASGI servers as processes on loopback: started, waited for with a bound, always ended, their log kept."""

import contextlib
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asgi_stack

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "mysite"
APPS = Path(__file__).parent / "apps"
PATIENCE = 30.0  # seconds; only ever waited in full when something is broken


def uvicorn(http: str) -> Callable[[str, int], list[str]]:
    return lambda app, port: ["uvicorn", app, "--port", str(port), "--http", http]


def hypercorn(app: str, port: int) -> list[str]:
    return ["hypercorn", app, "--bind", f"127.0.0.1:{port}", "--access-logfile", "-"]


def daphne(app: str, port: int) -> list[str]:
    return ["daphne", app, "--port", str(port), "--bind", "127.0.0.1"]


def hypercorn_on_trio(app: str, port: int) -> list[str]:
    return [*hypercorn(app, port), "--worker-class", "trio"]


def gunicorn(app: str, port: int) -> list[str]:
    return ["gunicorn", app, "--worker-class", "asgi", "--bind", f"127.0.0.1:{port}"]


def granian(app: str, port: int) -> list[str]:
    return ["granian", app, "--interface", "asgi", "--port", str(port)]


@dataclass(frozen=True)
class Kind:
    """A server that can be started: *needs* are the modules without which it cannot."""

    name: str
    command: Callable[[str, int], list[str]]
    needs: tuple[str, ...]
    has_lifespan: bool = True

    def missing(self) -> list[str]:
        return [module for module in self.needs if importlib.util.find_spec(module) is None]


KINDS = {
    kind.name: kind
    for kind in [
        Kind("uvicorn-h11", uvicorn("h11"), ("uvicorn", "h11")),
        Kind("uvicorn-httptools", uvicorn("httptools"), ("uvicorn", "httptools")),
        Kind("hypercorn", hypercorn, ("hypercorn",)),
        Kind("daphne", daphne, ("daphne",), has_lifespan=False),
        Kind("granian", granian, ("granian",)),
        Kind("gunicorn", gunicorn, ("gunicorn",)),
        Kind("hypercorn-trio", hypercorn_on_trio, ("hypercorn", "trio")),
    ]
}

# These two are served by where something is known to be different there.
EVERY_SERVER = [name for name in KINDS if name not in ("gunicorn", "hypercorn-trio")]
WITH_LIFESPAN = [name for name in EVERY_SERVER if KINDS[name].has_lifespan]


@dataclass
class Server:
    """A running server process."""

    kind: Kind
    port: int
    process: subprocess.Popen[bytes]
    log_file: Path = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def stop(self) -> int:
        """Ask the server to end, and wait until it did; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        """Wait until the server ends by itself; its exit code."""
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.kind.name} does not end:\n{self.log()}") from None

    def wait_until(self, condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Look again and again until *condition* holds, for at most *patience* seconds."""
        deadline = time.monotonic() + patience
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.kind.name}: waited in vain until {what}:\n{self.log()}")
            time.sleep(0.005)

    def check_alive(self) -> None:
        """Raise an error when the process has ended by itself."""
        if self.process.poll() is not None:
            raise AssertionError(f"{self.kind.name} ended with {self.process.returncode}:\n{self.log()}")

    def listens(self) -> bool:
        """Whether a connection is accepted; an error when the process has ended instead."""
        self.check_alive()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def environment(*paths: Path) -> dict[str, str]:
    """The environment of a server: *paths* and the package importable, and not measured for coverage."""
    package = Path(asgi_stack.__file__).parents[1]
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COVERAGE", "COV_"))}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "mysite.settings",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(str(path) for path in (*paths, package)),
        "PYTHONUNBUFFERED": "1",
    }


def launch(kind: Kind, app: str, folder: Path, paths: Sequence[Path] = (EXAMPLE, APPS)) -> Server:
    """Start *kind* with *app*, an import path in one of *paths*, working in *folder*."""
    port = free_port()
    log_file = folder / f"{kind.name}-{port}.log"
    command = [sys.executable, "-m", *kind.command(app, port)]
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment(*paths), stdout=log, stderr=subprocess.STDOUT
        )
    return Server(kind, port, process, log_file)


@contextlib.contextmanager
def running(kind: Kind, app: str, folder: Path, paths: Sequence[Path] = (EXAMPLE, APPS)) -> Iterator[Server]:
    """A process of *kind* that serves *app*; ended at the latest when the block is left."""
    server = launch(kind, app, folder, paths)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.terminate()
        try:
            server.process.wait(5)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()


@contextlib.contextmanager
def serving(kind: Kind, app: str, folder: Path) -> Iterator[Server]:
    """As `running`, once connections are accepted."""
    with running(kind, app, folder) as server:
        server.wait_until(server.listens, "it listens")
        yield server
