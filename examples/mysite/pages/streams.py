"""Streams that remember how far they came, so that a second request can look at a first one."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import TypedDict

REMEMBERED = 100


class Progress(TypedDict):
    """How many chunks were asked of a stream, and whether it is ``running``, ``finished`` or ``stopped``."""

    chunks: int
    state: str


PROGRESS: OrderedDict[str, Progress] = OrderedDict()


def begin(name: str) -> Progress:
    """A new record under *name*; the oldest of too many records is forgotten."""
    progress = PROGRESS[name] = Progress(chunks=0, state="running")
    while len(PROGRESS) > REMEMBERED:
        PROGRESS.popitem(last=False)
    return progress


async def chunks(progress: Progress, count: int, size: int) -> AsyncIterator[bytes]:
    """*count* chunks of *size* bytes, one object sent again and again."""
    chunk = b"." * (size - 1) + b"\n"
    try:
        for number in range(1, count + 1):
            progress["chunks"] = number
            yield chunk
            # Sending to a client that has gone returns at once on every server. Only a turn of the event loop
            # lets Django hear of it, and other requests have theirs.
            await asyncio.sleep(0)
        progress["state"] = "finished"
    finally:
        if progress["state"] == "running":
            progress["state"] = "stopped"  # the client went away
