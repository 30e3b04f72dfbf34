"""What a request through the test client costs, beside the smallest driver that can make one.

The driver is what a test would be without the kit: a scope, a ``receive`` that has an empty body and then
waits, a ``send`` that keeps the messages, and a task of its own for the application, as any client must.
"""

import asyncio
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from asgi_stack.testing import ASGIClient, Recorder, http_scope
from asgi_stack.types import ASGIApp, Message, Scope, Send
from benchmarks.django_project import configure, handler
from benchmarks.timing import Batch, body_then_silence

SITE = "https://www.example.com"
PAGE = "/articles/"

APPLICATIONS = {
    "recorder": "`Recorder`, the kit's own inner application",
    "starlette": "Starlette with one route",
    "django": "Django with one `async` view and no `MIDDLEWARE`",
}
"""What is driven, and the name that the page gives it."""

KNOWN = {"recorder": (), "starlette": ("C11",), "django": ("H28",)}
"""The rules of the specification that they are known to break."""


async def view(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello world")


def applications() -> dict[str, ASGIApp]:
    """Return the applications; Django has to be configured."""
    headers = [("content-type", "text/plain; charset=utf-8"), ("content-length", "11")]
    return {
        "recorder": Recorder(headers=headers, body=b"hello world"),
        "starlette": Starlette(routes=[Route(PAGE, view)]),
        "django": handler([]),
    }


def client_subjects() -> dict[str, Batch]:
    """Return each application under the driver, under the client without lint, and with it."""
    configure()
    subjects: dict[str, Batch] = {}
    for name, app in applications().items():
        subjects[f"{name} driven"] = _requests(app, app)
        for form, lint in (("client", False), ("linted", True)):
            client = ASGIClient(app, base_url=SITE, lint=lint, ignore=KNOWN[name])
            subjects[f"{name} {form}"] = _requests(app, client)
    return subjects


async def drive(app: ASGIApp, scope: Scope) -> list[Message]:
    """Make one request with a scope of its own, and return what was sent."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await asyncio.create_task(_call(app, scope, send))
    return sent


async def _call(app: ASGIApp, scope: Scope, send: Send) -> None:
    await app({**scope, "headers": [*scope["headers"]]}, body_then_silence(), send)


def _requests(app: Any, driver: ASGIApp | ASGIClient) -> Batch:
    """Return requests to *app*, one after the other: by a client, or by `drive`."""
    scope = http_scope(SITE + PAGE)

    async def batch(count: int) -> None:
        for _ in range(count):
            await (driver.get(PAGE) if isinstance(driver, ASGIClient) else drive(driver, scope))
        if isinstance(app, Recorder):
            # It remembers every request, which a test has few of.
            app.clear()

    return batch
