"""The node identifiers of ``Forwarded`` (RFC 7239, section 6), and the looser ones of ``X-Forwarded-For``."""

from typing import NamedTuple

from asgi_stack.grammar.address import Address, parse_address

__all__ = ["Node", "parse_loose_node", "parse_node"]

_OBFUSCATED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
_LONGEST_PORT = 5


class Node(NamedTuple):
    """Who took part in a request: *address* is None for ``unknown`` and for a made-up name.

    *port* is None where none was given, a made-up one, or one above 65535.
    """

    address: Address | None
    port: int | None = None


def parse_node(text: str) -> Node | None:
    """Read ``node = nodename [ ":" node-port ]``; None where it is not one.

    An IPv6 address stands in brackets.
    """
    if text.startswith("["):
        name, bracket, rest = text[1:].partition("]")
        address = parse_address(name) if ":" in name and "%" not in name else None
        return _with_port(address, rest) if bracket and address else None
    name, colon, port = text.partition(":")
    if name.lower() == "unknown" or _is_obfuscated(name):
        return _with_port(None, colon + port)
    address = parse_address(name)
    return _with_port(address, colon + port) if address else None


def parse_loose_node(text: str) -> Node | None:
    """Read one entry of ``X-Forwarded-For``, which no standard describes; None where it is none.

    Besides a node it may be an IPv6 address without brackets, or with a zone identifier.
    """
    if address := parse_address(text):
        return Node(address)
    if text.startswith("[") and "%" in text:
        name, _, rest = text[1:].partition("]")
        address = parse_address(name) if ":" in name else None
        return _with_port(address, rest) if address else None
    return parse_node(text)


def _with_port(address: Address | None, rest: str) -> Node | None:
    port = rest[1:]
    if not rest:
        return Node(address)
    if rest[0] != ":":
        return None
    if port.isascii() and port.isdigit() and len(port) <= _LONGEST_PORT:
        # The grammar has five digits, and ports fewer values than those: the address is no less true.
        return Node(address, int(port) if int(port) <= 0xFFFF else None)
    return Node(address) if _is_obfuscated(port) else None


def _is_obfuscated(name: str) -> bool:
    return len(name) > 1 and name[0] == "_" and not name[1:].strip(_OBFUSCATED)
