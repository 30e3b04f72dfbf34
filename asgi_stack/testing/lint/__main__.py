"""``python -m asgi_stack.testing.lint`` prints the rules; with a file name it puts them into that file."""

import sys

from asgi_stack.testing.lint.table import TABLE

TABLE.command(sys.argv[1:])
