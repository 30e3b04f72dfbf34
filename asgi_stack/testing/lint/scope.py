"""What a scope must hold, by its type."""

from typing import Any
from urllib.parse import unquote_to_bytes

from asgi_stack.testing.lint.blame import Fault
from asgi_stack.testing.lint.headers import HeaderRules, check_headers
from asgi_stack.testing.lint.shapes import Key, check_shape, shape
from asgi_stack.testing.lint.tls import check_tls
from asgi_stack.testing.lint.values import (
    MISSING,
    is_address,
    is_bytes,
    is_bytes_or_none,
    is_dict,
    is_filled_str,
    is_server_address,
    is_str,
    iterable_of,
    one_of,
    shown,
)

__all__ = ["check_scope"]


def _is_method(value: Any) -> bool:
    return isinstance(value, str) and (value.isupper() or (value != "" and value == value.upper()))


def _is_path(value: Any) -> bool:
    # Lone surrogates are how Python carries bytes that nobody decoded.
    return isinstance(value, str) and (
        value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value)
    )


def _is_raw_path(value: Any) -> bool:
    # Not ``b"?" not in value``: an exception is raised and dropped within that.
    return value is None or (isinstance(value, bytes) and value.find(b"?") < 0)


_HTTP = shape(
    "the http scope",
    Key("http_version", "H4", '"1.0", "1.1", "2" or "3"', one_of("1.0", "1.1", "2", "3")),
    Key("method", "H5", "a str in upper case", _is_method),
    Key("scheme", "H6", "a str that is not empty", is_filled_str, "http"),
    Key("path", "H7", "a decoded str", _is_path),
    Key("raw_path", "H8", "bytes without the query, or None", _is_raw_path, None),
    Key("query_string", "H9", "bytes", is_bytes),
    Key("root_path", "H10", "a str", is_str, ""),
    Key("client", "H15", "a pair of str and int, or None", is_address, None),
    Key("server", "H16", "a pair of str and int or None, or None", is_server_address, None),
    Key("state", "H17", "a dict", is_dict, {}),
    also=("asgi", "headers", "extensions"),
)
_WEBSOCKET = shape(
    "the websocket scope",
    Key("http_version", "W4", '"1.1", "2" or "3"', one_of("1.1", "2", "3"), "1.1"),
    Key("scheme", "W5", "a str that is not empty", is_filled_str, "ws"),
    Key("path", "W6", "a decoded str", _is_path),
    Key("raw_path", "W7", "bytes without the query, or None", _is_raw_path, None),
    Key("query_string", "W8", "bytes or None", is_bytes_or_none, b""),
    Key("root_path", "W9", "a str", is_str, ""),
    Key("client", "W11", "a pair of str and int, or None", is_address, None),
    Key("server", "W11", "a pair of str and int or None, or None", is_server_address, None),
    Key("subprotocols", "W12", "an iterable of str", iterable_of(is_str), ()),
    Key("state", "W13", "a dict", is_dict, {}),
    also=("asgi", "headers", "extensions"),
)
_LIFESPAN = shape(
    "the lifespan scope",
    Key("state", "LS3", "a dict", is_dict, {}),
    also=("asgi", "extensions"),
)
_SHAPES = {"http": _HTTP, "websocket": _WEBSOCKET, "lifespan": _LIFESPAN}
_OTHER = shape("the scope", also=("asgi", "extensions"))

_HEADERS = {
    "http": HeaderRules("the http scope", pairs="H11", pseudo="H14", required=True),
    "websocket": HeaderRules("the websocket scope", pairs="W10", pseudo="W10", required=True),
}
_TYPE_RULES = {"http": "H1", "websocket": "W1", "lifespan": "LS1"}
_VERSION_RULES = {"http": "H2", "websocket": "W2"}
_SPEC_VERSION_RULES = {"http": "H3", "websocket": "W3", "lifespan": "LS2"}
_PATH_RULES = {"http": "H7", "websocket": "W6"}


def check_scope(scope: dict[str, Any], fault: Fault) -> None:
    """Check a scope of any type; of a type that is not in the specification, what all scopes share."""
    kind = scope.get("type")
    if not isinstance(kind, str):
        fault("C3", f"the scope has type={shown(scope.get('type', MISSING))}; it must be a str.", "type")
        return
    _check_values(kind, scope, fault)
    if kind in _HEADERS:
        check_headers(_HEADERS[kind], scope.get("headers", MISSING), fault)


def _check_values(kind: str, scope: dict[str, Any], fault: Fault) -> None:
    declared = _SHAPES.get(kind)
    if declared is None:
        declared = _OTHER
        _check_type(kind, fault)
    _check_asgi(kind, scope.get("asgi"), fault)
    check_shape(declared, scope, fault)
    if not declared.known.issuperset(scope):
        _check_keys(scope, fault)
    if kind in _PATH_RULES:
        _check_path(_PATH_RULES[kind], scope, fault)
    # Most scopes have an empty dict there.
    if "extensions" in scope and scope["extensions"] != {}:
        _check_extensions(kind, scope, scope["extensions"], fault)


def _check_type(kind: str, fault: Fault) -> None:
    meant = kind.strip().lower()
    if meant != kind and meant in _TYPE_RULES:
        fault(_TYPE_RULES[meant], f"the scope has type={shown(kind)}; it must be {meant!r}.", "type")


def _check_asgi(kind: str, asgi: Any, fault: Fault) -> None:
    if not is_dict(asgi):
        fault("C4", f"the scope has asgi={shown(asgi)}; it must be a dict.", "asgi")
        return
    version = asgi.get("version", MISSING)
    if version is MISSING and kind in _VERSION_RULES:
        fault(_VERSION_RULES[kind], "the scope's asgi dict has no 'version'.", "asgi version")
    elif version is not MISSING and not isinstance(version, str):
        fault("C4", f"the scope's asgi dict has version={shown(version)}; it must be a str.", "asgi version")
    spec_version = asgi.get("spec_version", "")
    if not isinstance(spec_version, str):
        text = f"the scope's asgi dict has spec_version={shown(spec_version)}; it must be a str."
        fault(_SPEC_VERSION_RULES.get(kind, "C5"), text, "asgi spec_version")


def _check_keys(scope: dict[Any, Any], fault: Fault) -> None:
    for key in scope:
        if not isinstance(key, str):
            fault("C9", f"the scope has the key {shown(key)}, which is no str.", shown(key))


def _check_path(rule: str, scope: dict[str, Any], fault: Fault) -> None:
    path, raw_path = scope.get("path"), scope.get("raw_path")
    if not isinstance(path, str) or not isinstance(raw_path, bytes):
        return
    if path.isascii() and "?" not in path and b"%" not in raw_path:
        return
    seen = _undecoded(path, raw_path)
    if seen:
        fault(rule, f"the scope has path={shown(path)}, and raw_path={shown(raw_path)}: {seen}.", "path form")


def _undecoded(path: str, raw_path: bytes) -> str | None:
    """Say what is left to decode in a path, or to be taken from it; None if it is as it should be."""
    octets = unquote_to_bytes(raw_path)
    if "?" in path and b"?" not in octets:
        return "the query is in it"
    if octets != raw_path and path == raw_path.decode("latin-1"):
        return "it is still percent-encoded"
    # A server that reads octets as Latin-1 leaves two characters for one.
    if not path.isascii() and path == octets.decode("latin-1") and _is_utf_8(octets):
        return "its UTF-8 is not decoded"
    return None


def _is_utf_8(octets: bytes) -> bool:
    # What is none is the server's to write in any way.
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _check_extensions(kind: str, scope: dict[str, Any], extensions: Any, fault: Fault) -> None:
    if not is_dict(extensions):
        fault("C19", f"the scope has extensions={shown(extensions)}; it must be a dict.", "extensions")
        return
    for name, value in extensions.items():
        if not isinstance(name, str) or not is_dict(value):
            text = f"the scope has the extension {shown(name)}: {shown(value)}; it must be a str and a dict."
            fault("C19", text, f"extension {shown(name)}")
        elif name == "tls" and kind in _HEADERS:
            check_tls(scope, value, fault)
