"""Drive any ASGI middleware or application in a test: no server, no router, no Django project."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    "Lint",
    "LintError",
    "ManualClock",
    "MiddlewareContract",
    "Recorder",
    "Response",
    "ResponseError",
    "ResponseStart",
    "WaitTimeoutError",
    "WebSocketClosedError",
    "WebSocketDeniedError",
    "WebSocketSession",
    "check_middleware",
    "http_scope",
    "lifespan_scope",
    "websocket_scope",
]

# Every pytest run where this package is installed imports it, for the plugin's sake; so a name is loaded when
# it is first asked for, from the first of these modules that has it.
MODULES = (
    "headers",
    "scopes",
    "clock",
    "cookies",
    "errors",
    "response",
    "recorder",
    "exchange",
    "websocket",
    "client",
    "lint",
    "contract",
)

if TYPE_CHECKING:
    from asgi_stack.testing.client import ASGIClient
    from asgi_stack.testing.clock import ManualClock
    from asgi_stack.testing.contract import MiddlewareContract, check_middleware
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
    from asgi_stack.testing.lint import Lint, LintError
    from asgi_stack.testing.recorder import Call, Recorder
    from asgi_stack.testing.response import Response, ResponseStart
    from asgi_stack.testing.scopes import http_scope, lifespan_scope, websocket_scope
    from asgi_stack.testing.websocket import WebSocketSession
else:

    def __getattr__(name: str) -> Any:
        """Load a public name of the test kit."""
        for module in MODULES if name in __all__ else ():
            loaded = import_module(f"{__name__}.{module}")
            if name in loaded.__all__:
                return getattr(loaded, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
