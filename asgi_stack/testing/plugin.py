"""The pytest plugin: fixtures for tests of ASGI applications, wherever asgi_stack is installed.

It adds no hook and no option, and loads the test kit only when a fixture is used. The fixtures are
synchronous functions: they work with pytest-asyncio in both of its modes, with anyio's plugin on asyncio, and
without.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from asgi_stack.testing.client import ASGIClient
    from asgi_stack.testing.clock import ManualClock
    from asgi_stack.testing.recorder import Recorder

__all__ = ["asgi_client", "asgi_clock", "asgi_recorder"]


@pytest.fixture
def asgi_client() -> "Iterator[Callable[..., ASGIClient]]":
    """A factory: ``asgi_client(app, **options)`` is an `asgi_stack.testing.ASGIClient`.

    When the test is over, an application that one of them left running is an error.
    """
    from asgi_stack.testing.client import ASGIClient
    from asgi_stack.testing.errors import LeftRunningError

    clients: list[ASGIClient] = []

    def make(app: Any, **options: Any) -> ASGIClient:
        clients.append(ASGIClient(app, **options))
        return clients[-1]

    yield make
    if left := [line for client in clients for line in client.running]:
        lines = "".join(f"\n  {line}" for line in left)
        raise LeftRunningError(
            f"asgi_client: the application was left running when the test was over.{lines}"
        )


@pytest.fixture
def asgi_recorder() -> "Callable[..., Recorder]":
    """A factory: ``asgi_recorder(**options)`` is an `asgi_stack.testing.Recorder`."""
    from asgi_stack.testing.recorder import Recorder

    return Recorder


@pytest.fixture
def asgi_clock() -> "ManualClock":
    """An `asgi_stack.testing.ManualClock`, at 0 seconds."""
    from asgi_stack.testing.clock import ManualClock

    return ManualClock()
