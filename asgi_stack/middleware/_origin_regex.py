"""Finding regular expressions that fit more origins than they seem to."""

import re

__all__ = ["origin_regex_fault"]

_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
# In a pattern whose classes are "C", escaped dots "\0" and other escapes "W".
_DOT_IN_A_NAME = re.compile(r"\.[A-Za-z]")
_NAME_WITHOUT_BOUNDARY = re.compile(r"://[(?:]*[.CW](?:[*+]|\{[^}]*\})[?+]?\)*\??[A-Za-z0-9_-]")
_OPEN_END = re.compile(r"\.(?:[*+]|\{[^}]*\})[?+]?\)*\??\$?$")


def origin_regex_fault(pattern: object) -> str | None:
    """Say what is wrong with the regular expression of an origin; None if nothing is seen.

    It looks for the mistakes that are made again and again, and cannot know what was meant.
    """
    if not isinstance(pattern, str):
        return r"Give a str, as in r'https://[a-z]+\.example\.com'."
    try:
        re.compile(pattern)
    except re.error as error:
        return f"It is no regular expression: {error}."
    plain = _ESCAPE.sub(_plain, _CLASS.sub("C", pattern))
    if "://" not in plain:
        return r"It must fit the whole origin, with its scheme: r'https://[a-z]+\.example\.com'."
    if _DOT_IN_A_NAME.search(plain):
        return r"A dot fits any character, as in 'exampleXcom'. Escape it: '\.'."
    if _NAME_WITHOUT_BOUNDARY.search(plain):
        return r"It fits other names with the same end, as in 'evilexample.com'. Put '\.' between."
    if _OPEN_END.search(plain):
        return "It fits any end, as in 'example.com.evil.com'. Say how the origin ends."
    return None


def _plain(escape: "re.Match[str]") -> str:
    return "\0" if escape[1] == "." else escape[1] if escape[1] in "/:-" else "W"
