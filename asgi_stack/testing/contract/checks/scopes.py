"""What becomes of scopes, and of scope types that a middleware does not act on."""

from asgi_stack.testing.contract.inner import Step, fail, receive, send
from asgi_stack.testing.contract.materials import ANSWER, CONNECT, CONVERSATION, REQUEST, text
from asgi_stack.testing.contract.registry import check
from asgi_stack.testing.contract.report import Broken, NotApplicable
from asgi_stack.testing.contract.stage import Connection, shown, snapshot_of_scope
from asgi_stack.testing.contract.subject import Subject
from asgi_stack.testing.scopes import lifespan_scope
from asgi_stack.types import Message, Scope

__all__ = [
    "forwards_lifespan",
    "hands_lifespan_on_untouched",
    "hands_other_types_on_untouched",
    "hands_unknown_types_on_untouched",
    "keeps_scope_keys",
    "leaves_the_scope_as_it_was",
    "lets_lifespan_be_declined",
    "lets_lifespan_fail",
]

GROUP = "Scopes"
STARTUP: Message = {"type": "lifespan.startup"}
SHUTDOWN: Message = {"type": "lifespan.shutdown"}
STARTED: Message = {"type": "lifespan.startup.complete"}
STOPPED: Message = {"type": "lifespan.shutdown.complete"}
LIFESPAN: tuple[Step | None, ...] = (receive, send(STARTED), receive, send(STOPPED), None)


def _same_objects(subject: Subject, scope: Scope) -> None:
    with subject.stage(None) as stage:
        connection = stage.connect(scope)
        call = _called(connection)
        for name in ("scope", "receive", "send"):
            given = scope if name == "scope" else getattr(connection.server, name)
            if getattr(call, name) is not given:
                raise Broken(f"For scope type {scope['type']!r} it handed inward another {name}.")


def _called(connection: Connection) -> object:
    if not connection.was_called:
        kind = connection.scope["type"]
        raise Broken(f"It did not call the inner application for scope type {kind!r}: {connection.instead}.")
    return connection.inner


@check("A lifespan scope goes inward as it is: the same scope, receive and send.", GROUP)
def hands_lifespan_on_untouched(subject: Subject) -> None:
    """Compare the three objects."""
    subject.skip_if("handles_lifespan")
    _same_objects(subject, lifespan_scope())


@check("A scope of a type that does not exist yet goes inward as it is.", GROUP)
def hands_unknown_types_on_untouched(subject: Subject) -> None:
    """Give it scopes with nothing but a type, and with keys of other types' names."""
    _same_objects(subject, {"type": "made.up"})
    _same_objects(subject, {"type": "made.up", "headers": None, "path": 7, "client": object()})


@check("A scope of a type that its `scope_types` leaves out goes inward as it is.", GROUP)
def hands_other_types_on_untouched(subject: Subject) -> None:
    """Give it the http or websocket scope that it does not act on."""
    scopes = [subject.http(), subject.websocket()]
    foreign = [scope for scope in scopes if not subject.acts_on(scope["type"])]
    if not foreign:
        raise NotApplicable("It acts on http and on websocket, or does not say.")
    for scope in foreign:
        _same_objects(subject, scope)


@check("Lifespan reaches the inner application, and its answers reach the server.", GROUP)
def forwards_lifespan(subject: Subject) -> None:
    """Start up and shut down."""
    with subject.stage(*LIFESPAN) as stage:
        scope = lifespan_scope()
        connection = stage.connect(scope, STARTUP)
        _called(connection)
        if connection.server.offered != [STARTED]:
            raise Broken(f"After startup the server got {shown(connection.server.offered)}.")
        if connection.inner.scope.get("state") is not scope["state"]:
            raise Broken("The inner application was not given the server's own state dictionary.")
        connection.feed(SHUTDOWN)
        if connection.server.offered != [STARTED, STOPPED]:
            raise Broken(f"After shutdown the server got {shown(connection.server.offered)}.")
        connection.must_have_returned()


@check("A start-up that the inner application reports as failed is reported to the server.", GROUP)
def lets_lifespan_fail(subject: Subject) -> None:
    """Fail the start-up."""
    failed = {"type": "lifespan.startup.failed", "message": "made up"}
    with subject.stage(receive, send(failed), None) as stage:
        connection = stage.connect(lifespan_scope(), STARTUP)
        kinds = [message["type"] for message in connection.server.offered]
    if kinds != ["lifespan.startup.failed"]:
        raise Broken(f"The server got {kinds}.")


@check("An inner application that raises on lifespan, as Django does, is passed on as such.", GROUP)
def lets_lifespan_be_declined(subject: Subject) -> None:
    """Decline lifespan."""
    subject.skip_if("handles_lifespan")
    error = ValueError("made up: this application has no lifespan")
    with subject.stage(fail(error)) as stage:
        connection = stage.connect(lifespan_scope(), STARTUP)
        if connection.error is not error:
            raise Broken(f"The inner application raised, and the call {connection.outcome}.")


@check("The caller's scope is not changed, to any depth (`state` is there to be written into).", GROUP)
def leaves_the_scope_as_it_was(subject: Subject) -> None:
    """Compare each scope with what it was."""
    extra = {"made.up": {"list": [1]}}
    with subject.stage(*ANSWER) as stage:
        _unchanged(stage.connect(subject.http(extra=extra), *REQUEST))
    with subject.stage(*CONVERSATION) as stage:
        _unchanged(stage.connect(subject.websocket(extra=extra), CONNECT, text("a")))


def _unchanged(connection: Connection) -> None:
    before, now = connection.before, snapshot_of_scope(connection.scope)
    changed = sorted(key for key in {**before, **now} if before.get(key, ...) != now.get(key, ...))
    if changed:
        raise Broken(f"After the {connection.scope['type']} request the caller's scope has new {changed}.")


@check("The inner application is given every key of the scope, unknown keys with the very value.", GROUP)
def keeps_scope_keys(subject: Subject) -> None:
    """Put an object under an unknown key."""
    made_up = object()
    for scope in (subject.http, subject.websocket):
        with subject.stage(None) as stage:
            connection = stage.connect(scope(extra={"made.up": made_up}))
            seen = connection.inner.scope
            if missing := sorted(connection.scope.keys() - seen.keys()):
                raise Broken(f"The inner application misses {missing} in its scope.")
            if seen["made.up"] is not made_up or seen["type"] != connection.scope["type"]:
                raise Broken(f"It found {shown(seen['made.up'])} where the server put {shown(made_up)}.")
