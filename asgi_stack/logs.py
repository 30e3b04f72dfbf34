"""Loggers that write after Django has configured logging, whatever its settings say of those that exist."""

import logging
from typing import Any, cast

__all__ = ["late_logger"]


class _LateLogger:
    """Stands for a logger that is made when somebody first asks something of it."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        # Of the logger itself, so that a record names the line that has written it.
        return getattr(logging.getLogger(self._name), attribute)


def late_logger(name: str) -> logging.Logger:
    """Return the logger of a name, which comes into being with its first use.

    ``asgi.py`` imports the layers before Django reads ``LOGGING``, and without
    ``disable_existing_loggers=False`` that switches off every logger that exists by then and is not named.
    """
    return cast(logging.Logger, _LateLogger(name))
