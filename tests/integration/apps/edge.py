"""The edge of a site behind a proxy on loopback, around an application that shows what reaches it."""

import json
from typing import Any

from asgi_stack import Layer, Stack
from asgi_stack.middleware import (
    CORSMiddleware,
    CrossOriginProtectionMiddleware,
    ErrorBoundaryMiddleware,
    HTTPSRedirectMiddleware,
    ProxyHeadersMiddleware,
    TrustedHostMiddleware,
)


async def show(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the scope; ``/boom`` raises, and so does every scope but http and websocket."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close"})
        return
    if scope["type"] != "http" or scope["path"] == "/boom":
        raise ValueError(scope["type"])
    seen = {
        "client": scope["client"][0],
        "scheme": scope["scheme"],
        "names": [name.decode() for name, _ in scope["headers"]],
    }
    body = json.dumps(seen).encode()
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


app = Stack([
    Layer(ProxyHeadersMiddleware, trusted=["127.0.0.1"]),
    Layer(TrustedHostMiddleware, allowed_hosts=["localhost"]),
    Layer(HTTPSRedirectMiddleware, allowed_hosts=["*"]),
    Layer(CORSMiddleware, allow_origins=["https://app.example"]),
    Layer(ErrorBoundaryMiddleware, reraise=False),
    Layer(CrossOriginProtectionMiddleware, trusted_origins=["https://app.example"]),
]).wrap(show)  # fmt: skip
