"""The handler of Django's asynchronous test client, with a stack between the client and Django."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponseServerError
from django.test.client import AsyncClientHandler, conditional_content_removal

from asgi_stack.django.client.handler_call import HandlerCall, HandlerDetour, current_handler_call
from asgi_stack.django.client.response import is_same_response, put_body, put_head, reply_with
from asgi_stack.django.client.scope import split_request
from asgi_stack.django.client.source import Source
from asgi_stack.django.client.stack_call import StackCall
from asgi_stack.types import Scope

__all__ = ["StackHandler"]

_DETOUR = HandlerDetour()


class StackHandler(AsyncClientHandler):
    """Sends each request through the application of *source*; Django's part stays what it was.

    *on_error* is called, with the exception being handled, for what the application raises.
    """

    def __init__(self, enforce_csrf_checks: bool, source: Source, on_error: Callable[[], object]) -> None:
        super().__init__(enforce_csrf_checks)
        self.source = source
        self._on_error = on_error

    async def __call__(self, scope: dict[str, Any]) -> Any:
        """Return the response that comes out of the stack: Django's own object where it was Django's."""
        request_scope, body = split_request(scope, self.source.state)
        inner = HandlerCall(super().__call__)
        outer = self._begin(inner, request_scope, body)
        response: Any = None
        try:
            response = await self._respond(outer, inner)
            if outer.error is not None:
                raise outer.error
        except Exception:
            self._on_error()
            response = HttpResponseServerError() if response is None else response
        except BaseException:
            await outer.end()
            raise
        return self._with_request(response, inner, outer)

    def _begin(self, inner: HandlerCall, scope: Scope, body: bytes) -> StackCall:
        application = self.source.application
        token = current_handler_call.set(inner)
        try:
            call = StackCall(application, scope, body)
        finally:
            current_handler_call.reset(token)
        if self.source.is_given:
            # Before the call runs for the first time, and until it has ended.
            _DETOUR.enter()
            call.when_ended(_DETOUR.leave)
        return call

    async def _respond(self, outer: StackCall, inner: HandlerCall) -> Any:
        head = await outer.head()
        if is_same_response(inner.response, head) and inner.is_async:
            put_head(inner.response, head)
            inner.response.streaming_content = outer.chunks()
            inner.response._resource_closers.append(_Closer(outer, inner))
            return inner.response
        response = inner.response if is_same_response(inner.response, head) else reply_with(head)
        put_head(response, head)
        put_body(response, [chunk async for chunk in outer.chunks()])
        return response

    def _with_request(self, response: Any, inner: HandlerCall, outer: StackCall) -> Any:
        if not hasattr(response, "asgi_request"):
            own = getattr(inner.response, "asgi_request", None)
            response.asgi_request = own or ASGIRequest(outer.scope, BytesIO())
            conditional_content_removal(response.asgi_request, response)
        return response


class _Closer:
    """Ends a call whose response is closed by the test before it was read to its end."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, outer: StackCall, inner: HandlerCall) -> None:
        self._outer = outer
        self._inner = inner

    def __call__(self) -> None:
        # Django closes it too, when it has sent the whole of it: that is in the middle of this call.
        if current_handler_call.get() is not self._inner:
            self._outer.hang_up()
