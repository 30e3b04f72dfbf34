"""Request bodies, from what a test has at hand."""

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypedDict
from urllib.parse import urlencode

from asgi_stack.errors import OptionError
from asgi_stack.testing.headers import HeaderInput
from asgi_stack.testing.scopes import ParamInput

__all__ = ["ConnectionOptions", "ContentOptions", "RequestOptions", "encode_body"]

Content: TypeAlias = bytes | str | Sequence[bytes]
File: TypeAlias = bytes | tuple[str, bytes] | tuple[str, bytes, str]

# What a name must not contain in a multipart header, and how a browser writes it (WHATWG HTML, "Multipart
# form data").
ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


class ContentOptions(TypedDict, total=False):
    """The body of a request: one of ``content``, ``json``, and ``data`` or ``files`` or both."""

    content: Content
    json: Any
    data: Mapping[str, Any]
    files: Mapping[str, File]


class ConnectionOptions(TypedDict, total=False):
    """What every scope takes: see `asgi_stack.testing.http_scope`."""

    headers: HeaderInput
    params: ParamInput
    extensions: Mapping[str, Mapping[str, Any]]
    extra: Mapping[str, Any]


class RequestOptions(ConnectionOptions, ContentOptions, total=False):
    """The options of a request."""


def encode_body(options: ContentOptions) -> tuple[list[bytes], str | None] | None:
    """Return the chunks of the body and its content type; None where *options* say nothing about it.

    ``content`` in several chunks becomes one message each. ``data`` is a form, urlencoded, or multipart
    where there are ``files``: name to bytes, ``(filename, bytes)`` or ``(filename, bytes, content type)``.
    """
    given = [name for name in ("content", "json", "data") if name in options]
    if len(given) > 1 or ("files" in options and given not in ([], ["data"])):
        hint = "Use one of content, json and data; files go with data or alone."
        raise OptionError("ASGIClient", given[0], options.get(given[0]), hint)
    if "content" in options:
        return _chunks(options["content"]), None
    if "json" in options:
        return [json.dumps(options["json"]).encode()], "application/json"
    if "files" in options:
        return _multipart(options.get("data", {}), options["files"])
    if "data" in options:
        return [urlencode(options["data"], doseq=True).encode()], "application/x-www-form-urlencoded"
    return None


def _chunks(content: Content) -> list[bytes]:
    if isinstance(content, str):
        return [content.encode()]
    return [content] if isinstance(content, bytes) else [*content] or [b""]


def _multipart(data: Mapping[str, Any], files: Mapping[str, File]) -> tuple[list[bytes], str]:
    boundary = secrets.token_hex(16)
    parts = [_field(name, str(value)) for name, value in data.items()]
    parts += [_file(name, file) for name, file in files.items()]
    lines = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), part) for part in parts)
    return [lines + b"--%b--\r\n" % boundary.encode()], f"multipart/form-data; boundary={boundary}"


def _field(name: str, value: str) -> bytes:
    return f'Content-Disposition: form-data; name="{name.translate(ESCAPES)}"\r\n\r\n{value}'.encode()


def _file(name: str, file: File) -> bytes:
    filename, content, *rest = (name, file) if isinstance(file, bytes) else file
    kind = rest[0] if rest else "application/octet-stream"
    names = f'name="{name.translate(ESCAPES)}"; filename="{filename.translate(ESCAPES)}"'
    return f"Content-Disposition: form-data; {names}\r\nContent-Type: {kind}\r\n\r\n".encode() + content
