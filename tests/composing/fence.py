"""A layer that could refuse, and what is served behind it: for tests of whether it acts where it must."""

from contextlib import suppress
from typing import Any

from asgi_stack import ASGIMiddleware, Layer, Stack
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send


class Fence(ASGIMiddleware):
    """Notes its name in the request that it acts on, and lets it pass."""

    __slots__ = ("_name",)

    def __init__(self, app: ASGIApp, *, name: str = "fence") -> None:
        super().__init__(app)
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["fences"].add(self._name)
        await self.app(scope, receive, send)


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Do nothing: what would be served is asked elsewhere."""


async def outcome(
    layers: list[Layer[Any]], app: ASGIApp, scope: Scope, *errors: type[Exception]
) -> tuple[str, set[str]]:
    """The text that an application serves, and which fences acted on the request.

    No Lint is in between: what hostile clients make of a scope, no server should.
    """
    served: list[bytes] = []
    scope["fences"] = set[str]()

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        served.append(message.get("body") or b"")

    with suppress(*errors):
        await Stack(layers).wrap(app)(scope, receive, send)
    return b"".join(served).decode("utf-8", "replace"), scope["fences"]
