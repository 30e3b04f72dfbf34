"""Draining: the time between the wish to stop and the stop, while clients are sent elsewhere."""

import asyncio
import signal
from collections.abc import Generator
from contextlib import contextmanager, suppress
from types import FrameType

__all__ = ["Drain"]


class Drain:
    """Tells whether the process is about to stop, and lets anything wait for that.

    Servers run ``lifespan.shutdown`` only after the last connection is closed. A stream or a websocket that
    would stay open until then waits for `wait`, and ends by itself. One object serves any number of event
    loops and threads.
    """

    __slots__ = ("_draining", "_waiting")

    def __init__(self) -> None:
        self._draining = False
        self._waiting: set[asyncio.Future[None]] = set()

    def __repr__(self) -> str:
        return f"<Drain {'draining' if self._draining else 'serving'}>"

    @property
    def draining(self) -> bool:
        """Whether `start` was called."""
        return self._draining

    def start(self) -> None:
        """Begin to drain, and wake all that wait. A second call does nothing.

        It may be called from any thread, and from a signal handler.
        """
        self._draining = True
        for future in tuple(self._waiting):
            # A loop that is closed has nobody left who waits.
            with suppress(RuntimeError):
                future.get_loop().call_soon_threadsafe(_wake, future)

    def reset(self) -> None:
        """Serve again: what was started before is over."""
        self._draining = False

    @contextmanager
    def on_signal(self, number: int) -> Generator[None, None, None]:
        """Start with this signal too, as long as the block lasts; whoever handles it already still does.

        Raises:
            ValueError: outside of the main thread, where Python takes no signals.
        """
        before = signal.getsignal(number)

        def start_and_pass_on(number: int, frame: FrameType | None) -> None:
            self.start()
            if callable(before):
                before(number, frame)
            elif before == signal.SIG_DFL:
                signal.signal(number, before)
                signal.raise_signal(number)

        signal.signal(number, start_and_pass_on)
        try:
            yield
        finally:
            # Somebody may have taken the signal over meanwhile, and knows better.
            if signal.getsignal(number) is start_and_pass_on:
                signal.signal(number, before)

    async def wait(self) -> None:
        """Return as soon as the process drains; at once where it does already."""
        future = asyncio.get_running_loop().create_future()
        # First in the set, then a look: start() does it the other way round, so neither can miss the other.
        # A lock would not do, for a signal handler may run while this very thread holds it.
        self._waiting.add(future)
        try:
            if not self._draining:
                await future
        finally:
            self._waiting.discard(future)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
