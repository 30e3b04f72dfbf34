"""What Django routes by besides the scope. No other module asks Django for it, and this one imports nothing.

Where Django is not loaded, or not set up, nobody routes by its settings. They are read at every call, as
Django reads them: tests override them.
"""

import sys
from typing import Any

from asgi_stack.types import Scope

__all__ = ["believes_forwarded_host", "forced_script_name", "is_django_handler", "with_script_name"]


def forced_script_name() -> str:
    """Return ``FORCE_SCRIPT_NAME``, which Django takes in the place of ``root_path``; empty where unset."""
    return _setting("FORCE_SCRIPT_NAME") or ""


def believes_forwarded_host() -> bool:
    """Tell whether Django takes the host from ``X-Forwarded-Host``, whoever sent it."""
    return bool(_setting("USE_X_FORWARDED_HOST"))


def is_django_handler(application: Any) -> bool:
    """Tell whether this is a handler of Django's."""
    handlers = sys.modules.get("django.core.handlers.asgi")
    return handlers is not None and isinstance(application, handlers.ASGIHandler)


def with_script_name(scope: Scope) -> Scope:
    """Return the scope of a request to a handler of Django's with the ``root_path`` that Django goes by."""
    name = forced_script_name()
    return {**scope, "root_path": name} if name and scope.get("root_path") != name else scope


def _setting(name: str) -> Any:
    conf = sys.modules.get("django.conf")
    if conf is None:
        return None
    settings = conf.settings
    # What was read once lies here until a setting changes: a look at it is five times as quick as asking.
    known = object.__getattribute__(settings, "__dict__")
    if name in known:
        return known[name]
    # To ask settings that are not set up for a value would set them up.
    return getattr(settings, name) if settings.configured else None
