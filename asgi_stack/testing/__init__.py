"""Drive any ASGI middleware or application in a test: no server, no router, no Django project."""

from asgi_stack.testing.client import ASGIClient
from asgi_stack.testing.clock import ManualClock
from asgi_stack.testing.cookies import Cookies
from asgi_stack.testing.errors import (
    ClientUsageError,
    ClockError,
    DisconnectedError,
    LeftRunningError,
    LifespanError,
    ResponseError,
    WaitTimeoutError,
    WebSocketClosedError,
    WebSocketDeniedError,
)
from asgi_stack.testing.exchange import Exchange
from asgi_stack.testing.headers import Headers
from asgi_stack.testing.recorder import Call, Recorder
from asgi_stack.testing.response import Response, ResponseStart
from asgi_stack.testing.scopes import http_scope, lifespan_scope, websocket_scope
from asgi_stack.testing.websocket import WebSocketSession

__all__ = [
    "ASGIClient",
    "Call",
    "ClientUsageError",
    "ClockError",
    "Cookies",
    "DisconnectedError",
    "Exchange",
    "Headers",
    "LeftRunningError",
    "LifespanError",
    "ManualClock",
    "Recorder",
    "Response",
    "ResponseError",
    "ResponseStart",
    "WaitTimeoutError",
    "WebSocketClosedError",
    "WebSocketDeniedError",
    "WebSocketSession",
    "http_scope",
    "lifespan_scope",
    "websocket_scope",
]
