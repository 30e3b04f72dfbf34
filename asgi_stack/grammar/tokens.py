"""Lists of tokens, as in ``Access-Control-Request-Headers`` (RFC 9110, sections 5.6.1 and 5.6.2)."""

__all__ = ["parse_tokens"]

_LIST = b", \t!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LONGEST = 8 * 1024


def parse_tokens(value: bytes) -> list[str] | None:
    """Read ``#token``, in lower case; None where it is not one, or is longer than 8 KiB.

    Empty members are left out, as a recipient must.
    """
    if len(value) > _LONGEST or value.translate(None, _LIST):
        return None
    members = [member.strip(" \t") for member in value.decode("ascii").lower().split(",")]
    tokens = [member for member in members if member]
    return None if any(" " in token or "\t" in token for token in tokens) else tokens
