"""The stack of the settings, built once around nothing, so that checks and the command can look at it."""

from collections.abc import Sequence
from typing import Any, cast

from django.conf import settings

from asgi_stack.composing.building import build
from asgi_stack.composing.group import HeaderGroup
from asgi_stack.composing.layer import Layer
from asgi_stack.django.application import get_stack
from asgi_stack.django.describing import describe
from asgi_stack.django.resolved import ResolvedLayer, ResolvedStack
from asgi_stack.errors import ConfigurationError, StackError
from asgi_stack.lifespan import Context
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["resolve_stack"]


def resolve_stack() -> ResolvedStack:
    """Build the stack of the settings around an application that does nothing.

    Layers are constructed, as they are when the project is served; nothing else happens.

    Raises:
        ImproperlyConfigured: where the settings declare none, or not in a form that can be read.
    """
    stack = get_stack()
    watched = [_Watched(layer) for layer in stack]
    outermost: ASGIApp | None = None
    contexts: list[Context] = []
    faults: Sequence[tuple[str, Exception]] = ()
    try:
        outermost, contexts = build(cast("list[Layer[...]]", watched), _nothing)
    except ConfigurationError as error:
        faults = error.faults
    groups = _groups(watched, outermost)
    layers = [
        ResolvedLayer(index, layer.layer, _factory_of(layer.layer), layer.enabled, group)
        for index, (layer, group) in enumerate(zip(watched, groups, strict=True))
    ]
    own = [describe(context) for context in getattr(settings, "ASGI_STACK_LIFESPAN", ())]
    return ResolvedStack(stack, layers, [*(context.name for context in contexts), *own], faults)


class _Watched:
    """A layer that remembers what it was given and what it made."""

    __slots__ = ("enabled", "given", "layer", "made")

    def __init__(self, layer: Layer[...]) -> None:
        self.layer = layer
        self.enabled = True
        self.given: ASGIApp | None = None
        self.made: ASGIApp | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.layer, name)

    def is_enabled(self) -> bool:
        self.enabled = self.layer.is_enabled()
        return self.enabled

    def wrap(self, application: ASGIApp) -> ASGIApp:
        self.given = application
        self.made = self.layer.wrap(application)
        return self.made


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand in for Django."""


def _factory_of(layer: Layer[...]) -> Any:
    try:
        return layer.resolve()
    except StackError:  # building has reported it
        return None


def _groups(layers: Sequence[_Watched], outermost: ASGIApp | None) -> list[int | None]:
    numbers: dict[int, int] = {}
    groups: list[int | None] = []
    around = outermost
    for layer in layers:
        inside = around.app if isinstance(around, HeaderGroup) and _holds(around, layer.made) else None
        groups.append(None if inside is None else numbers.setdefault(id(inside), len(numbers) + 1))
        around = around if layer.given is None else layer.given
    return groups


def _holds(group: HeaderGroup, made: ASGIApp | None) -> bool:
    return any(member.layer is made for member in group.members)
