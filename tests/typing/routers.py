"""Routers take applications of every make, and are applications themselves.

Nothing here is run: mypy and pyright read it, both strict. A line that must fail says so, and a line that
stops failing is then an error itself.
"""

from collections.abc import Mapping
from typing import assert_type

from asgiref.typing import ASGI3Application
from django.core.asgi import get_asgi_application
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from asgi_stack import Stack
from asgi_stack.routing import HostRouter, PathRouter, ProtocolRouter
from asgi_stack.testing import ASGIClient, Recorder
from asgi_stack.types import ASGIApp

django = get_asgi_application()
paths = PathRouter({"/api": FastAPI(), "/old": Starlette(), "/own": Recorder(), "/": django})
hosts = HostRouter({"a.example": paths, "*": Stack().wrap(django)})
types = ProtocolRouter(http=hosts, websocket=paths, channel=Recorder())

assert_type(types.mounts, Mapping[str, ASGIApp])
application: ASGIApp = types
served: ASGI3Application = hosts
ASGIClient(paths)
Stack().wrap(types)
Mount("/x", app=paths)

PathRouter({"/": Recorder})  # type: ignore[dict-item]
PathRouter({1: Recorder()})  # type: ignore[dict-item]
ProtocolRouter(FastAPI())  # type: ignore[call-arg]
ProtocolRouter(http="django")  # type: ignore[arg-type]
