"""Whether the body of a response is whole under its ``content-encoding`` (RFC 9110, 8.4)."""

import zlib
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Protocol

from asgi_stack.testing.lint.blame import Fault

__all__ = ["Coding", "coding_of"]

# What is decoded is dropped at once: a small body may hold a very large one.
_MOST_AT_ONCE = 65536


class _Member(Protocol):
    """One coded piece, from its beginning to its end."""

    finished: bool

    def take(self, data: bytes) -> bytes:
        """Read on, and return what lies behind the end."""
        ...


class _Zlib:
    """A member of gzip, or of deflate in either of the forms in which it is sent."""

    def __init__(self, wbits: int) -> None:
        self.finished = False
        self._decoder = zlib.decompressobj(wbits)

    def take(self, data: bytes) -> bytes:
        while data and not self._decoder.eof:
            self._decoder.decompress(data, _MOST_AT_ONCE)
            data = self._decoder.unconsumed_tail
        self.finished = self._decoder.eof
        return self._decoder.unused_data


class _Deflate:
    """Deflate as RFC 9110 has it, in the format of zlib, or bare, as others send it."""

    def __init__(self) -> None:
        self.finished = False
        self._begun = b""
        self._member: _Zlib | None = None

    def take(self, data: bytes) -> bytes:
        if self._member is None:
            data, self._begun = self._begun + data, b""
            if len(data) < 2:
                self._begun = data
                return b""
            # RFC 1950, 2.2: the method, and a check of the first two bytes.
            is_zlib = data[0] & 15 == 8 and int.from_bytes(data[:2]) % 31 == 0
            self._member = _Zlib(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        rest = self._member.take(data)
        self.finished = self._member.finished
        return rest


class _Brotli:
    """A stream of Brotli."""

    def __init__(self, module: Any) -> None:
        self.finished = False
        self._decoder = module.Decompressor()

    def take(self, data: bytes) -> bytes:
        self._decoder.process(data)
        self.finished = self._decoder.is_finished()
        return b""


class _Zstandard:
    """A frame of Zstandard."""

    def __init__(self, module: Any) -> None:
        self.finished = False
        self._decoder = module.ZstdDecompressor()

    def take(self, data: bytes) -> bytes:
        self._decoder.decompress(data, _MOST_AT_ONCE)
        while not self._decoder.eof and not self._decoder.needs_input:
            self._decoder.decompress(b"", _MOST_AT_ONCE)
        self.finished = self._decoder.eof
        return self._decoder.unused_data if self.finished else b""


class Coding:
    """A coded body as it comes: whether it has come to its end, and whether it had one end only."""

    __slots__ = ("_broken", "_member", "_members", "_name", "_new")

    def __init__(self, name: str, new: Callable[[], _Member]) -> None:
        self._name = name
        self._new = new
        self._member: _Member | None = None
        self._members = 0
        self._broken = False

    def take(self, data: bytes) -> None:
        """Take a piece of the body."""
        while data and not self._broken:
            if self._member is None or self._member.finished:
                self._member = self._new()
                self._members += 1
            try:
                data = self._member.take(data)
            except Exception:  # of each library its own
                self._broken = True

    def end(self, fault: Fault) -> None:
        """Judge what came, now that the body is complete; an empty one is whole under every coding."""
        if self._broken:
            fault("X9", f"the body is announced as {self._name}, and cannot be decoded.", "content-encoding")
        elif self._member is not None and not self._member.finished:
            fault("X9", f"the body is announced as {self._name}, and is cut off.", "content-encoding")
        elif self._members > 1:
            text = f"the body is announced as {self._name}, and is {self._members} coded pieces in a row."
            fault("X10", text, "content-encoding")


def coding_of(values: list[bytes]) -> Coding | None:
    """Return the coding that a response announces; None for none, several, and one that cannot be decoded."""
    name = values[0].strip().lower() if len(values) == 1 else b""
    make = _CODINGS.get(name)
    new = make() if make else None
    return Coding(name.decode("ascii"), new) if new else None


def _with(adapter: Callable[[Any], _Member], *modules: str) -> Callable[[], _Member] | None:
    for name in modules:
        try:
            module = import_module(name)
        except ImportError:
            continue
        return lambda: adapter(module)
    return None


_CODINGS: Mapping[bytes, Callable[[], Callable[[], _Member] | None]] = {
    b"gzip": lambda: lambda: _Zlib(zlib.MAX_WBITS | 16),
    b"x-gzip": lambda: lambda: _Zlib(zlib.MAX_WBITS | 16),
    b"deflate": lambda: _Deflate,
    b"br": lambda: _with(_Brotli, "brotli", "brotlicffi"),
    b"zstd": lambda: _with(_Zstandard, "compression.zstd", "backports.zstd"),
}
