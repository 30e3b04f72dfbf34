"""Applications beside one another: by scope type, by path, by host.

Routers are plain ASGI applications: they nest, and work inside and outside of stacks.
"""

from asgi_stack.routing.hosts import HostRouter
from asgi_stack.routing.paths import PathRouter
from asgi_stack.routing.protocol import ProtocolRouter
from asgi_stack.routing.router import Router, RouterError, ScopeTypeError

__all__ = ["HostRouter", "PathRouter", "ProtocolRouter", "Router", "RouterError", "ScopeTypeError"]
