"""The head of a request, as one layer sees it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from asgi_stack.errors import HeadError
from asgi_stack.heads.fields import fold
from asgi_stack.types import Scope

__all__ = ["RequestHead"]

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
