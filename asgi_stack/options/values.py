"""Single values: True and False, text, one of several."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from asgi_stack.errors import OptionError
from asgi_stack.grammar.field import is_field_value, is_token

__all__ = ["choice", "field_name", "field_value", "flag", "instance", "mapping", "text"]

T = TypeVar("T")


def flag(owner: object, option: str, given: Any) -> bool:
    """Return True or False, and take nothing else for one of them: ``"False"`` would be true."""
    if isinstance(given, bool):
        return given
    hint = "Give True or False."
    if isinstance(given, str):
        hint += " Every str is true: compare what the environment says, as in os.environ.get('X') == 'true'."
    raise OptionError(owner, option, given, hint)


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
    words = [each for each in known if isinstance(each, str)]
    near = get_close_matches(given, words, n=1) if isinstance(given, str) else []
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


def _is_mapping(given: Any) -> bool:
    return isinstance(given, Mapping)


def _listed(known: Sequence[object]) -> str:
    *others, last = map(repr, known)
    return f"{', '.join(others)} or {last}" if others else last
