"""What is an ASGI 3 application, and what is only put in its place."""

import asyncio
import types
from functools import partial, wraps
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import pytest
from asgiref.wsgi import WsgiToAsgi
from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import PlainTextResponse

import asgi_stack
from asgi_stack import ApplicationError, ASGIMiddleware, Reply, Stack
from asgi_stack.applications import accepts, check_application, name_of
from asgi_stack.routing import PathRouter
from asgi_stack.testing import ASGIClient, Recorder
from asgi_stack.types import Receive, Scope, Send
from tests.annotated import Broken, names
from tests.helpers import shown


async def application(scope: Scope, receive: Receive, send: Send) -> None: ...


def a_generator(scope: Any, receive: Any, send: Any) -> Any:
    yield


async def an_async_generator(scope: Any, receive: Any, send: Any) -> Any:
    yield


@types.coroutine
def old_coroutine(scope: Any, receive: Any, send: Any) -> Any:
    yield


def with_option(option: Any, scope: Scope, receive: Receive, send: Send) -> Any: ...


class Legacy:
    """An ASGI 2 application as asgiref describes it: made with the scope, called with the rest."""

    def __init__(self, scope: Scope) -> None: ...

    async def __call__(self, receive: Receive, send: Send) -> None: ...


class LegacyRouter:
    def __call__(self, scope: Scope) -> Legacy:
        return Legacy(scope)


class Consumer(AsyncWebsocketConsumer):
    """A consumer of Channels."""


class Room(AsyncWebsocketConsumer):
    """A consumer that is made in a way of its own."""

    def __init__(self, name: str, *, size: int = 2) -> None:
        super().__init__()


@wraps(Legacy)
async def made_of_something_else(scope: Scope, receive: Receive, send: Send) -> None: ...


def unreadable(scope: Scope, receive: Receive, send: Send) -> Any: ...


unreadable.__signature__ = 7  # type: ignore[attr-defined]  # what a broken decorator leaves


@pytest.mark.parametrize(
    "given",
    [
        application,
        partial(with_option, None),
        lambda scope, receive, send: application(scope, receive, send),
        get_asgi_application(),
        Starlette(),
        FastAPI(),
        PlainTextResponse("a response is an application"),
        Consumer.as_asgi(),
        Room.as_asgi(name="den"),
        made_of_something_else,
        WsgiToAsgi(get_wsgi_application()),
        Recorder().__call__,
        ASGIMiddleware(Recorder()),
        Stack().wrap(Recorder()),
        Reply(404),
        AsyncMock(),
        MagicMock(),
        unreadable,
        old_coroutine,
        Broken(),
        names()["application"],
        names()["Middleware"](Recorder()),
    ],
    ids=shown,
)
def test_an_application_of_any_make_is_accepted(given: Any) -> None:
    check_application(given)


class Page(HTTPEndpoint):
    async def get(self, request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")


@pytest.mark.parametrize("wrap", [Stack([]).wrap, lambda app: PathRouter({"/": app})])
async def test_an_endpoint_class_of_starlette_is_an_application(wrap: Any) -> None:
    assert (await ASGIClient(wrap(Page), lifespan=False).get("/")).text == "hello"


def test_a_class_that_is_awaited_and_takes_something_else_is_none() -> None:
    with pytest.raises(ApplicationError, match="the class Future itself is not an application"):
        check_application(asyncio.Future)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (None, "None is not an application. Give an ASGI 3 application: an async callable"),
        ("mysite.asgi.application", "'mysite.asgi.application' is not an application."),
        (
            Starlette,
            "the class Starlette itself is not an application. Give an instance of it: Starlette(...).",
        ),
        (Consumer, "Give an instance of it: Consumer.as_asgi()."),
        (a_generator, "a_generator is a generator: it has a yield. Give an ASGI 3 application"),
        (an_async_generator, "an_async_generator is an asynchronous generator: it has a yield."),
        (Legacy, "the class Legacy is an ASGI 2 application. Give an ASGI 3 application"),
        (LegacyRouter(), "LegacyRouter is an ASGI 2 application. Give an ASGI 3 application"),
        (lambda scope: None, "<lambda> is an ASGI 2 application."),
        (LegacyRouter(), "asgiref.compatibility.guarantee_single_callable makes one of it."),
        (get_asgi_application, "get_asgi_application takes no scope: it seems to return the application."),
        (get_asgi_application, "Call it: get_asgi_application()."),
        (get_wsgi_application(), "WSGIHandler does not take (scope, receive, send). Give an ASGI 3"),
        (with_option, "with_option does not take (scope, receive, send)."),
        (partial(with_option, 1, 2), "with_option does not take (scope, receive, send)."),
    ],
)
def test_what_is_none_is_refused_with_what_would_work(given: Any, text: str) -> None:
    with pytest.raises(ApplicationError, match="application") as caught:
        check_application(given)

    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (application, "application"),
        (Starlette, "Starlette"),
        (Starlette(), "Starlette"),
        (partial(partial(with_option, 1), 2), "with_option"),
        (partial(Legacy), "Legacy"),
        (partial(LegacyRouter()), "LegacyRouter"),
        (AsyncMock(), "AsyncMock"),
        (MagicMock(), "MagicMock"),
    ],
)
def test_a_thing_is_called_by_the_name_that_its_reader_knows(given: Any, name: str) -> None:
    assert name_of(given) == name


@pytest.mark.parametrize(
    ("function", "args", "fits"),
    [(application, (1, 2, 3), True), (application, (1, 2), False), (unreadable, (1,), True)],
)
def test_arguments_fit_or_not_and_fit_where_nobody_can_tell(function: Any, args: Any, fits: bool) -> None:
    assert accepts(function, *args) is fits


def test_signatures_are_read_by_one_helper() -> None:
    package = Path(asgi_stack.__file__).parent
    readers = [file.name for file in package.rglob("*.py") if "signature(" in file.read_text("utf-8")]

    assert sorted(readers) == ["applications.py"]
