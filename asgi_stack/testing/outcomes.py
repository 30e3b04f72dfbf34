"""What is raised in an application under test and is meant for the test itself."""

import asyncio
import unittest

from asgi_stack.testing.errors import ClientUsageError, Verdict

__all__ = ["is_outcome", "require_asyncio"]


def is_outcome(error: BaseException | None) -> bool:
    """Tell whether it is how a test ends: nobody may take it for an answer of the application.

    ``pytest.fail``, ``pytest.skip`` and what limits the time of a test raise no `Exception`; a broken rule of
    the specification is one, and so is unittest's way to skip.
    """
    if isinstance(error, Exception):
        return isinstance(error, (Verdict, unittest.SkipTest))
    return error is not None and not isinstance(error, asyncio.CancelledError)


def require_asyncio() -> None:
    """Refuse to begin where another library runs the test, before anything was made that needs a loop.

    Raises:
        ClientUsageError: where no event loop of asyncio runs.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise ClientUsageError(
            "The test client works on asyncio, and no event loop of asyncio runs here: under anyio's plugin "
            "let the fixture anyio_backend give 'asyncio', in the place of trio."
        ) from None
