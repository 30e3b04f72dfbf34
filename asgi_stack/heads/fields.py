"""Header fields: read-only by name for a request, editable lines for a response (RFC 9110, section 5)."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

__all__ = ["Field", "Lines", "ResponseHeaders", "fold"]

Field: TypeAlias = tuple[bytes, bytes]
"""One header line: name and value."""


def fold(fields: Iterable[Field]) -> dict[bytes, bytes]:
    """Read a request's ``(name, value)`` pairs, in any letter case, into one value for each lower-case name.

    A field that came in several lines is one value, joined as RFC 9110, section 5.3 (and for ``cookie``
    RFC 9113, section 8.2.3) says.
    """
    lines: dict[bytes, list[bytes]] = {}
    for name, value in fields:
        lines.setdefault(name.lower(), []).append(value)
    return {name: _JOINTS.get(name, b", ").join(values) for name, values in lines.items()}


_JOINTS = {b"cookie": b"; "}


class Lines:
    """Header lines that are prepared once and added to many responses: one of each name, in lower case."""

    __slots__ = ("by_name", "fields", "names")

    def __init__(self, fields: Iterable[Field]) -> None:
        self.by_name = dict(fields)
        self.names = frozenset(self.by_name)
        self.fields = list(self.by_name.items())


class ResponseHeaders:
    """A response's header lines, in order. Every name is lower-case, however it was given.

    Takes the place of the application's own list, which stays as it was. Values are bytes; nothing here
    checks what they hold.
    """

    __slots__ = ("_index", "fields")

    fields: list[Field]
    """The lines as the list that a message carries. Change it by the methods alone."""

    def __init__(self, fields: Iterable[Iterable[bytes]] = ()) -> None:
        self.fields = [(name.lower(), value) for name, value in fields]
        # The last value of each name: made when a name is first looked up, and kept in step from then on.
        self._index: dict[bytes, bytes] | None = None

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def __contains__(self, name: bytes) -> bool:
        return name.lower() in self._by_name()

    def __repr__(self) -> str:
        return f"ResponseHeaders({self.fields!r})"

    def get(self, name: bytes) -> bytes | None:
        """Return the value of the last line of this field; None where there is none."""
        return self._by_name().get(name.lower())

    def get_all(self, name: bytes) -> list[bytes]:
        """Return the value of every line of this field, in order."""
        name = name.lower()
        return [value for field, value in self.fields if field == name]

    def append(self, name: bytes, value: bytes) -> None:
        """Add a line, whatever there is already."""
        if not name.islower():
            name = name.lower()
        self.fields.append((name, value))
        if self._index is not None:
            self._index[name] = value

    def set_default(self, name: bytes, value: bytes) -> None:
        """Add a line where there is none of that name."""
        index = self._index
        if index is None:
            index = self._index = dict(self.fields)
        if not name.islower():
            name = name.lower()
        if name not in index:
            self.fields.append((name, value))
            index[name] = value

    def set_defaults(self, lines: Lines) -> None:
        """Add each of these lines of whose name there is none yet."""
        index = self._index
        if index is None:
            index = self._index = dict(self.fields)
        if lines.names.isdisjoint(index):
            self.fields += lines.fields
            index |= lines.by_name
        else:
            for name, value in lines.fields:
                self.set_default(name, value)

    def set(self, name: bytes, value: bytes) -> None:
        """Leave exactly one line of that name, with this value."""
        index = self._index
        if index is None:
            index = self._index = dict(self.fields)
        if not name.islower():
            name = name.lower()
        if name in index:
            self.fields[:] = [line for line in self.fields if line[0] != name]
        self.fields.append((name, value))
        index[name] = value

    def remove(self, name: bytes) -> None:
        """Take every line of that name out; do nothing where there is none."""
        name = name.lower()
        if self._by_name().pop(name, None) is not None:
            self.fields[:] = [line for line in self.fields if line[0] != name]

    def replace(self, names: frozenset[bytes], lines: Lines) -> None:
        """Take every line of *names* out, which are lower-case, then add these lines."""
        index = self._index
        if index is None:
            index = self._index = dict(self.fields)
        if not names.isdisjoint(index):
            for name in names:
                self.remove(name)
        self.fields += lines.fields
        index |= lines.by_name

    def add_vary(self, *names: bytes) -> None:
        """Add names to ``vary`` that it does not list yet; ``*`` stays alone (RFC 9110, section 12.5.5)."""
        index = self._index
        if index is None:
            index = self._index = dict(self.fields)
        if len(names) == 1 and b"vary" not in index:
            self.fields.append((b"vary", names[0]))
            index[b"vary"] = names[0]
            return
        listed: dict[bytes, bytes] = {}
        for item in [item for value in self.get_all(b"vary") for item in value.split(b",")]:
            listed[item.strip().lower()] = item.strip()
        before = len(listed)
        if b"*" in listed:
            return
        for name in names:
            listed.setdefault(name.lower(), name)
        if b"*" in listed:
            self.set(b"vary", b"*")
        elif len(listed) > before:
            self.set(b"vary", b", ".join(filter(None, listed.values())))

    def _by_name(self) -> dict[bytes, bytes]:
        index = self._index
        if index is None:
            index = self._index = dict(self.fields)
        return index
