"""The body of a request that is answered before anybody has read it.

A server that closes a connection with unread bytes in it resets it, and the answer is lost: a proxy that
still sends the body says 502 in its place (RFC 9112, section 9.6). So the body is read and dropped first, up
to a bound, and only then does the answer begin. Reading it later does not help with every server.
"""

import asyncio
from math import inf
from typing import NamedTuple

from asgi_stack.grammar.request_rules import LONGEST_LENGTH
from asgi_stack.heads.fields import Field
from asgi_stack.loops import in_asyncio
from asgi_stack.types import Receive, Scope

__all__ = ["UNREAD_BODY_KEY", "USUAL", "UnreadBody", "closing", "may_keep_connection"]

UNREAD_BODY_KEY = "asgi_stack.unread_body"
"""The scope key under which a stack that was given other bounds than the usual ones puts its `UnreadBody`."""


class UnreadBody(NamedTuple):
    """How much of an unread body is read, and for how long."""

    limit: int = 20 * 1024 * 1024
    """Bytes."""

    timeout: float = 10.0
    """Seconds, for the whole body."""

    def changes(self) -> dict[str, float]:
        """Return the bounds that are not the usual ones, by name."""
        return {name: value for name, value in self._asdict().items() if value != getattr(USUAL, name)}

    async def read(self, receive: Receive, left: int) -> bool:
        """Read and drop at most *left* bytes; tell whether that was all, or nobody is left to answer."""
        if not in_asyncio():
            return False
        try:
            async with asyncio.timeout(self.timeout):
                while left >= 0:
                    message = await receive()
                    if message["type"] != "http.request" or not message.get("more_body"):
                        return True
                    left -= len(message.get("body") or b"")
        except TimeoutError:
            pass
        return False


USUAL = UnreadBody()
"""The bounds of a stack that is told nothing, and of a reply outside of every stack."""


async def may_keep_connection(scope: Scope, receive: Receive) -> bool:
    """Read on to the end of a request's body; tell whether the connection may serve another request.

    Nothing is read where there is no body, where the client waits for a 100 before it sends one (RFC 9110,
    section 10.1.1), where the length is known to lie above the bound, and where nobody can tell where the
    body ends.
    """
    fields = _fields_of_body(scope)
    if not fields and _is_http_1(scope):
        return True
    length = _length(scope, fields)
    if length == 0 or fields.get(b"expect", [b""])[0].lower() == b"100-continue":
        return True
    bound: UnreadBody = scope.get(UNREAD_BODY_KEY) or USUAL
    if length is not None and length > bound.limit:
        return False
    return await bound.read(receive, bound.limit)


def _fields_of_body(scope: Scope) -> dict[bytes, list[bytes]]:
    fields: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        # The length is looked at first, for nearly every other name differs in it.
        if len(name) in _SIZES and (lower := name.lower()) in _OF_BODY:
            fields.setdefault(lower, []).append(value)
    return fields


_OF_BODY = frozenset({b"content-length", b"transfer-encoding", b"expect"})
_SIZES = frozenset(map(len, _OF_BODY))


def _length(scope: Scope, fields: dict[bytes, list[bytes]]) -> float | None:
    """Return how long the body is: None where it is not known, infinity where it cannot be told.

    It cannot where the length is given in two ways, in two lines or by what is no number, and with a transfer
    coding in HTTP/1.0 (RFC 9112, sections 6.1 and 6.3).
    """
    lengths = fields.get(b"content-length", [])
    if b"transfer-encoding" in fields and _is_http_1(scope):
        return inf if lengths or scope.get("http_version") in ("1.0", "1") else None
    if not lengths:
        return 0 if _is_http_1(scope) else None
    length = lengths[0]
    plain = len(lengths) == 1 and length.isdigit() and len(length) <= LONGEST_LENGTH
    return int(length) if plain else inf


def _is_http_1(scope: Scope) -> bool:
    version: str = scope.get("http_version") or "1.1"
    return version.startswith("1")


def closing(scope: Scope) -> list[Field]:
    """Return the line that ends the connection after an answer; HTTP/2 has none (RFC 9113, section 8.2.2)."""
    return [(b"connection", b"close")] if _is_http_1(scope) else []
