"""An application that logs as docs/middleware/request-id.md says, with the loggers of every server."""

import logging.config

from logged_settings import LOGGING

from asgi_stack import Stack
from asgi_stack.middleware import RequestIDMiddleware
from asgi_stack.types import Receive, Scope, Send


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        raise ValueError("no lifespan here")
    if scope["path"] == "/fail":
        raise RuntimeError("the view failed")
    await receive()
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


logging.config.dictConfig(LOGGING)
app = Stack([RequestIDMiddleware]).wrap(page)
