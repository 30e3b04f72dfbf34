"""Middleware with one fault each, by the check that catches it."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, NamedTuple

from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

Call = Callable[[ASGIApp, Scope, Receive, Send], Any]
REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
END = {"type": "http.response.body", "body": b"", "more_body": False}


class Wrong(NamedTuple):
    """A factory, what it declares, and the checks that its fault breaks as well."""

    factory: Callable[..., Any]
    declares: dict[str, Any]
    also: frozenset[str]


WRONG: dict[str, list[Wrong]] = {}


def wrong(check_id: str, *also: str, **declares: Any) -> Callable[[Any], Any]:
    """Register a factory under the check that catches it."""

    def register(factory: Any) -> Any:
        WRONG.setdefault(check_id, []).append(Wrong(factory, declares, frozenset(also)))
        return factory

    return register


def middleware(call: Call, kind: str = "http") -> Callable[[ASGIApp], ASGIApp]:
    """Make a factory of a function that handles one scope type; the others go inward."""

    def factory(app: ASGIApp) -> ASGIApp:
        async def handle(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != kind:
                await app(scope, receive, send)
            else:
                await call(app, scope, receive, send)

        return handle

    factory.__name__ = call.__name__
    return factory


def wrong_call(check_id: str, *also: str, kind: str = "http", **declares: Any) -> Callable[[Call], Call]:
    """Register an async function (app, scope, receive, send)."""

    def register(call: Call) -> Call:
        wrong(check_id, *also, **declares)(middleware(call, kind))
        return call

    return register


def wrong_send(check_id: str, *also: str, kind: str = "http", **declares: Any) -> Callable[[Any], Any]:
    """Register a function that gives what becomes of a sent message; None drops it."""

    def register(change: Callable[[Message], Message | None]) -> Any:
        async def changed(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
            async def send_changed(message: Message) -> None:
                if (new := change(message)) is not None:
                    await send(new)

            await app(scope, receive, send_changed)

        changed.__name__ = change.__name__
        wrong(check_id, *also, **declares)(middleware(changed, kind))
        return change

    return register


def wrong_receive(check_id: str, *also: str, kind: str = "http", **declares: Any) -> Callable[[Any], Any]:
    """Register a function that gives what becomes of a received message."""

    def register(change: Callable[[Message], Message]) -> Any:
        async def changed(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
            async def receive_changed() -> Message:
                return change(await receive())

            await app(scope, receive_changed, send)

        changed.__name__ = change.__name__
        wrong(check_id, *also, **declares)(middleware(changed, kind))
        return change

    return register


def is_start(message: Message) -> bool:
    return message["type"] == "http.response.start"


def is_body(message: Message) -> bool:
    return message["type"] == "http.response.body"


def is_last(message: Message) -> bool:
    return is_body(message) and not message.get("more_body")


def lines(message: Message) -> list[Any]:
    return [*message.get("headers", ())]
