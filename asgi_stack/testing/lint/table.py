"""The rules as a Markdown table, for the docs."""

from itertools import groupby

from asgi_stack.testing.lint.rules import RULES

__all__ = ["insert_table", "table"]

_HEAD = "| id | level | duty | rule |\n|---|---|---|---|"
_BEGIN = "<!-- rules -->"
_END = "<!-- end of rules -->"


def table() -> str:
    """Render all rules, a table for each section of the specification."""
    sections = groupby(RULES.values(), key=lambda rule: rule.section)
    return "\n\n".join(
        f"### {section}\n\n{_HEAD}\n"
        + "\n".join(f"| {rule.id} | {rule.level} | {rule.duty} | {rule.sentence} |" for rule in rules)
        for section, rules in sections
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
