"""A layer of the project's own: it runs when the server starts, and lets every request know since when."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from asgi_stack import ASGIMiddleware


class UptimeMiddleware(ASGIMiddleware):
    """Puts ``started``, a reading of the monotonic clock, into the state that every request is given."""

    __slots__ = ()

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[dict[str, Any]]:
        yield {"started": time.monotonic()}
