"""Layers go by the hosts that are declared, whatever Django's middleware makes of the setting."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.asgi import get_asgi_application as make_handler
from django.core.management import call_command
from django.test import override_settings

from asgi_stack.django import get_asgi_application, get_stack
from asgi_stack.django.checks import check_deployment
from asgi_stack.testing import http_scope
from tests.helpers import call

HOST = "asgi_stack.middleware.TrustedHostMiddleware"
REPLACING = [f"{__name__}.Replacing"]


class Replacing:
    """Lets every host in, as django-allow-cidr does, and would look at it by itself."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response
        settings.ALLOWED_HOSTS = ["*"]

    def __call__(self, request: Any) -> Any:
        return self.get_response(request)


@pytest.fixture(autouse=True)
def replaced() -> Iterator[None]:
    with override_settings(ALLOWED_HOSTS=["a.example"], MIDDLEWARE=REPLACING, ASGI_STACK=[HOST]):
        yield


def hosts() -> Any:
    (layer,) = get_stack()
    return layer.options["allowed_hosts"]


def shown() -> str:
    out = StringIO()
    call_command("asgi_stack", stdout=out)
    return out.getvalue()


async def test_what_is_served_goes_by_the_hosts_that_are_declared() -> None:
    application = get_asgi_application()
    scope = http_scope(headers={"host": "else.example"})

    assert (await call(application, scope)).status == 400
    assert settings.ALLOWED_HOSTS == ["*"]


def test_the_command_shows_what_is_served_before_and_after() -> None:
    before = shown()
    get_asgi_application()
    get_asgi_application()

    assert "allowed_hosts = ['a.example']" in before
    assert shown() == before


def test_a_setting_that_a_test_overrides_counts_anew() -> None:
    get_asgi_application()
    with override_settings(ALLOWED_HOSTS=["b.example"]):
        assert hosts() == ["b.example"]
        get_asgi_application()
        assert hosts() == ["b.example"]
    assert hosts() == ["a.example"]


def test_a_handler_that_replaces_nothing_changes_nothing() -> None:
    with override_settings(MIDDLEWARE=[]):
        get_asgi_application()

    assert hosts() is settings.ALLOWED_HOSTS


BEFORE = "from django.core.asgi import get_asgi_application\nfrom asgi_stack.django import get_stack\n"
HANDLER_FIRST = BEFORE + "inner = get_asgi_application()\napplication = get_stack().wrap(inner)\n"
STACK_FIRST = BEFORE + "stack = get_stack()\napplication = stack.wrap(get_asgi_application())\n"
OURS = "from asgi_stack.django import get_asgi_application\napplication = get_asgi_application()\n"


def test_w018_accuses_a_stack_that_is_read_after_the_handler_is_made(project: Any) -> None:
    name = project(asgi=HANDLER_FIRST)
    with override_settings(ASGI_APPLICATION=f"{name}.asgi.application"):
        (message,) = [one for one in check_deployment(None) if one.id == "asgi_stack.W018"]

    assert message.msg.startswith("ALLOWED_HOSTS is ['a.example'] in the settings, and ['*'] once Django's")
    assert f"In {name}.asgi asgi_stack.middleware.TrustedHostMiddleware goes by the latter" in message.msg


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        (STACK_FIRST, {}),
        (OURS, {}),
        (HANDLER_FIRST, {"MIDDLEWARE": []}),
        (HANDLER_FIRST, {"ASGI_STACK": [(HOST, {"allowed_hosts": ["a.example"]})]}),
    ],
    ids=["the stack first", "ours", "nothing is replaced", "named hosts"],
)
def test_w018_accuses_nobody_else(project: Any, source: str, changes: dict[str, Any]) -> None:
    name = project(asgi=source)
    with override_settings(ASGI_APPLICATION=f"{name}.asgi.application", **changes):
        assert "asgi_stack.W018" not in [message.id for message in check_deployment(None)]


def test_a_handler_that_others_made_is_none_of_ours() -> None:
    make_handler()

    assert hosts() == ["*"]
