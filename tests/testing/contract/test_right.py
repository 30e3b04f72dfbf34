"""Right middleware passes, and every check has one that it was really run on."""

import asyncio
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from asgi_stack import ASGIMiddleware, HeaderMiddleware, Layer
from asgi_stack.heads import Reply, RequestHead, ResponseHead, ResponseHook
from asgi_stack.testing.contract import CHECKS, Report, check_middleware
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send


class Stamp(HeaderMiddleware):
    """Adds a header line."""

    __slots__ = ()

    def on_request(self, request: RequestHead) -> ResponseHook:
        return self._stamp

    def _stamp(self, head: ResponseHead) -> None:
        head.headers.set(b"x-stamp", b"1")


class HttpOnly(ASGIMiddleware):
    """Acts on http alone, and says so."""

    __slots__ = ()
    scope_types = frozenset({"http"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in self.scope_types:
            return await self.app(scope, receive, send)
        return await self.app({**scope, "made.up.too": 1}, receive, send)


class Closed(HeaderMiddleware):
    """Lets nobody in."""

    __slots__ = ()

    def on_request(self, request: RequestHead) -> Reply:
        return Reply.refusal(503)


class Shout(ASGIMiddleware):
    """Changes the response body as it passes, and drops the length."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_shouting(message: Message) -> None:
            if message["type"] == "http.response.start":
                lines = [line for line in message.get("headers", ()) if line[0] != b"content-length"]
                message = {**message, "headers": lines}
            elif message["type"] == "http.response.body":
                message = {**message, "body": message.get("body", b"").upper()}
            await send(message)

        await self.app(scope, receive, send_shouting if scope["type"] == "http" else send)


class ReadAhead(ASGIMiddleware):
    """Reads the whole request before it calls inward."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        messages = [await receive()]
        while messages[-1].get("more_body"):
            messages.append(await receive())
        if messages[-1]["type"] == "http.disconnect":
            return None

        async def receive_again() -> Message:
            return messages.pop(0) if messages else await receive()

        return await self.app(scope, receive_again, send)


class Sorry(ASGIMiddleware):
    """Answers exceptions, where there is still something to answer."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = False

        async def send_watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_watched)
        except OSError:
            raise
        except Exception:
            if started:
                raise
            await Reply(500, "sorry")(scope, receive, send)


class OffersNothing(ASGIMiddleware):
    """Keeps the extensions of the server to itself, as whatever must see all bytes does."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        inward = {**scope, "extensions": {}} if scope["type"] in self.scope_types else scope
        await self.app(inward, receive, send)


class WatchesLifespan(ASGIMiddleware):
    """Wraps send for lifespan."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_watched(message: Message) -> None:
            await send(message)

        await self.app(scope, receive, send_watched if scope["type"] == "lifespan" else send)


class InThread(ASGIMiddleware):
    """Does some work in a thread, and waits a moment."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await asyncio.to_thread(sum, range(10))
            await asyncio.sleep(0.01)
        await self.app(scope, receive, send)


def function(app: ASGIApp) -> ASGIApp:
    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    return handle


RIGHT: list[tuple[Any, dict[str, Any]]] = [
    (ASGIMiddleware, {}),
    (HeaderMiddleware, {}),
    (Stamp, {}),
    (HttpOnly, {}),
    (Closed, {"replies": True}),
    (Shout, {"changes_body": True}),
    (ReadAhead, {"reads_ahead": True}),
    (Sorry, {"handles_exceptions": True}),
    (OffersNothing, {}),
    (WatchesLifespan, {"handles_lifespan": True}),
    (InThread, {}),
    (function, {}),
    (Layer(Stamp), {}),
    (Layer.at("asgi_stack.ASGIMiddleware"), {}),
]


@cache
def report_on(index: int) -> Report:
    factory, declares = RIGHT[index]
    return check_middleware(factory, **declares)


@pytest.mark.parametrize("index", range(len(RIGHT)))
def test_a_right_middleware_passes(index: int) -> None:
    assert report_on(index).passed, str(report_on(index))


def test_every_check_is_passed_by_one_of_them() -> None:
    outcomes = [outcome for index in range(len(RIGHT)) for outcome in report_on(index).outcomes]

    assert {outcome.id for outcome in outcomes if outcome.result == "passed"} == CHECKS.keys()


@pytest.mark.parametrize(
    ("factory", "check_id"),
    [
        (Shout, "keeps-the-response-body"),
        (ReadAhead, "asks-only-when-asked"),
        (Sorry, "passes-exceptions-on"),
        (WatchesLifespan, "hands-lifespan-on-untouched"),
        (Closed, "calls-inward-once"),
    ],
)
def test_what_is_not_declared_is_a_fault(factory: Callable[..., Any], check_id: str) -> None:
    assert check_id in {outcome.id for outcome in check_middleware(factory).failures}
