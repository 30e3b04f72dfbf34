"""The path prefix that a proxy says it took off: ``X-Forwarded-Prefix``, which no standard describes."""

__all__ = ["parse_prefix"]

# pchar of RFC 3986, section 3.3, without percent-encoded octets: nothing has to be decoded, nothing hides.
_PREFIX = b"/-._~!$&'()*+,;=:@0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LONGEST = 1024


def parse_prefix(value: bytes) -> str | None:
    """Read a prefix, without the slash at its end (``"/"`` is empty); None where it is none.

    It begins with one slash and has no empty segment, no ``.`` and no ``..``, no percent sign and nothing
    else that could make it lead to another host or another path.
    """
    if len(value) > _LONGEST or not value.startswith(b"/") or value.translate(None, _PREFIX):
        return None
    prefix = value.decode("ascii").removesuffix("/")
    segments = prefix.split("/")[1:]
    return None if any(segment in ("", ".", "..") for segment in segments) else prefix
