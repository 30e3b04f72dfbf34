"""W010, W011, W012 and W017: will a server serve the stack, or pass it by?"""

import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import get_commands
from django.core.management.commands import runserver
from django.test import override_settings

from asgi_stack.django.entry import find_entry
from tests.django.test_checks import found
from tests.project import layers

Write = Callable[..., str]
STACK = {"ASGI_STACK": [layers.Mark]}


DJANGO = "from django.core.asgi import get_asgi_application\n"
CONFIGURATIONS = "from configurations.asgi import get_asgi_application\n"
OURS = "from asgi_stack.django import get_asgi_application, get_stack\n"
CALLED = "application = get_asgi_application()\n"
CHANNELS = "from channels.routing import ProtocolTypeRouter\n"
EDGE = "from asgi_stack.django import get_stack\ndef around(app):\n    return get_stack().wrap(app)\n"
WRAPPER = (
    "class Wrapper:\n"
    "    def __init__(self, inner):\n"
    "        self.inner = inner\n"
    "    async def __call__(self, scope, receive, send):\n"
    "        await self.inner(scope, receive, send)\n"
)
SLOTTED = WRAPPER.replace("class Wrapper:\n", "class Wrapper:\n    __slots__ = 'inner'\n")
CLOSURE = (
    "def around(inner):\n"
    "    async def app(scope, receive, send):\n"
    "        await inner(scope, receive, send)\n"
    "    return app\n"
)
UNBOUND = (
    "def around(inner):\n"
    "    async def app(scope, receive, send):\n"
    "        await (inner, later)[0](scope, receive, send)\n"
    "    return app\n"
    "    later = None\n"
)
BY_NAME = "async def application(scope, receive, send):\n    await inner(scope, receive, send)\n"

ACCUSED = {
    "Django's own": DJANGO + CALLED,
    "that of django-configurations": CONFIGURATIONS + CALLED,
    "imports of this package that mean nothing": "from asgi_stack import Stack\n" + DJANGO + CALLED,
    "another name": DJANGO.replace("get_asgi_application", "get_asgi_application as get")
    + "application = get()\n",
    "by the path of the function": "import django.core.asgi as core\n"
    + "application = core.get_asgi_application()\n",
    "ours, and then Django's": OURS + CALLED + DJANGO + CALLED,
    "in a wrapper": DJANGO + WRAPPER + "application = Wrapper(get_asgi_application())\n",
    "in a wrapper with slots": DJANGO + SLOTTED + "application = Wrapper(get_asgi_application())\n",
    "in a closure": DJANGO + CLOSURE + "application = around(get_asgi_application())\n",
    "in a closure that is not complete": DJANGO + UNBOUND + "application = around(get_asgi_application())\n",
    "in a function of the module": DJANGO + "inner = get_asgi_application()\n" + BY_NAME,
    "in a method": DJANGO + WRAPPER + "application = Wrapper(get_asgi_application()).__call__\n",
    "in a partial": "import functools\n"
    + DJANGO
    + "def call(app, *given): return app(*given)\n"
    + "application = functools.partial(call, get_asgi_application())\n",
    "in a router of Channels": CHANNELS
    + DJANGO
    + "application = ProtocolTypeRouter({'http': get_asgi_application()})\n",
    "in a router of Channels, with a stack around websockets alone": CHANNELS
    + DJANGO
    + "from asgi_stack import Stack\nfrom asgi_stack.testing import Recorder\n"
    + "router = {'http': get_asgi_application(), 'websocket': Stack([]).wrap(Recorder())}\n"
    + "application = ProtocolTypeRouter(router)\n",
}
LEFT_ALONE = {
    "ours": OURS + CALLED,
    "ours after Django's": DJANGO + CALLED + OURS + CALLED,
    "by a module of the project": DJANGO
    + "from mysite.edge import around\napplication = around(get_asgi_application())\n",
    "from a module of the project": "from mysite.served import application\n",
    "by a relative import": "from .served import application\n",
    "in one of two ways": DJANGO
    + "if True:\n    from mysite.edge import around\n    application = around(get_asgi_application())\n",
    "in a wrapper": OURS + WRAPPER + "application = Wrapper(get_asgi_application())\n",
    "in a wrapper with slots": OURS + SLOTTED + "application = Wrapper(get_asgi_application())\n",
    "in a closure": OURS + CLOSURE + "application = around(get_asgi_application())\n",
    "in a function that was bound after Django's": DJANGO
    + CALLED
    + OURS
    + "inner = get_asgi_application()\n"
    + BY_NAME,
    "in a router of Channels": CHANNELS
    + OURS
    + "application = ProtocolTypeRouter({'http': get_asgi_application()})\n",
    "around a router of Channels": CHANNELS
    + DJANGO
    + "from asgi_stack.django import get_stack\n"
    + "application = get_stack().wrap(ProtocolTypeRouter({'http': get_asgi_application()}))\n",
    "another framework's": "from starlette.applications import Starlette\napplication = Starlette()\n",
    "a name that is not there": DJANGO + "app = get_asgi_application()\n",
    "a module that fails": DJANGO + "raise RuntimeError\n",
    "a module that ends the process": DJANGO + "raise SystemExit('imported')\n",
    "no Python": "this is no Python",
}
MODULES = {"edge": EDGE, "served": OURS + CALLED}


@pytest.mark.parametrize("source", ACCUSED.values(), ids=ACCUSED)
def test_w010_accuses_an_asgi_application_that_bypasses_the_stack(project: Write, source: str) -> None:
    name = project(asgi=source, **MODULES)

    assert "asgi_stack.W010" in found(**STACK, ASGI_APPLICATION=f"{name}.asgi.application")


@pytest.mark.parametrize("source", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_w010_accuses_nobody_else(project: Write, source: str) -> None:
    name = project(asgi=source, **MODULES)

    assert found(**STACK, ASGI_APPLICATION=f"{name}.asgi.application") == {}


@pytest.mark.parametrize("source", [DJANGO + CALLED, OURS + CALLED])
def test_what_is_plain_is_not_imported(project: Write, source: str) -> None:
    name = project(asgi=source)
    found(**STACK, ASGI_APPLICATION=f"{name}.asgi.application")

    assert f"{name}.asgi" not in sys.modules


def test_logging_is_not_begun_anew_by_looking(project: Write) -> None:
    name = project(asgi=ACCUSED["in a closure"])
    log = logging.getLogger(f"{name}.log")
    found(
        **STACK,
        ASGI_APPLICATION=f"{name}.asgi.application",
        LOGGING_CONFIG="logging.config.dictConfig",
        LOGGING={"version": 1, "disable_existing_loggers": True},
    )

    assert not log.disabled


def test_the_hint_is_the_line_for_the_asgi_py_that_there_is(project: Write) -> None:
    name = project(
        asgi=ACCUSED["in a router of Channels"], plain=DJANGO + CALLED, wrapped=ACCUSED["in a wrapper"]
    )
    hints = {
        module: found(**STACK, ASGI_APPLICATION=f"{name}.{module}.application")["asgi_stack.W010"].hint
        for module in ("asgi", "plain", "wrapped")
    }

    assert hints["plain"].endswith("import get_asgi_application; application = get_asgi_application()")
    wrap = "from asgi_stack.django import get_stack; application = get_stack().wrap(application)"
    assert hints["asgi"] == f"Write at its end, around the whole router: {wrap}"
    assert hints["wrapped"] == f"Write at its end: {wrap}"


BESIDE = {
    "the settings": {"SETTINGS_MODULE": "mysite.settings"},
    "the package of the settings": {"SETTINGS_MODULE": "mysite.settings.production"},
    "wsgi.py": {"SETTINGS_MODULE": "elsewhere", "WSGI_APPLICATION": "mysite.wsgi.application"},
    "the urls": {"SETTINGS_MODULE": "elsewhere", "ROOT_URLCONF": "mysite.urls"},
}


@pytest.mark.parametrize("settings", BESIDE.values(), ids=BESIDE)
def test_w011_accuses_the_asgi_py_beside(project: Write, settings: dict[str, str]) -> None:
    name = project(asgi=DJANGO + CALLED, urls="urlpatterns = []\n")
    given = {key: value.replace("mysite", name) for key, value in settings.items()}
    message = found(**STACK, **{"WSGI_APPLICATION": None, **given})["asgi_stack.W011"]

    assert f"but {name}.asgi takes Django's own application" in message.msg


def test_w017_accuses_a_project_without_an_asgi_module() -> None:
    elsewhere = {"SETTINGS_MODULE": "nowhere.settings", "ROOT_URLCONF": "nowhere.urls"}
    message = found(**STACK, **elsewhere, WSGI_APPLICATION="site.wsgi.application")

    assert message["asgi_stack.W017"].msg == (
        "ASGI_STACK is declared, but there is no module site.asgi: no layer will run."
    )
    assert message["asgi_stack.W017"].hint.endswith("Until then take nothing out of MIDDLEWARE.")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"ASGI_APPLICATION": "builtins.application"},
        {"ASGI_APPLICATION": "application"},
        {"ASGI_STACK": [], "SETTINGS_MODULE": "nowhere.settings"},
        {"SETTINGS_MODULE": "tests.project.settings"},
    ],
    ids=[
        "settings without a module",
        "a module without a file",
        "no path",
        "no layers",
        "a module with a stack",
    ],
)
def test_w017_accuses_nobody_else(settings: dict[str, Any]) -> None:
    assert found(**{**STACK, **settings}) == {}


def test_nothing_is_called_a_duplicate_while_the_stack_is_passed_by(project: Write) -> None:
    name = project(asgi=DJANGO + CALLED)
    stack = [("asgi_stack.middleware.CORSMiddleware", {"allow_origins": ["https://a.example"]})]
    both = {"ASGI_STACK": stack, "MIDDLEWARE": ["corsheaders.middleware.CorsMiddleware"]}

    assert "asgi_stack.W002" in found(**both)
    assert [*found(**both, ASGI_APPLICATION=f"{name}.asgi.application")] == ["asgi_stack.W010"]


def test_what_cannot_be_seen_through_is_no_fault(project: Write) -> None:
    name = project(asgi=DJANGO + "inner = [*range(10_000), get_asgi_application()]\n" + BY_NAME)
    with override_settings(**STACK, ASGI_APPLICATION=f"{name}.asgi.application"):
        assert find_entry().has_stack is None


class OfWhiteNoise(runserver.Command):
    """Derives from the command that comes next, and serves what that serves."""


class OfDaphne(runserver.Command):
    def inner_run(self, *args: Any, **options: Any) -> None: ...


class OfWhiteNoiseOverDaphne(OfDaphne): ...


RUNSERVERS = [
    ("runserver", runserver.Command, True),
    ("runserver", OfWhiteNoise, True),
    ("runserver", OfDaphne, False),
    ("runserver", OfWhiteNoiseOverDaphne, False),
    ("test", runserver.Command, False),
]


@pytest.mark.parametrize(("command", "kind", "is_reported"), RUNSERVERS)
def test_w012_accuses_a_runserver_that_serves_wsgi(
    monkeypatch: pytest.MonkeyPatch, command: str, kind: Any, is_reported: bool
) -> None:
    monkeypatch.setattr(sys, "argv", ["manage.py", command])
    monkeypatch.setitem(get_commands(), "runserver", kind())

    assert ("asgi_stack.W012" in found(**STACK)) is is_reported


@pytest.mark.parametrize(
    ("app", "is_reported"),
    [
        ("django.core", True),
        ("django.contrib.staticfiles", True),
        ("servestatic", True),
        ("servestatic.runserver_nostatic", True),
        ("whitenoise.runserver_nostatic", True),
        ("daphne", False),
    ],
)
def test_w012_goes_by_the_class_of_the_app_s_command(
    monkeypatch: pytest.MonkeyPatch, app: str, is_reported: bool
) -> None:
    pytest.importorskip(app)
    monkeypatch.setattr(sys, "argv", ["manage.py", "runserver"])
    monkeypatch.setitem(get_commands(), "runserver", app)

    assert ("asgi_stack.W012" in found(**STACK)) is is_reported
