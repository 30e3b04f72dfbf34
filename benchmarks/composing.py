"""What conditions and routers add to a request, beside layers that do nothing at all."""

from typing import Any

from starlette.routing import Mount, Router

from asgi_stack.layer import Layer
from asgi_stack.routing import HostRouter, PathRouter, ProtocolRouter
from asgi_stack.stack import Stack
from asgi_stack.types import ASGIApp
from benchmarks.layers import PassThrough, SetHeader, passed_through
from benchmarks.policy import page, scope_of_a_browser
from benchmarks.timing import Batch, requests

SUBJECTS = {
    "protocol": ("`ProtocolRouter`", "bare"),
    "path /": ("`PathRouter`, what is at `/`", "bare"),
    "path": ("`PathRouter`, below a prefix: the scope is copied", "bare"),
    "path of many": ("`PathRouter`, below one of 32 prefixes", "bare"),
    "mount": ("the same by `Mount` in a `Router` of Starlette's", "bare"),
    "host": ("`HostRouter`, a host by its name: all 18 header lines are looked at", "bare"),
    "passed by": ("a layer with `.only(path=...)`, on a request that goes past it", "empty"),
    "acts": ("the condition `.only(path=...)` of a layer that acts", "layer"),
    "acts by method": ("the condition `.only(method=[...])` of a layer that acts", "layer"),
    "fused, passed by": ("a header layer with `.only(path=...)`, on a request that goes past it", "empty"),
    "fused, acts": ("the condition `.only(path=...)` of a header layer that acts", "fused layer"),
    "excluded": ("a layer with `.exclude(scope_type='http')`", "empty"),
    "fused, excluded": ("a header layer with `.exclude(scope_type='http')`", "empty"),
}
"""What is measured: the name that the page gives it, and the subject that it adds to."""


def composing_subjects() -> dict[str, Batch]:
    """Return a page behind each router, and in stacks of one layer with and without conditions."""
    scope = scope_of_a_browser()
    made = {"bare": page, "pass-through 16": passed_through(page, 16), **_routed(scope), **_stacked(scope)}
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
        "mount": Router([Mount("/other", page), Mount(own, page)]),
        "host": HostRouter({"admin.example.com": page, host: page, "*": page}),
    }


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
    empty = {"empty": Stack().wrap(page)}
    return empty | {name: Stack([layer]).wrap(page) for name, layer in layers.items()}
