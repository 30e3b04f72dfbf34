"""Wrong in how they are made, and in what they do with scopes."""

import asyncio
from typing import Any

from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.testing.contract.wrong import wrong, wrong_call, wrong_send


@wrong("takes-the-application")
def refuses_to_be_made(app: ASGIApp) -> ASGIApp:
    raise ValueError("made up")


@wrong("makes-no-loop-objects")
class HoldsTheLoop:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        asyncio.get_running_loop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@wrong("is-known-as-asgi-3")
class ReturnsTheAwaitable:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:
        return self.app(scope, receive, send)


def copying(kind: str) -> Any:
    def factory(app: ASGIApp) -> ASGIApp:
        async def handle(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope} if scope["type"] == kind else scope, receive, send)

        return handle

    return factory


wrong("hands-lifespan-on-untouched")(copying("lifespan"))
wrong("hands-unknown-types-on-untouched")(copying("made.up"))


@wrong("hands-unknown-types-on-untouched")
def refuses_what_it_does_not_know(app: ASGIApp) -> ASGIApp:
    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket", "lifespan"):
            raise ValueError(f"No application configured for scope type {scope['type']!r}")
        await app(scope, receive, send)

    return handle


@wrong("hands-unknown-types-on-untouched")
def reads_headers_of_everything_else(app: ASGIApp) -> ASGIApp:
    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            dict(scope["headers"])
        await app(scope, receive, send)

    return handle


@wrong("hands-other-types-on-untouched")
class SaysHttpAndWrapsWebsockets:
    scope_types = frozenset({"http"})

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_on(message: Message) -> None:
            await send(message)

        await self.app(scope, receive, send_on if scope["type"] == "websocket" else send)


@wrong_send("forwards-lifespan", kind="lifespan", handles_lifespan=True)
def loses_the_end_of_shutdown(message: Message) -> Message | None:
    return None if message["type"] == "lifespan.shutdown.complete" else message


@wrong("forwards-lifespan", "hands-lifespan-on-untouched", "lets-lifespan-fail", "lets-lifespan-be-declined")
def answers_lifespan_itself(app: ASGIApp) -> ASGIApp:
    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            return await app(scope, receive, send)
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        return await send({"type": "lifespan.shutdown.complete"})

    return handle


@wrong_call("forwards-lifespan", kind="lifespan", handles_lifespan=True)
async def gives_a_state_of_its_own(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app({**scope, "state": {}}, receive, send)


@wrong_send("lets-lifespan-fail", kind="lifespan", handles_lifespan=True)
def loses_the_failure(message: Message) -> Message | None:
    return None if message["type"] == "lifespan.startup.failed" else message


@wrong_call("lets-lifespan-be-declined", kind="lifespan")
async def swallows_the_refusal(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await app(scope, receive, send)
    except ValueError:
        return


@wrong_call("leaves-the-scope-as-it-was")
async def writes_into_the_scope(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    scope["session"] = {}
    await app(scope, receive, send)


@wrong_call("leaves-the-scope-as-it-was", kind="websocket")
async def edits_the_header_list(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    scope["headers"].append((b"x-made-up", b"1"))
    await app(scope, receive, send)


@wrong_call("leaves-the-scope-as-it-was")
async def edits_a_dict_in_the_scope(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    scope["extensions"]["made.up"] = {}
    await app({**scope}, receive, send)


KNOWN = {"type", "asgi", "method", "path", "headers", "query_string", "http_version", "scheme", "extensions"}


@wrong_call("keeps-scope-keys")
async def keeps_what_it_knows(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app({key: value for key, value in scope.items() if key in KNOWN}, receive, send)


@wrong_call("keeps-scope-keys", kind="websocket")
async def replaces_a_value(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app({key: value if key != "made.up" else 1 for key, value in scope.items()}, receive, send)


@wrong_send("keeps-the-specification")
def adds_a_pseudo_header(message: Message) -> Message:
    if message["type"] != "http.response.start":
        return message
    return {**message, "headers": [(b":made-up", b"1"), *message.get("headers", ())]}


@wrong_send("forwards-lifespan", kind="lifespan", handles_lifespan=True)
def loses_the_end_of_startup(message: Message) -> Message | None:
    return None if message["type"] == "lifespan.startup.complete" else message
