"""W3C Trace Context: the fields ``traceparent`` and ``tracestate`` (Level 2, section 3)."""

from collections.abc import Iterable
from os import urandom
from typing import NamedTuple

__all__ = ["TraceContext", "parse_traceparent", "parse_tracestate"]

_HEX = b"0123456789abcdef"
_LENGTH = 55  # of version 00, and of what later versions begin with
_DASHES = (0x2D, 0x2D, 0x2D)
_SAMPLED, _RANDOM = 0b01, 0b10

_KEY_START = b"0123456789abcdefghijklmnopqrstuvwxyz"
_KEY = _KEY_START + b"_-*/@"
_VALUE = bytes(set(range(0x20, 0x7F)) - set(b",="))
_LONGEST_PART = 256
_MOST_MEMBERS = 32
_LONGEST_STATE = 512
_LONG_MEMBER = 128


class TraceContext(NamedTuple):
    """The place of one request in a distributed trace. All ids are lower-case hexadecimal digits."""

    trace_id: str
    """32 digits: the trace that the request is a part of."""

    span_id: str
    """16 digits: this request."""

    parent_id: str | None
    """16 digits: what called; None where the trace begins here."""

    flags: int
    """The bits 1 (sampled: the caller may have recorded) and 2 (the trace id is random)."""

    tracestate: str = ""
    """What the tracing systems on the way have written; empty where there is nothing."""

    @classmethod
    def begin(cls) -> "TraceContext":
        """Begin a trace of random ids, not sampled."""
        return cls(_random_id(16), _random_id(8), None, _RANDOM)

    @classmethod
    def after(cls, traceparent: Iterable[bytes], tracestate: Iterable[bytes]) -> "TraceContext | None":
        """Go on with the trace that the lines of both fields tell of; None where they tell of none.

        A ``tracestate`` that is wrong is left out; it does not matter to the trace itself.
        """
        lines = list(traceparent)
        parent = parse_traceparent(lines[0]) if len(lines) == 1 else None
        if parent is None:
            return None
        trace_id, parent_id, flags = parent
        return cls(trace_id, _random_id(8), parent_id, flags, parse_tracestate(b",".join(tracestate)) or "")

    @property
    def is_sampled(self) -> bool:
        """Whether the caller may have recorded the trace."""
        return bool(self.flags & _SAMPLED)

    @property
    def traceparent(self) -> str:
        """The field that names this request; `headers` names those that are made on its behalf."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"

    def headers(self) -> dict[str, str]:
        """Return the fields for one request that is made on behalf of this one.

        Each call gives that request an id of its own, so that its callee can tell it from the next one. A
        ``tracestate`` of more than 512 characters is shortened as section 3.3.1.5 says: entries of more
        than 128 characters go first, then those at the end.
        """
        state = _shortened(self.tracestate)
        call = self._replace(span_id=_random_id(8))
        return {"traceparent": call.traceparent, **({"tracestate": state} if state else {})}


def parse_traceparent(value: bytes) -> tuple[str, str, int] | None:
    """Return the trace's id, the parent's id and the flags that are known; None where *value* is wrong.

    A version after 00 is read as far as it begins like 00. Version ff, ids of zeros and upper-case digits
    are wrong.
    """
    value = value.strip(b" \t")
    version, trace_id, parent_id, flags = value[:2], value[3:35], value[36:52], value[53:_LENGTH]
    if len(value) < _LENGTH or (value[2], value[35], value[52]) != _DASHES:
        return None
    if (version + trace_id + parent_id + flags).translate(None, _HEX) or version == b"ff":
        return None
    if len(value) > _LENGTH and (version == b"00" or value[_LENGTH : _LENGTH + 1] != b"-"):
        return None
    if not trace_id.strip(b"0") or not parent_id.strip(b"0"):
        return None
    return trace_id.decode(), parent_id.decode(), int(flags, 16) & (_SAMPLED | _RANDOM)


def parse_tracestate(value: bytes) -> str | None:
    """Return the list with nothing between its members but a comma; None where *value* is wrong.

    Wrong are more than 32 members, empty ones included, and one wrong member. Of members with one key the
    first stays: to send a key once is the duty of who added it, and the others must go on (section 3.3.1.3).
    """
    if value.count(b",") >= _MOST_MEMBERS:
        return None
    members = [member for each in value.split(b",") if (member := each.strip(b" \t"))]
    if not all(map(_is_member, members)):
        return None
    by_key: dict[bytes, bytes] = {}
    for member in members:
        by_key.setdefault(member.partition(b"=")[0], member)
    return b",".join(by_key.values()).decode()


def _is_member(member: bytes) -> bool:
    key, equals, value = member.partition(b"=")
    return (
        equals == b"="
        and 0 < len(key) <= _LONGEST_PART
        and key[0] in _KEY_START
        and not key.translate(None, _KEY)
        and 0 < len(value) <= _LONGEST_PART
        and not value.translate(None, _VALUE)
    )


def _shortened(state: str) -> str:
    members = state.split(",")
    for index in reversed(range(len(members))):
        if _size(members) > _LONGEST_STATE and len(members[index]) > _LONG_MEMBER:
            del members[index]
    while _size(members) > _LONGEST_STATE:
        del members[-1]
    return ",".join(members)


def _size(members: list[str]) -> int:
    return sum(map(len, members)) + len(members) - 1


def _random_id(length: int) -> str:
    digits = urandom(length).hex()
    # All zeros are not an id. It will not happen.
    return digits if digits.strip("0") else _random_id(length)
