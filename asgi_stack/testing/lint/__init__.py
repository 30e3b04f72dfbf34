"""The ASGI specification as a middleware: every rule that one can see between a server and an application."""

from asgi_stack.testing.lint.errors import LintError, Violation
from asgi_stack.testing.lint.middleware import Lint
from asgi_stack.testing.lint.rules import RULES, SHOULD, Rule
from asgi_stack.testing.lint.table import table

__all__ = ["RULES", "SHOULD", "Lint", "LintError", "Rule", "Violation", "table"]
