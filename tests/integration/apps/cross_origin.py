"""For the tests in a browser: a page that makes requests, and a site of another origin that answers them."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from asgi_stack import Layer, Stack
from asgi_stack.heads import Reply
from asgi_stack.middleware import (
    BasicAuthMiddleware,
    CORSMiddleware,
    CrossOriginProtectionMiddleware,
    ErrorBoundaryMiddleware,
    RequestGuardMiddleware,
)
from asgi_stack.routing import PathRouter
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

HTML = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
PORT = os.environ.get("PAGE_PORT", "0")
PAGE = f"http://localhost:{PORT}"
BOARD: dict[str, bytes] = {}
LOG: list[dict[str, str]] = []


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """The page, and a board on which it and the test leave things for each other."""
    path = scope["path"]
    if path == "/":
        await Reply(200, HTML, content_type="text/html")(scope, receive, send)
    elif scope["method"] == "PUT":
        BOARD[path] = await body_of(receive)
        await Reply(204)(scope, receive, send)
    else:
        await Reply(200 if path in BOARD else 404, BOARD.get(path, b""))(scope, receive, send)


async def body_of(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        event = await receive()
        body, more = body + event["body"], event["more_body"]
    return body


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer every request and accept every websocket; ``/boom`` raises, ``/login`` sets a cookie."""
    path = scope["path"]
    if path.endswith("/boom"):
        raise RuntimeError("a view that fails")
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await receive()
        return
    headers = [(b"x-shown", b"yes"), (b"x-hidden", b"yes")]
    if path.endswith("/login"):
        headers.append((b"set-cookie", b"session=ada; Path=/; SameSite=Lax"))
    if path.endswith("/lasting"):
        headers.append((b"cache-control", b"max-age=600"))
    await Reply(200, "done", headers=headers)(scope, receive, send)


def cors(*inner: Any, **options: object) -> ASGIApp:
    return Stack([Layer(CORSMiddleware, **options), *inner]).wrap(answer)


stacks = PathRouter(
    {
        "/bare": answer,
        "/public": cors(allow_origins=["*"]),
        "/any": cors(allow_origins=["*"], allow_methods=["*"], allow_headers=["*"], max_age=0),
        "/named": cors(
            ErrorBoundaryMiddleware,
            RequestGuardMiddleware,
            allow_origins=[PAGE],
            allow_methods=["GET", "POST", "PUT", "PATCH"],
            allow_headers=["x-asked"],
            expose_headers=["x-shown"],
        ),
        "/personal": cors(allow_origins=[PAGE], allow_methods=["PUT"], allow_credentials=True),
        "/below": cors(allow_origins=[f"http://*.localhost:{PORT}"]),
        "/null": cors(allow_origins=["null"], allow_methods=["PUT"]),
        "/regex": cors(allow_origin_regex=rf"http://(one|two)\.app\.localhost:{PORT}"),
        "/password": cors(
            Layer(BasicAuthMiddleware, users=lambda: {"ada": "lovelace"}),
            allow_origins=[PAGE],
            allow_headers=["authorization"],
        ),
        "/guarded": cors(
            Layer(CrossOriginProtectionMiddleware, trusted_origins=[f"http://trusted.localhost:{PORT}"]),
            allow_origins=["*"],
        ),
    }
)


async def site(scope: Scope, receive: Receive, send: Send) -> None:
    """The stacks, each below its own path; ``/log`` tells which requests arrived, ``/`` is the page again."""
    if scope["type"] == "lifespan":
        await stacks(scope, receive, send)
    elif scope["path"] == "/":
        await page(scope, receive, send)
    elif scope["path"] == "/log":
        await Reply(200, json.dumps(LOG))(scope, receive, send)
    else:
        await stacks(scope, receive, logging(scope, send))


def logging(scope: Scope, send: Send) -> Send:
    """*send*, which also logs the request: its head, and the status that it is answered with."""
    headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
    case = parse_qs(scope["query_string"].decode()).get("case", [""])[0]
    method = scope.get("method", "WEBSOCKET")

    async def send_with_log(message: Message) -> None:
        kind = message["type"]
        if kind.endswith(".start") or kind == "websocket.accept":
            LOG.append({**headers, "case": case, "line": f"{method} {message.get('status', 101)}"})
        await send(message)

    return send_with_log
