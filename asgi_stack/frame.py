"""The one frame in which header middleware run: request heads inward, response heads outward."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from asgi_stack.heads import HEAD_MESSAGES, Reply, RequestHead, ResponseHead, ResponseHook
from asgi_stack.types import ASGIApp, Message, Scope, Send

__all__ = ["Acting", "OnRequest", "enter_heads"]

OnRequest: TypeAlias = Callable[[RequestHead], Reply | ResponseHook | None]


class Acting(NamedTuple):
    """What a group does for one scope type: its layers, outermost first, and what is inside of them.

    Where *normalise* is true every response head is brought to the specification's form.
    """

    layers: tuple[OnRequest, ...]
    normalise: bool
    app: ASGIApp


def enter_heads(acting: Acting, scope: Scope, send: Send) -> tuple[ASGIApp, Scope, Send]:
    """Run the layers on a request's head; return what to call next, with which scope and which send."""
    layers, normalise, app = acting
    hooks: list[ResponseHook] = []
    if layers:
        request = RequestHead(scope)
        for on_request in layers:
            answer = on_request(request)
            if answer is not None:
                if isinstance(answer, Reply):
                    app = answer
                    break
                hooks.append(answer)
            if request.inward is not None:
                request = request.inward
        scope = request.scope
        hooks.reverse()
    if not (hooks or normalise):
        return app, scope, send

    async def send_with_hooks(message: Message) -> None:
        if message["type"] in HEAD_MESSAGES:
            head = ResponseHead(message)
            for hook in hooks:
                hook(head)
            message = head.to_message()
        await send(message)

    return app, scope, send_with_hooks
