"""Event loops: what runs on which of them, and whether it is one of asyncio at all."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Generic, TypeVar

from asgi_stack.errors import EventLoopError

__all__ = ["Running", "in_asyncio", "is_being_cancelled", "lack_of_asyncio", "need_asyncio"]

T = TypeVar("T")


class Running(Generic[T]):
    """What runs now, by event loop. One object serves any number of loops and threads."""

    __slots__ = ("_by_loop", "_lock")

    def __init__(self) -> None:
        self._by_loop: dict[object, list[T]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def holding(self, entry: T) -> Generator[None, None, None]:
        """Count *entry* among what runs on this loop, as long as the block lasts."""
        loop = _loop()
        with self._lock:
            self._by_loop[loop] = [*self._by_loop.get(loop, ()), entry]
        try:
            yield
        finally:
            with self._lock:
                left = [other for other in self._by_loop.pop(loop) if other is not entry]
                if left:
                    self._by_loop[loop] = left

    def here(self) -> list[T]:
        """Return what runs on this loop, in the order in which it began."""
        return self._by_loop.get(_loop(), [])

    def everywhere(self) -> list[T]:
        """Return what runs on any loop."""
        # Others change the dictionary meanwhile: a list copies it in one step.
        return [entry for entries in list(self._by_loop.values()) for entry in entries]


def in_asyncio() -> bool:
    """Tell whether an event loop of asyncio runs here."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def lack_of_asyncio(what: str) -> EventLoopError | None:
    """Return an error that *what* needs asyncio, where no event loop of asyncio runs; else None."""
    if in_asyncio():
        return None
    return EventLoopError(f"{what} needs asyncio, and the server runs another library's event loop.")


def need_asyncio(what: str) -> None:
    """Raise an error where no event loop of asyncio runs.

    Raises:
        EventLoopError: saying that *what* needs one.
    """
    if (lack := lack_of_asyncio(what)) is not None:
        raise lack


def is_being_cancelled() -> bool:
    """Tell whether somebody has cancelled the task that runs, and it was not called off since."""
    task = asyncio.current_task() if in_asyncio() else None
    return task is not None and task.cancelling() > 0


def _loop() -> object:
    # Of another library's loops a thread runs one at a time.
    return asyncio.get_running_loop() if in_asyncio() else threading.get_ident()
