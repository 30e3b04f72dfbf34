"""The shapes of ASGI, as loose as they must be for every neighbour's application to fit.

asgiref, Starlette and django-stubs each spell "an ASGI application" in their own way, and none of the
three is assignable to another. The aliases here accept all of them under ``mypy --strict`` and
``pyright --strict``.
"""

from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, Protocol, TypeAlias

__all__ = ["ASGIApp", "Message", "MiddlewareFactory", "Receive", "Scope", "Send"]

P = ParamSpec("P")

# ``Any`` is deliberate at this boundary. A narrower scope, or ``Awaitable[None]`` as the result, refuses
# asgiref's TypedDicts, Starlette's mutable mappings or the untyped classes of Channels.
# A scope is a dict; ``| Any`` lets an application of ours stand where their types of a scope are wanted.
Scope: TypeAlias = dict[str, Any] | Any
Message: TypeAlias = dict[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Any]]
Send: TypeAlias = Callable[[Any], Awaitable[Any]]
ASGIApp: TypeAlias = Callable[[Any, Receive, Send], Awaitable[Any]]


class MiddlewareFactory(Protocol[P]):
    """Anything that takes the inner application first and returns a new application.

    A class, a function, a ``functools.partial``. Options follow by name.
    """

    def __call__(self, app: Any, /, *args: P.args, **options: P.kwargs) -> ASGIApp:
        """Return an application around *app*."""
        ...
