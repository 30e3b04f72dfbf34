"""IP addresses in their one canonical form, and networks of them (RFC 4291, RFC 4632, RFC 5952)."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_network
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

__all__ = ["Address", "Networks", "parse_address"]

_LONGEST = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")
_LONGEST_ZONE = 64
_MAPPED = bytes(10) + b"\xff\xff"


@dataclass(slots=True)  # made at every request that comes through a proxy: quicker than a NamedTuple
class Address:
    """An address as text in canonical form, and as 4 or 16 bytes."""

    text: str
    packed: bytes


def parse_address(text: str) -> Address | None:
    """Read an IPv4 or IPv6 address without brackets or port; None where it is not one.

    An IPv4-mapped IPv6 address becomes the IPv4 address that it stands for (RFC 4291, section 2.5.5.2). A
    zone identifier is dropped: it means something on one machine only.
    """
    family = AF_INET
    if ":" in text:
        family = AF_INET6
        text, percent, zone = text.partition("%")
        if percent and not (0 < len(zone) <= _LONGEST_ZONE and zone.isascii() and zone.isprintable()):
            return None
    if len(text) > _LONGEST:
        return None
    try:
        packed = inet_pton(family, text)
    except (OSError, ValueError):  # the latter for NUL and for what UTF-8 cannot hold
        return None
    if family is AF_INET:
        # Not every platform refuses "010.0.0.1", which some read as octal.
        is_plain = not (text[0] == "0" or ".0" in text) or inet_ntop(family, packed) == text
        return Address(text, packed) if is_plain else None
    if packed.startswith(_MAPPED):
        packed, family = packed[len(_MAPPED) :], AF_INET
    return Address(inet_ntop(family, packed), packed)


class Networks:
    """A set of networks, which finds an address in as many steps as it has different prefix lengths.

    Arguments:
        entries: addresses and networks in CIDR notation, without host bits, as in ``"10.0.0.0/8"``.

    Raises:
        ValueError: for an entry that is neither, with the reason.
    """

    __slots__ = ("_ranges",)

    def __init__(self, entries: Iterable[str]) -> None:
        ranges: dict[tuple[int, int], set[int]] = {}
        for entry in entries:
            network = ip_network(entry)
            size, shift = network.max_prefixlen // 8, network.max_prefixlen - network.prefixlen
            number = int(network.network_address)
            if size == 16 and network.prefixlen >= 96 and network.network_address.packed[:12] == _MAPPED:
                size, number = 4, number & 0xFFFFFFFF
            ranges.setdefault((size, shift), set()).add(number >> shift)
        self._ranges = tuple((size, shift, frozenset(found)) for (size, shift), found in ranges.items())

    def __bool__(self) -> bool:
        return bool(self._ranges)

    def __contains__(self, address: Address) -> bool:
        packed = address.packed
        number = int.from_bytes(packed, "big")
        length = len(packed)
        for size, shift, found in self._ranges:  # noqa: SIM110  # a generator takes twice as long
            if size == length and number >> shift in found:
                return True
        return False
