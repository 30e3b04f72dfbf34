"""Whoever does what ``suggest`` prints is served as before, or was told what is another.

Each project of `tests.projects` is asked two dozen pages, an API, a preflight, a probe and a log-in: by
Django alone, and again when everything was done that the command printed for it. That is ``asgi.py`` first,
then the stack pasted into the settings, then what it calls superfluous taken out.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import django
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PROJECTS = ROOT / "tests/projects"
SUGGEST = ("-m", "django", "asgi_stack", "suggest")

# What may be another answer, if the output says so: by what it says, which answers may be taken for the same.
FIELDS = {"x-frame-options", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy"}
SAID = {
    "sends its fields with every answer": lambda then, now: now[0] == then[0] and _more_fields(then, now),
    "answers other hosts by a 400 of its own": lambda then, now: then[0] == now[0] == 400,
    "answers 403 by itself": lambda then, now: then[0] == now[0] == 403,
    "redirects with cache-control: private": lambda then, now: _same_redirect(then, now),
    "refuses other hosts first": lambda then, now: now[0] == 400,
    "answers preflights with 204, and with 403": lambda then, now: _same_preflight(then, now),
    "the layer compares all of an origin": lambda then, now: "evil" in str(then) and not _allowed(now),
}


def _fields(answer: Any) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in answer[1])


def _more_fields(then: Any, now: Any) -> bool:
    more = _fields(now).items() - _fields(then).items()
    return now[2:] == then[2:] and {name for name, _ in more} <= FIELDS and {*then[1]} <= {*now[1]}


def _same_redirect(then: Any, now: Any) -> bool:
    places = [_fields(answer).get("location", "") for answer in (then, now)]
    return places[0] == places[1] and places[0].startswith("https:") and (then[0], now[0]) == (301, 301)


def _allowed(answer: Any) -> str | None:
    return _fields(answer).get("access-control-allow-origin")


def _same_preflight(then: Any, now: Any) -> bool:
    """A browser would do the same: the same origin, methods and credentials, or none."""
    if _allowed(then) is None:
        return then[0] == 200 and now[0] in (200, 403) and _allowed(now) is None
    names = ("origin", "methods", "credentials")
    asked = [f"access-control-allow-{name}" for name in names] + ["access-control-max-age"]
    same = [_fields(then).get(name) == _fields(now).get(name) for name in asked]
    return then[0] == 200 and now[0] == 204 and all(same)


class Site:
    """A copy of a project, in which somebody does what is printed."""

    def __init__(self, name: str, place: Path, environment: Mapping[str, str]) -> None:
        self.name, self.place = name, place
        shutil.copytree(PROJECTS / name, place / name)
        self.environment = {"PROJECT_DB": str(place / "db.sqlite3"), **environment}

    def run(self, *command: str, **environment: str) -> str:
        known = {
            **os.environ,
            "PYTHONPATH": f"{self.place}{os.pathsep}{ROOT}",
            **self.environment,
            **environment,
        }
        known["DJANGO_SETTINGS_MODULE"] = f"{self.name}.settings"
        done = subprocess.run(
            [sys.executable, "-W", "error::RuntimeWarning", *command],
            cwd=self.place, env=known, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def answers(self, **environment: str) -> dict[str, Any]:
        return json.loads(self.run("-m", "tests.projects.drive", self.name, **environment))

    def file(self, name: str) -> Path:
        return self.place / self.name / f"{name}.py"

    def follow(self, *arguments: str, **environment: str) -> str:
        """Do what is printed, until nothing is left to do; return all that was printed."""
        printed = self.run(*SUGGEST, *arguments, **environment)
        if printed.startswith("# First of all, "):
            self.write_asgi(printed)
            self.paste(printed)
            printed = self.run(*SUGGEST, *arguments, **environment)
        told = json.loads(self.run(*SUGGEST, *arguments, "--format", "json", **environment))
        self.paste(printed)
        self.take_out(told["superfluous"])
        return printed

    def write_asgi(self, printed: str) -> None:
        lines = re.findall(r"^#   (.*)$", printed.partition("\n# Serve ")[0], re.MULTILINE)
        mode = "a" if "at its end" in printed else "w"
        with self.file("asgi").open(mode) as file:
            file.write("\n" + "\n".join(lines) + "\n")

    def paste(self, printed: str) -> None:
        with self.file("settings").open("a") as file:
            file.write("\n" + printed + "\n")

    def take_out(self, superfluous: list[str]) -> None:
        entries = [
            each.removeprefix("MIDDLEWARE: ") for each in superfluous if each.startswith("MIDDLEWARE: ")
        ]
        names = [each for each in superfluous if not each.startswith("MIDDLEWARE: ")]
        self.paste(
            f"MIDDLEWARE = [path for path in MIDDLEWARE if path not in {entries!r}]\n"
            + "".join(f"del {name}\n" for name in names)
        )


def differences(before: dict[str, Any], now: dict[str, Any], printed: str) -> dict[str, Any]:
    """What is answered otherwise, and is nothing that was announced."""
    announced = [is_same for text, is_same in SAID.items() if text in printed]
    return {
        title: (then, now[title])
        for title, then in before.items()
        if then != now[title] and not any(is_same(then, now[title]) for is_same in announced)
    }


NAMES = sorted(path.parent.name for path in PROJECTS.glob("*/settings.py"))


@pytest.mark.parametrize("name", NAMES)
def test_whoever_follows_the_suggestion_is_served_as_before(name: str, tmp_path: Path) -> None:
    if name == "embedded" and django.VERSION < (6,):
        pytest.skip("Django 5.2 has no policies")
    names: dict[str, Any] = {}
    exec((PROJECTS / name / "asked.py").read_text(encoding="utf-8"), names)
    development, production = names.get("DEVELOPMENT", {}), names.get("PRODUCTION", {})
    before = Site(name, tmp_path / "before", {}).answers(**production)
    site = Site(name, tmp_path / "after", {})
    printed = site.follow(*names.get("ARGUMENTS", ()), **development)
    site.run("-m", "django", "check", **production)

    assert differences(before, site.answers(**production), printed) == {}, printed
