"""Drive any ASGI middleware or application in a test: no server, no router, no Django project."""

from asgi_stack.testing.headers import Headers
from asgi_stack.testing.recorder import Call, Recorder
from asgi_stack.testing.scopes import http_scope, lifespan_scope, websocket_scope

__all__ = ["Call", "Headers", "Recorder", "http_scope", "lifespan_scope", "websocket_scope"]
