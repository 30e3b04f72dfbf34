"""asgi_stack composes ASGI middleware as one typed, ordered, checked and testable stack."""

from asgi_stack.base import ASGIMiddleware, HeaderMiddleware
from asgi_stack.composing import Layer, Stack
from asgi_stack.errors import (
    ApplicationError,
    ConfigurationError,
    EventLoopError,
    HeadError,
    ImportPathError,
    LayerError,
    LifespanError,
    OptionError,
    OrderError,
    ScopeTypeError,
    StackError,
    TargetError,
)
from asgi_stack.heads import Lines, Reply, RequestHead, ResponseHead, ResponseHook
from asgi_stack.order import Order

__all__ = [
    "ASGIMiddleware",
    "ApplicationError",
    "ConfigurationError",
    "EventLoopError",
    "HeadError",
    "HeaderMiddleware",
    "ImportPathError",
    "Layer",
    "LayerError",
    "LifespanError",
    "Lines",
    "OptionError",
    "Order",
    "OrderError",
    "Reply",
    "RequestHead",
    "ResponseHead",
    "ResponseHook",
    "ScopeTypeError",
    "Stack",
    "StackError",
    "TargetError",
]
