"""The one frame in which header middleware run: request heads inward, response heads outward."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from asgi_stack.heads.reply import Reply
from asgi_stack.heads.request import RequestHead
from asgi_stack.heads.response import HEAD_MESSAGES, ResponseHead, ResponseHook
from asgi_stack.types import ASGIApp, Message, Scope, Send

__all__ = ["Acting", "Choice", "OnRequest", "Step"]

OnRequest: TypeAlias = Callable[[RequestHead], Reply | ResponseHook | None]
Test: TypeAlias = Callable[[Scope], bool]


class Step(Protocol):
    """A piece of a stack that needs no frame of its own: it is run by the frame outside of it."""

    def enter(self, scope: Scope, send: Send) -> tuple[ASGIApp, Scope, Send]:
        """Return what to call next, with which scope and which send."""
        ...


@dataclass(slots=True)  # read at every request: a slot is read quicker than a NamedTuple is taken apart
class Acting:
    """What a group does for one scope type: its layers, outermost first, and what is inside of them.

    Where *normalise* is true every response head is brought to the specification's form. Where every layer
    has a condition, *guarded* has each condition and the layers to run where it is the first that holds.
    *inner* is the step that *app* is, if it is one.
    """

    layers: tuple[OnRequest, ...]
    normalise: bool
    app: ASGIApp
    guarded: tuple[tuple[Test, tuple[OnRequest, ...]], ...] = ()
    inner: Step | None = None

    def enter(self, scope: Scope, send: Send) -> tuple[ASGIApp, Scope, Send]:
        """Run the layers on a request's head; return what to call next, with which scope and which send."""
        app: ASGIApp = self.app
        inner = self.inner
        layers = self._from_the_first_that_acts(scope) if self.guarded else self.layers
        hooks: list[ResponseHook] = []
        if layers:
            request = RequestHead(scope)
            for on_request in layers:
                answer = on_request(request)
                if answer is not None:
                    if type(answer) is Reply:  # a final class
                        # pyright believes that a hook may be of this type as well.
                        app, inner = answer, None  # pyright: ignore[reportAssignmentType]
                        break
                    hooks.append(answer)
                if request.inward is not None:
                    request = request.inward
            scope = request.scope
            hooks.reverse()
        if hooks or self.normalise:
            send_outward = send

            async def send_with_hooks(message: Message) -> None:
                if message["type"] in HEAD_MESSAGES:
                    head = ResponseHead(message)
                    for hook in hooks:
                        hook(head)
                    message = head.message
                await send_outward(message)

            send = send_with_hooks
        return (app, scope, send) if inner is None else inner.enter(scope, send)

    def _from_the_first_that_acts(self, scope: Scope) -> tuple[OnRequest, ...]:
        # Until one acts, nobody has changed the scope; and where none does, no field need be read.
        for test, layers in self.guarded:
            if test(scope):
                return layers
        return ()


@dataclass(slots=True)
class Choice:
    """Whether a layer acts on a scope of one type, and what is next where it does not."""

    acts: Test
    layer: ASGIApp
    app: ASGIApp
    inner: Step | None

    def enter(self, scope: Scope, send: Send) -> tuple[ASGIApp, Scope, Send]:
        """Return the layer, or what is to be called in its place."""
        if self.acts(scope):
            return self.layer, scope, send
        return (self.app, scope, send) if self.inner is None else self.inner.enter(scope, send)
