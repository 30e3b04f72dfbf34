"""Header fields, as tests like to write them and as they like to read them."""

from collections.abc import Iterable, Iterator, Mapping, Sized
from typing import Any, TypeAlias, cast

from asgi_stack.errors import OptionError
from asgi_stack.options import entries

__all__ = ["HeaderInput", "Headers", "checked_headers", "encode_headers", "is_mapping", "is_pair"]

Pair: TypeAlias = tuple[str | bytes, str | bytes]
HeaderInput: TypeAlias = Mapping[str, str | bytes] | Mapping[bytes, str | bytes] | Iterable[Pair]


def encode_headers(headers: HeaderInput) -> list[tuple[bytes, bytes]]:
    """Give *headers* the form they have in a scope: a list of pairs of bytes, in the given order.

    Text is a convenience: names are lower-cased, values become Latin-1. Bytes are exact and stay as they
    are, so a test can still send what no well-behaved client would.

    Raises:
        OptionError: for what is no list of pairs of text or bytes; it would pass for a fault of the server.
    """
    # The cast is for pyright, to which an iterable of pairs might be a mapping of pairs to something.
    pairs = cast(Iterable[Pair], headers.items() if isinstance(headers, Mapping) else headers)
    try:
        return [(_name(name), _value(value)) for name, value in pairs]
    except (AttributeError, TypeError, ValueError):
        hint = "Give a mapping or pairs, of names and values that are text in Latin-1 or bytes."
        raise OptionError("asgi_stack.testing", "headers", cast(object, headers), hint) from None


def checked_headers(owner: object, option: str, given: Any) -> list[tuple[bytes, bytes]]:
    """Return what `encode_headers` makes of an option.

    Raises:
        OptionError: for what is neither a mapping nor pairs of text or bytes.
    """
    hint = f"Give a mapping or pairs, as in {option}={{'accept': '*/*'}}; text in Latin-1."
    pairs = [*(given.items() if is_mapping(given) else entries(owner, option, given, hint=hint))]
    for pair in pairs:
        if not is_pair(pair) or not all(map(_is_word, pair)):
            raise OptionError(owner, option, pair, hint)
    return encode_headers(pairs)


def is_pair(given: Any) -> bool:
    """Tell whether this is a tuple or a list of two; two characters would be no pair."""
    return isinstance(given, tuple | list) and len(cast("Sized", given)) == _PAIR


def is_mapping(given: object) -> bool:
    """Tell whether this is a mapping, without a word on its keys: to a type checker they are unknown then."""
    return isinstance(given, Mapping)


_PAIR = 2


def _is_word(word: object) -> bool:
    return isinstance(word, bytes) or (isinstance(word, str) and max(word, default="") <= "\xff")


def _name(name: str | bytes) -> bytes:
    return name.lower().encode("latin-1") if isinstance(name, str) else _exact(name)


def _value(value: str | bytes) -> bytes:
    return value.encode("latin-1") if isinstance(value, str) else _exact(value)


def _exact(given: bytes) -> bytes:
    if given.__class__ is bytes:
        return given
    raise TypeError


class Headers(Mapping[str, str]):
    """The header fields of a response: names in any case, repeated fields kept.

    ``headers["x-a"]`` is the value; of a repeated field, all values joined by ``", "``, which is right
    for every field but ``set-cookie``. `get_list` keeps the values apart and `raw` is what was sent.
    """

    __slots__ = ("raw",)

    def __init__(self, raw: Iterable[Iterable[bytes]] = ()) -> None:
        self.raw: list[tuple[bytes, bytes]] = [
            (name, value) if type(name) is type(value) is bytes else (bytes(name), bytes(value))
            for name, value in raw
        ]

    def get_list(self, name: str) -> list[str]:
        """Return every value of the field *name*, in the order in which they were sent."""
        wanted = _name(name)
        return [value.decode("latin-1") for key, value in self.raw if key.lower() == wanted]

    def __getitem__(self, name: str) -> str:
        if values := self.get_list(name):
            return ", ".join(values)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name.lower().decode("latin-1") for name, _ in self.raw))

    def __len__(self) -> int:
        return len({name.lower() for name, _ in self.raw})

    def __repr__(self) -> str:
        return f"Headers({self.raw!r})"
