"""The heads of requests and responses, and the small replies that a layer gives by itself."""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, TypeAlias, final

from asgi_stack.errors import HeadError, ScopeTypeError
from asgi_stack.fields import Field, ResponseHeaders, fold
from asgi_stack.types import Message, Receive, Scope, Send

__all__ = ["HEAD_MESSAGES", "Reply", "RequestHead", "ResponseHead", "ResponseHook"]

HEAD_MESSAGES = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})
"""The message types that are the head of a response (ASGI www 2.5 and its Denial Response extension)."""


_NOTHING: Mapping[str, Any] = MappingProxyType({})
_LASTING: tuple[type, ...] = (list, tuple)


class RequestHead:
    """What one layer sees of a request: the scope that it was given, never the body.

    A head is read-only. `update`, `set_header` and `remove_headers` decide what the layers inside see, and
    leave this head as it is.
    """

    __slots__ = ("headers", "inward", "scope")

    scope: Scope
    """The scope itself. Do not write to it: call `update`."""

    headers: dict[bytes, bytes]
    """The header fields by lower-case name, to be read only: shared by a whole group until they change.

    A field that came in several lines is one value here, joined as RFC 9110, section 5.3 (and for ``cookie``
    RFC 9113, section 8.2.3) says; `get_all` gives its lines.
    """

    inward: "RequestHead | None"
    """The head that the layers inside see, once `update`, `set_header` or `remove_headers` has made one."""

    def __init__(self, scope: Scope, headers: dict[bytes, bytes] | None = None) -> None:
        self.scope = scope
        self.inward = None
        if headers is not None:
            self.headers = headers
            return
        fields = scope["headers"]
        if not isinstance(fields, _LASTING):
            # Any iterable will do (ASGI www 2.5), and it may last for one reading only.
            fields = list(fields)
            self.scope = {**scope, "headers": fields}
        self.headers = headers = dict(fields)
        # Both tests stay in C: no field is repeated, and no name has an upper-case letter.
        if len(headers) != len(fields) or not b"".join([*headers]).islower():
            self.headers = fold(fields)

    def __repr__(self) -> str:
        return f"<RequestHead {self.method} {self.path}>"

    @property
    def method(self) -> str:
        """The HTTP method; ``"GET"`` for a websocket, whose handshake is one (RFC 6455, section 4.1)."""
        method: str = self.scope.get("method", "GET")
        return method

    @property
    def path(self) -> str:
        """The percent-decoded path, without the query."""
        path: str = self.scope["path"]
        return path

    @property
    def scheme(self) -> str:
        """``"http"``, ``"https"``, ``"ws"`` or ``"wss"``; the specification's default where it is absent."""
        scope = self.scope
        scheme: str = scope.get("scheme") or ("ws" if scope["type"] == "websocket" else "http")
        return scheme

    @property
    def client(self) -> tuple[str, int] | None:
        """The peer's address and port; None where the server does not know them."""
        client = self.scope.get("client")
        return (client[0], client[1]) if client else None

    def get_all(self, name: bytes) -> list[bytes]:
        """Return the value of every line of a field, in order; *name* is lower-case."""
        value = self.headers.get(name)
        if value is None:
            return []
        fields = self.scope["headers"]
        if len(fields) == len(self.headers):
            return [value]
        return [value for field, value in fields if field.lower() == name]

    def update(self, changes: Mapping[str, Any] = _NOTHING, /, **more: Any) -> None:
        """Give the layers inside a copy of the scope with these keys changed.

        ``headers`` takes an iterable of ``(name, value)`` byte pairs. A second call adds to the first.

        Raises:
            HeadError: for ``type``, which decides who handles the scope and cannot change.
        """
        if more:
            changes = {**changes, **more}
        if "type" in changes:
            raise HeadError("RequestHead.update: 'type' cannot be changed: it decides who handles the scope.")
        base = self.inward or self
        scope = {**base.scope, **changes}
        if "headers" in changes:
            scope["headers"] = list(changes["headers"])
            self.inward = RequestHead(scope)
        else:
            self.inward = RequestHead(scope, base.headers)

    def remove_headers(self, names: frozenset[bytes], changes: Mapping[str, Any] = _NOTHING, /) -> None:
        """Give the layers inside no line of these fields; *names* are lower-case.

        *changes* are keys of their scope besides ``headers`` and ``type``, which is not checked here.
        """
        base = self.inward or self
        fields, headers = base.scope["headers"], base.headers
        found = names.intersection(headers)
        if found:
            headers = headers.copy()
            for name in found:
                del headers[name]
            kept = [field for field in fields if field[0] not in found]
            if len(kept) != len(headers):  # a name was repeated, or had an upper-case letter
                kept = [field for field in fields if field[0].lower() not in found]
            self.inward = RequestHead({**base.scope, **changes, "headers": kept}, headers)
        elif changes:
            self.inward = RequestHead({**base.scope, **changes}, headers)

    def set_header(self, name: bytes, value: bytes, changes: Mapping[str, Any] = _NOTHING, /) -> None:
        """Give the layers inside exactly one line of this field, in place of all that came.

        *changes* are keys of their scope besides ``headers`` and ``type``, which is not checked here.
        """
        if not name.islower():
            name = name.lower()
        base = self.inward or self
        fields = base.scope["headers"]
        # A copy saves the layers inside from reading every line once more.
        headers = base.headers.copy()
        if name in headers:
            fields = [field for field in fields if field[0].lower() != name]
        headers[name] = value
        scope = {**base.scope, **changes, "headers": [*fields, (name, value)]}
        self.inward = RequestHead(scope, headers)


class ResponseHead:
    """What one layer sees, and may change, of a response: status and header fields, never the body."""

    __slots__ = ("headers", "message")

    headers: ResponseHeaders
    """The header lines, with lower-case names."""

    message: Message
    """The message that goes on outward: a new one. Change it by `headers` and `status` alone."""

    def __init__(self, message: Message) -> None:
        self.headers = headers = ResponseHeaders(message.get("headers") or ())
        self.message = {**message, "headers": headers.fields}

    def __repr__(self) -> str:
        return f"<ResponseHead {self.status} {self.headers!r}>"

    @property
    def type(self) -> str:
        """The type of the message that this is the head of, one of `HEAD_MESSAGES`."""
        kind: str = self.message["type"]
        return kind

    @property
    def status(self) -> int:
        """The status code; 101 for ``websocket.accept``. It can be set on an http response only."""
        status: int = self.message.get("status", 101)
        return status

    @status.setter
    def status(self, status: int) -> None:
        if self.type == "websocket.accept":
            raise HeadError(f"ResponseHead: status={status!r} cannot be set: an accepted websocket is a 101.")
        self.message = {**self.message, "status": status}


ResponseHook: TypeAlias = Callable[[ResponseHead], None]
"""What `HeaderMiddleware.on_request` returns to see the response's head on its way out."""

_DENIAL = "websocket.http.response"


@final
class Reply:
    """A complete small response that a layer gives instead of calling inward; itself an ASGI application.

    Over http it is a start and one body, with an exact ``content-length`` and without the body for HEAD.
    A websocket is refused before it is accepted: by a denial response where the server offers the
    ``websocket.http.response`` extension, else by ``websocket.close``, which servers turn into a 403.
    The request's body is not read.

    Arguments:
        status: the status code, 200 to 599 (an interim 1xx is no complete response).
        body: text is sent as UTF-8. Empty for 204, 205 and 304, which have none (RFC 9110, section 6.4.1).
        content_type: of the body; not sent without one.
        headers: further ``(name, value)`` byte pairs.

    Raises:
        HeadError: for a status that is none, or for a body where the status allows none.
    """

    __slots__ = ("_body", "_headers", "status")

    _asgi_single_callable = True

    def __init__(
        self,
        status: int,
        body: str | bytes = b"",
        *,
        content_type: str = "text/plain; charset=utf-8",
        headers: Iterable[Field] = (),
    ) -> None:
        if type(status) is not int or not 200 <= status <= 599:
            raise HeadError(f"Reply: status={status!r} is not usable. Give a final status code, 200 to 599.")
        if body and status in _BODILESS:
            raise HeadError(f"Reply: status={status!r} has no body, {body!r} was given. Leave the body out.")
        self.status = status
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
            body = b"" if scope["method"] == "HEAD" else self._body
            await self._respond("http.response", body, send)
        elif scope["type"] != "websocket":
            raise ScopeTypeError(f"Reply answers http and websocket scopes, not {scope['type']!r}.")
        elif _DENIAL in (scope.get("extensions") or ()):
            await self._respond(_DENIAL, self._body, send)
        else:
            await send({"type": "websocket.close"})

    async def _respond(self, prefix: str, body: bytes, send: Send) -> None:
        # The list is copied: whoever wraps send may keep or change what it is given.
        await send({"type": f"{prefix}.start", "status": self.status, "headers": self._headers.copy()})
        await send({"type": f"{prefix}.body", "body": body, "more_body": False})

    @classmethod
    def refusal(cls, status: int, reason: str = "", *, headers: Iterable[Field] = ()) -> "Reply":
        """Return the reply to a request that is not let in: one line of text, never stored by a cache.

        *reason* must not repeat what the request held; without one it is the status' own phrase.
        """
        text = reason or HTTPStatus(status).phrase
        return cls(status, f"{text}\n", headers=[(b"cache-control", b"no-store"), *headers])


_BODILESS = frozenset({204, 205, 304})
