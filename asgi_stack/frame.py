"""The one frame in which header middleware run: request heads inward, response heads outward."""

from collections.abc import Callable
from typing import TypeAlias

from asgi_stack.heads import HEAD_MESSAGES, Reply, RequestHead, ResponseHead, ResponseHook
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["OnRequest", "run_heads"]

OnRequest: TypeAlias = Callable[[RequestHead], Reply | ResponseHook | None]


async def run_heads(
    layers: tuple[OnRequest, ...],
    normalise: bool,
    app: ASGIApp,
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Run *layers*, outermost first, around *app*; *normalise* brings every response head to form."""
    request = RequestHead(scope)
    hooks: list[ResponseHook] = []
    for on_request in layers:
        answer = on_request(request)
        if answer is not None:
            if isinstance(answer, Reply):
                app = answer
                break
            hooks.append(answer)
        if request.inward is not None:
            request = request.inward
    if hooks or normalise:
        hooks.reverse()
        send = _wrap_send(hooks, send)
    await app(request.scope, receive, send)


def _wrap_send(hooks: list[ResponseHook], send: Send) -> Send:
    async def send_with_hooks(message: Message) -> None:
        if message["type"] in HEAD_MESSAGES:
            head = ResponseHead(message)
            for hook in hooks:
                hook(head)
            message = head.to_message()
        await send(message)

    return send_with_hooks
