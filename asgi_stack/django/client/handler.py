"""The handler of Django's asynchronous test client, with a stack between the client and Django."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponseServerError
from django.test.client import AsyncClientHandler, conditional_content_removal

from asgi_stack.django.client.call import Call, current_call
from asgi_stack.django.client.exchange import Exchange
from asgi_stack.django.client.response import is_same_response, put_body, put_head, reply_with
from asgi_stack.django.client.scope import split_request
from asgi_stack.django.client.source import Source

__all__ = ["StackHandler"]


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
        call = Call(super().__call__)
        token = current_call.set(call)
        try:
            exchange = Exchange(self.source.application, request_scope, body)
        finally:
            current_call.reset(token)
        response: Any = None
        try:
            response = await self._respond(exchange, call)
            if exchange.error is not None:
                raise exchange.error
        except Exception:
            self._on_error()
            response = HttpResponseServerError() if response is None else response
        except BaseException:
            await exchange.end()
            raise
        return self._with_request(response, call, exchange)

    async def _respond(self, exchange: Exchange, call: Call) -> Any:
        head = await exchange.head()
        if is_same_response(call.response, head) and call.is_async:
            put_head(call.response, head)
            call.response.streaming_content = exchange.chunks()
            call.response._resource_closers.append(_Closer(exchange, call))
            return call.response
        response = call.response if is_same_response(call.response, head) else reply_with(head)
        put_head(response, head)
        put_body(response, [chunk async for chunk in exchange.chunks()])
        return response

    def _with_request(self, response: Any, call: Call, exchange: Exchange) -> Any:
        if not hasattr(response, "asgi_request"):
            own = getattr(call.response, "asgi_request", None)
            response.asgi_request = own or ASGIRequest(exchange.scope, BytesIO())
            conditional_content_removal(response.asgi_request, response)
        return response


class _Closer:
    """Ends an exchange whose response is closed by the test before it was read to its end."""

    __slots__ = ("_call", "_exchange")

    def __init__(self, exchange: Exchange, call: Call) -> None:
        self._exchange = exchange
        self._call = call

    def __call__(self) -> None:
        # Django closes it too, when it has sent the whole of it: that is in the middle of this call.
        if current_call.get() is not self._call:
            self._exchange.hang_up()
