"""A small correct application under `Lint`, and a path that tells what was found."""

import json
from typing import Any

from asgi_stack.testing.lint import Lint
from asgi_stack.types import Receive, Scope, Send


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    kind = scope["type"]
    if kind == "lifespan":
        await lifespan(receive, send)
    elif kind == "websocket":
        await websocket(scope, receive, send)
    elif scope["path"] == "/stream":
        await stream(send)
    else:
        await echo(scope, receive, send)


async def lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    content = b""
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return
        content += event.get("body", b"")
        if not event.get("more_body", False):
            break
    headers = [(b"content-length", str(len(content)).encode("ascii")), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})
    await receive()


async def stream(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for number in range(3):
        await send({"type": "http.response.body", "body": b"part %d" % number, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def websocket(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    if scope["path"] == "/refused":
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        content = {key: event[key] for key in ("text", "bytes") if event.get(key) is not None}
        await send({"type": "websocket.send", **content})


lint = Lint(plain, mode="collect")


async def app(scope: Scope, receive: Receive, send: Send) -> Any:
    """Answer ``/violations`` with what was found; everything else is linted."""
    if scope["type"] != "http" or scope["path"] != "/violations":
        return await lint(scope, receive, send)
    found = json.dumps([violation.as_dict() for violation in lint.violations]).encode()
    lint.violations.clear()
    headers = [(b"content-length", str(len(found)).encode("ascii"))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    return await send({"type": "http.response.body", "body": found})
