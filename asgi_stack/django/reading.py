"""What the project's settings say, each time that it is asked."""

from typing import Any

from django.conf import settings

__all__ = ["middleware", "set_by_project", "setting", "with_value"]


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
