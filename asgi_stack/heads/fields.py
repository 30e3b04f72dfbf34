"""Header fields: read-only by name for a request, editable lines for a response (RFC 9110, section 5)."""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NoReturn, TypeAlias

from asgi_stack.errors import HeadError
from asgi_stack.heads.usual import USUAL_NAMES

__all__ = ["Field", "Lines", "ReadOnly", "ResponseHeaders", "fold", "read_again", "read_fields"]

Field: TypeAlias = tuple[bytes, bytes]
"""One header line: name and value."""


class ReadOnly(dict[bytes, bytes]):
    """A request's header fields by lower-case name. Nobody can write to them.

    A dictionary all the same, because it is read quicker than a ``MappingProxyType`` around one.
    """

    __slots__ = ()


def _refuse(self: ReadOnly, *_: object, **__: object) -> NoReturn:
    """Raise a HeadError that names who writes, and what to call."""
    # Python's documentation has this function, for the purpose that it has here.
    code = sys._getframe(1).f_code  # pyright: ignore[reportPrivateUsage]
    writer = code.co_qualname.replace(".<locals>", "")
    raise HeadError(
        f"{writer}: RequestHead.headers is read-only. To change what the layers inside see, call "
        "request.update(headers=[...]) or request.set_header(name, value)."
    )


for _method in ("__delitem__", "__ior__", "__setitem__", "clear", "pop", "popitem", "setdefault", "update"):
    setattr(ReadOnly, _method, _refuse)


def read_fields(fields: Collection[Field], kind: type[dict[bytes, bytes]] = dict) -> dict[bytes, bytes]:
    """Read a request's ``(name, value)`` pairs, in any letter case: one value for each lower-case name."""
    headers = kind(fields)
    # No field is repeated, and no name has an upper-case letter. Both are asked in C: for 18 lines that takes
    # 200 ns if the names are usual ones, 400 if not, and to go by them one by one in Python 2 us.
    if len(headers) == len(fields) and (USUAL_NAMES.issuperset(headers) or b"".join([*headers]).islower()):
        return headers
    return kind(fold(fields))


def read_again(
    fields: list[Field],
    before: Sequence[Field],
    read: Mapping[bytes, bytes],
    kind: type[dict[bytes, bytes]] = dict,
) -> dict[bytes, bytes]:
    """Return what `read_fields` would, where *before* was *read* already: lines may only have been added."""
    count = len(before)
    # Lines that stay are the same objects, so that the look at all of them takes 80 ns, a reading 800.
    if len(fields) <= count or fields[:count] != before:
        return read_fields(fields, kind)
    headers = {**read}
    for name, value in fields[count:]:
        if name in headers or not name.islower():
            return read_fields(fields, kind)
        headers[name] = value
    return headers if kind is dict else kind(headers)


def fold(fields: Iterable[Field]) -> dict[bytes, bytes]:
    """Return the same, read line by line.

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

    __slots__ = ("_last", "fields")

    fields: list[Field]
    """The lines as the list that a message carries. Change it by the methods alone."""

    def __init__(self, fields: Iterable[Iterable[bytes]] = ()) -> None:
        self.fields = []
        # The last value of each name, kept in step with the lines: one pass for both costs no more than the
        # lines and, once somebody asks, a dictionary made of them.
        self._last: dict[bytes, bytes] = {}
        lines, last = self.fields, self._last
        for name, value in fields:
            name = name.lower()
            lines.append((name, value))
            last[name] = value

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def __contains__(self, name: bytes) -> bool:
        return name.lower() in self._last

    def __repr__(self) -> str:
        return f"ResponseHeaders({self.fields!r})"

    def get(self, name: bytes) -> bytes | None:
        """Return the value of the last line of this field; None where there is none."""
        return self._last.get(name if name.islower() else name.lower())

    def get_all(self, name: bytes) -> list[bytes]:
        """Return the value of every line of this field, in order."""
        name = name.lower()
        return [value for field, value in self.fields if field == name]

    def append(self, name: bytes, value: bytes) -> None:
        """Add a line, whatever there is already."""
        if not name.islower():
            name = name.lower()
        self.fields.append((name, value))
        self._last[name] = value

    def set_default(self, name: bytes, value: bytes) -> None:
        """Add a line where there is none of that name."""
        if not name.islower():
            name = name.lower()
        last = self._last
        if name not in last:
            self.fields.append((name, value))
            last[name] = value

    def set_defaults(self, lines: Lines) -> None:
        """Add each of these lines of whose name there is none yet."""
        last = self._last
        if lines.names.isdisjoint(last):
            self.fields += lines.fields
            last |= lines.by_name
        else:
            for name, value in lines.fields:
                self.set_default(name, value)

    def set(self, name: bytes, value: bytes) -> None:
        """Leave exactly one line of that name, with this value."""
        if not name.islower():
            name = name.lower()
        last = self._last
        if name in last:
            self.fields[:] = [line for line in self.fields if line[0] != name]
        self.fields.append((name, value))
        last[name] = value

    def remove(self, name: bytes) -> None:
        """Take every line of that name out; do nothing where there is none."""
        if not name.islower():
            name = name.lower()
        if self._last.pop(name, None) is not None:
            self.fields[:] = [line for line in self.fields if line[0] != name]

    def replace(self, names: frozenset[bytes], lines: Lines) -> None:
        """Take every line of *names* out, which are lower-case, then add these lines."""
        last = self._last
        if not names.isdisjoint(last):
            for name in names:
                self.remove(name)
        self.fields += lines.fields
        last |= lines.by_name

    def add_vary(self, *names: bytes) -> None:
        """Add names to ``vary`` that it does not list yet; ``*`` stays alone (RFC 9110, section 12.5.5)."""
        last = self._last
        if b"vary" not in last and len(names) == 1:
            self.fields.append((b"vary", names[0]))
            last[b"vary"] = names[0]
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
