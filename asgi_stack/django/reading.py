"""What the project's settings say, each time that it is asked."""

from typing import Any

from django.conf import settings

from asgi_stack.django.declared import is_name, is_written_out

__all__ = ["may_change", "middleware", "set_by_project", "setting", "with_value"]


def setting(name: str, default: Any = None) -> Any:
    """Return the value of a setting, be it Django's or the project's."""
    return getattr(settings, name, default)


def with_value(*names: str) -> list[str]:
    """Return those of these settings that have a value other than nothing."""
    return [name for name in names if setting(name)]


def set_by_project(*names: str) -> list[str]:
    """Return those of them that the project itself gives such a value."""
    return [name for name in with_value(*names) if settings.is_overridden(name)]


def middleware() -> list[str]:
    """Return the entries of ``MIDDLEWARE``."""
    return [*setting("MIDDLEWARE", ())]


def may_change(name: str) -> bool:
    """Tell whether the settings module computes this setting, as of the environment, under this name."""
    return settings.is_overridden(name) and is_name(name) and not is_written_out(name)
