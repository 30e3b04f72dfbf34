"""The grammar of hosts: what options, conditions and routers mean by one.

``example.com`` is that host alone, ``.example.com`` with every name below it, ``*.example.com`` those names
alone, ``*`` every host. It is a host without its port, in any letter case, with a dot at its end or without.
"""

from collections.abc import Iterable, Iterator

from asgi_stack.grammar.django_routing import believes_forwarded_host
from asgi_stack.grammar.host import parse_host
from asgi_stack.types import Scope

__all__ = ["HostPatterns", "compared_host", "host_fault", "host_field", "width_fault"]


def host_field(scope: Scope) -> bytes | None:
    """Return the value of the one ``Host`` line of a request; None where there is none, or more than one."""
    host: bytes | None = None
    for name, value in scope["headers"]:
        # The length is looked at first, for nearly every other name differs in it.
        if len(name) == 4 and name.lower() == b"host":
            if host is not None:
                return None
            host = value
    return host


class HostPatterns:
    """A set of hosts. A host belongs to the nearest of them: itself, else the longest wildcard.

    Arguments:
        patterns: such that `host_fault` finds nothing wrong with them.
    """

    __slots__ = ("_any", "_domains", "_names", "_wildcards", "exact", "patterns")

    patterns: tuple[str, ...]
    """The patterns in the one form in which they are compared, each once."""

    exact: frozenset[bytes]
    """What nearly every request for one of these hosts sends; it is found without being parsed."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self.patterns = tuple(dict.fromkeys(map(compared_host, patterns)))
        self._any = "*" in self.patterns
        self._names = frozenset(name.removeprefix(".") for name in self.patterns if name[0] != "*")
        self._domains = tuple(
            name.removeprefix("*") for name in self.patterns if name[0] == "." or name[1:2] == "."
        )
        # Of two for one domain the one that is for less goes first.
        wildcards = [name for name in self.patterns if name[0] == "." or name.startswith("*.")]
        self._wildcards = tuple(
            sorted(wildcards, key=lambda name: (len(name.lstrip("*.")), name[0] == "*"), reverse=True)
        )
        self.exact = frozenset(name.encode("ascii") for name in self._names)

    def __contains__(self, name: str) -> bool:
        """Tell whether a host, as `parse_host` names it, is one of these."""
        return self._any or name in self._names or name.endswith(self._domains)

    def allow(self, field: bytes) -> bool:
        """Tell whether the value of a ``Host`` line is a valid one, and names one of these."""
        if field in self.exact:
            return True
        host = parse_host(field)
        return host is not None and host.name in self

    def may_name(self, scope: Scope) -> bool:
        """Tell whether some application may take this request for one to these hosts.

        It may where there is not one valid host: what an application makes of that nobody knows.
        """
        field = host_field(scope)
        if field in self.exact:
            return True
        host = None if field is None else parse_host(field)
        return host is None or host.name in self or _has_forwarded_host(scope)

    def surely_names(self, scope: Scope) -> bool:
        """Tell whether every application takes this request for one to these hosts."""
        field = host_field(scope)
        # To some, a name that is not in lower case is another name.
        if (
            field is None
            or (b"host", field) not in map(tuple, scope["headers"])
            or _has_forwarded_host(scope)
        ):
            return False
        if field in self.exact:
            return True
        host = parse_host(field)
        # A dot at the end is a part of the name to some, and a colon without a port no host.
        return host is not None and host.name in self and _is_written_so(field, host.name)

    def nearest(self, name: str) -> str | None:
        """Return the pattern that a host, as `parse_host` names it, belongs to; None where there is none."""
        if name in self.patterns:
            return name
        for pattern in self._wildcards:
            if name.endswith(pattern.removeprefix("*")) or "." + name == pattern:
                return pattern
        return "*" if self._any else None

    def __len__(self) -> int:
        return len(self.patterns)

    def __iter__(self) -> Iterator[str]:
        return iter(self.patterns)

    def __eq__(self, other: object) -> bool:
        return self.patterns == other.patterns if isinstance(other, HostPatterns) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.patterns)

    def __repr__(self) -> str:
        return f"HostPatterns({[*self.patterns]!r})"


def host_fault(pattern: object) -> str | None:
    """Say what is wrong with a host that somebody configured; None if nothing is."""
    if not isinstance(pattern, str):
        return "Give a str, as in 'example.com'."
    if pattern == "*":
        return None
    wildcard, name = _split(pattern)
    host = parse_host(name.encode("ascii", "replace"))
    if host is None or ":" in name.rpartition("]")[2] or (wildcard and name.startswith("[")):
        return _hint(pattern)
    return None


def width_fault(pattern: str) -> str | None:
    """Say why nobody should trust all the names that a pattern is for; None where somebody owns them all."""
    wildcard, name = _split(compared_host(pattern))
    if not wildcard or "." in name or name in _PRIVATE:
        return None
    return f"Anybody may have a name that ends with {name!r}. Write out at least two labels after the dot."


# RFC 6761; RFC 6762, appendix G; and "internal", which ICANN keeps for private use.
_PRIVATE = frozenset(
    {
        "corp",
        "example",
        "home",
        "internal",
        "intranet",
        "invalid",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "private",
        "test",
    }
)


def compared_host(pattern: str) -> str:
    """Return a host that somebody wrote in the one form in which hosts are compared."""
    wildcard, name = _split(pattern)
    host = parse_host(name.encode("ascii", "replace"))
    return wildcard + host.name if host else pattern


def _split(pattern: str) -> tuple[str, str]:
    wildcard = "*." if pattern.startswith("*.") else "." if pattern.startswith(".") else ""
    return wildcard, pattern.removeprefix(wildcard)


def _has_forwarded_host(scope: Scope) -> bool:
    return believes_forwarded_host() and any(
        name.lower() == b"x-forwarded-host" for name, _ in scope["headers"]
    )


def _is_written_so(field: bytes, name: str) -> bool:
    written = field.lower().decode("ascii")
    return written == name or (written.startswith(name + ":") and not written.endswith(":"))


def _hint(pattern: str) -> str:
    if "/" in pattern:
        return "Give the host alone, without a scheme or a path, as in 'example.com'."
    if not pattern.isascii():
        return f"Give the name in its ASCII form, as in {_ascii_form(pattern)!r}."
    if pattern.count(":") > 1 and "[" not in pattern:
        return "Write an IPv6 address in brackets, as in '[::1]'."
    if ":" in pattern.rpartition("]")[2]:
        return "Leave the port out: a host is meant on every port."
    return "Give a host name, an address, '.example.com' for a domain with its subdomains, or '*'."


# Browsers keep these (UTS 46), and Python's codec of 2003 does not.
_KEPT = frozenset("ßς\u200c\u200d")


def _ascii_form(pattern: str) -> str:
    """Return what browsers send for a name, or for some other one where that is not known."""
    wildcard, name = _split(pattern if _KEPT.isdisjoint(pattern) else "bücher.example")
    try:
        return wildcard + name.encode("idna").decode("ascii")
    except UnicodeError:
        return "xn--bcher-kva.example"
