"""Names and values of header fields (RFC 9110, sections 5.1, 5.5 and 5.6.2)."""

from itertools import product

__all__ = ["is_field_value", "is_token", "spellings"]

_TOKEN = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUE = bytes([0x09, *range(0x20, 0x7F), *range(0x80, 0x100)])


def is_token(text: str) -> bool:
    """Tell whether *text* is a ``token``: a field name, a method, the name of a parameter."""
    return bool(text) and text.isascii() and not text.encode("ascii").translate(None, _TOKEN)


def is_field_value(text: str) -> bool:
    """Tell whether *text* can be the value of a field, empty included.

    No control characters but the tab, nothing that Latin-1 cannot hold, no space or tab at either end.
    """
    try:
        value = text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return value.strip(b" \t") == value and not value.translate(None, _VALUE)


def spellings(name: str) -> frozenset[bytes]:
    """Return every name that some server or framework might take for this one: ``_`` and ``.`` for ``-``.

    There are three to the power of the number of hyphens: for names from a configuration only.
    """
    parts = name.encode("ascii").split(b"-")
    joints = product((b"-", b"_", b"."), repeat=len(parts) - 1)
    return frozenset(parts[0] + b"".join(map(bytes.__add__, joint, parts[1:])) for joint in joints)
