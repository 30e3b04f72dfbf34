"""Applications of every make are accepted by a stack and by a middleware, and a stack's own by everybody.

Nothing here is run: mypy and pyright read it, both strict. A line that must fail says so, and a line that
stops failing is then an error itself.
"""

from typing import TYPE_CHECKING, assert_type

from asgiref.typing import (
    ASGI3Application,
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPScope,
)
from asgiref.typing import Scope as AsgirefScope
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp as StarletteApp
from starlette.types import Receive as StarletteReceive
from starlette.types import Scope as StarletteScope
from starlette.types import Send as StarletteSend

from asgi_stack import ASGIMiddleware, HeaderMiddleware, Reply, Stack
from asgi_stack.composing.stack import StackedApplication
from asgi_stack.testing import Recorder
from asgi_stack.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    stack = Stack([HeaderMiddleware, ASGIMiddleware])


async def asgiref_application(
    scope: AsgirefScope, receive: ASGIReceiveCallable, send: ASGISendCallable
) -> None: ...


async def asgiref_http_application(
    scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable
) -> None: ...


async def starlette_application(
    scope: StarletteScope, receive: StarletteReceive, send: StarletteSend
) -> None: ...


async def our_application(scope: Scope, receive: Receive, send: Send) -> None: ...


async def asgi_2(scope: Scope) -> None: ...


def every_make_is_wrapped() -> None:
    assert_type(stack.wrap(get_asgi_application()), StackedApplication)
    stack.wrap(asgiref_application)
    stack.wrap(asgiref_http_application)
    stack.wrap(starlette_application)
    stack.wrap(our_application)
    stack.wrap(Starlette())
    stack.wrap(FastAPI())
    stack.wrap(PlainTextResponse("hello"))
    stack.wrap(ProtocolTypeRouter({"http": get_asgi_application()}))
    stack.wrap(AuthMiddlewareStack(get_asgi_application()))
    stack.wrap(Reply(404))
    stack.wrap(Recorder())
    stack.wrap(stack.wrap(HeaderMiddleware(Starlette())))


def every_make_fits_into_a_middleware() -> None:
    assert_type(HeaderMiddleware(get_asgi_application()), HeaderMiddleware)
    ASGIMiddleware(get_asgi_application())
    HeaderMiddleware(asgiref_application)
    HeaderMiddleware(asgiref_http_application)
    HeaderMiddleware(starlette_application)
    HeaderMiddleware(our_application)
    HeaderMiddleware(Starlette())
    HeaderMiddleware(FastAPI())
    HeaderMiddleware(ProtocolTypeRouter({}))
    HeaderMiddleware(stack.wrap(Starlette()))


def what_a_stack_makes_is_accepted_everywhere() -> None:
    of_asgiref: ASGI3Application = stack.wrap(our_application)
    of_starlette: StarletteApp = stack.wrap(our_application)
    ours: ASGIApp = stack.wrap(our_application)
    alone: ASGI3Application = HeaderMiddleware(our_application)
    alone_for_starlette: StarletteApp = HeaderMiddleware(our_application)
    reply: StarletteApp = Reply(404)
    Starlette().mount("/api", stack.wrap(our_application))
    FastAPI().mount("/api", HeaderMiddleware(our_application))
    del of_asgiref, of_starlette, ours, alone, alone_for_starlette, reply


def what_is_none_is_refused() -> None:
    stack.wrap("mysite.asgi.application")  # type: ignore[arg-type]  # a dotted path
    stack.wrap(asgi_2)  # type: ignore[arg-type]  # takes the scope alone
    stack.wrap(get_asgi_application)  # type: ignore[arg-type]  # not called
    HeaderMiddleware(asgi_2)  # type: ignore[arg-type]  # takes the scope alone
    HeaderMiddleware()  # type: ignore[call-arg]  # nothing inside
