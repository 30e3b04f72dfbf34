"""Every middleware in the box keeps the whole contract; a new one is held to it by being exported."""

from typing import Any

import pytest

import asgi_stack.middleware
from asgi_stack.testing.contract import CHECKS, check_middleware

NAMES = [name for name in asgi_stack.middleware.__all__ if name.endswith("Middleware")]
# What a class cannot do without, and what it is meant to do beyond passing things on.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "ErrorBoundaryMiddleware": {"handles_exceptions": True},
    "RequestIDMiddleware": {"leaves_context": True},
    "TrustedHostMiddleware": {"allowed_hosts": ["testserver"]},
}
# The same ones where they do not let a request in.
REPLYING: dict[str, dict[str, Any]] = {
    "TrustedHostMiddleware": {"allowed_hosts": ["example.com"]},
}


@pytest.mark.parametrize("check_id", CHECKS)
@pytest.mark.parametrize("name", NAMES)
def test_it_keeps_the_contract(name: str, check_id: str) -> None:
    factory = getattr(asgi_stack.middleware, name)
    report = check_middleware(factory, only=[check_id], **ARGUMENTS.get(name, {}))

    assert report.passed, str(report)


@pytest.mark.parametrize("name", REPLYING)
def test_its_own_replies_keep_the_contract(name: str) -> None:
    report = check_middleware(getattr(asgi_stack.middleware, name), replies=True, **REPLYING[name])

    assert report.passed, str(report)
    assert "replies-completely" not in {outcome.id for outcome in report.skipped}
