"""Tables that are made from the code and kept in a page of the docs, each between two marks."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["PageTable"]


class PageTable(NamedTuple):
    """A table in Markdown, and the *mark* that stands around it in a page: ``<!-- rules -->`` for "rules"."""

    mark: str
    render: Callable[[], str]

    def insert(self, page: str) -> str:
        """Return a page with the table renewed.

        Raises:
            ValueError: if the page has no marks.
        """
        opening, closing = f"<!-- {self.mark} -->", f"<!-- end of {self.mark} -->"
        before, begin, rest = page.partition(opening)
        _, end, after = rest.partition(closing)
        if not begin or not end:
            raise ValueError(f"The page has no marks for the table. Put {opening!r} and {closing!r} into it.")
        return f"{before}{begin}\n\n{self.render()}\n\n{end}{after}"

    def command(self, arguments: Sequence[str]) -> None:
        """Print the table, or renew it in the one file that is named."""
        if arguments:
            path = Path(arguments[0])
            path.write_text(self.insert(path.read_text("utf-8")), "utf-8")
        else:
            print(self.render())
