"""The checks as a Markdown table, for the docs."""

from itertools import groupby

from asgi_stack.testing.contract.checks import CHECKS

__all__ = ["insert_table", "table"]

_BEGIN = "<!-- checks -->"
_END = "<!-- end of checks -->"


def table() -> str:
    """Render all checks, a table for each group."""
    groups = groupby(CHECKS.values(), key=lambda check: check.group)
    return "\n\n".join(
        f"### {group}\n\n| check | a middleware that passes |\n|---|---|\n"
        + "\n".join(f"| `{check.id}` | {check.sentence} |" for check in checks)
        for group, checks in groups
    )


def insert_table(page: str) -> str:
    """Give a Markdown page with the table renewed between its two marks.

    Raises:
        ValueError: if the page has no marks.
    """
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"The page has no marks for the table. Put {_BEGIN!r} and {_END!r} into it.")
    return f"{before}{begin}\n\n{table()}\n\n{end}{after}"
