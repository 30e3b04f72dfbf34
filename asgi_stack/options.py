"""Options, checked on the line where they are written: one function for each kind of value.

Each takes the owner (an object, or what reports call it), the name of the option and what was given, and
returns that in the one form in which owners keep it. What it cannot use is an `OptionError`, which names all
three and ends with what would work.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from ipaddress import ip_network
from sys import float_info
from typing import Any, TypeAlias, TypeVar

from asgi_stack.applications import ASYNC_FUNCTION, accepts, kind_without_answer, name_of
from asgi_stack.errors import OptionError
from asgi_stack.grammar.address import Networks
from asgi_stack.grammar.field import is_field_value, is_token

__all__ = [
    "answered",
    "async_function",
    "choice",
    "clock",
    "field_name",
    "field_names",
    "field_value",
    "flag",
    "function",
    "instance",
    "mapping",
    "network",
    "networks",
    "seconds",
    "strings",
    "text",
    "tokens",
    "whole_number",
]

Fault: TypeAlias = Callable[[str], str | None]
"""Says what is wrong with one string of a list; None if nothing is."""

T = TypeVar("T")
Function = TypeVar("Function", bound=Callable[..., Any])


def flag(owner: object, option: str, given: Any) -> bool:
    """Return True or False, and take nothing else for one of them: ``"False"`` would be true."""
    if isinstance(given, bool):
        return given
    hint = "Give True or False."
    if isinstance(given, str):
        hint += " Every str is true: compare what the environment says, as in os.environ.get('X') == 'true'."
    raise OptionError(owner, option, given, hint)


def whole_number(
    owner: object,
    option: str,
    given: Any,
    *,
    least: int = 0,
    most: int | None = None,
    what: str = "a whole number",
) -> int:
    """Return a whole number within its limits. True is none, and neither is 5.0."""
    is_whole = isinstance(given, int) and not isinstance(given, bool)
    if is_whole and given >= least and (most is None or given <= most):
        return int(given)
    limits = f"{least} or more" if most is None else f"{least} to {most}"
    raise OptionError(owner, option, given, f"Give {what}, {limits}.{_as_number(given)}")


def seconds(owner: object, option: str, given: Any, *, least: float = 0.0, what: str = "seconds") -> float:
    """Return a number of seconds, whole or not, that is finite and not below *least*."""
    if isinstance(given, int | float) and not isinstance(given, bool) and least <= given <= float_info.max:
        return given
    raise OptionError(owner, option, given, f"Give {what}, {least:g} or more.{_as_number(given)}")


def text(owner: object, option: str, given: Any, *, fits: Callable[[str], bool], hint: str) -> str:
    """Return a string that is not empty and *fits*."""
    if isinstance(given, str) and given and fits(given):
        # What an enumeration gives in an f-string is another text than the one that was looked at.
        return str.__str__(given)
    raise OptionError(owner, option, given, hint)


def field_value(owner: object, option: str, given: Any, *, example: str) -> str:
    """Return one line of text that a header can hold (RFC 9110, section 5.5)."""
    hint = f"Give one line of text without control characters, as in {option}={example!r}."
    return text(owner, option, given, fits=is_field_value, hint=hint)


def field_name(owner: object, option: str, given: Any, *, example: str) -> str:
    """Return the name of a header field in lower case (RFC 9110, section 5.1)."""
    hint = f"Give the name of a field, as in {option}={example!r}."
    return text(owner, option, given, fits=is_token, hint=hint).lower()


def choice(owner: object, option: str, given: T, known: Iterable[object]) -> T:
    """Return *given*, which must be one of the *known* values, and of its type: 1 is not True."""
    known = [*known]
    if any(isinstance(given, type(each)) and given == each for each in known):
        return given
    near = get_close_matches(given, map(str, known), n=1) if isinstance(given, str) else []
    mend = f" Did you mean {near[0]!r}?" if near else ""
    raise OptionError(owner, option, given, f"Give {_listed(known)}.{mend}")


def instance(owner: object, option: str, given: Any, kind: type[T], *, hint: str) -> T:
    """Return *given*, which must be an instance of *kind*."""
    if isinstance(given, kind):
        return given
    raise OptionError(owner, option, given, hint)


def mapping(owner: object, option: str, given: Any, *, hint: str) -> Mapping[Any, Any]:
    """Return *given*, which must be a mapping; what its keys and values are is the caller's to check."""
    if not _is_mapping(given):
        raise OptionError(owner, option, given, hint)
    found: Mapping[Any, Any] = given
    return found


def strings(
    owner: object,
    option: str,
    given: Any,
    *,
    example: Sequence[str],
    fault: Fault | None = None,
    least: int = 0,
) -> tuple[str, ...]:
    """Return the strings of a list, a set, a generator or any other iterable, none of them with a *fault*.

    A single string and a mapping are refused, though both can be iterated: neither means its parts.
    """
    found = tuple(_each_string(owner, option, given, [*example], fault))
    if len(found) < least:
        raise OptionError(owner, option, [*found], f"Give at least one, as in {option}={[*example]!r}.")
    return found


def tokens(
    owner: object, option: str, given: Any, *, example: Sequence[str], fault: Fault | None = None
) -> tuple[str, ...]:
    """Return a list of tokens (RFC 9110, section 5.6.2): methods, names of fields."""

    def fault_of(entry: str) -> str | None:
        if not is_token(entry):
            return f"Give tokens (RFC 9110), as in {option}={[*example]!r}."
        return fault(entry) if fault else None

    return strings(owner, option, given, example=example, fault=fault_of)


def field_names(
    owner: object, option: str, given: Any, *, example: Sequence[str], fault: Fault | None = None
) -> tuple[str, ...]:
    """Return the names of header fields, in lower case."""
    return tuple(map(str.lower, tokens(owner, option, given, example=example, fault=fault)))


def network(owner: object, option: str, entry: Any) -> str:
    """Return one network or address as it is written canonically."""
    hint = "Write networks as '10.0.0.0/8' or '2001:db8::/32', and addresses as '192.0.2.1'."
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
    entries = strings(owner, option, given, example=["10.0.0.0/8", "2001:db8::/32"])
    return Networks(network(owner, option, entry) for entry in entries)


def function(owner: object, option: str, given: Function, *args: str, hint: str) -> Function:
    """Return a function that is called with *args*, which are their names, and answers at once.

    What gives a coroutine, a generator or an asynchronous generator in place of an answer is refused: each of
    them counts as true.
    """
    _check_call(owner, option, given, args, hint)
    if kind := kind_without_answer(given):
        mend = f"{name_of(given)} is {kind}, and nothing awaits it: write a plain def."
        raise OptionError(owner, option, given, f"{hint} {mend}")
    return given


def async_function(owner: object, option: str, given: Function, *args: str, hint: str) -> Function:
    """Return a function that is called with *args* and awaited.

    A plain function may return an awaitable, as those of some clients do, and is taken; a generator is not.
    """
    _check_call(owner, option, given, args, hint)
    kind = kind_without_answer(given)
    if kind not in (None, ASYNC_FUNCTION):
        raise OptionError(
            owner, option, given, f"{hint} {name_of(given)} is {kind}, which cannot be awaited."
        )
    return given


def clock(owner: object, option: str, given: Callable[[], float]) -> Callable[[], float]:
    """Return a function that gives seconds and never goes back."""
    hint = "Give a function without arguments that returns seconds, as time.monotonic."
    return function(owner, option, given, hint=hint)


def answered(owner: object, option: str, answer: T) -> T:
    """Return what a function answered; refuse what would have to be awaited to know the answer.

    It is for the answers of a function that nothing was seen to be wrong with, as ``lambda: coroutine()``.
    """
    if inspect.isawaitable(answer) or inspect.isasyncgen(answer) or inspect.isgenerator(answer):
        # Else Python warns of a coroutine that was never awaited, somewhere, some time later.
        end = getattr(answer, "close", None) or getattr(answer, "cancel", None)
        if callable(end):
            end()
        raise OptionError(owner, f"{option}()", answer, "Let it return its answer: nothing awaits it.")
    return answer


def _each_string(
    owner: object, option: str, given: Any, example: list[str], fault: Fault | None
) -> Iterator[str]:
    if not _is_list(given):
        shown = [given] if isinstance(given, str) and given else example
        raise OptionError(owner, option, given, f"Give a list, as in {option}={shown!r}.")
    for entry in given:
        if not isinstance(entry, str):
            hint = f"Each entry is a str, as in {option}={example!r}."
            raise OptionError(owner, option, entry, hint)
        if fault and (found := fault(entry)):
            raise OptionError(owner, option, entry, found)
        yield str.__str__(entry)


# Apart, for a type checker knows nothing of the entries of what it has seen to be iterable.
def _is_list(given: Any) -> bool:
    return isinstance(given, Iterable) and not isinstance(
        given, str | bytes | bytearray | memoryview | Mapping
    )


def _is_mapping(given: Any) -> bool:
    return isinstance(given, Mapping)


def _check_call(owner: object, option: str, given: Any, args: Sequence[str], hint: str) -> None:
    if not callable(given):
        raise OptionError(owner, option, given, hint)
    if not accepts(given, *args):
        called = f"with {', '.join(args)}" if args else "without arguments"
        raise OptionError(owner, option, given, f"{hint} {name_of(given)} is called {called}.")


def _as_number(given: Any) -> str:
    return f" {given!r} is text: give the number itself." if isinstance(given, str) and given else ""


def _listed(known: Sequence[object]) -> str:
    *others, last = map(repr, known)
    return f"{', '.join(others)} or {last}" if others else last


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
