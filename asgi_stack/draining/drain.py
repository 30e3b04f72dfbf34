"""Draining: the time between the wish to stop and the stop, while clients are sent elsewhere."""

import asyncio
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from time import monotonic
from types import FrameType

from asgi_stack.loops import need_asyncio
from asgi_stack.options import clock_function

__all__ = ["DRAIN", "Drain"]

DRAIN = "asgi_stack.drain"
"""The scope key under which the layers inside of a `DrainMiddleware` find its `Drain`."""


class Drain:
    """Tells whether the process is about to stop, and lets anything wait for that.

    Servers run ``lifespan.shutdown`` only after the last connection is closed. A stream or a websocket that
    would stay open until then waits for `wait`, and ends by itself. One object serves any number of event
    loops and threads, each with a lifespan of its own.

    Arguments:
        clock: returns seconds and never goes back.

    Raises:
        OptionError: for a clock that is no function, or an async one.
    """

    __slots__ = ("_clock", "_counting", "_lifespans", "_since", "_waiting")

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock_function(self, "clock", clock)
        self._since: float | None = None
        self._waiting: set[asyncio.Future[None]] = set()
        self._lifespans = 0
        self._counting = threading.Lock()

    def __repr__(self) -> str:
        return f"<Drain {'draining' if self.draining else 'serving'}>"

    @property
    def draining(self) -> bool:
        """Whether `start` was called."""
        return self._since is not None

    @property
    def seconds(self) -> float:
        """How long ago `start` was called first; 0.0 while the process serves."""
        since = self._since
        return 0.0 if since is None else self._clock() - since

    def start(self) -> None:
        """Begin to drain, and wake all that wait. A second call does nothing.

        It may be called from any thread, and from a signal handler.
        """
        if self._since is None:
            self._since = self._clock()
        # Others add to the set meanwhile: without the GIL a list copies it in one step, and a tuple does not.
        for future in list(self._waiting):
            # A loop that is closed has nobody left who waits.
            with suppress(RuntimeError):
                future.get_loop().call_soon_threadsafe(_wake, future)

    def reset(self) -> None:
        """Serve again: what was started before is over."""
        self._since = None

    @contextmanager
    def serving(self) -> Generator[None, None, None]:
        """Serve as long as a lifespan lasts, the block.

        Of several lifespans at once the first that begins ends an earlier drain, and the last that ends wakes
        all that wait. That drain is over with it: who calls the application afterwards is served.
        """
        with self._counting:
            if not self._lifespans:
                self.reset()
            self._lifespans += 1
        try:
            yield
        finally:
            # A signal handler, which may run within this lock, only ever starts and takes no lock.
            with self._counting:
                self._lifespans -= 1
                if not self._lifespans and not self.draining:
                    self.start()
                    self.reset()

    @contextmanager
    def on_signal(self, number: int) -> Generator[None, None, None]:
        """Start with this signal too, as long as the block lasts; whoever handles it already still does.

        Raises:
            ValueError: outside of the main thread, where Python takes no signals.
        """
        before = signal.getsignal(number)
        lasts = True

        def start_and_pass_on(number: int, frame: FrameType | None) -> None:
            if lasts:
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
            lasts = False
            # Somebody may have taken the signal over meanwhile, and knows better.
            if signal.getsignal(number) is start_and_pass_on:
                signal.signal(number, before)

    async def wait(self, seconds: float = 0.0) -> None:
        """Return as soon as the process has drained for so many seconds; at once where it has already.

        A `reset` meanwhile takes back the seconds that have passed: they count from the next start.
        """
        await self._started()
        # Asked again, for a timer may be early.
        while (left := seconds - self.seconds) > 0:
            await (asyncio.sleep(left) if self.draining else self._started())

    async def _started(self) -> None:
        need_asyncio("Drain.wait")
        future = asyncio.get_running_loop().create_future()
        # First in the set, then a look: start() does it the other way round, so neither can miss the other.
        # A lock would not do, for a signal handler may run while this very thread holds it.
        self._waiting.add(future)
        try:
            if not self.draining:
                await future
        finally:
            self._waiting.discard(future)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
