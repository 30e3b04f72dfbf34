"""The checks as a Markdown table, for the docs."""

from itertools import groupby

from asgi_stack.testing.contract.checks import CHECKS
from asgi_stack.testing.tables import PageTable

__all__ = ["TABLE", "table"]


def table() -> str:
    """Render all checks, a table for each group."""
    groups = groupby(CHECKS.values(), key=lambda check: check.group)
    return "\n\n".join(
        f"### {group}\n\n| check | a middleware that passes |\n|---|---|\n"
        + "\n".join(f"| `{check.id}` | {check.sentence} |" for check in checks)
        for group, checks in groups
    )


TABLE = PageTable("checks", table)
