"""Will the stack be there when the project is served?"""

import sys
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from asgi_stack.django.entry import Entry, find_entry
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["look"]


def look(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    """Report servers and entry points that leave the stack, or parts of it, out."""
    if resolved.layers:
        yield from _bypassed(find_entry())
        yield from _wsgi_runserver()
    if resolved.contexts and apps.is_installed("daphne"):
        yield Warning(
            "Daphne sends no lifespan events: these contexts are never entered: "
            f"{', '.join(resolved.contexts)}.",
            hint="Serve the project with uvicorn, hypercorn or granian, or do without contexts.",
            id="asgi_stack.W013",
        )


def _bypassed(entry: Entry) -> Iterator[CheckMessage]:
    if not entry.is_bypassed:
        return
    path, module = getattr(settings, "ASGI_APPLICATION", None), entry.module
    hint = f"Write {entry.where}: {'; '.join(entry.mend)}"
    if not entry.exists:
        text = f"ASGI_STACK is declared, but there is no module {module}: no layer will run."
        hint = (
            f"Make it, and serve it in place of wsgi.py. {hint}. Until then take nothing out of MIDDLEWARE."
        )
        yield Warning(text, hint=hint, id="asgi_stack.W017")
    elif path:
        text = f"ASGI_APPLICATION = {path!r} bypasses ASGI_STACK: {module} takes Django's own application."
        yield Warning(text, hint=hint, id="asgi_stack.W010")
    else:
        text = f"ASGI_STACK is declared, but {module} takes Django's own application: no layer will run."
        yield Warning(text, hint=hint, id="asgi_stack.W011")


def _wsgi_runserver() -> Iterator[CheckMessage]:
    if sys.argv[1:2] == ["runserver"] and _serves_wsgi("runserver"):
        hint = "Add 'daphne' to the top of INSTALLED_APPS, or run 'uvicorn --reload mysite.asgi:application'."
        yield Warning(
            "This runserver serves WSGI: no layer of ASGI_STACK will run.",
            hint=hint,
            id="asgi_stack.W012",
        )


def _serves_wsgi(name: str) -> bool:
    """Tell whether a command runs what Django's own class runs, whoever derives from that."""
    app = get_commands().get(name)
    command = app if isinstance(app, BaseCommand) else load_command_class(str(app), name)
    run = getattr(type(command), "inner_run", None)
    return getattr(run, "__module__", "").startswith("django.core.")
