"""``python -m asgi_stack.testing.contract`` prints the checks; given a file it puts them into it."""

import sys

from asgi_stack.testing.contract.table import TABLE

TABLE.command(sys.argv[1:])
