"""The one frame in which neighbouring layers run: request heads inward, response heads outward."""

from collections.abc import Callable, Sequence
from types import FunctionType, MethodType
from typing import Any, TypeAlias, final

from asgi_stack.heads.misuse import checked_hook, refuse_awaitable
from asgi_stack.heads.reply import Reply
from asgi_stack.heads.request import RequestHead
from asgi_stack.heads.response import HEAD_MESSAGES, ResponseHead, ResponseHook
from asgi_stack.types import ASGIApp, Message, Scope, Send

__all__ = ["Answer", "Detour", "OnRequest", "Plan", "make_plan"]

Plan: TypeAlias = Callable[[Scope, Send], tuple[ASGIApp, Scope, Send]]
"""What neighbouring layers do with a scope: it returns what to call next, with which scope and which send.

No frame of its own, which would cost 140 ns: whoever has one calls what is returned.
"""


@final
class Detour:
    """What stands for a layer that is not header middleware, and is called in place of all inside of it."""

    __slots__ = ("app",)

    def __init__(self, app: ASGIApp) -> None:
        self.app = app


Answer: TypeAlias = Reply | Detour | ResponseHook | None
OnRequest: TypeAlias = Callable[[RequestHead], Answer]


def make_plan(
    layers: Sequence[OnRequest], app: ASGIApp, *, normalise: bool = False, trusting: bool = False
) -> Plan:
    """Return what these layers, outermost first, do around *app*.

    With *normalise* the response heads of *app* are brought to the specification's form, layers or none.
    *trusting* says that none of the layers writes to `RequestHead.headers`.
    """
    if not layers:
        return lambda scope, send: (app, scope, _in_form(send) if normalise else send)

    # One function, and a long one: each call in it would take 40 ns of every request.
    def plan(scope: Scope, send: Send) -> tuple[ASGIApp, Scope, Send]:
        inner, normalises = app, normalise
        request = RequestHead(scope, trusting)
        hooks: list[ResponseHook] = []
        for on_request in layers:
            answer: Any = on_request(request)
            if answer is not None:
                kind = _kind_of(answer)
                # Nearly every hook is of one of these two types, which is seen quicker than it is asked.
                if kind is FunctionType or kind is MethodType:
                    hooks.append(answer)
                elif kind is Reply or kind is Detour:
                    inner, normalises = answer if kind is Reply else answer.app, False
                    break
                else:
                    hooks.append(checked_hook(answer, on_request))
            inward = request.inward
            if inward is not None:
                request.inward = None  # from now on it belongs to the layers inside
                request = inward
        return inner, request.scope, _sending(hooks, send) if hooks or normalises else send

    return plan


def _sending(hooks: list[ResponseHook], send: Send) -> Send:
    if not hooks:
        return _in_form(send)
    hooks.reverse()

    async def send_with_hooks(message: Message) -> None:
        if message["type"] in HEAD_MESSAGES:
            head = _new(ResponseHead)
            _fill(head, message)
            for hook in hooks:
                left = hook(head)
                if left is not None:
                    refuse_awaitable(left, hook)
            message = head.message
        await send(message)

    return send_with_hooks


def _in_form(send: Send) -> Send:
    async def send_in_form(message: Message) -> None:
        if message["type"] in HEAD_MESSAGES:
            fields = [(name.lower(), value) for name, value in message.get("headers") or ()]
            message = {**message, "headers": fields}
        await send(message)

    return send_in_form


_kind_of: Callable[[object], object] = type
# An object that is made and filled apart is there 30 ns sooner than by the call of its class.
_new, _fill = object.__new__, ResponseHead.__init__
