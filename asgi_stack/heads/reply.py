"""The small complete response that a layer gives by itself."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import final

from asgi_stack.errors import HeadError, ScopeTypeError
from asgi_stack.heads.fields import Field
from asgi_stack.heads.unread import closing, may_keep_connection
from asgi_stack.types import Receive, Scope, Send

__all__ = ["Reply"]

_DENIAL = "websocket.http.response"


@final
class Reply:
    """A complete small response that a layer gives instead of calling inward; itself an ASGI application.

    Over http it is a start and one body, with an exact ``content-length`` and without the body for HEAD.
    A websocket is refused before it is accepted: by a denial response where the server offers the
    ``websocket.http.response`` extension, else by ``websocket.close``, which servers turn into a 403.

    A body that came with the request is read and dropped first, up to a bound of the stack, for a server that
    closes with unread bytes loses the answer. Beyond the bound, and where *close* is set, the connection ends
    after the answer.

    Arguments:
        status: the status code, 200 to 599 (an interim 1xx is no complete response).
        body: text is sent as UTF-8. Empty for 204, 205 and 304, which have none (RFC 9110, section 6.4.1).
        content_type: of the body; not sent without one.
        headers: further ``(name, value)`` byte pairs.
        close: end the connection after the answer, without reading the body: for a request of which nobody
            can tell where it ends (RFC 9112, section 6.1). It concerns HTTP/1 alone.

    Raises:
        HeadError: for a status that is none, or for a body where the status allows none.
    """

    __slots__ = ("_body", "_close", "_headers", "status")

    _asgi_single_callable = True

    def __init__(
        self,
        status: int,
        body: str | bytes = b"",
        *,
        content_type: str = "text/plain; charset=utf-8",
        headers: Iterable[Field] = (),
        close: bool = False,
    ) -> None:
        if type(status) is not int or not 200 <= status <= 599:
            raise HeadError(f"Reply: status={status!r} is not usable. Give a final status code, 200 to 599.")
        if body and status in _BODILESS:
            raise HeadError(f"Reply: status={status!r} has no body, {body!r} was given. Leave the body out.")
        self.status = status
        self._close = close
        self._body = body.encode() if isinstance(body, str) else body
        given = [(name.lower(), value) for name, value in headers if name.lower() != b"content-length"]
        own = [] if status in _BODILESS else [(b"content-length", b"%d" % len(self._body))]
        if self._body and b"content-type" not in dict(given):
            own.append((b"content-type", content_type.encode("latin-1")))
        self._headers = [*own, *given]

    def __repr__(self) -> str:
        return f"Reply({self.status}, {self._body!r})"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the whole response.

        Raises:
            ScopeTypeError: for a scope that is neither ``http`` nor ``websocket``.
        """
        if scope["type"] == "http":
            keep = not self._close and await may_keep_connection(scope, receive)
            body = b"" if scope["method"] == "HEAD" else self._body
            await self._respond("http.response", body, send, [] if keep else closing(scope))
        elif scope["type"] != "websocket":
            raise ScopeTypeError(f"Reply answers http and websocket scopes, not {scope['type']!r}.")
        elif _DENIAL in (scope.get("extensions") or ()):
            await self._respond(_DENIAL, self._body, send)
        else:
            await send({"type": "websocket.close"})

    async def _respond(self, prefix: str, body: bytes, send: Send, more: Iterable[Field] = ()) -> None:
        # The list is made anew: whoever wraps send may keep or change what it is given.
        headers = [*self._headers, *more]
        await send({"type": f"{prefix}.start", "status": self.status, "headers": headers})
        await send({"type": f"{prefix}.body", "body": body, "more_body": False})

    @classmethod
    def refusal(
        cls, status: int, reason: str = "", *, headers: Iterable[Field] = (), close: bool = False
    ) -> "Reply":
        """Return the reply to a request that is not let in: one line of text, never stored by a cache.

        *reason* must not repeat what the request held; without one it is the status' own phrase.
        """
        text = reason or HTTPStatus(status).phrase
        return cls(status, f"{text}\n", headers=[(b"cache-control", b"no-store"), *headers], close=close)


_BODILESS = frozenset({204, 205, 304})
