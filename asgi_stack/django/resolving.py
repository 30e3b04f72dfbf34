"""The stack of the settings, built once around nothing, so that checks and the command can look at it."""

from typing import Any

from django.conf import settings

from asgi_stack.composing.building import try_build
from asgi_stack.composing.layer import Layer
from asgi_stack.django.application import get_stack
from asgi_stack.django.describing import describe
from asgi_stack.django.resolved import ResolvedLayer, ResolvedStack
from asgi_stack.errors import StackError
from asgi_stack.types import Receive, Scope, Send

__all__ = ["resolve_stack"]


def resolve_stack() -> ResolvedStack:
    """Build the stack of the settings around an application that does nothing.

    Layers are constructed, as they are when the project is served; nothing else happens.

    Raises:
        ImproperlyConfigured: where the settings declare none, or not in a form that can be read.
    """
    stack = get_stack()
    built = try_build(list(stack), _nothing)
    layers = [
        ResolvedLayer(index, layer, _factory_of(layer), made.is_enabled, made.group)
        for index, (layer, made) in enumerate(zip(stack, built.layers, strict=True))
    ]
    contexts = [
        *(context.name for context in built.contexts),
        *(describe(context) for context in getattr(settings, "ASGI_STACK_LIFESPAN", ())),
    ]
    return ResolvedStack(stack, layers, contexts, built.faults)


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand in for Django."""


def _factory_of(layer: Layer[...]) -> Any:
    try:
        return layer.resolve()
    except StackError:  # building has reported it
        return None
