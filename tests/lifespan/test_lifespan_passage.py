"""A layer that takes the lifespan away from the application inside of it is named, with the mend."""

import functools
import logging
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from starlette.applications import Starlette

from asgi_stack import ASGIMiddleware, Layer, LifespanError, Stack
from asgi_stack.middleware import DrainMiddleware, HealthMiddleware, RequestIDMiddleware
from asgi_stack.routing import PathRouter
from asgi_stack.testing import ASGIClient, Recorder
from asgi_stack.testing.lint import LintError
from asgi_stack.types import ASGIApp, Receive, Scope, Send
from tests.helpers import STARTED, STOPPED, WHOLE, Server, failure

MEND = "Keep it out of the lifespan: .only(scope_type=['http', 'websocket'])."


class ReadsMethod(ASGIMiddleware):
    """Takes every scope for a request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "BREW":
            await self.app(scope, receive, send)


class OnlyRequests(ASGIMiddleware):
    """Drops whatever is no request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            await self.app(scope, receive, send)


class Passing(ASGIMiddleware):
    """A layer that does nothing, in a frame of its own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class OnlyPassing(ASGIMiddleware):
    """Another one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class AnswersItself(ASGIMiddleware):
    """Does in the application's place what it might not do."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        await receive()
        await send(STARTED)
        await receive()
        await send(STOPPED)


class FailsAfterReceive(ASGIMiddleware):
    """Begins with a lifespan and falls over."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        raise KeyError("pool")


class Dropping(ASGIMiddleware):
    """Asks for the event, and does nothing more."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()


def as_function(app: ASGIApp) -> ASGIApp:
    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "method": scope["method"]}, receive, send)

    return wrapped


def decorated(app: ASGIApp) -> ASGIApp:
    layer = ReadsMethod(app)

    @functools.wraps(layer.__call__)
    def call(*args: Any) -> Any:
        return layer(*args)

    return call


async def warned(caplog: pytest.LogCaptureFixture, *layers: Any, inner: Any = None) -> list[str]:
    caplog.set_level(logging.INFO, "asgi_stack.lifespan")
    assert await Server().run(Stack(layers).wrap(inner or Recorder())) == WHOLE
    return [record.getMessage() for record in caplog.records]


RAISES = "raises on the lifespan, KeyError: 'method', so that the inner application was not asked."
DROPS = "does not hand the lifespan inward, so that the inner application was not asked."
ANSWERS = "answers the lifespan itself, so that the inner application was not asked."


@pytest.mark.parametrize(
    ("layers", "text"),
    [
        ([ReadsMethod], f"layer 1 of 1, ReadsMethod {RAISES}"),
        ([Passing, ReadsMethod, Passing], f"layer 2 of 3, ReadsMethod {RAISES}"),
        ([Passing, Layer(as_function).named("old")], f"layer 2 of 2, old {RAISES}"),
        ([decorated], f"layer 1 of 1, decorated {RAISES}"),
        (
            [Passing, decorated],
            f"one of these layers (layer 1 of 2, Passing; layer 2 of 2, decorated) {RAISES}",
        ),
        ([OnlyRequests], f"layer 1 of 1, OnlyRequests {DROPS}"),
        ([Dropping], f"layer 1 of 1, Dropping {DROPS}"),
        ([RequestIDMiddleware, OnlyRequests, DrainMiddleware], f"layer 2 of 3, OnlyRequests {DROPS}"),
        (
            [Passing, OnlyRequests],
            f"one of these layers (layer 1 of 2, Passing; layer 2 of 2, OnlyRequests) {DROPS}",
        ),
        ([AnswersItself], f"layer 1 of 1, AnswersItself {ANSWERS}"),
    ],
)
async def test_the_log_names_the_layer_and_the_mend(
    caplog: pytest.LogCaptureFixture, layers: list[Any], text: str
) -> None:
    assert await warned(caplog, *layers) == [f"{text} {MEND}"]
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


@pytest.mark.parametrize("factory", [ReadsMethod, OnlyRequests, AnswersItself])
async def test_the_mend_mends_it(caplog: pytest.LogCaptureFixture, factory: Any) -> None:
    inner = Recorder()

    assert await warned(caplog, Layer(factory).only(scope_type=["http", "websocket"]), inner=inner) == []
    assert inner.sent == WHOLE


async def test_layers_that_a_lifespan_does_not_pass_are_not_suspected(
    caplog: pytest.LogCaptureFixture,
) -> None:
    held_back = Layer(Passing).only(scope_type="http")
    (text,) = await warned(caplog, held_back, HealthMiddleware, OnlyRequests)

    assert text.startswith("layer 3 of 3, OnlyRequests does not")


@pytest.mark.parametrize("layer", [OnlyRequests, ReadsMethod, AnswersItself])
async def test_nothing_is_said_where_the_application_is_djangos_own(
    caplog: pytest.LogCaptureFixture, layer: Any
) -> None:
    assert await warned(caplog, layer, inner=get_asgi_application()) == []


async def test_a_layer_that_begins_with_the_lifespan_and_fails_fails_the_start_by_its_name() -> None:
    server = Server()
    await server.run(Stack([Passing, FailsAfterReceive]).wrap(Recorder()))

    assert failure(server.sent) == f"layer 2 of 2, FailsAfterReceive: KeyError: 'pool'. {MEND}"
    assert isinstance(server.error, KeyError)


async def test_the_layers_of_a_stack_inside_are_named_by_it(caplog: pytest.LogCaptureFixture) -> None:
    inner = Stack([OnlyRequests]).wrap(Recorder())
    (text,) = await warned(caplog, Passing, inner=PathRouter({"/": inner}))

    assert text.startswith("layer 1 of 1, OnlyRequests does not hand the lifespan inward")


@pytest.mark.parametrize("layer", [OnlyRequests, ReadsMethod, AnswersItself])
@pytest.mark.parametrize("around", [lambda app: app, lambda app: Stack().wrap(PathRouter({"/": app}))])
async def test_a_client_that_requires_a_lifespan_fails_with_that_text(layer: Any, around: Any) -> None:
    app = around(Stack([layer]).wrap(Starlette()))
    with pytest.raises(
        LifespanError, match=rf"ASGIClient: layer 1 of 1, {layer.__name__} .*only\(scope_type="
    ):
        async with ASGIClient(app, lifespan=True):
            pass


async def test_a_client_that_requires_no_lifespan_goes_on() -> None:
    async with ASGIClient(Stack([OnlyRequests]).wrap(Recorder())) as client:
        assert (await client.get("/")).status == 200


async def test_a_violation_of_the_specification_is_none_of_a_layer_that_only_drops_it() -> None:
    class Writing(ASGIMiddleware):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            scope["mine"] = 1
            await self.app(scope, receive, send)

    with pytest.raises(LintError, match="Writing"):
        await Server(lint=False).run(Stack([Writing]).linted().wrap(Recorder()))


async def test_only_the_lifespan_that_is_on_its_way_arrives() -> None:
    inner = Recorder()
    other = Stack().wrap(inner)

    async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
        await other._lifespan._app._arrival(scope, receive, send)  # type: ignore[attr-defined]  # a call past it

    assert await Server().run(Stack().wrap(elsewhere)) == WHOLE
    assert inner.sent == WHOLE
