"""Will the stack be there when the project is served?"""

import sys

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.core.management import get_commands

from asgi_stack.django.checks.entry import bypassing_module
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["look"]

# Their runserver is Django's own, which serves WSGI.
WSGI_APPS = ("django.core", "django.contrib.staticfiles")


def look(resolved: ResolvedStack) -> list[CheckMessage]:
    """Report servers and entry points that leave the stack, or parts of it, out."""
    found = (_bypassed(resolved), _wsgi_runserver(resolved), _daphne(resolved))
    return [message for message in found if message is not None]


def _bypassed(resolved: ResolvedStack) -> CheckMessage | None:
    module = bypassing_module() if resolved.layers else None
    if module is None:
        return None
    hint = "Write in it: from asgi_stack.django import get_asgi_application"
    path = getattr(settings, "ASGI_APPLICATION", None)
    if path:
        text = f"ASGI_APPLICATION = {path!r} bypasses ASGI_STACK: {module} takes Django's own application."
        return Warning(text, hint=hint, id="asgi_stack.W010")
    text = f"ASGI_STACK is declared, but {module} takes Django's own application: no layer will run."
    return Warning(text, hint=hint, id="asgi_stack.W011")


def _wsgi_runserver(resolved: ResolvedStack) -> CheckMessage | None:
    app = get_commands().get("runserver")
    if not resolved.layers or sys.argv[1:2] != ["runserver"] or app not in WSGI_APPS:
        return None
    return Warning(
        "This runserver serves WSGI: no layer of ASGI_STACK will run.",
        hint="Add 'daphne' to the top of INSTALLED_APPS, or run 'uvicorn --reload mysite.asgi:application'.",
        id="asgi_stack.W012",
    )


def _daphne(resolved: ResolvedStack) -> CheckMessage | None:
    if not resolved.contexts or not apps.is_installed("daphne"):
        return None
    return Warning(
        f"Daphne sends no lifespan events: these contexts are never entered: {', '.join(resolved.contexts)}.",
        hint="Serve the project with uvicorn, hypercorn or granian, or do without contexts.",
        id="asgi_stack.W013",
    )
