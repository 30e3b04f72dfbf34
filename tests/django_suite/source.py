"""Getting the source archive of the Django that is installed: its tests are in no wheel."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

__all__ = ["NotObtainableError", "tests_of_django"]


class NotObtainableError(Exception):
    """The archive can be neither found nor downloaded."""


def tests_of_django(version: str) -> Path:
    """Return the directory of the tests of one Django, downloaded into the user's cache the first time."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "asgi_stack"
    tests = cache / f"django-{version}" / "tests"
    if not tests.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        _unpack(_download(version, cache), cache)
    return tests


def _download(version: str, cache: Path) -> Path:
    archive = cache / f"django-{version}.tar.gz"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    if not archive.exists():
        done = subprocess.run(
            [*command, "--dest", str(cache), f"Django=={version}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if not archive.exists():
            raise NotObtainableError(f"pip could not download {archive.name}: {done.stderr.strip()[-500:]}")
    return archive


def _unpack(archive: Path, cache: Path) -> None:
    with tarfile.open(archive) as opened:
        wanted = [member for member in opened if "/tests" in member.name]
        opened.extractall(cache, members=wanted, filter="data")
