"""Turns an exception from inside into a response that passes the layers outside."""

import json
from collections.abc import Callable
from typing import ClassVar, TypeAlias, cast

from asgi_stack.base import ASGIMiddleware
from asgi_stack.errors import OptionError
from asgi_stack.grammar.request_id import is_request_id
from asgi_stack.heads import HEAD_MESSAGES, Reply
from asgi_stack.logs import late_logger
from asgi_stack.options import answered, flag, function, instance
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ErrorBoundaryMiddleware", "ErrorPage", "problem_page", "text_page"]

logger = late_logger("asgi_stack.error_boundary")

ErrorPage: TypeAlias = Callable[[Scope, Exception], Reply]
"""Makes the response to a failed request. What the exception says is not for strangers: show none of it."""


def text_page(scope: Scope, error: Exception) -> Reply:
    """Return a 500 in plain text, with the request's id if there is one."""
    request_id = _request_id(scope)
    reason = "Internal Server Error"
    return Reply.refusal(500, f"{reason}\nRequest ID: {request_id}" if request_id else reason)


def problem_page(scope: Scope, error: Exception) -> Reply:
    """Return a 500 as ``application/problem+json`` (RFC 9457), with a ``request_id`` if there is one."""
    problem: dict[str, object] = {"type": "about:blank", "title": "Internal Server Error", "status": 500}
    if request_id := _request_id(scope):
        problem["request_id"] = request_id
    headers = [(b"cache-control", b"no-store")]
    return Reply(500, json.dumps(problem), content_type="application/problem+json", headers=headers)


class ErrorBoundaryMiddleware(ASGIMiddleware):
    """Answers 500 where the inner application raises before its response has started, and re-raises.

    The layers outside see an ordinary response, and add their fields to it. After the start there is never
    a second one: the exception goes on, so that the server breaks the connection and the client can tell
    the response is not whole. A websocket is refused before it is accepted, and closed with 1011 after.

    ``CancelledError``, ``KeyboardInterrupt`` and their like are not caught. An error of the kinds
    *client_gone*, after the client has left, is no fault of the application: it is logged at debug level and
    ends there. A client has left when the server says so before the response is whole, or when ``send``
    raises such an error. Servers also say so after every whole response: errors of work that goes on then
    are errors.

    Arguments:
        page: makes the response: `text_page`, `problem_page` or your own. Where it fails itself, that is
            logged and the plain text is sent.
        reraise: let the exception go on, for the server or an outer layer to log. With False it is logged
            here and ends, except where an http response is under way.
        client_gone: what servers and frameworks raise once nobody listens any more; an exception group of
            nothing else counts too.

    Raises:
        OptionError: for a *page* that is no function or an async one, and for a *client_gone* that is no
            tuple of exceptions.
    """

    __slots__ = ("_client_gone", "_page", "_reraise")

    order: ClassVar[Order] = Order(place=Place.ERROR)

    def __init__(
        self,
        app: ASGIApp,
        *,
        page: ErrorPage = text_page,
        reraise: bool = True,
        client_gone: tuple[type[Exception], ...] = (OSError,),
    ) -> None:
        super().__init__(app)
        hint = "Give a function (scope, error) that returns a Reply."
        self._page = function(self, "page", page, "scope", "error", hint=hint)
        if not isinstance(client_gone, tuple) or not all(map(_is_exception, client_gone)):
            hint = "Give a tuple of exception classes, as in client_gone=(OSError,)."
            raise OptionError(self, "client_gone", client_gone, hint)
        self._reraise = flag(self, "reraise", reraise)
        self._client_gone = client_gone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the inner application, and answer for it where it raises."""
        if scope["type"] not in self.scope_types:
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(receive, send, self._client_gone)
        try:
            await self.app(scope, exchange.receive_with_watch, exchange.send_with_watch)
        except Exception as error:
            if exchange.client_left and self._means_client_gone(error):
                logger.debug("The client left: %r", error)
                return
            await self._answer(exchange, scope, error)
            if self._reraise or exchange.is_broken:
                raise
            logger.exception("The inner application raised %s", type(error).__name__, exc_info=error)

    async def _answer(self, exchange: "_Exchange", scope: Scope, error: Exception) -> None:
        try:
            if exchange.last is None:
                await self._reply(scope, error)(scope, exchange.receive_rest, exchange.send)
            elif exchange.last == "websocket.accept":
                await exchange.send({"type": "websocket.close", "code": 1011, "reason": ""})
        except Exception:
            # The first error matters, and not that nobody could be told.
            logger.debug("The error could not be sent", exc_info=True)

    def _reply(self, scope: Scope, error: Exception) -> Reply:
        try:
            return _checked(self._page(scope, error))
        except Exception:
            logger.exception("The error page failed")
            return text_page(scope, error)

    def _means_client_gone(self, error: Exception) -> bool:
        if isinstance(error, ExceptionGroup):
            group = cast("ExceptionGroup[Exception]", error)
            return group.split(self._client_gone)[1] is None
        return isinstance(error, self._client_gone)


class _Exchange:
    """What has passed between the server and the inner application."""

    __slots__ = ("_answered", "_gone", "_receiving", "_whole", "client_left", "last", "receive", "send")

    def __init__(self, receive: Receive, send: Send, gone: tuple[type[Exception], ...]) -> None:
        self.receive = receive
        self._gone = gone
        self._answered = False
        self.send = send
        self.client_left = False
        self.last: str | None = None
        self._whole = False
        self._receiving = 0

    @property
    def is_broken(self) -> bool:
        """Whether an http response or a denial is under way, which only the server can break off."""
        return not self._answered and self.last is not None and self.last.endswith("response.start")

    async def receive_with_watch(self) -> Message:
        self._receiving += 1
        try:
            message: Message = await self.receive()
        finally:
            self._receiving -= 1
        if message["type"] in _DISCONNECTS and not self._answered:
            self.client_left = True
        if not message.get("more_body"):
            self._whole = True
        return message

    async def receive_rest(self) -> Message:
        """Return what is left of the request's body, for an answer that is given ahead of its end."""
        # Nothing but a disconnect follows the end, and nobody may receive twice at a time.
        if self._whole or self._receiving:
            return {"type": "http.request", "body": b"", "more_body": False}
        message: Message = await self.receive()
        return message

    async def send_with_watch(self, message: Message) -> None:
        # Before it is sent: a start that fails half-way must not be followed by another.
        if message["type"] in _DECISIVE:
            self.last = message["type"]
        if _is_last(message):
            self._answered = True
        try:
            await self.send(message)
        except self._gone:
            self.client_left = True
            raise


_BODIES = frozenset(
    {
        "http.response.body",
        "http.response.pathsend",
        "http.response.zerocopysend",
        "websocket.http.response.body",
    }
)
_DISCONNECTS = frozenset({"http.disconnect", "websocket.disconnect"})
_DECISIVE = HEAD_MESSAGES | {"websocket.close"}


def _is_last(message: Message) -> bool:
    kind = message["type"]
    return kind == "websocket.close" or (kind in _BODIES and not message.get("more_body"))


def _checked(reply: object) -> Reply:
    owner = ErrorBoundaryMiddleware.__name__
    return instance(owner, "page()", answered(owner, "page", reply), Reply, hint="Return a Reply.")


def _is_exception(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Exception)


def _request_id(scope: Scope) -> str | None:
    request_id = scope.get("asgi_stack.request_id")
    return request_id if isinstance(request_id, str) and is_request_id(request_id) else None
