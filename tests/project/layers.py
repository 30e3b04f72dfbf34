"""Layers that do one thing each, for tests of a project's stack."""

import asyncio
from contextlib import nullcontext
from typing import Any

from asgi_stack import ASGIMiddleware, HeaderMiddleware, Reply, RequestHead, ResponseHead
from asgi_stack.types import ASGIApp


class Kept(ASGIMiddleware):
    """Has a context."""

    def lifespan(self) -> Any:
        return nullcontext()


class Refuse(HeaderMiddleware):
    """Answers every request itself."""

    __slots__ = ()

    def on_request(self, request: RequestHead) -> Reply:
        return Reply(403, b"not here", headers=[(b"set-cookie", b"why=no; Path=/; Partitioned")])


class Mark(HeaderMiddleware):
    """Adds response fields, one of them twice, and takes one out."""

    __slots__ = ()

    def on_request(self, request: RequestHead) -> Any:
        def mark(response: ResponseHead) -> None:
            response.headers.append(b"x-mark", b"a")
            response.headers.append(b"x-mark", b"b")
            response.headers.append(b"set-cookie", b"marked=yes; Path=/")
            response.headers.remove(b"content-length")

        return mark


class Shout(ASGIMiddleware):
    """Writes every body in capitals."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def send_in_capitals(message: Any) -> None:
            await send({**message, "body": message["body"].upper()} if "body" in message else message)

        await self.app(scope, receive, send_in_capitals)


class FailBefore(ASGIMiddleware):
    """Raises in the place of an answer."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            raise LookupError("the layer failed")
        await self.app(scope, receive, send)


class FailAfter(ASGIMiddleware):
    """Raises when all is over."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)
        raise LookupError("the layer failed late")


class Silent(ASGIMiddleware):
    """Answers nothing at all."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        return None


class Status(ASGIMiddleware):
    """Makes another response of every response."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def send_another(message: Any) -> None:
            await send({**message, "status": 299} if "status" in message else message)

        await self.app(scope, receive, send_another)


class HangUp(ASGIMiddleware):
    """Tells the application that the client has gone."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def receive_disconnect() -> Any:
            return {"type": "http.disconnect"}

        await self.app(scope, receive_disconnect, send)
        await send({"type": "http.response.start", "status": 408, "headers": []})
        await send({"type": "http.response.body"})


class Split(ASGIMiddleware):
    """Gives the body of a request in two parts."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        parts = [message["body"][:50], message["body"][50:]]

        async def receive_part() -> Any:
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        await self.app(scope, receive_part, send)


class Waits:
    """Makes a layer that waits for ever, and tells how far it came."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.was_cancelled = False

    def around(self, app: Any) -> Any:
        async def wait_for_ever(scope: Any, receive: Any, send: Any) -> None:
            self.reached.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.was_cancelled = True
                raise

        return wait_for_ever


class FromEnvironment(ASGIMiddleware):
    """Cannot be made: what it needs is not there."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self.url = dict[str, str]()["POOL_URL"]
