"""Finding regular expressions that fit more origins than they seem to, or take time without end."""

import re
from collections.abc import Iterator

__all__ = ["origin_regex_fault"]

_TOKEN = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\.|\(\?(?:P<\w+>|[:>])?|[*+]|\{\d*,?\d*\}|.", re.DOTALL)
_QUANTIFIER = re.compile(r"[*+?]|\{.*\}")
_OFTEN = re.compile(r"[*+]|\{.*\}")
_VARYING = re.compile(r"[*+]|\{.*,.*\}")
_FIXED = re.compile(r"\\[^\w]|[\w:/-]")
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
    if any(map(_is_ambiguous, _repeated_groups(pattern))):
        return (
            "A repetition within a repetition can take time that doubles with every character. Let the group "
            r"end with what nothing in it fits, as in r'([a-z]+\.)*'."
        )
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


def _repeated_groups(pattern: str) -> Iterator[list[str]]:
    """Every group that is repeated, as the tokens in it."""
    tokens = [*_TOKEN.findall(pattern), ""]
    begins: list[int] = []
    for index, piece in enumerate(tokens):
        if piece.startswith("("):
            begins.append(index + 1)
        elif piece == ")" and begins:  # a comment may hold one alone
            begin = begins.pop()
            if _OFTEN.fullmatch(tokens[index + 1]):
                yield tokens[begin:index]


def _is_ambiguous(group: list[str]) -> bool:
    """Whether such a group may fit one text in many ways; some that may not are held for it too."""
    if not any(map(_VARYING.fullmatch, group)):
        return False
    ends = [group[-1]] if _QUANTIFIER.fullmatch([*group, ""][1]) else [group[0], group[-1]]
    marks = [end[-1] for end in ends if _FIXED.fullmatch(end)]
    return "|" in group or not any(_occurs_once(mark, group) for mark in marks)


def _occurs_once(mark: str, group: list[str]) -> bool:
    atoms = [token for token in group if token[0] in "[\\." or _FIXED.fullmatch(token)]
    return sum(re.fullmatch(atom, mark) is not None for atom in atoms) == 1


def _plain(escape: "re.Match[str]") -> str:
    return "\0" if escape[1] == "." else escape[1] if escape[1] in "/:-" else "W"
