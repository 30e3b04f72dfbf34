"""asgi_stack composes ASGI middleware as one typed, ordered, checked and testable stack."""

from asgi_stack.base import ASGIMiddleware, HeaderMiddleware
from asgi_stack.errors import (
    ApplicationError,
    ConfigurationError,
    HeadError,
    ImportPathError,
    LayerError,
    OptionError,
    OrderError,
    ScopeTypeError,
    StackError,
    TargetError,
)
from asgi_stack.heads import Reply, RequestHead, ResponseHead
from asgi_stack.layer import Layer
from asgi_stack.order import Order
from asgi_stack.stack import Stack

__all__ = [
    "ASGIMiddleware",
    "ApplicationError",
    "ConfigurationError",
    "HeadError",
    "HeaderMiddleware",
    "ImportPathError",
    "Layer",
    "LayerError",
    "OptionError",
    "Order",
    "OrderError",
    "Reply",
    "RequestHead",
    "ResponseHead",
    "ScopeTypeError",
    "Stack",
    "StackError",
    "TargetError",
]
