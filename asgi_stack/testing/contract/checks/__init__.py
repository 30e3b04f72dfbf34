"""The checks, one module for each part of the contract. Importing this registers them all, in this order."""

from asgi_stack.testing.contract.checks import (  # isort: skip
    making,
    scopes,
    messages,
    extensions,
    bodies,
    answers,
    websockets,
    faults,
    isolation,
    linted,
)
from asgi_stack.testing.contract.registry import CHECKS

__all__ = [
    "CHECKS",
    "answers",
    "bodies",
    "extensions",
    "faults",
    "isolation",
    "linted",
    "making",
    "messages",
    "scopes",
    "websockets",
]
