"""The two base classes of middleware."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any, ClassVar

from asgi_stack.applications import check_application
from asgi_stack.errors import LayerError
from asgi_stack.heads import Reply, RequestHead, ResponseHook
from asgi_stack.heads.frame import make_plan
from asgi_stack.order import Order
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["ASGIMiddleware", "HeaderMiddleware"]


class ASGIMiddleware:
    """Base class of middleware that wraps one inner application: ``M(app, *, option=...)``.

    A subclass takes its options by keyword, checks them in ``__init__`` and writes ``__call__``, which
    begins with the guard ``if scope["type"] not in self.scope_types: return await self.app(scope, receive,
    send)``. Nothing on ``self`` changes afterwards but what requests are meant to share.

    Raises:
        ApplicationError: where *app* is not an ASGI 3 application.
    """

    __slots__ = ("app",)

    scope_types: ClassVar[frozenset[str]] = frozenset({"http", "websocket"})
    """The scope types the class acts on; every other scope goes inward untouched, lifespan included."""

    order: ClassVar[Order] = Order()
    """Where the class must stand in a stack; checked in `Stack.wrap`."""

    secret_options: ClassVar[frozenset[str]] = frozenset()
    """Names of options whose values are never printed; nor are those that look like secrets."""

    # asgiref takes a callable instance for ASGI 2 unless it carries this mark.
    _asgi_single_callable: ClassVar[bool] = True

    app: ASGIApp
    """The inner application."""

    def __init__(self, app: ASGIApp) -> None:
        check_application(app)
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one scope. This one only hands it inward: write your own."""
        await self.app(scope, receive, send)

    def lifespan(self) -> AbstractAsyncContextManager[Mapping[str, Any] | None]:
        """Return the context that a stack keeps open while the application serves.

        A mapping that it yields becomes part of ``scope["state"]``. It is entered and left by
        `StackedApplication` alone: a middleware outside of every stack has no lifespan of its own.
        """
        return nullcontext()


class HeaderMiddleware(ASGIMiddleware):
    """Base class of middleware that only looks at heads: it touches no body and never awaits.

    A subclass writes `on_request`. Neighbours of this kind in a stack are fused into one frame, which
    cannot be told from the nest of them. What needs a ``finally`` is an `ASGIMiddleware` instead.
    """

    __slots__ = ()

    is_trusted: ClassVar[bool] = False
    """Whether the class is of this package: these do not write to a request's headers, or read them late."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.is_trusted = cls.__module__.startswith("asgi_stack.")
        if iscoroutinefunction(cls.on_request) or isasyncgenfunction(cls.on_request):
            raise LayerError(
                f"{cls.__name__}: on_request is an async function. "
                "Header middleware never awaits: write a plain def, or derive from ASGIMiddleware."
            )

    def on_request(self, request: RequestHead) -> Reply | ResponseHook | None:
        """Look at a request's head.

        Returns:
            None where there is nothing more to do; a callable that is called with the `ResponseHead`
            on its way out; or a `Reply`, and then the inner application is not called.
        """
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run `on_request` around the inner application."""
        if scope["type"] in self.scope_types:
            plan = make_plan((self.on_request,), self.app, trusting=self.is_trusted)
            app, scope, send = plan(scope, send)
            await app(scope, receive, send)
        else:
            await self.app(scope, receive, send)
