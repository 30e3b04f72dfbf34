"""Clients for real applications."""

from typing import Any

from asgi_stack.testing import ASGIClient
from asgi_stack.types import ASGIApp


def served(app: ASGIApp, **extra: Any) -> ASGIClient:
    """A client that lets pass that Django sends capitals, and that Starlette changes scopes in place."""
    return ASGIClient(app, ignore=["H28", "C11"], extra=extra)


async def get(app: ASGIApp, url: str, **extra: Any) -> Any:
    async with served(app, **extra) as client:
        response = await client.get(url)
    assert response.status == 200, response.text
    return response.json()
