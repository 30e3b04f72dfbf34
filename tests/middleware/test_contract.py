"""Every middleware in the box keeps the whole contract; a new one is held to it by being exported.

No check is left out for any of them. What one is meant to do, and what makes a request that it lets in, is
declared here; options that a class cannot do without are those that all tests of the box give it.
"""

from base64 import b64encode
from typing import Any

import pytest

import asgi_stack.middleware
from asgi_stack.testing.contract import Report, check_middleware
from tests.middleware.test_all import NEEDED

NAMES = [name for name in asgi_stack.middleware.__all__ if name.endswith("Middleware")]
PASSWORD = "Basic " + b64encode(b"ada:lovelace").decode()
ARGUMENTS: dict[str, dict[str, Any]] = {
    "BasicAuthMiddleware": {
        "users": {"ada": "lovelace"},
        "request": {"headers": {"authorization": PASSWORD}},
    },
    "ErrorBoundaryMiddleware": {"handles_exceptions": True},
    "HTTPSRedirectMiddleware": {"host": "testserver", "request": {"url": "https://testserver/"}},
    "IPFilterMiddleware": {"allow": ["127.0.0.0/8"]},
    "MaintenanceMiddleware": {"switch": lambda: False},
    "ProxyHeadersMiddleware": {"trusted": ["127.0.0.0/8"]},
    "RequestIDMiddleware": {"leaves_context": True},
    "ServerTimingMiddleware": {"leaves_context": True},
}
# Where they do not let a request in: their own replies are held to the contract too.
REPLYING: dict[str, dict[str, Any]] = {
    "BasicAuthMiddleware": {"users": {"ada": "lovelace"}},
    "DrainMiddleware": {
        "drain_path": "/drain",
        "drain_clients": ["127.0.0.0/8"],
        "request": {"url": "/drain", "method": "POST"},
    },
    "HealthMiddleware": {"request": {"url": "/livez", "method": "GET"}},
    "HTTPSRedirectMiddleware": {"host": "testserver"},
    "IPFilterMiddleware": {"deny": ["127.0.0.0/8"]},
    "MaintenanceMiddleware": {"switch": lambda: True},
    "RequestGuardMiddleware": {"request": {"url": "/%2e%2e/"}},
    "TrustedHostMiddleware": {"allowed_hosts": ["example.com"]},
}


def check(name: str, **arguments: Any) -> Report:
    return check_middleware(getattr(asgi_stack.middleware, name), **arguments)


@pytest.mark.parametrize("name", NAMES)
def test_it_keeps_the_contract(name: str) -> None:
    report = check(name, **{**NEEDED.get(name, {}), **ARGUMENTS.get(name, {})})

    assert report.passed, str(report)


@pytest.mark.parametrize("name", [name for name in REPLYING if name in NAMES])
def test_its_own_replies_keep_the_contract(name: str) -> None:
    report = check(name, replies=True, **REPLYING[name])

    assert report.passed, str(report)
    assert "replies-completely" not in {outcome.id for outcome in report.skipped}
