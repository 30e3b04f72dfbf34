"""A method for each method of http."""

from abc import ABC, abstractmethod
from typing import Unpack

from asgi_stack.testing.bodies import RequestOptions
from asgi_stack.testing.response import Response

__all__ = ["Verbs"]


class Verbs(ABC):
    """The short forms of `request`."""

    @abstractmethod
    async def request(self, method: str, url: str, **options: Unpack[RequestOptions]) -> Response:
        """Send a request and return the whole response."""

    async def get(self, url: str, **options: Unpack[RequestOptions]) -> Response:
        """Send a ``GET`` request."""
        return await self.request("GET", url, **options)

    async def head(self, url: str, **options: Unpack[RequestOptions]) -> Response:
        """Send a ``HEAD`` request."""
        return await self.request("HEAD", url, **options)

    async def options(self, url: str, **options: Unpack[RequestOptions]) -> Response:
        """Send an ``OPTIONS`` request."""
        return await self.request("OPTIONS", url, **options)

    async def post(self, url: str, **options: Unpack[RequestOptions]) -> Response:
        """Send a ``POST`` request."""
        return await self.request("POST", url, **options)

    async def put(self, url: str, **options: Unpack[RequestOptions]) -> Response:
        """Send a ``PUT`` request."""
        return await self.request("PUT", url, **options)

    async def patch(self, url: str, **options: Unpack[RequestOptions]) -> Response:
        """Send a ``PATCH`` request."""
        return await self.request("PATCH", url, **options)

    async def delete(self, url: str, **options: Unpack[RequestOptions]) -> Response:
        """Send a ``DELETE`` request."""
        return await self.request("DELETE", url, **options)
