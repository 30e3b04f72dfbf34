"""The TLS extension of a scope (tls 0.2)."""

from typing import Any

from asgi_stack.testing.lint.blame import Fault
from asgi_stack.testing.lint.shapes import Key, check_shape, shape
from asgi_stack.testing.lint.values import (
    MISSING,
    is_filled_str,
    is_iterator,
    is_str,
    is_str_or_none,
    is_unsigned_or_none,
    iterable_of,
    shown,
)

__all__ = ["check_tls"]


def _is_error(value: object) -> bool:
    return value is None or is_filled_str(value)


_SHAPE = shape(
    "the tls extension",
    Key("server_cert", "E38", "a str or None", is_str_or_none),
    Key("client_cert_chain", "E39", "an iterable of str", iterable_of(is_str), ()),
    Key("client_cert_name", "E40", "a str or None", is_str_or_none, None),
    Key(
        "client_cert_error",
        "E41",
        "None or a str that is not empty",
        _is_error,
        None,
    ),
    Key("tls_version", "E42", "an unsigned int or None", is_unsigned_or_none(63)),
    Key("cipher_suite", "E43", "an unsigned 16-bit int or None", is_unsigned_or_none(16)),
)


def check_tls(scope: dict[str, Any], tls: dict[str, Any], fault: Fault) -> None:
    """Check the extension's dict, and that the connection is one with TLS at all."""
    scheme = scope.get("scheme", MISSING)
    if scheme is MISSING or scheme in ("http", "ws"):
        fault("E37", f"the scope has the tls extension, and scheme={shown(scheme)}.", "tls scheme")
    check_shape(_SHAPE, tls, fault)
    chain = tls.get("client_cert_chain")
    if chain and not is_iterator(chain) and tls.get("client_cert_name") is None:
        fault("E40", "the tls extension has a client_cert_chain and no client_cert_name.", "client_cert_name")
