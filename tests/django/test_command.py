"""``manage.py asgi_stack``: what it prints, and what it compares."""

import json
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from asgi_stack import Layer
from asgi_stack.django.declared import lines_of
from asgi_stack.django.describing import describe, describe_options
from tests.project import layers

BOX = "asgi_stack.middleware"
HOST = (f"{BOX}.TrustedHostMiddleware", {"allowed_hosts": ["example.com"]})


def run(*arguments: str, **settings: Any) -> str:
    out = StringIO()
    with override_settings(SETTINGS_MODULE="tests.project.settings", **settings):
        call_command("asgi_stack", *arguments, stdout=out)
    return out.getvalue()


def as_json(**settings: Any) -> Any:
    return json.loads(run("--format", "json", **settings))


STACK = [
    f"{BOX}.RequestIDMiddleware",
    HOST,
    layers.Shout,
    Layer(layers.Mark).only(path="/api").named("marks"),
    Layer(layers.Refuse).enabled_if(False),
]
PRINTED = """\
ASGI_STACK of tests.project.settings, outermost first

  1  asgi_stack.middleware.RequestIDMiddleware
       fused, in group 1
       from ASGI_STACK[0]

  2  asgi_stack.middleware.TrustedHostMiddleware
       allowed_hosts = ['example.com']
       fused, in group 1
       from ASGI_STACK[1]

  3  Shout
       is tests.project.layers.Shout
       from ASGI_STACK[2]

  4  marks
       only(path='/api')
       is tests.project.layers.Mark
       from ASGI_STACK[3]

  5  Refuse
       not enabled: it is absent
       is tests.project.layers.Refuse
       from ASGI_STACK[4]

Contexts, in the order in which they are entered
       'tests.project.contexts.database'
"""


def test_the_stack_is_printed_outermost_first() -> None:
    assert run(ASGI_STACK=STACK, ASGI_STACK_LIFESPAN=["tests.project.contexts.database"]) == PRINTED


def test_an_empty_stack_says_so() -> None:
    assert run() == "ASGI_STACK of tests.project.settings, outermost first\n\n     no layers\n"


def test_a_layer_is_told_with_the_line_of_the_settings_where_it_stands() -> None:
    out = StringIO()
    with override_settings(SETTINGS_MODULE="tests.project.late", ASGI_STACK=[layers.Shout]):
        call_command("asgi_stack", stdout=out)

    assert "from ASGI_STACK[0], tests/project/late.py:6" in out.getvalue()


def test_json_tells_the_same() -> None:
    data = as_json(ASGI_STACK=STACK)

    assert [layer["fused"] for layer in data["layers"]] == [1, 1, None, None, None]
    assert data["layers"][3] == {
        "name": "marks",
        "factory": "tests.project.layers.Mark",
        "options": {},
        "conditions": ["only(path='/api')"],
        "enabled": True,
        "fused": None,
        "declared": "ASGI_STACK[3]",
    }


def test_two_groups_are_told_apart() -> None:
    stack = [layers.Mark, layers.Mark, layers.Shout, layers.Mark, layers.Mark]

    assert [layer["fused"] for layer in as_json(ASGI_STACK=stack)["layers"]] == [1, 1, None, 2, 2]


def test_a_layer_with_a_context_is_listed_among_the_contexts() -> None:
    assert as_json(ASGI_STACK=[layers.Kept])["lifespan"] == ["layer 1 of 1, Kept"]


def test_a_snapshot_is_written_and_found_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "stack.json"
    written = run("--write", str(file), ASGI_STACK=STACK)

    assert (written, run("--check", str(file), ASGI_STACK=STACK)) == ("", "")
    assert json.loads(file.read_text())["settings"] == "tests.project.settings"


def test_a_stack_that_changed_fails_with_the_difference(tmp_path: Path) -> None:
    file = tmp_path / "stack.json"
    run("--write", str(file), ASGI_STACK=[HOST])
    changed = (HOST[0], {"allowed_hosts": ["other.org"]})

    with pytest.raises(
        CommandError, match=r"(?s)If it should be: --write .*\n-.*example\.com.*\n\+.*other\.org"
    ):
        run("--check", str(file), ASGI_STACK=[changed])


def test_a_snapshot_that_is_not_there_fails_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.json cannot be read: No such file.*Make it with --write"):
        run("--check", str(tmp_path / "none.json"))


UNUSABLE = [
    ({"ASGI_STACK": None}, "ASGI_STACK is not set"),
    (
        {"ASGI_STACK": ["tests.project.layers.FromEnvironment"]},
        r"cannot be built\.\n  layer 1 of 1, .*FromEnvironment: KeyError: 'POOL_URL'",
    ),
    ({"ASGI_STACK": ["no.where"]}, r"cannot be built\.\n  layer 1 of 1, no\.where: 'no\.where' cannot be"),
]


@pytest.mark.parametrize(("settings", "message"), UNUSABLE)
def test_a_stack_that_cannot_be_used_is_an_error_of_the_command(settings: Any, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(**settings)


@pytest.mark.parametrize("option", ["--check", "--write"])
def test_a_snapshot_is_never_of_a_suggestion(option: str) -> None:
    with pytest.raises(CommandError, match="leave 'suggest' out"):
        run("suggest", option, "file.json")


def function() -> None:
    """Stand for any function."""


class Thing:
    """Has a representation with an address in it."""


DESCRIBED = [
    ("redis://me:secret@host/1", "'redis://***@host/1'"),
    (function, f"{__name__}.function"),
    (partial(function), f"{__name__}.function"),
    (Thing(), f"<{__name__}.Thing object>"),
    ({"b", "a"}, "{'a', 'b'}"),
    (frozenset({2, 1}), "{1, 2}"),
    ((1,), "(1,)"),
    ((1, "a"), "(1, 'a')"),
    ([1, {"password": "x", "hosts": ["a"]}], "[1, {'password': '***', 'hosts': ['a']}]"),
    (None, "None"),
]


@pytest.mark.parametrize(("value", "text"), DESCRIBED, ids=[text for _, text in DESCRIBED])
def test_an_option_is_written_alike_in_every_process_and_without_secrets(value: Any, text: str) -> None:
    assert describe(value) == text


@pytest.mark.parametrize("name", ["password", "SECRET_KEY", "auth_token", "users", "credentials", "api_key"])
def test_an_option_whose_name_speaks_of_a_secret_is_masked(name: str) -> None:
    assert describe_options({name: {"me": "x"}}) == {name: "'***'"}
    assert describe_options({name: None}) == {name: "None"}


SETTINGS = {
    "a list": ("ASGI_STACK = [\n    'a.b',\n    'c.d',\n]\n", [2, 3]),
    "a tuple with a type": ("ASGI_STACK: tuple = ('a.b',)\n", [1]),
    "the last one counts": ("ASGI_STACK = ['a.b']\nASGI_STACK = [\n'c.d']\n", [3]),
    "a list that is made": ("ASGI_STACK = ['a.b'] + ['c.d']\n", []),
    "a list with others in it": ("ASGI_STACK = [*(), 'a.b']\n", []),
    "a list that is added to": ("ASGI_STACK = ['a.b']\nASGI_STACK += ['c.d']\n", []),
    "none": ("import os\nOTHER = [1]\nfor x in (): pass\n", []),
}


@pytest.mark.parametrize(("source", "lines"), SETTINGS.values(), ids=SETTINGS)
def test_lines_are_read_from_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, lines: list[int]
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    name = f"settings_{abs(hash(source))}"
    (tmp_path / f"{name}.py").write_text(source)
    with override_settings(SETTINGS_MODULE=name):
        assert lines_of("ASGI_STACK") == [f"{(tmp_path / name).as_posix()}.py:{line}" for line in lines]


def test_lines_are_found_in_the_settings_that_others_import_all_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "starred_settings"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "base.py").write_text("ASGI_STACK = ['a.b']\n")
    (package / "local.py").write_text("from .local import *\nfrom .base import *\nDEBUG = True\n")
    with override_settings(SETTINGS_MODULE="starred_settings.local"):
        assert lines_of("ASGI_STACK") == ["starred_settings/base.py:1"]


@pytest.mark.parametrize("module", [None, "no_such_package.settings", "builtins"])
def test_settings_without_a_source_have_no_lines(module: str | None) -> None:
    with override_settings(SETTINGS_MODULE=module):
        assert lines_of("ASGI_STACK") == []
