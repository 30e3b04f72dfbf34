"""Interleaved timing: each round times every subject once, so that a noisy moment hits them all alike."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from random import Random
from time import perf_counter
from typing import Any

from asgi_stack.types import ASGIApp, Message

Batch = Callable[[int], Awaitable[None]]
"""Serves so many requests, one after the other."""

Series = dict[str, list[float]]
"""Seconds per request, by subject and round."""


async def _send(message: Message) -> None:
    """Take a message, as the quickest possible server would."""


async def _receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def requests(app: ASGIApp, scope: dict[str, Any]) -> Batch:
    """Return a batch of requests that do not wait for the client; each has a scope of its own."""

    async def batch(count: int) -> None:
        for _ in range(count):
            await app(scope.copy(), _receive, _send)

    return batch


def requests_of_a_waiting_client(app: ASGIApp, scope: dict[str, Any]) -> Batch:
    """Return a batch of requests whose client sends an empty body and then stays, as Django expects."""

    async def batch(count: int) -> None:
        for _ in range(count):
            await app(scope.copy(), body_then_silence(), _send)

    return batch


def body_then_silence() -> Callable[[], Awaitable[Message]]:
    """Return what such a client sends."""
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            await asyncio.get_running_loop().create_future()
        sent = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive


def measure(subjects: dict[str, Batch], *, rounds: int, seconds: float, seed: int) -> Series:
    """Time each subject once in every round, for about *seconds*, in an order that changes.

    No *seconds* at all means one request: where what is sought is a small difference of two long times, many
    short rounds pair them better than few long ones.
    """
    return asyncio.run(_measure(subjects, rounds, seconds, Random(seed)))


async def _measure(subjects: dict[str, Batch], rounds: int, seconds: float, random: Random) -> Series:
    counts = {name: await _count(batch, seconds) for name, batch in subjects.items()}
    series: Series = {name: [] for name in subjects}
    gc.collect()
    gc.freeze()
    order = list(subjects)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            series[name].append(await _time(subjects[name], counts[name]))
    return series


async def _count(batch: Batch, seconds: float) -> int:
    """Return how many requests take about *seconds*; warms the subject up on the way."""
    await batch(50)
    quickest = min([await _time(batch, 20) for _ in range(5)])
    return max(1, round(seconds / quickest))


async def _time(batch: Batch, count: int) -> float:
    start = perf_counter()
    await batch(count)
    return (perf_counter() - start) / count
