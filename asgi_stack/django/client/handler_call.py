"""Django's own part of a request of the test client: what its handler does, as an ASGI application."""

import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextvars import ContextVar
from typing import Any, TypeAlias

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.http import StreamingHttpResponse
from django.test.client import FakePayload
from django.urls import set_script_prefix

from asgi_stack.types import Receive, Scope, Send

__all__ = ["HandlerCall", "HandlerDetour", "current_handler_call", "django_application"]

Handle: TypeAlias = Callable[[Scope], Awaitable[Any]]


class HandlerCall:
    """One request of a test client; `response` is what Django made of it, where it came so far."""

    __slots__ = ("_handle", "is_async", "response")

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self.response: Any = None
        self.is_async = False

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Do what Django's handler does, by way of the handler of Django's test client."""
        body = await _read_body(receive)
        if body is None:
            return
        # As its own handler does; from the task of a request it does not come back to the test.
        set_script_prefix(get_script_prefix(scope))
        response = await self._handle({**scope, "_body_file": FakePayload(body)})
        self.is_async = bool(getattr(response, "is_async", False))
        self.response = response
        if response.streaming:
            await self._send_stream(response, send)
        else:
            await _SENDER.send_response(response, send)

    async def _send_stream(self, response: Any, send: Send) -> None:
        content = response.streaming_content
        if not self.is_async:
            content = _as_async(await sync_to_async(_as_list)(content))
        # Another one, because the test will find what comes out of the stack in the response itself.
        sent = StreamingHttpResponse(content, status=response.status_code)
        sent.headers, sent.cookies = response.headers, response.cookies
        try:
            await _SENDER.send_response(sent, send)
        finally:
            # The traceback of a cancellation may keep it from being closed with its last reference.
            await content.aclose()


current_handler_call: ContextVar[HandlerCall | None] = ContextVar("asgi_stack.test_call", default=None)
"""The call that a test client is making; None outside of one."""


async def django_application(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand in a stack where Django's application would, for the requests of a test client.

    Raises:
        ValueError: for every other scope, as Django does.
    """
    call = current_handler_call.get()
    if scope["type"] != "http" or call is None:
        raise ValueError(f"Django can only handle ASGI/HTTP connections, not {scope['type']}.")
    await call.serve(scope, receive, send)


class HandlerDetour:
    """Lets every `ASGIHandler` hand the requests of a test client, and only those, to that client.

    So a ready-made application is tested with Django's test conveniences wherever in it Django stands. The
    class is as Django made it again once as often `leave` was called as `enter`, from whatever thread.
    """

    __slots__ = ("_lock", "_original", "_users")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._original: Any = None

    def enter(self) -> None:
        """Divert the handlers from now on."""
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._original = ASGIHandler.__call__
                _set_call(_diverted(self._original))

    def leave(self, _: object = None) -> None:
        """Undo one `enter`; takes what a callback of a task is given."""
        with self._lock:
            self._users -= 1
            if self._users == 0:
                _set_call(self._original)


def _diverted(original: Any) -> Any:
    async def call_or_handle(self: ASGIHandler, scope: Scope, receive: Receive, send: Send) -> None:
        call = current_handler_call.get() if scope["type"] == "http" else None
        # A handler that finds responses in its own way, as that of static files does, is left to it.
        if call is None or type(self).get_response_async is not BaseHandler.get_response_async:
            await original(self, scope, receive, send)
        else:
            await call.serve(scope, receive, send)

    return call_or_handle


def _set_call(function: Any) -> None:
    setattr(ASGIHandler, "__call__", function)  # noqa: B010  # no checker lets a method be assigned


# It only sends: a handler that serves would load the middleware of the project as well.
_SENDER = ASGIHandler.__new__(ASGIHandler)


async def _read_body(receive: Receive) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _as_list(chunks: Iterable[bytes]) -> list[bytes]:
    return [*chunks]


async def _as_async(chunks: Iterable[bytes]) -> AsyncGenerator[bytes]:
    for chunk in chunks:
        yield chunk
