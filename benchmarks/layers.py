"""Layers that do next to nothing, to measure what a layer costs by itself."""

from asgi_stack.base import HeaderMiddleware
from asgi_stack.composing.layer import Layer
from asgi_stack.composing.stack import Stack
from asgi_stack.heads import RequestHead, ResponseHead, ResponseHook
from asgi_stack.types import ASGIApp, Receive, Scope, Send


class PassThrough:
    """The least that a layer of anybody's can be."""

    __slots__ = ("app",)

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class SetHeader(HeaderMiddleware):
    """Sets one constant header; the other ways to write it are below."""

    __slots__ = ("_hook", "_name")

    def __init__(self, app: ASGIApp, *, name: bytes) -> None:
        super().__init__(app)
        self._name = name
        self._hook = self._write

    def on_request(self, request: RequestHead) -> ResponseHook:
        return self._hook

    def _write(self, head: ResponseHead) -> None:
        head.headers.set(self._name, b"value")


class DefaultHeader(SetHeader):
    __slots__ = ()

    def _write(self, head: ResponseHead) -> None:
        head.headers.set_default(self._name, b"value")


class AppendHeader(SetHeader):
    __slots__ = ()

    def _write(self, head: ResponseHead) -> None:
        head.headers.append(self._name, b"value")


def passed_through(application: ASGIApp, count: int) -> ASGIApp:
    """Return *application* in so many layers that do nothing."""
    for _ in range(count):
        application = PassThrough(application)
    return application


def fused(application: ASGIApp, count: int, kind: type[SetHeader] = SetHeader) -> ASGIApp:
    """Return *application* in a stack of so many layers with a constant header each."""
    return Stack([Layer(kind, name=b"x-header-%d" % number) for number in range(count)]).wrap(application)


def nested(application: ASGIApp, count: int) -> ASGIApp:
    """Return *application* in the same layers, each in a frame of its own."""
    for number in reversed(range(count)):
        application = SetHeader(application, name=b"x-header-%d" % number)
    return application
