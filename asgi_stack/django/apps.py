"""The installed app ``asgi_stack.django``."""

from django.apps import AppConfig

__all__ = ["StackConfig"]


class StackConfig(AppConfig):
    """Registers the package with Django under the label ``asgi_stack``. It has no models."""

    name = "asgi_stack.django"
    label = "asgi_stack"
    verbose_name = "ASGI stack"
