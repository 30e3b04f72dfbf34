"""Settings whose stack holds a layer that can only be imported after ``django.setup()``."""

from tests.project.settings import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
ASGI_STACK = ["tests.project.late_layer.NeedsModels"]
