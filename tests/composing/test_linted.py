"""A linted stack names the layer that breaks the specification."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from asgi_stack import ASGIMiddleware, HeaderMiddleware, Layer, Stack
from asgi_stack.testing import Recorder, http_scope
from asgi_stack.testing.lint import LintError, Violation
from asgi_stack.types import Receive, Scope, Send
from tests.helpers import WHOLE, Server, call


class Fine(HeaderMiddleware):
    """Breaks nothing."""

    __slots__ = ()


class WritesScope(ASGIMiddleware):
    """Writes into the scope of its caller."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["written"] = True
        await self.app(scope, receive, send)


class Capitals(ASGIMiddleware):
    """Sends a header name in mixed case."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_capitals(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"X-Mixed", b"1")]}
            await send(message)

        await self.app(scope, receive, send_with_capitals)


@pytest.mark.parametrize(("culprit", "rule"), [(WritesScope, "C11"), (Capitals, "H28")])
@pytest.mark.parametrize("place", [0, 1, 2])
async def test_a_violation_names_the_layer_that_committed_it(culprit: Any, rule: str, place: int) -> None:
    layers = [Fine, Layer(Fine).named("second")]
    layers.insert(place, Layer(culprit).named("the culprit"))
    found: list[Violation] = []
    linted = Stack(layers).linted(mode="collect", violations=found).wrap(Recorder())
    await call(linted, http_scope(), ignore={rule})

    assert {(violation.culprit, violation.rule.id) for violation in found} == {("the culprit", rule)}


async def test_it_raises_unless_told_to_collect() -> None:
    application = Stack([Fine, WritesScope]).linted().wrap(Recorder())

    with pytest.raises(LintError, match="WritesScope"):
        await call(application, http_scope())


async def test_the_application_is_named_too() -> None:
    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    with pytest.raises(LintError, match="the application"):
        await call(Stack([Fine]).linted().wrap(silent), http_scope())


async def test_a_stack_that_breaks_nothing_passes_with_its_contexts() -> None:
    entered: list[int] = []

    @asynccontextmanager
    async def database() -> AsyncGenerator[None]:
        entered.append(1)
        yield

    application = Stack([Fine], lifespan=[database]).linted().wrap(Recorder())

    assert await Server().run(application) == WHOLE
    assert entered == [1]
