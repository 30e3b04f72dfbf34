"""What the errors of the client say about an application."""

import asyncio
import inspect
from pathlib import Path
from typing import Any

__all__ = ["history_of", "place_of"]

# Steps that an error shows, of the first and of the last.
SHOWN = 5
ASYNCIO = str(Path(asyncio.__file__).parent)


def history_of(log: list[str]) -> str:
    """Return what was done so far as a sentence, the middle left out where it is long."""
    if not log:
        return "It received and sent nothing."
    left_out = log[SHOWN:-SHOWN]
    middle = [f"{len(left_out)} steps more"] if left_out else []
    return f"Before that it {', '.join([*log[:SHOWN], *middle, *log[SHOWN:][-SHOWN:]])}."


def place_of(awaited: Any) -> str:
    """Return the innermost line that waits, short of asyncio's own."""
    place = "an unknown place"
    while inspect.iscoroutine(awaited):
        if awaited.cr_frame is not None and not awaited.cr_code.co_filename.startswith(ASYNCIO):
            place = (
                f"{awaited.cr_code.co_filename}:{awaited.cr_frame.f_lineno} in {awaited.cr_code.co_qualname}"
            )
        awaited = awaited.cr_await
    return place
