"""Hosts and paths, each in its one grammar."""

from collections.abc import Sequence
from typing import Any

from asgi_stack.errors import OptionError
from asgi_stack.grammar.host_patterns import HostPatterns, compared_host, host_fault, width_fault
from asgi_stack.grammar.path_prefixes import PathPrefixes, path_fault
from asgi_stack.options.lists import strings

__all__ = ["hosts", "one_host", "one_path", "paths"]


def one_host(owner: object, option: str, given: Any) -> str:
    """Return one host in the form in which hosts are compared, and no wildcard."""
    fault = host_fault(given)
    if fault is None and given.startswith((".", "*")):
        fault = f"Give one host, as in {option}='www.example.com'."
    if fault:
        raise OptionError(owner, option, given, fault)
    return compared_host(given)


def hosts(
    owner: object,
    option: str,
    given: Any,
    *,
    example: Sequence[str] = ("example.com", ".example.org"),
    least: int = 1,
) -> HostPatterns:
    """Return the hosts of a list, which are trusted: none of them is a wildcard for names of anybody's."""
    what = "a list of hosts"
    return HostPatterns(
        strings(owner, option, given, example=example, what=what, fault=_fault_of_trusted, least=least)
    )


def _fault_of_trusted(pattern: str) -> str | None:
    return host_fault(pattern) or width_fault(pattern)


def one_path(owner: object, option: str, given: Any) -> str:
    """Return one path, which means itself alone."""
    fault = path_fault(given)
    if fault is None and "<" in given:
        fault = "Give one path: it cannot be a pattern."
    if fault:
        raise OptionError(owner, option, given, fault)
    return str.__str__(given)


def paths(owner: object, option: str, given: Any, *, example: Sequence[str]) -> PathPrefixes:
    """Return the paths of a list, each with all that is below it, which may be patterns: ``/ping/<uuid>``."""
    return PathPrefixes(
        strings(owner, option, given, example=example, what="a list of paths", fault=path_fault)
    )
