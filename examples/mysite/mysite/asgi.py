"""The ASGI application of the project: Django behind the stack that the settings declare."""

import os

from asgi_stack.django import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")

application = get_asgi_application()
