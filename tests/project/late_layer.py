"""A middleware in a module that reads a model when it is imported."""

from django.contrib.auth.models import User

from asgi_stack import ASGIMiddleware


class NeedsModels(ASGIMiddleware):
    """Hands everything on."""

    __slots__ = ()

    model = User
