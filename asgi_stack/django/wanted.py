"""Settings of public packages that look for the client in a field which the layer for proxies takes away."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from asgi_stack.django import reading

__all__ = ["wanted_fields"]


def wanted_fields() -> Iterator[tuple[str, str]]:
    """Give each setting that makes a package look for a header field, and the name of the field.

    Only of those that fail, or take all clients for one, where the field is not there. Others go by
    ``REMOTE_ADDR`` then, which the layer has put right.
    """
    for setting, read in _WANTED.items():
        value = reading.setting(setting)
        yield from ((setting, _field(name)) for name in (read(value) if value else ()))


def _field(name: str) -> str:
    """Return the name of a field as it is sent: ``HTTP_X_REAL_IP`` is ``x-real-ip``."""
    return name.removeprefix("HTTP_").lower().replace("_", "-")


def _for_xff(value: Any) -> list[str]:
    return ["HTTP_X_FORWARDED_FOR"]


def _named(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else []


def _key(value: Any) -> list[str]:
    """A key of ``request.META``, and neither a function nor the path of one."""
    return [value] if isinstance(value, str) and value.startswith("HTTP_") else []


def _keys(value: Any) -> list[str]:
    """Keys of ``request.META`` in the order in which they are tried; the last resort is the address."""
    return [] if "REMOTE_ADDR" in value else [key for key in value if isinstance(key, str)]


_WANTED: Mapping[str, Callable[[Any], list[str]]] = {
    "XFF_STRICT": _for_xff,
    "XFF_ALWAYS_PROXY": _for_xff,
    "XFF_HEADER_REQUIRED": _for_xff,
    "ALLAUTH_TRUSTED_CLIENT_IP_HEADER": _named,
    "RATELIMIT_IP_META_KEY": _key,
    "AXES_IPWARE_META_PRECEDENCE_ORDER": _keys,
    "AXES_META_PRECEDENCE_ORDER": _keys,
    "IPWARE_META_PRECEDENCE_ORDER": _keys,
    "DJANGO_EASY_AUDIT_REMOTE_ADDR_HEADER": _key,
}
"""By setting: which fields its value means."""
