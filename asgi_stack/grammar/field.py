"""Names and values of header fields (RFC 9110, sections 5.1, 5.5 and 5.6.2)."""

__all__ = ["is_field_value", "is_token"]

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
