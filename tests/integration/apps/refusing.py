"""An application that reads whole bodies, behind a layer that refuses requests of other sites."""

from typing import Any

from asgi_stack import Stack
from asgi_stack.middleware import CrossOriginProtectionMiddleware


async def site(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


application = Stack([CrossOriginProtectionMiddleware]).wrap(site)
