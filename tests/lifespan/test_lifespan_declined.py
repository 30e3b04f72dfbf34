"""Applications that have no lifespan, however they say so: a stack and a router start all the same."""

import asyncio
import logging
from typing import Any

import pytest
from asgiref.compatibility import guarantee_single_callable
from channels.generic.websocket import AsyncWebsocketConsumer, WebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIHandler
from django.test import override_settings

from asgi_stack import Stack
from asgi_stack.routing import PathRouter, ProtocolRouter
from asgi_stack.testing import Recorder
from asgi_stack.types import ASGIApp, Receive, Scope, Send
from tests.helpers import STARTED, WHOLE, Answering, Server, records

Wrap = Any
AROUND: dict[str, tuple[Wrap, str]] = {
    "stack": (lambda app: Stack().wrap(app), "the inner application"),
    "ProtocolRouter": (lambda app: ProtocolRouter(websocket=app), "mount 'websocket'"),
    "PathRouter": (lambda app: PathRouter({"/": Recorder(), "/ws": app}), "mount '/ws'"),
    "stack around a router": (lambda app: Stack().wrap(PathRouter({"/ws": app})), "mount '/ws'"),
}
around = pytest.mark.parametrize(("wrap", "name"), AROUND.values(), ids=AROUND)


async def cookiecutter(scope: Scope, receive: Receive, send: Send) -> None:
    """The websocket function of cookiecutter-django: an event that it does not know is passed by."""
    while True:
        event = await receive()
        if event["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        if event["type"] == "websocket.disconnect":
            break
        if event["type"] == "websocket.receive" and event["text"] == "ping":
            await send({"type": "websocket.send", "text": "pong!"})


async def listening_in_a_task(scope: Scope, receive: Receive, send: Send) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(cookiecutter(scope, receive, send))


async def polling(scope: Scope, receive: Receive, send: Send) -> None:
    while True:
        await asyncio.wait_for(receive(), 60)


async def catching_all(scope: Scope, receive: Receive, send: Send) -> None:
    while True:
        try:
            await receive()
        except Exception:
            logging.getLogger("theirs").info("on and on")


async def failing_at_the_end(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await cookiecutter(scope, receive, send)
    finally:
        raise LookupError("while cleaning up")


@around
@pytest.mark.parametrize(
    "app", [cookiecutter, listening_in_a_task, polling, catching_all, failing_at_the_end]
)
async def test_who_asks_again_before_an_answer_declines_with_a_warning(
    caplog: pytest.LogCaptureFixture, wrap: Wrap, name: str, app: ASGIApp
) -> None:
    assert await Server().run(wrap(app)) == WHOLE

    (text,) = records(caplog, logging.WARNING)
    assert text.startswith(name)
    assert text.endswith("asks for a second event before it has answered the first: it has no lifespan.")


async def accepting(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})


async def dispatching(scope: Scope, receive: Receive, send: Send) -> None:
    handlers: dict[str, Any] = {"websocket.connect": accepting}
    await handlers[(await receive())["type"]](scope, receive, send)


class Chat(AsyncWebsocketConsumer):
    def __init__(self, room: str = "lobby") -> None:
        super().__init__()
        self.room = room


class SyncChat(WebsocketConsumer):
    """A consumer of the other kind, which runs in a thread."""


CONSUMERS = {
    "accepting": accepting,
    "dispatching": dispatching,
    "consumer": Chat.as_asgi(),
    "consumer with options": Chat.as_asgi(room="den"),
    "consumer in a thread": SyncChat.as_asgi(),
}


@around
@pytest.mark.parametrize("app", CONSUMERS.values(), ids=CONSUMERS)
async def test_who_answers_the_event_as_a_websocket_declines_with_a_warning(
    caplog: pytest.LogCaptureFixture, wrap: Wrap, name: str, app: ASGIApp
) -> None:
    assert await Server().run(wrap(app)) == WHOLE

    (text,) = records(caplog, logging.WARNING)
    assert (text.startswith(name), "has no lifespan" in text) == (True, True)


@pytest.mark.parametrize(
    "app", [URLRouter([]), ProtocolTypeRouter({"http": get_asgi_application()})], ids=["urls", "types"]
)
async def test_the_routers_of_channels_decline(app: ASGIApp) -> None:
    assert await Server().run(ProtocolRouter(http=get_asgi_application(), websocket=app)) == WHOLE


async def test_an_application_that_asks_on_and_on_after_its_shutdown_is_ended() -> None:
    ended: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            while True:
                phase = (await receive())["type"]
                await send({"type": f"{phase}.complete"})
        finally:
            ended.append(phase)

    assert await Server().run(Stack().wrap(app)) == WHOLE
    assert ended == ["lifespan.shutdown"]


async def test_a_cancellation_from_outside_is_none_of_a_lifespan_that_is_over() -> None:
    async def slow_to_end(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await cookiecutter(scope, receive, send)
        finally:
            reached.set()
            await asyncio.Event().wait()

    reached = asyncio.Event()
    task = asyncio.create_task(Server().run(Stack().wrap(slow_to_end)))
    await reached.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_start_that_fails_is_no_decline() -> None:
    server = Server()
    await server.run(ProtocolRouter(websocket=Answering(error=KeyError("db"))))

    assert [message["type"] for message in server.sent] == ["lifespan.startup.failed"]


# --- Django's own handler


class Own(ASGIHandler):
    """A project's handler with a lifespan of its own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Answering(STARTED)(scope, receive, send)
        self.asked = True


class Plain(ASGIHandler):
    """A project's handler without one."""


def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The types of the scopes that Django's handler is called with, patched as Sentry patches it."""
    seen: list[str] = []
    original = ASGIHandler.__call__

    async def patched(self: Any, scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])
        await original(self, scope, receive, send)

    monkeypatch.setattr(ASGIHandler, "__call__", patched)
    return seen


def static_files(handler: Any) -> Any:
    from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler

    return ASGIStaticFilesHandler(handler)


DJANGOS = {
    "handler": get_asgi_application,
    "subclass": Plain,
    "static files": lambda: static_files(get_asgi_application()),
}


@pytest.mark.parametrize("make", DJANGOS.values(), ids=DJANGOS)
@around
@override_settings(STATIC_URL="/static/")
async def test_djangos_own_handler_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, wrap: Wrap, name: str, make: Any
) -> None:
    caplog.set_level(logging.DEBUG, "asgi_stack.lifespan")
    seen = watched(monkeypatch)

    assert (await Server().run(wrap(make())), seen) == (WHOLE, [])
    (text,) = [text for text in records(caplog, logging.DEBUG) if text.startswith(name)]
    assert text.endswith("has no lifespan: it is Django's own handler, which is not asked.")


@around
@override_settings(STATIC_URL="/static/")
async def test_a_handler_of_the_project_with_a_call_of_its_own_is_asked(wrap: Wrap, name: str) -> None:
    handler = Own()

    assert await Server().run(wrap(static_files(handler) if name == "stack" else handler)) == WHOLE
    assert handler.asked


async def test_what_stands_around_django_is_asked(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "asgi_stack.lifespan")
    await Server().run(Stack().wrap(guarantee_single_callable(ProtocolTypeRouter({}))))

    assert "No application configured for scope type 'lifespan'" in caplog.text
