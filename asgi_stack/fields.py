"""Header fields: read-only by name for a request, editable lines for a response (RFC 9110, section 5)."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

__all__ = ["Field", "RequestHeaders", "ResponseHeaders"]

Field: TypeAlias = tuple[bytes, bytes]
"""One header line: name and value."""


class RequestHeaders(dict[bytes, bytes]):
    """A request's fields by lower-case name. Treat it as read-only.

    A field that came in several lines is one value here, joined as RFC 9110, section 5.3 (and for
    ``cookie`` RFC 9113, section 8.2.3) says; `get_all` gives its lines.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, fields: Any) -> "RequestHeaders":
        """Read ``(name, value)`` pairs in any letter case."""
        headers = cls(fields)
        # Both tests stay in C: no field is repeated, and no name has an upper-case letter.
        if len(headers) == len(fields) and b"".join(headers).islower():
            return headers
        return _FoldedHeaders(fields)

    def get_all(self, name: bytes) -> list[bytes]:
        """Return the value of every line of this field, in order; an empty list where there is none."""
        value = self.get(name)
        return [] if value is None else [value]

    def with_field(self, name: bytes, value: bytes) -> "RequestHeaders":
        """Return a copy in which the field of this lower-case name has one line with this value."""
        headers = RequestHeaders(self)
        headers[name] = value
        return headers


class _FoldedHeaders(RequestHeaders):
    __slots__ = ("_lines",)

    def __init__(self, fields: Iterable[Field]) -> None:
        lines: dict[bytes, list[bytes]] = {}
        for name, value in fields:
            lines.setdefault(name.lower(), []).append(value)
        joints = {b"cookie": b"; "}
        super().__init__((name, joints.get(name, b", ").join(values)) for name, values in lines.items())
        self._lines = lines

    def get_all(self, name: bytes) -> list[bytes]:
        return list(self._lines.get(name, ()))

    def with_field(self, name: bytes, value: bytes) -> "RequestHeaders":
        lines = {**self._lines, name: [value]}
        return _FoldedHeaders((field, line) for field, values in lines.items() for line in values)


class ResponseHeaders:
    """A response's header lines, in order. Every name is lower-case, however it was given.

    Takes the place of the application's own list, which stays as it was. Values are bytes; nothing here
    checks what they hold.
    """

    __slots__ = ("_fields", "_index", "_indexed")

    def __init__(self, fields: Iterable[Iterable[bytes]] = ()) -> None:
        self._fields: list[Field] = [(name.lower(), value) for name, value in fields]
        # The last value of each name among the first ``_indexed`` lines. It lags behind, because a line
        # that is only added needs no look-up.
        self._index: dict[bytes, bytes] = {}
        self._indexed = 0

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __contains__(self, name: bytes) -> bool:
        return name.lower() in self._by_name()

    def __repr__(self) -> str:
        return f"ResponseHeaders({self._fields!r})"

    def get(self, name: bytes) -> bytes | None:
        """Return the value of the last line of this field; None where there is none."""
        return self._by_name().get(name.lower())

    def get_all(self, name: bytes) -> list[bytes]:
        """Return the value of every line of this field, in order."""
        name = name.lower()
        return [value for field, value in self._fields if field == name]

    def append(self, name: bytes, value: bytes) -> None:
        """Add a line, whatever there is already."""
        self._fields.append((name.lower(), value))

    def set_default(self, name: bytes, value: bytes) -> None:
        """Add a line where there is none of that name."""
        fields, name = self._fields, name.lower()
        if self._indexed != len(fields):
            self._by_name()
        if name not in self._index:
            fields.append((name, value))

    def set(self, name: bytes, value: bytes) -> None:
        """Leave exactly one line of that name, with this value."""
        self.remove(name)
        self._fields.append((name.lower(), value))

    def remove(self, name: bytes) -> None:
        """Take every line of that name out; do nothing where there is none."""
        name = name.lower()
        if name in self._by_name():
            self._fields = [line for line in self._fields if line[0] != name]
            self._index = {}
            self._indexed = 0

    def add_vary(self, *names: bytes) -> None:
        """Add names to ``vary`` that it does not list yet; ``*`` stays alone (RFC 9110, section 12.5.5)."""
        listed = [item.strip() for value in self.get_all(b"vary") for item in value.split(b",")]
        known = {item.lower() for item in listed}
        if b"*" in known:
            return
        missing = [name for name in names if name.lower() not in known]
        if b"*" in missing:
            self.set(b"vary", b"*")
        elif missing:
            self.set(b"vary", b", ".join([*filter(None, listed), *missing]))

    def to_list(self) -> list[Field]:
        """Return the lines as the list that a message carries."""
        return self._fields

    def _by_name(self) -> dict[bytes, bytes]:
        fields = self._fields
        if self._indexed != len(fields):
            self._index.update(fields[self._indexed :] if self._indexed else fields)
            self._indexed = len(fields)
        return self._index
