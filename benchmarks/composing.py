"""What conditions and routers add to a request, beside layers that do nothing at all."""

from typing import Any, NamedTuple

from starlette.routing import Mount, Router

from asgi_stack.composing.layer import Layer
from asgi_stack.composing.stack import Stack
from asgi_stack.routing import HostRouter, PathRouter, ProtocolRouter
from asgi_stack.types import ASGIApp, Receive, Scope, Send
from benchmarks.layers import PassThrough, SetHeader, passed_through
from benchmarks.policy import page, scope_of_a_browser
from benchmarks.timing import Batch, requests


class Subject(NamedTuple):
    """What is measured: the name that the page gives it, and the subject that it adds to."""

    label: str
    adds_to: str = "bare"


SUBJECTS = {
    "acts": Subject("the condition `.only(path=...)` of a layer that acts", "layer"),
    "passed by": Subject("a layer with `.only(path=...)`, on a request that goes past it", "empty"),
    "acts by method": Subject("the condition `.only(method=[...])` of a layer that acts", "layer"),
    "fused, acts": Subject("the condition `.only(path=...)` of a header layer that acts", "fused layer"),
    "fused, passed by": Subject(
        "a header layer with `.only(path=...)`, on a request that goes past it", "empty"
    ),
    "excluded": Subject("a layer with `.exclude(scope_type='http')`", "empty"),
    "excluded between others": Subject("the same, between two layers that are not fused", "two layers"),
    "fused, excluded": Subject("a header layer with `.exclude(scope_type='http')`", "empty"),
    "protocol": Subject("`ProtocolRouter`"),
    "path /": Subject("`PathRouter`, for what is at `/`"),
    "path": Subject("`PathRouter`, below another prefix"),
    "path of many": Subject("`PathRouter`, below one of 32 prefixes"),
    "path by hand": Subject("a prefix taken by hand: a function for one prefix, with no check at all"),
    "path with a look by hand": Subject("the same, with a look for a slash that came encoded"),
    "mount": Subject("Starlette's `Router`, below a `Mount`, for comparison"),
    "host": Subject("`HostRouter`, for a request with 18 header lines"),
    "host by hand": Subject("the host looked up by hand: a function for two hosts"),
}


def composing_subjects() -> dict[str, Batch]:
    """Return a page behind each router, and in stacks of one layer with and without conditions."""
    scope = scope_of_a_browser()
    units = {f"pass-through {count}": passed_through(page, count) for count in (0, 16)}
    made = {"bare": page, **units, **_routed(scope), **_stacked(scope)}
    return {name: requests(app, scope) for name, app in made.items()}


def _routed(scope: dict[str, Any]) -> dict[str, ASGIApp]:
    own = "/" + scope["path"].split("/")[1]
    others: dict[str, ASGIApp] = {f"/other{number}": page for number in range(31)}
    host = dict(scope["headers"])[b"host"].decode()
    return {
        "protocol": ProtocolRouter(http=page, websocket=page),
        "path /": PathRouter({"/other": page, "/": page}),
        "path": PathRouter({own: page, "/": page}),
        "path of many": PathRouter({**others, own: page, "/": page}),
        "path by hand": prefix_by_hand(own, page, page),
        "path with a look by hand": prefix_by_hand_with_a_look(own, page, page),
        "mount": Router([Mount("/other", page), Mount(own, page)]),
        "host": HostRouter({"admin.example.com": page, host: page, "*": page}),
        "host by hand": host_by_hand({b"admin.example.com": page, host.encode(): page}, page),
    }


def prefix_by_hand(prefix: str, app: ASGIApp, rest: ASGIApp) -> ASGIApp:
    """Return the least that a router of one prefix can be: one look, one copy of the scope, one frame."""
    start = prefix + "/"

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(start):
            await rest(scope, receive, send)
            return
        scope = scope.copy()
        scope["root_path"] = scope.get("root_path", "") + prefix
        await app(scope, receive, send)

    return routed


def prefix_by_hand_with_a_look(prefix: str, app: ASGIApp, rest: ASGIApp) -> ASGIApp:
    """Return the same, where a slash that came as ``%2F`` is not taken for one: what is encoded is longer."""
    start = prefix + "/"

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if not path.startswith(start):
            await rest(scope, receive, send)
            return
        raw = scope.get("raw_path")
        if raw and len(raw) > len(path):
            raise NotImplementedError("find out what is encoded")
        scope = scope.copy()
        scope["root_path"] = scope.get("root_path", "") + prefix
        await app(scope, receive, send)

    return routed


def host_by_hand(apps: dict[bytes, ASGIApp], rest: ASGIApp) -> ASGIApp:
    """Return the least that a router of hosts can be: it looks at every line, for there must be one host."""

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        host = None
        for name, value in scope["headers"]:
            if name == b"host":
                if host is not None:
                    raise ValueError("two Host lines")
                host = value
        await apps.get(host or b"", rest)(scope, receive, send)

    return routed


def _stacked(scope: dict[str, Any]) -> dict[str, ASGIApp]:
    own = "/" + scope["path"].split("/")[1]
    plain, fused = Layer(PassThrough), Layer(SetHeader, name=b"x-header")
    layers = {
        "layer": plain,
        "passed by": plain.only(path="/other"),
        "acts": plain.only(path=own),
        "acts by method": plain.only(method=["GET", "POST"]),
        "excluded": plain.exclude(scope_type="http"),
        "fused layer": fused,
        "fused, passed by": fused.only(path="/other"),
        "fused, acts": fused.only(path=own),
        "fused, excluded": fused.exclude(scope_type="http"),
    }
    others = {
        "empty": Stack().wrap(page),
        "two layers": Stack([plain, plain]).wrap(page),
        "excluded between others": Stack([plain, layers["excluded"], plain]).wrap(page),
    }
    return others | {name: Stack([layer]).wrap(page) for name, layer in layers.items()}
