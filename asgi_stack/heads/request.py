"""The head of a request, as one layer sees it."""

from collections.abc import Callable, Mapping
from typing import Any

from asgi_stack.errors import HeadError
from asgi_stack.heads.fields import Field, ReadOnly, read_again, read_fields
from asgi_stack.types import Scope

__all__ = ["RequestHead"]

# A plain dictionary, never written to: what is read-only takes longer to be unpacked.
_NOTHING: dict[str, Any] = {}
_new = object.__new__
_kind_of: Callable[[object], object] = type


class RequestHead:
    """What one layer sees of a request: the scope that it was given, never the body.

    A head is read-only. `update`, `set_header` and `remove_headers` decide what the layers inside see, and
    leave this head as it is.
    """

    __slots__ = ("headers", "inward", "scope")

    scope: Scope
    """The scope itself. Do not write to it: call `update`."""

    headers: Mapping[bytes, bytes]
    """The header fields by lower-case name, to be read only: shared by a whole group until they change.

    A field that came in several lines is one value here, joined as RFC 9110, section 5.3 (and for ``cookie``
    RFC 9113, section 8.2.3) says; `get_all` gives its lines.
    """

    inward: "RequestHead | None"
    """The head that the layers inside see, once `update`, `set_header` or `remove_headers` has made one."""

    def __init__(self, scope: Scope, trusting: bool = False) -> None:
        fields = scope["headers"]
        kind = _kind_of(fields)
        if kind is not list and kind is not tuple:
            # Any iterable will do (ASGI www 2.5), and it may last for one reading only.
            fields = list(fields)
            scope = {**scope, "headers": fields}
        self.scope = scope
        self.inward = None
        # What one layer wrote here, the next would take for the client's. Layers that are known not to write
        # share a plain dictionary, in which `remove_headers` and `set_header` need copy nothing: a copy, with
        # all that it touches, takes 270 ns. In the benchmark's policy of seven it is 0.8 us of 11 together.
        self.headers = read_fields(fields, dict if trusting else ReadOnly)

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
        if "type" in changes or "type" in more:
            raise HeadError("RequestHead.update: 'type' cannot be changed: it decides who handles the scope.")
        inward = self.inward
        if inward is None:
            before, headers = self.scope["headers"], self.headers
            # One dictionary from three: to put the changes together first takes 80 ns more.
            scope = {**self.scope, **changes, **more}
        else:
            # The layers inside have not seen it yet.
            before, headers = inward.scope["headers"], inward.headers
            scope = inward.scope
            scope.update(changes)
            scope.update(more)
        fields = scope["headers"]
        if fields is not before:
            fields = scope["headers"] = [*fields]
            headers = read_again(fields, before, headers, dict if type(headers) is dict else ReadOnly)
        if inward is None:
            self.inward = inward = _new(RequestHead)
            inward.scope = scope
            inward.inward = None
        inward.headers = headers

    def remove_headers(self, names: frozenset[bytes], changes: Mapping[str, Any] = _NOTHING, /) -> None:
        """Give the layers inside no line of these fields; *names* are lower-case.

        *changes* are keys of their scope besides ``headers`` and ``type``, which is not checked here.
        """
        base = self.inward or self
        found = names.intersection(base.headers)
        if found:
            read: Any = base.headers
            headers: dict[bytes, bytes] = read if _kind_of(read) is dict else {**read}
            for name in found:
                del headers[name]
            fields = base.scope["headers"]
            kept: list[Field] = [field for field in fields if field[0] not in found]
            if len(kept) != len(headers):  # a name was repeated, or had an upper-case letter
                kept = [field for field in fields if field[0].lower() not in found]
            self._pass_inward({**base.scope, **changes, "headers": kept}, headers)
        elif changes:
            self._pass_inward({**base.scope, **changes}, base.headers)

    def set_header(self, name: bytes, value: bytes, changes: Mapping[str, Any] = _NOTHING, /) -> None:
        """Give the layers inside exactly one line of this field, in place of all that came.

        *changes* are keys of their scope besides ``headers`` and ``type``, which is not checked here.
        """
        if not name.islower():
            name = name.lower()
        base = self.inward or self
        fields = base.scope["headers"]
        # To go on from what was read saves the layers inside from reading every line once more (800 ns).
        read: Any = base.headers
        headers: dict[bytes, bytes] = read if _kind_of(read) is dict else {**read}
        if name in headers:
            fields = [field for field in fields if field[0].lower() != name]
        headers[name] = value
        self._pass_inward({**base.scope, **changes, "headers": [*fields, (name, value)]}, headers)

    def guarded(self) -> "RequestHead":
        """Return the same head for a function of somebody else's, which cannot write to its headers."""
        head = _new(RequestHead)
        head.scope = self.scope
        head.inward = None
        head.headers = ReadOnly(self.headers)
        return head

    def _pass_inward(self, scope: Scope, headers: Mapping[bytes, bytes]) -> None:
        # An object that is filled from outside is made in 90 ns, one that fills itself in __init__ in 120.
        self.inward = head = _new(RequestHead)
        head.scope = scope
        head.inward = None
        head.headers = headers if type(headers) is type(self.headers) else ReadOnly(headers)
