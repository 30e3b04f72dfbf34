"""Layers know the options of their middleware: a misspelt, ill-typed or missing one is seen in the editor.

Nothing here is run: mypy and pyright read it, both strict. A line that must fail says so, and a line that
stops failing is then an error itself.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from functools import partial
from typing import Any, assert_type

from channels.middleware import BaseMiddleware
from opentelemetry.instrumentation.asgi import (  # pyright: ignore[reportMissingTypeStubs]  # it says no types
    OpenTelemetryMiddleware,
)
from sentry_sdk.integrations.asgi import SentryAsgiMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp as StarletteApp

from asgi_stack import ASGIMiddleware, HeaderMiddleware, Layer, Reply, RequestHead, ResponseHead, Stack
from asgi_stack.composing.stack import StackedApplication
from asgi_stack.types import ASGIApp, Receive, Scope, Send


class Header(HeaderMiddleware):
    """Header middleware with an option that it can do without, and a hook of its own."""

    def __init__(self, app: ASGIApp, *, name: str = "x-a") -> None:
        super().__init__(app)
        self.name = name

    def on_request(self, request: RequestHead) -> Callable[[ResponseHead], None]:
        return self.on_response

    def on_response(self, response: ResponseHead) -> None:
        response.headers.append(b"x-a", b"1")


class Refusing(HeaderMiddleware):
    """Header middleware that may reply."""

    def on_request(self, request: RequestHead) -> Reply | None:
        assert_type(request.headers.get(b"host"), bytes | None)
        assert_type(request.client, tuple[str, int] | None)
        return Reply(403) if request.method == "TRACE" else None


class Pool(ASGIMiddleware):
    """A middleware that wants an option, and has a context."""

    def __init__(self, app: ASGIApp, *, url: str) -> None:
        super().__init__(app)
        self.url = url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    @asynccontextmanager
    async def lifespan(self) -> AsyncGenerator[dict[str, str]]:
        yield {"pool": self.url}


def of_starlettes_types(app: StarletteApp, size: int = 1) -> StarletteApp:
    return app


def of_our_types(app: ASGIApp, /, *, size: int) -> ASGIApp:
    return app


def layers_are_made() -> list[Layer[...]]:
    return [
        Layer(Header),
        Layer(Header, name="x-b"),
        Layer(Pool, url="redis://"),
        Layer(of_starlettes_types, size=2),
        Layer(of_our_types, size=2),
        Layer(partial(of_our_types, size=2)),
        Layer(GZipMiddleware, minimum_size=100),
        Layer(CORSMiddleware, allow_origins=["*"]),
        Layer(BaseMiddleware),
        Layer.at("anywhere.Name", volume=11),
    ]


def layers_of_half_typed_packages_are_made() -> None:
    Layer(OpenTelemetryMiddleware, exclude_spans=["send"])
    # Sentry's class declares its __call__ as an attribute, which pyright does not take for a method.
    Layer(SentryAsgiMiddleware, transaction_style="url")  # pyright: ignore[reportArgumentType]  # see above


def layers_fail() -> None:
    Layer(Header, nmae="x-b")  # type: ignore[call-arg]  # misspelt
    Layer(Header, name=7)  # type: ignore[arg-type]  # ill-typed
    Layer(Header, "x-b")  # type: ignore[call-arg]  # by position
    Layer(Pool)  # type: ignore[call-arg]  # missing
    Layer(of_our_types, size="2")  # type: ignore[arg-type]  # ill-typed
    Layer(GZipMiddleware, minimun_size=100)  # type: ignore[call-arg]  # misspelt, somebody else's
    Layer(CORSMiddleware, allow_origins=7)  # type: ignore[arg-type]  # ill-typed, somebody else's
    Layer("anywhere.Name")  # type: ignore[arg-type]  # a path is for Layer.at
    Layer.at(Header)  # type: ignore[arg-type]  # a class is for Layer
    Header(Reply(200), "x-b")  # type: ignore[call-arg]  # by position


@asynccontextmanager
async def gives_nothing() -> AsyncGenerator[None]:
    yield


@asynccontextmanager
async def gives_state() -> AsyncGenerator[dict[str, int]]:
    yield {"a": 1}


def from_a_function() -> AbstractAsyncContextManager[Mapping[str, Any] | None]:
    return gives_state()


@asynccontextmanager
async def gives_a_number() -> AsyncGenerator[int]:
    yield 1


async def undecorated() -> AsyncGenerator[None]:
    yield


@contextmanager
def synchronous() -> Any:
    yield


def stacks_are_made() -> None:
    stack = Stack(
        [Header, Refusing, Layer(Pool, url="x"), Layer.at("a.B"), GZipMiddleware, of_starlettes_types]
    )
    assert_type(stack.wrap(Reply(200)), StackedApplication)
    assert_type(list(stack), list[Layer[...]])
    Stack([], lifespan=[gives_nothing, gives_state, from_a_function], lifespan_timeout=1.5)


def stacks_fail() -> None:
    Stack([Pool])  # type: ignore[list-item]  # an option is missing
    Stack(["a.B"])  # type: ignore[list-item]  # a path is for Layer.at
    Stack(Header)  # type: ignore[arg-type]  # not a list
    Stack([], lifespan=[gives_a_number])  # type: ignore[list-item]  # not a mapping
    Stack([], lifespan=[undecorated])  # type: ignore[list-item]  # no context manager
    Stack([], lifespan=gives_state)  # type: ignore[arg-type]  # not a list
    Stack([], lifespan_timeout="5")  # type: ignore[arg-type]  # not seconds


def heads_fail(request: RequestHead, response: ResponseHead) -> None:
    request.path = "/"  # type: ignore[misc]  # read-only
    response.headers.append("x-a", "1")  # type: ignore[arg-type]  # text instead of bytes
    request.headers[b"x-a"] = b"1"  # type: ignore[index]  # read-only
    response.status = "200"  # type: ignore[assignment]  # text instead of a number
    Reply("200")  # type: ignore[arg-type]  # text instead of a number


class Asynchronous(HeaderMiddleware):
    """Refused at run time too, when the class is made."""

    async def on_request(self, request: RequestHead) -> None:  # type: ignore[override]  # never awaits
        ...
