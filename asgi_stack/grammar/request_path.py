"""Paths that two layers may read differently (RFC 3986, sections 2.1, 3.3 and 6.2.2)."""

from functools import lru_cache
from urllib.parse import unquote_to_bytes

__all__ = [
    "has_control_character",
    "has_dot_segment",
    "has_encoded_separator",
    "has_second_encoding",
    "is_utf8",
    "unquoted",
]

_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
_HEX = frozenset("0123456789abcdefABCDEF")


def has_control_character(path: str) -> bool:
    """Tell whether a decoded path holds NUL, a line break or another control character of Unicode."""
    return path.translate(_CONTROLS) != path


def has_dot_segment(path: str) -> bool:
    """Tell whether a segment of a decoded path is ``.`` or ``..``; a backslash separates segments too."""
    return not {".", ".."}.isdisjoint(path.replace("\\", "/").split("/"))


def has_encoded_separator(raw_path: bytes) -> bool:
    """Tell whether a path as it was sent holds a backslash, or a slash or backslash in percent-encoding."""
    raw_path = raw_path.lower()
    return b"%2f" in raw_path or b"%5c" in raw_path or b"\\" in raw_path


def has_second_encoding(path: str) -> bool:
    """Tell whether a path that was decoded once could be decoded again."""
    return any(len(rest) > 1 and rest[0] in _HEX and rest[1] in _HEX for rest in path.split("%")[1:])


def is_utf8(raw_path: bytes) -> bool:
    """Tell whether a path as it was sent is UTF-8 once it is decoded."""
    try:
        unquoted(raw_path).decode()
    except UnicodeDecodeError:
        return False
    return True


@lru_cache(maxsize=1)
def unquoted(raw_path: bytes) -> bytes:
    """Return a path as it was sent with its percent-encoding undone.

    The last one is kept: several rules ask for it in turn, and a path of percent signs takes long.
    """
    return unquote_to_bytes(raw_path)
