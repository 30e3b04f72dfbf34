"""The ``Origin`` field: who asked, as scheme, host and port (RFC 6454; Fetch, section 3.2)."""

from collections.abc import Iterable
from typing import NamedTuple

from asgi_stack.grammar.host import parse_host

__all__ = ["Origin", "Origins", "origin_fault", "parse_origin"]

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
_SCHEME = "abcdefghijklmnopqrstuvwxyz0123456789+-."
_LONGEST_SCHEME = 64
_LONGEST = _LONGEST_SCHEME + len("://") + 262


class Origin(NamedTuple):
    """A tuple origin in the one form in which origins are compared (RFC 6454, section 5).

    *host* is in lower case and keeps a dot at its end: browsers hold ``example.com.`` for another origin.
    *port* is the scheme's own where none was given, and None for a scheme that has none.
    """

    scheme: str
    host: str
    port: int | None

    def __str__(self) -> str:
        """Return the origin as browsers write it: without the scheme's own port."""
        port = "" if self.port == _PORTS.get(self.scheme) else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


def parse_origin(value: bytes) -> Origin | None:
    """Read the value of one ``Origin`` line; None where it is not one, and for ``null``.

    Takes the hosts that `parse_host` takes, and any scheme.
    """
    if len(value) > _LONGEST:
        return None
    scheme, found, authority = value.partition(b"://")
    host = parse_host(authority)
    if host is None or not found or authority.endswith(b":"):
        return None
    name = scheme.decode("latin-1").lower()
    if not 0 < len(name) <= _LONGEST_SCHEME or name.strip(_SCHEME) or not "a" <= name[0] <= "z":
        return None
    dot = "." if authority.partition(b":")[0].endswith(b".") else ""
    return Origin(name, host.name + dot, _PORTS.get(name) if host.port is None else host.port)


class Origins:
    """A set of origins: exact ones, and all the hosts below one, as in ``"https://*.example.com"``.

    The entries must be such that `origin_fault` finds nothing wrong with them.
    """

    __slots__ = ("_exact", "_suffixes")

    def __init__(self, entries: Iterable[str]) -> None:
        exact: set[Origin] = set()
        suffixes: dict[tuple[str, int | None], tuple[str, ...]] = {}
        for entry in entries:
            origin = parse_origin(entry.replace("://*.", "://", 1).encode("ascii", "replace"))
            if origin is None:
                continue
            if "://*." in entry:
                key = origin.scheme, origin.port
                suffixes[key] = (*suffixes.get(key, ()), f".{origin.host}")
            else:
                exact.add(origin)
        self._exact = frozenset(exact)
        self._suffixes = suffixes

    def __contains__(self, origin: Origin) -> bool:
        if origin in self._exact:
            return True
        suffixes = self._suffixes.get((origin.scheme, origin.port))
        return suffixes is not None and origin.host.endswith(suffixes)

    def written(self) -> list[bytes]:
        """Return the exact origins as browsers write them."""
        return [str(origin).encode("ascii") for origin in self._exact]


def origin_fault(entry: object) -> str | None:
    """Say what is wrong with an origin that somebody configured; None if nothing is."""
    if not isinstance(entry, str):
        return "Each origin is a str, as in 'https://example.com'."
    scheme, found, authority = entry.partition("://")
    if not found:
        return f"An origin begins with its scheme: {'https://' + entry!r}."
    bare = authority.partition("/")[0].partition("?")[0].partition("#")[0]
    if bare != authority:
        return f"Leave the path out: {f'{scheme}://{bare}'!r}."
    wildcard = authority.startswith("*.")
    origin = parse_origin(entry.replace("://*.", "://", 1).encode("ascii", "replace"))
    if origin is None or (wildcard and authority.startswith("*.[")):
        return (
            "Give scheme and host, and a port that is not the scheme's own, as in 'https://example.com:8443'."
        )
    return None
