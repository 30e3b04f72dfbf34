"""Keeping secrets out of what is printed: the values of options whose names speak of one."""

import re

__all__ = ["MASK", "is_secret"]

MASK = "***"
"""What stands in the place of a secret."""

_SECRET = re.compile(r"password|passwd|secret|token|users|credentials|api_?key|private", re.IGNORECASE)


def is_secret(name: str) -> bool:
    """Tell whether the name of an option speaks of a secret: ``password``, ``users``, ``api_key``..."""
    return _SECRET.search(name) is not None
