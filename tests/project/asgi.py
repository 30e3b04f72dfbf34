"""The ASGI application of the project."""

from asgi_stack.django import get_asgi_application

application = get_asgi_application()
