"""Request bodies, from what a test has at hand."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, TypedDict, TypeGuard

from asgi_stack.errors import OptionError
from asgi_stack.testing.headers import HeaderInput
from asgi_stack.testing.multipart import DataInput, FileInput, multipart, urlencoded
from asgi_stack.testing.scopes import ParamInput

__all__ = [
    "ConnectionOptions",
    "ContentOptions",
    "RequestOptions",
    "checked_bytes",
    "encode_body",
    "is_chunks",
]

Content: TypeAlias = bytes | str | Iterable[bytes]


class ContentOptions(TypedDict, total=False):
    """The body of a request: one of ``content``, ``json``, and ``data`` or ``files`` or both."""

    content: Content
    json: Any
    data: DataInput
    files: FileInput


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
    where there are ``files``.
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
        body, content_type = multipart(options.get("data", {}), options["files"])
        return [body], content_type
    if "data" in options:
        return [urlencoded(options["data"])], "application/x-www-form-urlencoded"
    return None


def _chunks(content: object) -> list[bytes]:
    if isinstance(content, str):
        return [content.encode()]
    if isinstance(content, bytes):
        return [content]
    hint = "Give bytes, text, or a list of bytes."
    if not is_chunks(content):
        raise OptionError("ASGIClient", "content", content, hint)
    return [checked_bytes("content", chunk, hint) for chunk in content] or [b""]


def is_chunks(value: object) -> TypeGuard[Iterable[Any]]:
    """Tell whether it may be several pieces of a body. A buffer is iterable too, and gives numbers."""
    return isinstance(value, Iterable) and not isinstance(value, (str, bytearray, memoryview, Mapping))


def checked_bytes(option: str, value: object, hint: str) -> bytes:
    """Return *value* if it is bytes: what a server gives an application is nothing else.

    Raises:
        OptionError: for anything else; it would be taken for a fault of the server.
    """
    if not isinstance(value, bytes):
        raise OptionError("ASGIClient", option, value, hint)
    return value
