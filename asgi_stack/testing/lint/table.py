"""The rules as a Markdown table, for the docs."""

from itertools import groupby

from asgi_stack.testing.lint.rules import READ, RULES
from asgi_stack.testing.tables import PageTable

__all__ = ["TABLE", "table"]

_HEAD = "| id | level | duty | rule |\n|---|---|---|---|"


def table() -> str:
    """Render all rules, a table for each section of the specification, and say which texts they are from."""
    sections = groupby(RULES.values(), key=lambda rule: rule.section)
    return f"{READ}\n\n" + "\n\n".join(
        f"### {section}\n\n{_HEAD}\n"
        + "\n".join(f"| {rule.id} | {rule.level} | {rule.duty} | {rule.sentence} |" for rule in rules)
        for section, rules in sections
    )


TABLE = PageTable("rules", table)
