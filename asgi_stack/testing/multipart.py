"""Forms, urlencoded and multipart, from the values that a test has at hand (RFC 7578; WHATWG HTML)."""

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypeGuard
from urllib.parse import urlencode

from asgi_stack.errors import OptionError

__all__ = ["DataInput", "File", "FileInput", "multipart", "urlencoded"]


class _Readable(Protocol):
    def read(self) -> Any: ...


Content: TypeAlias = bytes | str | _Readable
File: TypeAlias = Content | tuple[str, Content] | tuple[str, Content, str]
"""What is sent as one file: its bytes, or a file that is open, with or without a name and a media type."""
FileInput: TypeAlias = Mapping[str, File | Sequence[File]] | Iterable[tuple[str, File]]
DataInput: TypeAlias = Mapping[str, Any] | Iterable[tuple[str, Any]]

# What a name must not contain in a multipart header, and how a browser writes it (WHATWG HTML, "Multipart
# form data").
ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})

VALUE_HINT = "Give text, bytes or a number, or a list of them; a file goes into files=."
FILE_HINT = (
    "Give bytes, text, a file that is open, (filename, content) or (filename, content, media type); several "
    "files of one field as a list of them."
)


def urlencoded(data: DataInput) -> bytes:
    """Encode a form as a browser does without files."""
    return urlencode([*_fields(data)]).encode()


def multipart(data: DataInput, files: FileInput) -> tuple[bytes, str]:
    """Encode a form with files: one part for each value and each file. Return it and its content type."""
    boundary = secrets.token_hex(16)
    parts = [_part(_named(name), value) for name, value in _fields(data)]
    parts += [_file_part(name, file) for name, file in _files(files)]
    lines = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), part) for part in parts)
    return lines + b"--%b--\r\n" % boundary.encode(), f"multipart/form-data; boundary={boundary}"


def _fields(data: DataInput) -> Iterator[tuple[str, bytes]]:
    for name, given in _pairs("data", data, VALUE_HINT):
        for value in given if _is_tuple(given) or _is_list(given) else [given]:
            if value is None or _is_mapping(value) or hasattr(value, "read"):
                raise OptionError("ASGIClient", f"data[{name!r}]", value, VALUE_HINT)
            yield name, value if isinstance(value, bytes) else str(value).encode()


def _files(files: FileInput) -> Iterator[tuple[str, Any]]:
    for name, given in _pairs("files", files, FILE_HINT):
        # A tuple is one file with a name; only a list is several.
        for file in given if _is_list(given) else [given]:
            yield name, file


def _pairs(option: str, given: object, hint: str) -> Iterator[tuple[str, Any]]:
    pairs = given.items() if _is_mapping(given) else given
    if not _is_items(pairs):
        raise OptionError("ASGIClient", option, given, f"Give a mapping, or pairs. {hint}")
    for pair in pairs:
        if not _is_tuple(pair) or len(pair) != 2 or not isinstance(pair[0], str):
            raise OptionError("ASGIClient", option, given, f"Give each field a name that is text. {hint}")
        yield pair[0], pair[1]


def _file_part(name: str, file: object) -> bytes:
    filename, content, kind = _described(name, file)
    data = content.read() if hasattr(content, "read") else content
    if isinstance(data, str) and data is content:
        data = data.encode()
    if not isinstance(data, bytes) or not isinstance(filename, str) or not isinstance(kind, str):
        hint = "Open it in binary mode, 'rb'." if isinstance(data, str) else FILE_HINT
        raise OptionError("ASGIClient", f"files[{name!r}]", file, hint)
    head = f'{_named(name)}; filename="{filename.translate(ESCAPES)}"\r\nContent-Type: {kind}'
    return _part(head, data)


def _described(name: str, file: object) -> tuple[Any, Any, Any]:
    """Return a file's name, its content and its media type; an uploaded file of Django's has all of them."""
    told: tuple[Any, ...] = file if _is_tuple(file) and len(file) in (2, 3) else (None, file)
    content = told[1]
    path: object = getattr(content, "name", None)
    own = os.path.basename(path) if isinstance(path, str) else ""
    kind = told[2] if len(told) == 3 else getattr(content, "content_type", None)
    return own or name if told[0] is None else told[0], content, kind or "application/octet-stream"


def _is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    return isinstance(value, tuple)


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, Mapping)


def _is_items(value: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes))


def _named(name: str) -> str:
    return f'Content-Disposition: form-data; name="{name.translate(ESCAPES)}"'


def _part(head: str, content: bytes) -> bytes:
    return f"{head}\r\n\r\n".encode() + content
