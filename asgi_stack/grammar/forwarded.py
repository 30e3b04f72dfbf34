"""The ``Forwarded`` field: ``1#forwarded-element`` (RFC 7239, section 4)."""

from collections.abc import Mapping
from typing import TypeAlias

from asgi_stack.grammar.field import is_token

__all__ = ["Element", "parse_forwarded"]

Element: TypeAlias = Mapping[str, str]
"""The parameters of one proxy by lower-case name, with the quotes of their values taken off."""

_SPACE = " \t"
_TEXT = frozenset(map(chr, [0x09, *range(0x20, 0x7F), *range(0x80, 0x100)]))


def parse_forwarded(line: bytes) -> list[Element | None]:
    """Read one line of the field: its elements in order, None for each that is not valid.

    An element with a repeated parameter is not valid. Empty ones are left out, as a list allows (RFC 9110,
    section 5.6.1.2). A quotation mark that is never closed spoils all that follows it; therefore lines are
    read one by one, and not joined. Values are not looked into.
    """
    return [_element(part) for part in _split(line.decode("latin-1"), ",") if part.strip(_SPACE)]


def _element(text: str) -> Element | None:
    found: dict[str, str] = {}
    for pair in _split(text.strip(_SPACE), ";"):
        if not pair:
            continue
        name, equals, value = pair.partition("=")
        name = name.lower()
        unquoted = _value(value)
        if not equals or unquoted is None or not is_token(name) or name in found:
            return None
        found[name] = unquoted
    return found


def _split(text: str, mark: str) -> list[str]:
    if '"' not in text:
        return text.split(mark)
    parts: list[str] = []
    begin = 0
    quoted = escaped = False
    for index, character in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == mark and not quoted:
            parts.append(text[begin:index])
            begin = index + 1
    return [*parts, text[begin:]]


def _value(text: str) -> str | None:
    if text.startswith('"'):
        return _unquoted(text[1:-1]) if len(text) > 1 and text.endswith('"') else None
    return text if is_token(text) else None


def _unquoted(text: str) -> str | None:
    if not _TEXT.issuperset(text):
        return None
    if "\\" not in text:
        return None if '"' in text else text
    plain: list[str] = []
    escaped = False
    for character in text:
        if not escaped and character == '"':
            return None
        escaped = not escaped and character == "\\"
        if not escaped:
            plain.append(character)
    return None if escaped else "".join(plain)
