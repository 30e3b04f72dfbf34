"""Putting layers together: fused where they are header middleware, bypassed where a condition says so."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

from asgi_stack.applications import as_async, awaited
from asgi_stack.base import HeaderMiddleware
from asgi_stack.composing.conditions import Clause, Decision, decision_for
from asgi_stack.heads import Reply, RequestHead, ResponseHook
from asgi_stack.heads.frame import Acting, Choice, OnRequest, Step
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

    __slots__ = ("__dict__", "_acting", "_passing", "_passing_others", "app", "members", "normalise")

    _asgi_single_callable = True

    def __init__(self, members: Iterable[Member], app: ASGIApp, *, normalise: bool = False) -> None:
        self.members = tuple(members)
        self.app = app
        self.normalise = normalise
        types = {"http", "websocket"}.union(*(member.layer.scope_types for member in self.members))
        acting = {
            scope_type: _acting(self.members, scope_type, normalise, entry_for(scope_type, app))
            for scope_type in types
        }
        self._acting = {kind: step for kind, step in acting.items() if normalise or step.layers}
        self._passing = {kind: as_async(entry_for(kind, app)) for kind in {*types, "lifespan"}}
        self._passing_others = as_async(app)
        # Layers outside may look at this attribute to tell ASGI 3, and call the method of the class.
        vars(self)["__call__"] = awaited(self)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[Any]:
        """Run the layers that act on this scope type around the inner application."""
        acting = self._acting.get(scope["type"])
        if acting is not None:
            return _run(acting, scope, receive, send)
        return self._passing.get(scope["type"], self._passing_others)(scope, receive, send)

    def __repr__(self) -> str:
        return f"HeaderGroup({[type(member.layer).__name__ for member in self.members]})"

    def acting_on(self, scope_type: str) -> Acting | None:
        """Return what the group does for scopes of this type; None where it does nothing at all."""
        return self._acting.get(scope_type)


class ConditionalApplication:
    """A layer that acts on some requests only, and the inner application that takes the others.

    A call returns the coroutine of what was chosen: this is no frame of its own around a request.
    """

    __slots__ = ("__dict__", "_choices", "_clauses", "_settled", "app", "layer")

    _asgi_single_callable = True

    def __init__(self, layer: ASGIApp, app: ASGIApp, clauses: tuple[Clause, ...]) -> None:
        self.layer = layer
        self.app = app
        self._clauses = clauses
        kinds = ("http", "websocket", "lifespan")
        self._choices = {kind: self._make_choice(kind) for kind in kinds}
        settled = {kind: entry_for(kind, self) for kind in kinds}
        self._settled = {kind: as_async(app) for kind, app in settled.items() if app is not self}
        # Layers outside may look at this attribute to tell ASGI 3, and call the method of the class.
        vars(self)["__call__"] = awaited(self)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[Any]:
        """Hand the scope to the layer, or past it."""
        settled = self._settled.get(scope["type"])
        if settled is not None:
            return settled(scope, receive, send)
        choice = self.choice_for(scope["type"])
        if choice.acts(scope):
            return choice.layer(scope, receive, send)
        if choice.inner is None:
            return choice.app(scope, receive, send)
        return _run(choice.inner, scope, receive, send)

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
        return Choice(acts, as_async(self.layer), as_async(app), step_for(scope_type, app))


async def _run(step: Step, scope: Scope, receive: Receive, send: Send) -> None:
    app, scope, send = step.enter(scope, send)
    await app(scope, receive, send)


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
