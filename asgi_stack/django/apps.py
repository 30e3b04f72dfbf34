"""The installed app ``asgi_stack.django``."""

from django.apps import AppConfig

__all__ = ["StackConfig"]


class StackConfig(AppConfig):
    """Registers the package, its system checks and its command with Django, as ``asgi_stack``. No models."""

    name = "asgi_stack.django"
    label = "asgi_stack"
    verbose_name = "ASGI stack"

    def ready(self) -> None:
        """Register the system checks."""
        from asgi_stack.django import checks

        checks.register()
