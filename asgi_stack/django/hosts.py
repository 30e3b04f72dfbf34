"""Which hosts Django allows."""

from typing import Any

from django.conf import settings
from django.http.request import validate_host

from asgi_stack.grammar.host_patterns import compared_host

__all__ = ["allowed_hosts", "is_allowed"]

_LOCAL_HOSTS = (".localhost", "127.0.0.1", "[::1]")


def allowed_hosts() -> Any:
    """Return ``ALLOWED_HOSTS`` as Django applies it: while it is empty, ``DEBUG`` allows the local hosts."""
    return settings.ALLOWED_HOSTS or ([*_LOCAL_HOSTS] if settings.DEBUG else [])


def is_allowed(host: str) -> bool:
    """Tell whether Django allows a host, or all that a pattern of hosts means."""
    allowed: list[str] = [*allowed_hosts()]
    host = compared_host(host)
    if host in allowed or "*" in allowed:
        return True
    return host != "*" and validate_host(host.removeprefix("*"), allowed)
