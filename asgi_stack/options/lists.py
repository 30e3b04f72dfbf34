"""Lists of strings."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_network
from typing import Any, TypeAlias

from asgi_stack.errors import OptionError
from asgi_stack.grammar.address import Networks
from asgi_stack.grammar.field import is_token
from asgi_stack.grammar.methods import KNOWN_METHODS

__all__ = ["entries", "field_names", "http_methods", "network", "networks", "strings", "tokens"]

Fault: TypeAlias = Callable[[str], str | None]
"""Says what is wrong with one string of a list; None if nothing is."""

_NO_LISTS = (str, bytes, bytearray, memoryview, Mapping)


def entries(
    owner: object, option: str, given: Any, *, hint: str, shown: object | None = None
) -> Iterable[Any]:
    """Return a list, a set, a generator or any other iterable, of whatever it may be.

    A string, bytes and a mapping are refused, though they can be iterated: none of them means its parts. The
    error shows what was given, or *shown* in its place.
    """
    if not _is_list(given):
        raise OptionError(owner, option, given if shown is None else shown, hint)
    found: Iterable[Any] = given
    return found


def strings(
    owner: object,
    option: str,
    given: Any,
    *,
    example: Sequence[str],
    what: str = "a list",
    fault: Fault | None = None,
    least: int = 0,
) -> tuple[str, ...]:
    """Return the strings of anything that `entries` takes, none of them with a *fault*."""
    found = tuple(_each_string(owner, option, given, example, what, fault))
    if len(found) < least:
        raise OptionError(owner, option, [*found], f"Give at least one, as in {_list(option, example)}.")
    return found


def tokens(
    owner: object,
    option: str,
    given: Any,
    *,
    example: Sequence[str],
    what: str = "tokens (RFC 9110)",
    fault: Fault | None = None,
    least: int = 0,
) -> tuple[str, ...]:
    """Return a list of tokens (RFC 9110, section 5.6.2): methods, names of fields."""

    def fault_of(entry: str) -> str | None:
        if not is_token(entry):
            return f"Give {what}, as in {_list(option, example)}."
        return fault(entry) if fault else None

    what_list = f"a list of {what}"
    return strings(owner, option, given, example=example, what=what_list, fault=fault_of, least=least)


def field_names(
    owner: object, option: str, given: Any, *, example: Sequence[str], fault: Fault | None = None
) -> tuple[str, ...]:
    """Return the names of header fields, in lower case."""
    names = tokens(owner, option, given, example=example, what="names of fields", fault=fault)
    return tuple(map(str.lower, names))


def http_methods(
    owner: object, option: str, given: Any, *, example: Sequence[str] = ("GET", "POST"), least: int = 0
) -> tuple[str, ...]:
    """Return a list of methods, which are case-sensitive (RFC 9110, section 9.1)."""
    return tokens(owner, option, given, example=example, what="methods", fault=_case_fault, least=least)


def _case_fault(method: str) -> str | None:
    upper = method.upper()
    is_misspelt = upper in KNOWN_METHODS and method != upper
    return f"Methods are case-sensitive: {upper!r}." if is_misspelt else None


def network(owner: object, option: str, entry: Any, *, hint: str = "") -> str:
    """Return one network or address as it is written canonically."""
    hint = f"Write networks as '10.0.0.0/8' or '2001:db8::/32', and addresses as '192.0.2.1'. {hint}".strip()
    # A number would be read as the 32 bits of an address, and a zone means something on one machine only.
    if not isinstance(entry, str) or "%" in entry:
        raise OptionError(owner, option, entry, hint)
    try:
        found = ip_network(entry)
    except ValueError as error:
        raise OptionError(owner, option, entry, f"{_sentence(str(error))} {hint}") from None
    return str(found.network_address) if found.num_addresses == 1 else str(found)


def networks(owner: object, option: str, given: Any) -> Networks:
    """Return the set of the networks and addresses of a list."""
    example = ["10.0.0.0/8", "2001:db8::/32"]
    found = strings(owner, option, given, example=example, what="a list of networks")
    return Networks(network(owner, option, entry) for entry in found)


def _each_string(
    owner: object, option: str, given: Any, example: Sequence[str], what: str, fault: Fault | None
) -> Iterator[str]:
    shown = [given] if isinstance(given, str) and given else example
    for entry in entries(owner, option, given, hint=f"Give {what}, as in {_list(option, shown)}."):
        if not isinstance(entry, str):
            hint = f"Each entry is a str, as in {_list(option, example)}."
            raise OptionError(owner, option, entry, hint)
        if fault and (found := fault(entry)):
            raise OptionError(owner, option, entry, found)
        yield str.__str__(entry)


# Apart, for a type checker knows nothing of the entries of what it has seen to be iterable.
def _is_list(given: Any) -> bool:
    return isinstance(given, Iterable) and not isinstance(given, _NO_LISTS)


def _list(option: str, example: Sequence[str]) -> str:
    return f"{option}={[*example]!r}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
