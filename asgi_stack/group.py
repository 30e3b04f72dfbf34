"""Putting layers together: fused where they are header middleware, bypassed where a condition says so."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from asgi_stack.base import HeaderMiddleware
from asgi_stack.conditions import Clause, Decision, decision_for
from asgi_stack.frame import Acting, Choice, OnRequest, Step
from asgi_stack.heads import Reply, RequestHead, ResponseHook
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["ConditionalApplication", "HeaderGroup", "Member", "entry_for", "put_around", "step_for"]


class Member(NamedTuple):
    """One header middleware of a group, and the conditions on which it acts."""

    layer: HeaderMiddleware
    clauses: tuple[Clause, ...] = ()

    def decision_for(self, scope_type: str) -> Decision:
        """Return what is known beforehand of the scopes of one type."""
        return scope_type in self.layer.scope_types and decision_for(self.clauses, scope_type)


class HeaderGroup:
    """Consecutive header middleware of a stack, outermost first, executed in one frame.

    With *normalise* the heads that the inner application sends are brought to the specification's form
    (lower-case names, pairs in a list) even where no layer looks at them.
    """

    __slots__ = ("_acting", "app", "members", "normalise")

    _asgi_single_callable = True

    def __init__(self, members: Iterable[Member], app: ASGIApp, *, normalise: bool = False) -> None:
        self.members = tuple(members)
        self.app = app
        self.normalise = normalise
        types = {"http", "websocket"}.union(*(member.layer.scope_types for member in self.members))
        self._acting = {
            scope_type: _acting(self.members, scope_type, normalise, entry_for(scope_type, app))
            for scope_type in types
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the layers that act on this scope type around the inner application."""
        acting = self._acting.get(scope["type"])
        if acting is None:
            await self.app(scope, receive, send)
        else:
            app, scope, send = acting.enter(scope, send)
            await app(scope, receive, send)

    def __repr__(self) -> str:
        return f"HeaderGroup({[type(member.layer).__name__ for member in self.members]})"

    def acting_on(self, scope_type: str) -> Acting | None:
        """Return what the group does for scopes of this type; None where it does nothing at all."""
        acting = self._acting.get(scope_type)
        return acting if acting is not None and (self.normalise or acting.layers) else None


class ConditionalApplication:
    """A layer that acts on some requests only, and the inner application that takes the others."""

    __slots__ = ("_choices", "_clauses", "app", "layer")

    _asgi_single_callable = True

    def __init__(self, layer: ASGIApp, app: ASGIApp, clauses: tuple[Clause, ...]) -> None:
        self.layer = layer
        self.app = app
        self._clauses = clauses
        self._choices = {kind: self._make_choice(kind) for kind in ("http", "websocket", "lifespan")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the scope to the layer, or past it."""
        app, scope, send = self.choice_for(scope["type"]).enter(scope, send)
        await app(scope, receive, send)

    def choice_for(self, scope_type: str) -> Choice:
        """Return what is chosen for scopes of this type, and by what."""
        return self._choices.get(scope_type) or self._make_choice(scope_type)

    def decision_for(self, scope_type: str) -> Decision:
        """Return what is known beforehand of the scopes of one type."""
        return decision_for(self._clauses, scope_type)

    def _make_choice(self, scope_type: str) -> Choice:
        decision = self.decision_for(scope_type)
        acts = _always(decision) if isinstance(decision, bool) else decision
        app = entry_for(scope_type, self.app)
        return Choice(acts, self.layer, app, step_for(scope_type, app))


def _always(answer: bool) -> Callable[[Scope], bool]:
    return lambda _: answer


def put_around(layer: ASGIApp, given: ASGIApp, clauses: tuple[Clause, ...] = ()) -> ASGIApp:
    """Return *layer*, which was *given* its inner application, as it stands in a stack.

    Header middleware joins the group that it was given, or begins one. A class that has its own
    ``__call__``, or put something else around its inner application, is not fused.
    """
    if layer is given:
        return layer
    if isinstance(layer, HeaderMiddleware) and layer.app is given and _is_plain(layer):
        member = Member(layer, clauses)
        if isinstance(given, HeaderGroup):
            return HeaderGroup((member, *given.members), given.app, normalise=given.normalise)
        return HeaderGroup((member,), given)
    return ConditionalApplication(layer, given, clauses) if clauses else layer


def entry_for(scope_type: str, app: ASGIApp) -> ASGIApp:
    """Return what scopes of this type reach first: past the layers that never act on them."""
    while True:
        if isinstance(app, HeaderGroup) and app.acting_on(scope_type) is None:
            app = app.app
        elif isinstance(app, ConditionalApplication) and isinstance(app.decision_for(scope_type), bool):
            app = app.layer if app.decision_for(scope_type) else app.app
        else:
            return app


def step_for(scope_type: str, app: ASGIApp) -> Step | None:
    """Return what the frame outside of *app* can do in its place; None where it can only call it."""
    if isinstance(app, HeaderGroup):
        return app.acting_on(scope_type)
    return app.choice_for(scope_type) if isinstance(app, ConditionalApplication) else None


def _acting(members: Iterable[Member], scope_type: str, normalise: bool, app: ASGIApp) -> Acting:
    """Return what header middleware do for one scope type: those that ever act on it."""
    decided = [(member.decision_for(scope_type), member.layer.on_request) for member in members]
    decided = [(decision, run) for decision, run in decided if decision is not False]
    layers = tuple(_on_request_if(decision, run) for decision, run in decided)
    guarded = tuple(
        (decision, (run, *layers[index:]))
        for index, (decision, run) in enumerate(decided, 1)
        if not isinstance(decision, bool)
    )
    guarded = guarded if len(guarded) == len(layers) else ()
    return Acting(layers, normalise, app, guarded, step_for(scope_type, app))


def _on_request_if(decision: Decision, on_request: OnRequest) -> OnRequest:
    if isinstance(decision, bool):
        return on_request

    def on_request_if(request: RequestHead) -> Reply | ResponseHook | None:
        return on_request(request) if decision(request.scope) else None

    return on_request_if


def _is_plain(layer: HeaderMiddleware) -> bool:
    return type(layer).__call__ is HeaderMiddleware.__call__
