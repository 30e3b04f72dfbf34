"""Lifespan contexts for tests of the settings."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def database() -> AsyncGenerator[dict[str, Any]]:
    yield {"database": "open"}


@asynccontextmanager
async def broken() -> AsyncGenerator[None]:
    raise LookupError("no database")
    yield
