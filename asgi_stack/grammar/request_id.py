"""The ids of requests: short, and harmless wherever they are logged, shown or sent."""

__all__ = ["is_request_id"]

_ID = b"-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LONGEST = 128


def is_request_id(value: bytes | str) -> bool:
    """Tell whether *value* is 1 to 128 letters, digits, dots, underscores and hyphens of ASCII."""
    if isinstance(value, str):
        value = value.encode("ascii", "replace")
    return 0 < len(value) <= _LONGEST and not value.translate(None, _ID)
