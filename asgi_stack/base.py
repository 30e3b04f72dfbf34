"""The two base classes of middleware, and the group in which header middleware run as one frame."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from inspect import iscoroutinefunction
from typing import Any, ClassVar, TypeAlias

from asgi_stack.applications import check_application
from asgi_stack.errors import LayerError
from asgi_stack.heads import HEAD_MESSAGES, Reply, RequestHead, ResponseHead, ResponseHook
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ASGIMiddleware", "HeaderGroup", "HeaderMiddleware", "fuse"]

OnRequest: TypeAlias = Callable[[RequestHead], Reply | ResponseHook | None]


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

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if iscoroutinefunction(cls.on_request):
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
            await _run((self.on_request,), False, self.app, scope, receive, send)
        else:
            await self.app(scope, receive, send)


class HeaderGroup:
    """Consecutive header middleware of a stack, outermost first, executed in one frame.

    With *normalise* the heads that the inner application sends are brought to the specification's form
    (lower-case names, pairs in a list) even where no layer looks at them.
    """

    __slots__ = ("_by_type", "_normalise", "app", "layers")

    _asgi_single_callable = True

    def __init__(self, layers: Iterable[HeaderMiddleware], app: ASGIApp, *, normalise: bool = False) -> None:
        self.layers = tuple(layers)
        self.app = app
        self._normalise = normalise
        scope_types = {"http", "websocket"}.union(*(layer.scope_types for layer in self.layers))
        self._by_type: dict[str, tuple[OnRequest, ...]] = {
            scope_type: tuple(layer.on_request for layer in self.layers if scope_type in layer.scope_types)
            for scope_type in scope_types
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the layers that act on this scope type around the inner application."""
        layers = self._by_type.get(scope["type"])
        if layers is None:
            await self.app(scope, receive, send)
        else:
            await _run(layers, self._normalise, self.app, scope, receive, send)

    def with_outer(self, layer: HeaderMiddleware) -> "HeaderGroup":
        """Return a group with one more layer outside of this one's."""
        return HeaderGroup((layer, *self.layers), self.app, normalise=self._normalise)

    def __repr__(self) -> str:
        return f"HeaderGroup({[type(layer).__name__ for layer in self.layers]})"


def fuse(layer: ASGIApp, given: ASGIApp) -> ASGIApp:
    """Return *layer*, or a group of it and the group that it was *given* as its inner application.

    A class that has its own ``__call__``, or put something else around its inner application, is not fused.
    """
    if not isinstance(layer, HeaderMiddleware) or type(layer).__call__ is not HeaderMiddleware.__call__:
        return layer
    if layer.app is not given:
        return layer
    return given.with_outer(layer) if isinstance(given, HeaderGroup) else HeaderGroup((layer,), given)


async def _run(
    layers: tuple[OnRequest, ...],
    normalise: bool,
    app: ASGIApp,
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    request = RequestHead(scope)
    hooks: list[ResponseHook] = []
    for on_request in layers:
        answer = on_request(request)
        if answer is not None:
            if isinstance(answer, Reply):
                app = answer
                break
            hooks.append(answer)
        if request.inward is not None:
            request = request.inward
    if hooks or normalise:
        hooks.reverse()
        send = _wrap_send(hooks, send)
    await app(request.scope, receive, send)


def _wrap_send(hooks: list[ResponseHook], send: Send) -> Send:
    async def send_with_hooks(message: Message) -> None:
        if message["type"] in HEAD_MESSAGES:
            head = ResponseHead(message)
            for hook in hooks:
                hook(head)
            message = head.to_message()
        await send(message)

    return send_with_hooks
