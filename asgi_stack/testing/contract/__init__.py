"""The contract of a middleware as named checks, run on any class, factory or layer.

What is checked is in `CHECKS`. `check_middleware` gives a `Report`; `MiddlewareContract` makes one test of
each check.
"""

from asgi_stack.testing.contract.checks import CHECKS
from asgi_stack.testing.contract.registry import Check
from asgi_stack.testing.contract.report import ContractError, Outcome, Report
from asgi_stack.testing.contract.runner import check_middleware
from asgi_stack.testing.contract.table import table
from asgi_stack.testing.contract.testcase import MiddlewareContract

__all__ = [
    "CHECKS",
    "Check",
    "ContractError",
    "MiddlewareContract",
    "Outcome",
    "Report",
    "check_middleware",
    "table",
]
