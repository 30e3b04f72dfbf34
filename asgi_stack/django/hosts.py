"""Which hosts Django allows, by what the settings declare.

A class in ``MIDDLEWARE`` may put others in their place when Django's handler is made, as django-allow-cidr
does, which lets every host in and looks at it by itself.
"""

from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http.request import validate_host

from asgi_stack.grammar.host_patterns import compared_host

__all__ = ["allowed_hosts", "declared_hosts", "is_allowed", "making_handler", "replaced_hosts"]

_LOCAL_HOSTS = (".localhost", "127.0.0.1", "[::1]")

# What handlers have left in the setting, and what was declared; by identity, so that a setting which a test
# overrides counts anew. Only the last few: each handler of a test may leave another.
_replaced: deque[tuple[Any, Any]] = deque(maxlen=64)


@contextmanager
def making_handler() -> Generator[None]:
    """Remember what is declared, if a handler that is made in the block puts something else in its place."""
    declared, before = declared_hosts(), settings.ALLOWED_HOSTS
    yield
    if settings.ALLOWED_HOSTS is not before:
        _replaced.append((settings.ALLOWED_HOSTS, declared))


def declared_hosts() -> Any:
    """Return ``ALLOWED_HOSTS`` as it stood before a handler was made."""
    now = settings.ALLOWED_HOSTS
    return next((declared for left, declared in reversed(_replaced) if left is now), now)


def replaced_hosts() -> Any:
    """Return what a handler has put in the place of what is declared; None where none did."""
    now = settings.ALLOWED_HOSTS
    return None if declared_hosts() is now else now


def allowed_hosts() -> Any:
    """Return what is declared as Django applies it: while it is empty, ``DEBUG`` allows the local hosts."""
    return declared_hosts() or ([*_LOCAL_HOSTS] if settings.DEBUG else [])


def is_allowed(host: str) -> bool:
    """Tell whether Django allows a host, or all that a pattern of hosts means."""
    allowed: list[str] = [*allowed_hosts()]
    host = compared_host(host)
    if host in allowed or "*" in allowed:
        return True
    return host != "*" and validate_host(host.removeprefix("*"), allowed)
