"""``python -m asgi_stack.testing.contract`` prints the checks; given a file it puts them into it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from asgi_stack.testing.contract.table import insert_table, table

__all__ = ["main"]


def main(arguments: Sequence[str]) -> int:
    """Print the table, or renew it in the one file that is named."""
    if not arguments:
        print(table())
        return 0
    path = Path(arguments[0])
    path.write_text(insert_table(path.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
