"""Runs Django's ``runtests.py`` in this process, with a stack around every application that it makes.

Called by the package itself: ``python -m tests.django_suite.child DIRECTORY LABEL...``, with the directory
of Django's tests.
"""

import faulthandler
import os
import runpy
import sys
from functools import partial
from typing import Any

import django.test
from django.core.handlers.asgi import ASGIHandler
from django.test import AsyncClient, AsyncRequestFactory, SimpleTestCase, client

from asgi_stack.django import get_stack
from asgi_stack.django.test import AsyncStackClient

# Seconds. A run takes about 15.
LONGEST_RUN = 600

handle = ASGIHandler.__call__
base_scope = AsyncRequestFactory._base_scope


async def handle_behind_stack(self: ASGIHandler, scope: Any, receive: Any, send: Any) -> None:
    """Do what the handler does, inside of the stack of the settings."""
    await get_stack().wrap(partial(handle, self))(scope, receive, send)


def base_scope_with_host(self: AsyncRequestFactory, **request: Any) -> dict[str, Any]:
    """Add what every HTTP/1.1 client sends, and some of Django's tests leave out."""
    scope = base_scope(self, **request)
    if not any(name == b"host" for name, _ in scope["headers"]):
        scope["headers"] = [(b"host", b"testserver"), *scope["headers"]]
    return scope


def main(directory: str, *labels: str) -> None:
    faulthandler.dump_traceback_later(LONGEST_RUN, exit=True)
    ASGIHandler.__call__ = handle_behind_stack
    AsyncRequestFactory._base_scope = base_scope_with_host
    SimpleTestCase.async_client_class = django.test.AsyncClient = client.AsyncClient = AsyncStackClient
    assert issubclass(AsyncStackClient, AsyncClient)
    os.chdir(directory)
    sys.path.insert(0, directory)
    sys.argv = ["runtests.py", "--settings=tests.django_suite.settings", "--parallel=1", *labels]
    runpy.run_path("runtests.py", run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
