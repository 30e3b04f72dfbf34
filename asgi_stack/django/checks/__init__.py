"""System checks: what is wrong with the stack of the settings, and with what stands around it.

All of them look at ``ASGI_STACK`` and say nothing where it is not set. They never raise. Every id stands in
docs/checks.md.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage

from asgi_stack.django.checks import building, duplicates, fences, proxied, replaced, reports, serving
from asgi_stack.django.counterpart import Look
from asgi_stack.django.counterparts import COUNTERPARTS
from asgi_stack.django.resolving import resolve_stack

__all__ = ["check_deployment", "check_stack", "register"]

TAG = "asgi_stack"

ALWAYS: Sequence[Look] = [
    building.look,
    duplicates.look,
    serving.look,
    fences.look,
    reports.look,
    *(look for counterpart in COUNTERPARTS for look in counterpart.checks),
]
DEPLOYED: Sequence[Look] = [
    proxied.look,
    replaced.look,
    *(look for counterpart in COUNTERPARTS for look in counterpart.deployed),
]


def register() -> None:
    """Register the checks with Django, under the tag ``asgi_stack``."""
    checks.register(check_stack, TAG)
    checks.register(check_deployment, TAG, checks.Tags.security, deploy=True)


def check_stack(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Report what is wrong wherever the project runs."""
    if not hasattr(settings, "ASGI_STACK"):
        return []
    try:
        resolved = resolve_stack()
    except Exception as error:
        return [building.unreadable(error)]
    return [message for look in ALWAYS for message in look(resolved)]


def check_deployment(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Report what matters once the project is deployed: ``manage.py check --deploy``."""
    if not hasattr(settings, "ASGI_STACK"):
        return []
    try:
        resolved = resolve_stack()
    except Exception:  # check_stack has reported it
        return []
    return [message for look in DEPLOYED for message in look(resolved)]
