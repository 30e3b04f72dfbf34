"""Putting layers together: neighbours that one frame can run become one group."""

from collections.abc import Iterable, Sequence
from functools import wraps
from typing import Any, NamedTuple

from asgi_stack.base import HeaderMiddleware
from asgi_stack.composing.conditions import REQUESTS, Clause, Decision, Test, decision_for
from asgi_stack.heads.frame import Answer, Detour, OnRequest, Plan, make_plan
from asgi_stack.heads.request import RequestHead
from asgi_stack.lifespan import Arrival
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["Group", "Member", "put_around"]


class Member(NamedTuple):
    """One layer of a group, and the conditions on which it acts.

    Where it is *fused* the group runs it. Any other layer is called in place of all that is inside of it, and
    where its conditions do not let it act, the group goes past it.
    """

    layer: Any
    fused: bool
    clauses: tuple[Clause, ...] = ()

    def decision_for(self, scope_type: str) -> Decision:
        """Return what is known beforehand of the scopes of one type."""
        if self.fused and scope_type not in self.layer.scope_types:
            return False
        return decision_for(self.clauses, scope_type)


class Group:
    """Neighbouring layers, outermost first, that run in one frame around one inner application.

    With *normalise* the heads that the inner application sends are brought to the specification's form
    (lower-case names, pairs in a list) even where no layer looks at them. Lifespans go to *arrival* in the
    place of the inner application, where it is given.
    """

    __slots__ = ("app", "arrival", "members", "normalise", "plans")

    _asgi_single_callable = True

    plans: "_Plans"
    """What the group does, by the type of the scope."""

    def __init__(
        self,
        members: Iterable[Member],
        app: ASGIApp,
        *,
        normalise: bool = False,
        arrival: Arrival | None = None,
    ) -> None:
        self.arrival = arrival
        self.members = tuple(members)
        self.app = app
        self.normalise = normalise
        self.plans = _Plans(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the layers that act on this scope around the inner application."""
        app, scope, send = self.plans[scope["type"]](scope, send)
        await app(scope, receive, send)

    def __repr__(self) -> str:
        return f"Group({[type(member.layer).__name__ for member in self.members]})"

    def plan_for(self, scope_type: str) -> Plan:
        """Return what the group does with the scopes of one type."""
        app, normalise = self.app, self.normalise and scope_type in REQUESTS
        if self.arrival is not None and scope_type == "lifespan":
            app = self.arrival
        steps: list[_Step] = []
        for member in self.members:
            decision = member.decision_for(scope_type)
            if decision is True and not member.fused:
                # What is inside of it is reached through it alone.
                app, normalise = member.layer, False
                break
            if decision is not False:
                steps.append(_Step(None if decision is True else decision, member))
        return _plan_of(steps, app, normalise)


class _Step(NamedTuple):
    """A layer that acts on the scopes of a type, on all of them unless there is a test."""

    test: Test | None
    member: Member

    def on_request(self) -> OnRequest:
        """Return what the frame runs."""
        test, layer = self.test, self.member.layer
        if test is None:
            always: OnRequest = layer.on_request
            return always
        if not self.member.fused:
            detour = Detour(layer)
            return lambda request: detour if test(request.scope) else None

        @wraps(layer.on_request)
        def on_request_if(request: RequestHead) -> Answer:
            answer: Answer = layer.on_request(request) if test(request.scope) else None
            return answer

        return on_request_if


def _plan_of(steps: Sequence[_Step], app: ASGIApp, normalise: bool) -> Plan:
    test = steps[0].test if steps else None
    if test is None:
        trusting = all(step.member.layer.is_trusted for step in steps if step.member.fused)
        return make_plan([step.on_request() for step in steps], app, normalise=normalise, trusting=trusting)
    # Until a layer acts nobody has changed the scope, and where none does no header line need be read.
    first, *others = steps
    past = _plan_of(others, app, normalise)
    acting = [first._replace(test=None), *others]
    here = _plan_of(acting, app, normalise) if first.member.fused else make_plan((), first.member.layer)
    return lambda scope, send: here(scope, send) if test(scope) else past(scope, send)


class _Plans(dict[str, Plan]):
    """The plans of a group: a look into a dictionary costs a request less than a call."""

    __slots__ = ("_group",)

    def __init__(self, group: Group) -> None:
        self._group = group
        types = {*REQUESTS, "lifespan"}.union(
            *(member.layer.scope_types for member in group.members if member.fused)
        )
        super().__init__({scope_type: group.plan_for(scope_type) for scope_type in types})

    def __missing__(self, scope_type: str) -> Plan:
        # Not kept: whoever sends scopes of ever new types would fill the memory.
        return self._group.plan_for(scope_type)


def put_around(layer: ASGIApp, given: ASGIApp, clauses: tuple[Clause, ...] = ()) -> ASGIApp:
    """Return *layer*, which was *given* its inner application, as it stands in a stack.

    Header middleware, and any layer with conditions, joins the group that it was given, or begins one. A
    class that has its own ``__call__``, or put something else around its inner application, is not fused.
    """
    if layer is given:
        return layer
    fused = isinstance(layer, HeaderMiddleware) and layer.app is given and _is_plain(layer)
    if not (fused or clauses):
        return layer
    inner = given if isinstance(given, Group) else Group((), given)
    members = (Member(layer, fused, clauses), *inner.members)
    return Group(members, inner.app, normalise=inner.normalise, arrival=inner.arrival)


def _is_plain(layer: HeaderMiddleware) -> bool:
    return type(layer).__call__ is HeaderMiddleware.__call__
