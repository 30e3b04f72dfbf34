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


class _Wildcard(NamedTuple):
    """An entry with a ``*``: which schemes, hosts and ports it stands for."""

    scheme: str
    prefix: str
    suffix: str
    port: int | None
    any_port: bool
    any_depth: bool

    def holds(self, origin: Origin) -> bool:
        """Tell whether it stands for this origin."""
        host = origin.host
        if origin.scheme != self.scheme or not (self.any_port or origin.port == self.port):
            return False
        if not self.suffix:
            return host == self.prefix
        star = host[len(self.prefix) : -len(self.suffix)]
        return (
            host.endswith(self.suffix)
            and host.startswith(self.prefix)
            and len(self.prefix) + len(self.suffix) < len(host)
            and (self.any_depth or "." not in star)
        )


class Origins:
    """A set of origins, some of them by a ``*``.

    ``https://*.example.com`` is every host below that one, ``https://pr-*.example.com`` each whose first
    label begins so, ``http://localhost:*`` that host on every port. The entries must be such that
    `origin_fault` finds nothing wrong with them.
    """

    __slots__ = ("_exact", "_wildcards")

    def __init__(self, entries: Iterable[str]) -> None:
        parsed = [_parse_entry(entry) for entry in entries]
        self._exact = frozenset(entry for entry in parsed if isinstance(entry, Origin))
        self._wildcards = [entry for entry in parsed if isinstance(entry, _Wildcard)]

    def __contains__(self, origin: Origin) -> bool:
        return origin in self._exact or any(wildcard.holds(origin) for wildcard in self._wildcards)

    def written(self) -> list[bytes]:
        """Return the exact origins as browsers write them."""
        return [str(origin).encode("ascii") for origin in self._exact]


def _parse_entry(entry: str) -> Origin | _Wildcard | None:
    any_port = entry.endswith(":*")
    given = entry.removesuffix(":*")
    if "*" not in given and not any_port:
        return parse_origin(entry.encode("ascii", "replace"))
    # A letter in the place of the star makes it an origin like any other.
    origin = parse_origin(given.replace("*", "x", 1).encode("ascii", "replace"))
    scheme, _, authority = given.lower().partition("://")
    if origin is None or "*" in scheme or (any_port and origin.port != _PORTS.get(origin.scheme)):
        return None
    label, dot, rest = authority.partition(".")
    prefix, star, end = label.partition("*")
    if not star:
        return _Wildcard(origin.scheme, origin.host, "", None, any_port, any_depth=False)
    suffix = end + dot + rest.rpartition(":")[0] if ":" in rest else end + dot + rest
    return _Wildcard(origin.scheme, prefix, suffix, origin.port, any_port, any_depth=label == "*")


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
    if not authority.isascii():
        return f"Give the name in its ASCII form, as browsers send it: {_in_ascii(scheme, authority)!r}."
    if "*" in authority.removesuffix(":*") and "*" not in scheme:
        return _wildcard_fault(entry, authority)
    if _parse_entry(entry) is None:
        return (
            "Give scheme and host, and a port that is not the scheme's own, as in 'https://example.com:8443'."
        )
    return None


def _wildcard_fault(entry: str, authority: str) -> str | None:
    label, _, rest = authority.removesuffix(":*").partition(".")
    name = rest.partition(":")[0]
    if label.count("*") != 1 or "*" in rest or _parse_entry(entry) is None or not name or name.endswith("."):
        return (
            "Let one '*' stand for a label at the beginning, or a part of it, as in 'https://*.example.com' "
            "and 'https://pr-*.example.com'."
        )
    if "." not in name and name != "localhost":
        return (
            f"Anybody may have a name that ends with {name!r}. Write out at least two labels after the '*'."
        )
    return None


def _in_ascii(scheme: str, authority: str) -> str:
    try:
        return f"{scheme}://{authority.encode('idna').decode('ascii')}"
    except UnicodeError:
        return "https://xn--bcher-kva.example"
