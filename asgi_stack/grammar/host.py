"""The ``Host`` field: ``uri-host [ ":" port ]`` (RFC 9110, section 7.2; RFC 3986, section 3.2.2)."""

from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple

__all__ = ["Host", "parse_host"]

# The unreserved characters of RFC 3986. Its reg-name may hold percent-encoded octets and sub-delimiters as
# well; no registered name does, and what compares hosts as text must not see two spellings of one.
_NAME = b"-._~0123456789abcdefghijklmnopqrstuvwxyz"
_LONGEST_NAME = 255
_LONGEST_LABEL = 63
_LONGEST = _LONGEST_NAME + len(":65535")


class Host(NamedTuple):
    """A host in the one form in which hosts are compared, and the port if one was given.

    *name* is lower-case and has no dot at its end; an IPv6 address is in brackets and compressed.
    """

    name: str
    port: int | None


def parse_host(value: bytes) -> Host | None:
    """Read the value of one ``Host`` line; None where it is not one, or is empty.

    Takes names of unreserved characters (the underscore too, which Django refuses), IPv4 and ``[IPv6]``
    addresses, and a port of 0 to 65535 or none (``example.com:`` is legal). Refuses percent-encoded octets,
    sub-delimiters, zone identifiers, IPvFuture, empty labels, and names that DNS could not hold.
    """
    if len(value) > _LONGEST or not value.isascii():
        return None
    host, port = _split(value.decode("ascii").lower())
    name = _address(host) if host.startswith("[") else _name(host)
    if name is None or not (port.isdigit() or not port):
        return None
    number = int(port) if port else None
    return None if number is not None and number > 0xFFFF else Host(name, number)


def _split(text: str) -> tuple[str, str]:
    # The colons of an address are inside of its brackets; what follows them is part of no address.
    bracket = text.rfind("]") + 1
    host, _, port = text[bracket:].partition(":")
    return text[:bracket] + host, port


def _name(host: str) -> str | None:
    host = host.removesuffix(".")
    if len(host) > _LONGEST_NAME or host.encode("ascii").translate(None, _NAME):
        return None
    labels = host.split(".")
    return host if all(0 < len(label) <= _LONGEST_LABEL for label in labels) else None


def _address(host: str) -> str | None:
    if not host.endswith("]") or "%" in host:
        return None
    try:
        return f"[{IPv6Address(host[1:-1])}]"
    except AddressValueError:
        return None
