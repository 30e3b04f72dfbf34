"""What Django routes by besides the scope: asked where Django is loaded and set up, and nowhere else."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from django.test import override_settings

from asgi_stack.grammar.django_routing import (
    believes_forwarded_host,
    forced_script_name,
    is_django_handler,
    with_script_name,
)
from asgi_stack.grammar.host_patterns import HostPatterns
from asgi_stack.grammar.path_prefixes import PathPrefixes
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from asgi_stack.types import Scope

ADMIN = PathPrefixes(["/admin"])
ROOT = Path(__file__).parents[2]


def test_a_setting_that_a_test_overrides_is_read_at_once() -> None:
    before = forced_script_name(), believes_forwarded_host()
    with override_settings(FORCE_SCRIPT_NAME="/pre", USE_X_FORWARDED_HOST=True):
        within = forced_script_name(), believes_forwarded_host()

    assert (before, within) == (("", False), ("/pre", True))


@pytest.mark.parametrize("loading", ["", "import django.conf; "])
def test_where_django_is_not_set_up_nobody_routes_by_it_and_it_stays_so(loading: str) -> None:
    code = (
        f"{loading}from asgi_stack.grammar.django_routing import *;"
        "print([forced_script_name(), believes_forwarded_host(), is_django_handler(print)])"
    )
    # Whoever sets it up imports this module.
    environ = {"DJANGO_SETTINGS_MODULE": "no.such.settings", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "['', False, False]"


def test_a_handler_of_django_is_told_from_others() -> None:
    assert (is_django_handler(get_asgi_application()), is_django_handler(Recorder())) == (True, False)


@pytest.mark.parametrize(
    ("given", "name", "routed"), [("", "/pre", "/pre"), ("/x", "/pre", "/pre"), ("/x", None, "/x")]
)
def test_the_root_path_becomes_the_one_that_django_goes_by(given: str, name: str | None, routed: str) -> None:
    with override_settings(FORCE_SCRIPT_NAME=name):
        assert with_script_name(http_scope("/", root_path=given))["root_path"] == routed


@pytest.mark.parametrize("name", [None, "/pre"])
def test_a_scope_that_says_it_already_is_the_very_same(name: str | None) -> None:
    scope = http_scope("/", root_path="/pre")
    with override_settings(FORCE_SCRIPT_NAME=name):
        assert with_script_name(scope) is scope


@pytest.mark.parametrize(
    ("path", "may", "surely"),
    [
        ("/pre/admin", True, False),
        ("/admin", True, True),
        ("/pre/pre/admin", False, False),
        ("/x", False, False),
    ],
)
@override_settings(FORCE_SCRIPT_NAME="/pre")
def test_where_django_may_be_one_of_several_both_readings_count(path: str, may: bool, surely: bool) -> None:
    assert (ADMIN.may_cover(http_scope(path)), ADMIN.surely_covers(http_scope(path))) == (may, surely)


@override_settings(FORCE_SCRIPT_NAME="/pre")
def test_a_websocket_is_never_for_django() -> None:
    scope = websocket_scope("/pre/admin")

    assert (ADMIN.may_cover(scope), PathPrefixes(["/pre"]).surely_covers(scope)) == (False, True)


HOSTS = HostPatterns(["admin.example.com"])


@pytest.mark.parametrize("believed", [True, False])
@pytest.mark.parametrize("host", ["admin.example.com", "www.example.com"])
def test_a_forwarded_host_leaves_the_host_in_doubt_where_django_believes_it(
    host: str, believed: bool
) -> None:
    headers: Any = {"host": host, "x-forwarded-host": "x"}
    scope: Scope = http_scope("/", headers=headers)
    is_admin = host.startswith("admin")

    with override_settings(USE_X_FORWARDED_HOST=believed):
        assert HOSTS.may_name(scope) is (is_admin or believed)
        assert HOSTS.surely_names(scope) is (is_admin and not believed)
