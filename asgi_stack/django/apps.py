"""The installed app ``asgi_stack.django``."""

from django.apps import AppConfig

__all__ = ["StackConfig"]


class StackConfig(AppConfig):
    """Registers the package, its system checks and its command with Django, as ``asgi_stack``. No models."""

    name = "asgi_stack.django"
    label = "asgi_stack"
    verbose_name = "ASGI stack"

    def ready(self) -> None:
        """Register the system checks, and keep the secrets of layers out of Django's reports of errors."""
        from asgi_stack.django import checks
        from asgi_stack.django.reports import mask_reports

        checks.register()
        mask_reports()
