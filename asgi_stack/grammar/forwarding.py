"""Reading what trusted proxies said of a request: along the chain from the peer towards the client."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol, TypeAlias

from asgi_stack.grammar.address import Networks, parse_address
from asgi_stack.grammar.forwarded import Element, parse_forwarded
from asgi_stack.grammar.node import Node, parse_loose_node, parse_node

__all__ = ["Chain", "Said", "TooLong"]

_LONGEST = 8 * 1024
_MOST_ENTRIES = 64
_SPACE = " \t"


Said: TypeAlias = tuple[tuple[str, int] | None, dict[str, str]]
"""What the proxy nearest to the client, among those that are trusted, said.

The client as it stands in a scope, or None; and the other parts, "proto", "host", "port" and "prefix", as
they came, without those that it left out.
"""


class Fields(Protocol):
    """The header fields of a request."""

    @property
    def headers(self) -> Mapping[bytes, bytes]:
        """The fields by their lower-case names."""
        ...

    def get_all(self, name: bytes) -> list[bytes]:
        """Return the value of every line of a field, in order."""
        ...


class TooLong(Exception):  # noqa: N818  # it is an answer to one request, and never leaves the middleware
    """There are more entries, or more bytes, than any honest chain of proxies makes."""


class Chain:
    """Knows which proxies are trusted, and how far back that leads.

    Each proxy adds an entry for its own client to the end of a list. So the last entry is as trustworthy as
    the peer, and each one before it as the proxy that the entry after it names.

    Arguments:
        networks: the trusted proxies.
        hops: how many proxies there are, in place of a look at their addresses.
        parts: what is read: "for", "proto", "host", "port" and "prefix".
    """

    __slots__ = ("_hops", "_networks", "_parts", "_reads_for")

    def __init__(self, networks: Networks, hops: int | None, parts: Collection[str]) -> None:
        self._networks = networks
        self._hops = hops
        self._reads_for = "for" in parts
        self._parts = [(part, b"x-forwarded-" + part.encode("ascii")) for part in parts if part != "for"]

    def read_lists(self, request: Fields) -> Said:
        """Read ``X-Forwarded-For`` and its kin.

        Raises:
            TooLong: for a list of more than 64 entries or 8 KiB.
        """
        headers = request.headers
        client, depth = None, self._hops or 1
        if self._reads_for:
            listed = headers.get(b"x-forwarded-for", b"")
            # What nearly every request brings: one address, and nothing to go past.
            address = parse_address(listed.decode("latin-1").strip(_SPACE)) if listed else None
            if address is not None:
                client, depth = (address.text, 0), 1
            else:
                client, depth = self._walk(map(parse_loose_node, reversed(_entries(listed))))
        texts: dict[str, str] = {}
        for part, name in self._parts:
            value = headers.get(name)
            if value is None:
                continue
            text = value.decode("latin-1").strip(_SPACE)
            if "," in text:
                values = _entries(value)
                # Fewer values than proxies: one of them replaces the list where the others add to it.
                text = values[-min(depth, len(values))] if values else ""
            if text:
                texts[part] = text
        return client, texts

    def read_elements(self, request: Fields) -> Said:
        """Read ``Forwarded`` (RFC 7239).

        Raises:
            TooLong: for a list of more than 64 elements or 8 KiB.
        """
        elements = _elements(request.get_all(b"forwarded"))
        if not elements:
            return None, {}
        client, depth = None, min(self._hops or 1, len(elements))
        if self._reads_for:
            client, depth = self._walk(map(_node_of, reversed(elements)))
        element = elements[-depth] or {}
        return client, {part: element[part] for part, _ in self._parts if part in element}

    def _walk(self, nodes: Iterable[Node | None]) -> tuple[tuple[str, int] | None, int]:
        """Go from the peer towards the client; return the last address, and how many entries are true."""
        found = None
        depth = 0
        for node in nodes:
            depth += 1
            if node is None or node.address is None:
                break
            found = node.address.text, node.port or 0
            if depth == self._hops or (self._hops is None and node.address not in self._networks):
                break
        return found, max(depth, 1)


def _entries(value: bytes) -> list[str]:
    if len(value) > _LONGEST:
        raise TooLong
    text = value.decode("latin-1")
    if "," not in text:
        text = text.strip(_SPACE)
        return [text] if text else []
    entries = [entry for part in text.split(",") if (entry := part.strip(_SPACE))]
    if len(entries) > _MOST_ENTRIES:
        raise TooLong
    return entries


def _elements(lines: list[bytes]) -> list[Element | None]:
    if sum(map(len, lines)) > _LONGEST:
        raise TooLong
    elements = [element for line in lines for element in parse_forwarded(line)]
    if len(elements) > _MOST_ENTRIES:
        raise TooLong
    return elements


def _node_of(element: Element | None) -> Node | None:
    return parse_node(element["for"]) if element and "for" in element else None
