"""Testing a Django project with its stack: Django's own asynchronous test client, through every layer."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, ClassVar, Self

from django.test import AsyncClient

from asgi_stack.django.client.handler import StackHandler
from asgi_stack.django.client.redirect import hop_from
from asgi_stack.django.client.scope import PEER
from asgi_stack.django.client.source import Source
from asgi_stack.types import ASGIApp

__all__ = ["AsyncStackClient", "AsyncStackTestCaseMixin"]


class AsyncStackClient(AsyncClient):
    """Django's ``AsyncClient``, with each request going through the project's stack.

    Sessions, ``login``, cookies, ``follow``, ``response.context``, ``templates``, uploads and streaming
    are Django's. What a layer answers is a response like any other; what a layer raises is raised in the
    test, unless ``raise_request_exception`` is False.

    Each client has a stack of its own, built from the settings at its first request and again after
    ``override_settings``. The contexts of the lifespan are entered only within ``async with client:``.
    Context variables that a view sets do not come back to the test: on a server they would not either.

    ``REMOTE_ADDR`` is the address that requests come from, of one request or of the client; None is a server
    that gives none.

    Arguments:
        application: an application to test in the place of the settings' stack: what ``asgi.py`` makes,
            with Django anywhere in it. Its own instances of layers then serve.
    """

    def __init__(
        self,
        enforce_csrf_checks: bool = False,
        raise_request_exception: bool = True,
        *,
        application: ASGIApp | None = None,
        **defaults: Any,
    ) -> None:
        super().__init__(enforce_csrf_checks, raise_request_exception, **_with_peer(defaults))
        self._source = Source(application)
        self.handler = StackHandler(enforce_csrf_checks, self._source, self.store_exc_info)

    def generic(self, *args: Any, **options: Any) -> Any:
        """Make a request of any method, as Django's does."""
        return super().generic(*args, **_with_peer(options))

    async def request(self, **request: Any) -> Any:
        """Make a request from what Django's client knows of it, and return the response."""
        response: Any = await super().request(**request)
        # Where Django was called it has found the view by itself: below a mount the path alone leads nowhere.
        if (found := response.asgi_request.resolver_match) is not None:
            response.resolver_match = found
        return response

    def _follow_redirect(self, response: Any, **options: Any) -> Any:
        """Take one step of a chain. Django's own knows no other host, and no method but GET."""
        response.redirect_chain.append((response.url, response.status_code))
        hop = hop_from(response.request, response.status_code, response.url)
        gone = ("query_params",) if hop.keeps_body else ("query_params", "data", "content_type")
        kept = {name: value for name, value in options.items() if name not in gone}
        kept["headers"] = {**(options["headers"] or {}), "host": hop.host}
        return getattr(self, hop.method.lower())(hop.url, secure=hop.secure, **kept)

    async def __aenter__(self) -> Self:
        """Enter the contexts of the stack; what they give is in ``request.scope["state"]``.

        Settings that change from here on take effect when the block has ended.

        Raises:
            LifespanError: where a context fails to start.
        """
        await self._source.start_up()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._source.shut_down()


def _with_peer(options: Mapping[str, Any]) -> dict[str, Any]:
    """Give ``REMOTE_ADDR`` the name by which it comes through Django's client."""
    named = {PEER if name == "REMOTE_ADDR" else name: value for name, value in options.items()}
    return {name: "" if name == PEER and value is None else value for name, value in named.items()}


class AsyncStackTestCaseMixin:
    """Makes ``self.async_client`` of a Django test case an `AsyncStackClient`.

    Put it before Django's class: ``class PageTests(AsyncStackTestCaseMixin, TestCase)``. The other way round
    is a `TypeError`.
    """

    async_client_class: ClassVar[type[AsyncStackClient]] = AsyncStackClient

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a class whose tests would go past the stack.

        Raises:
            TypeError: where another class gives the test case its client.
        """
        super().__init_subclass__(**options)
        if not issubclass(cls.async_client_class, AsyncStackClient):
            raise TypeError(
                f"{cls.__name__}: async_client_class is {cls.async_client_class.__name__}, so that its tests "
                f"go past the stack. Write AsyncStackTestCaseMixin first, as in class {cls.__name__}"
                "(AsyncStackTestCaseMixin, TestCase); a client of your own is to be an AsyncStackClient."
            )
