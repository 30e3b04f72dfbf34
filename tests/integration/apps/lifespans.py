"""Small stacks whose contexts say in the log when they open and close; served by the lifespan tests."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from django.core.asgi import get_asgi_application
from fastapi import FastAPI, Request
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from asgi_stack import ASGIMiddleware, Layer, Stack
from asgi_stack.routing import PathRouter
from asgi_stack.types import ASGIApp


def say(what: str) -> None:
    print(f"lifespan test: {what}", flush=True)


@asynccontextmanager
async def context(name: str, fails_at: str = "") -> AsyncIterator[dict[str, Any]]:
    """Opens and closes *name*, or raises when it should do so."""
    if fails_at == "start":
        raise RuntimeError(f"{name} cannot start")
    say(f"open {name}")
    try:
        yield {name: f"the {name}"}
    finally:
        say(f"close {name}")
    if fails_at == "stop":
        raise RuntimeError(f"{name} cannot stop")


class OuterMiddleware(ASGIMiddleware):
    __slots__ = ()

    def lifespan(self) -> Any:
        return context("outer")


class PoolMiddleware(ASGIMiddleware):
    __slots__ = ("_fails_at",)

    def __init__(self, app: ASGIApp, *, fails_at: str = "") -> None:
        super().__init__(app)
        self._fails_at = fails_at

    def lifespan(self) -> Any:
        return context("pool", self._fails_at)


def project() -> Any:
    return context("project")


def inner(app: object) -> Any:
    return context("inner")


def inner_fails(app: object) -> Any:
    return context("inner", fails_at="start")


def inner_fails_to_stop(app: object) -> Any:
    return context("inner", fails_at="stop")


async def state(request: Any) -> JSONResponse:
    """The state that this request was given."""
    return JSONResponse(json.loads(json.dumps(request.scope.get("state"))))


layers = [OuterMiddleware, PoolMiddleware]
routes = [Route("/", state)]

starlette = Stack(layers, lifespan=[project]).wrap(Starlette(routes=routes, lifespan=inner))
starlette_fails = Stack(layers, lifespan=[project]).wrap(Starlette(routes=routes, lifespan=inner_fails))
layer_fails = Stack([OuterMiddleware, Layer(PoolMiddleware, fails_at="start")]).wrap(Starlette(routes=routes))

layer_fails_to_stop = Stack([Layer(PoolMiddleware, fails_at="stop")]).wrap(Starlette(routes=routes))
router_fails = PathRouter({"/": Starlette(routes=routes), "/a": Starlette(lifespan=inner_fails)})
router_fails_to_stop = PathRouter(
    {"/": Starlette(routes=routes), "/a": Starlette(lifespan=inner_fails_to_stop)}
)
router = PathRouter({"/": Starlette(routes=routes, lifespan=inner)})

fastapi_app = FastAPI(lifespan=inner)
fastapi = Stack(layers, lifespan=[project]).wrap(fastapi_app)

plain_django = Stack([]).wrap(get_asgi_application())


@fastapi_app.get("/")
async def fastapi_state(request: Request) -> dict[str, str]:
    return {name: getattr(request.state, name) for name in ["outer", "pool", "project", "inner"]}
