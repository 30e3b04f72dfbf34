"""The bytes of a response against what its head says of them (RFC 9110, 6.4.1, 8.4 and 8.6)."""

from typing import Any

from asgi_stack.testing.lint.blame import Fault
from asgi_stack.testing.lint.coding import Coding, coding_of
from asgi_stack.testing.lint.headers import values_of
from asgi_stack.testing.lint.values import shown

__all__ = ["Length"]

_LENGTH, _CODING = b"content-length", b"content-encoding"
# RFC 9110, 15.2, 15.3.5, 15.3.6 and 15.4.5.
_WITHOUT_CONTENT = frozenset({*range(100, 200), 204, 205, 304})


class Length:
    """The half of a response that counts its bytes, and looks at their coding.

    The server drops the content of a response to HEAD, so nothing is asked of it here; the same holds for the
    length that a 304 may announce, and for a successful CONNECT.
    """

    __slots__ = ("_coding", "_declared", "_empty_for", "_fault", "_method", "_sent")

    def __init__(self, method: object, fault: Fault) -> None:
        self._method = method
        self._fault = fault
        self._declared: int | None = None
        self._empty_for: object = None
        self._coding: Coding | None = None
        self._sent = 0

    def announce(self, status: Any, headers: Any, *, usual: bool) -> None:
        """Note what the head announces; *usual* is what `check_headers` said of the headers."""
        if self._method == "HEAD":
            return
        if isinstance(status, int) and status in _WITHOUT_CONTENT:
            self._empty_for = status
        elif self._method != "CONNECT":
            values = _values(_LENGTH, headers, usual=usual)
            self._declared = self._announced(values) if values else None
            # A part of a coded body (206) is no coded body.
            coded = _values(_CODING, headers, usual=usual) if status != 206 else None
            self._coding = coding_of(coded) if coded else None

    def count(self, body: Any) -> None:
        """Count a piece of the body."""
        size = len(body) if isinstance(body, bytes) else 0
        self._sent += size
        if size and self._empty_for is not None:
            self._fault("X2", f"{size} bytes of body were sent with status {self._empty_for}.", "body")
        if self._declared is not None and self._sent > self._declared:
            self._mismatch("at least ")
        if self._coding is not None and size:
            self._coding.take(body)

    def lose_count(self) -> None:
        """Stop counting: a file follows, whose size is the server's to find out."""
        self._declared = self._coding = None

    def compare(self) -> None:
        """Compare, now that the body is complete."""
        if self._declared is not None and self._sent < self._declared:
            self._mismatch("")
        if self._coding is not None:
            self._coding.end(self._fault)

    def _announced(self, values: list[bytes]) -> int | None:
        value = values[0]
        if not value.isdigit() or (len(values) > 1 and values.count(value) < len(values)):
            text = f"the response announces content-length {', '.join(map(shown, values))}."
            self._fault("X1", text, "content-length")
            return None
        return int(value) if len(value) < 20 else None

    def _mismatch(self, at_least: str) -> None:
        text = f"content-length is {self._declared}, and {at_least}{self._sent} bytes of body were sent."
        self._fault("X1", text, "content-length")
        self._declared = None


def _values(name: bytes, headers: Any, *, usual: bool) -> list[bytes]:
    if usual:
        return [value for key, value in headers if key == name]
    return values_of(name, headers)
