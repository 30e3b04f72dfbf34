"""The law of fusion: a group of header middleware cannot be told from the nest of them.

Random layers, inner applications, servers and scopes are run three times: as a nest written by hand in this
file, as the nest of the classes themselves, and fused. Everything that any of the parties can see is noted,
in order, and the three notes must be the same. Layers that do what they must not are run as nest and fused.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asgi_stack import ASGIMiddleware, HeaderMiddleware, Layer, Reply, RequestHead, ResponseHead, Stack
from asgi_stack.composing.group import Group, Member, put_around
from asgi_stack.heads import HEAD_MESSAGES
from tests.helpers import shown

NAMES = [b"vary", b"x-a", b"X-A", b"Set-Cookie"]
VALUES = [b"", b"1", b"a, B", b"*"]
SCOPE_TYPES = ["http", "http", "websocket", "lifespan", "made.up"]
MESSAGE_TYPES = [
    *sorted(HEAD_MESSAGES),
    "http.response.body",
    "http.response.early_hint",
    "websocket.close",
    "odd",
]


class HookError(Exception):
    """Raised by a layer."""


class InnerError(Exception):
    """Raised by the inner application."""


class ServerError(OSError):
    """Raised by the server's send."""


@dataclass
class Notes:
    """All that was seen, in order."""

    lines: list[Any] = field(default_factory=list)

    def add(self, *line: Any) -> None:
        self.lines.append(line)


@dataclass(frozen=True)
class Behaviour:
    """What one random layer does."""

    name: str
    answer: str
    scope_types: frozenset[str]
    updates: tuple[dict[str, Any], ...]
    edits: tuple[tuple[Any, ...], ...]


def edit(head: ResponseHead, steps: tuple[tuple[Any, ...], ...]) -> None:
    for verb, *arguments in steps:
        if verb == "raise":
            raise HookError(*arguments)
        if verb == "status":
            head.status = arguments[0]
        else:
            getattr(head.headers, verb)(*arguments)


def snapshot(scope: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, list) else value for key, value in scope.items()}


def answer(behaviour: Behaviour, notes: Notes, request: RequestHead) -> Any:
    notes.add(behaviour.name, "request", snapshot(request.scope), dict(request.headers), request.client)
    before = request.scope
    for update in behaviour.updates:
        if "set_header" in update:
            request.set_header(*update["set_header"])
        elif "remove_headers" in update:
            request.remove_headers(*update["remove_headers"])
        else:
            request.update(update)
    notes.add(behaviour.name, "its own head stays", request.scope is before, dict(request.headers))
    if behaviour.answer == "raise":
        raise HookError(behaviour.name)
    if behaviour.answer == "reply":
        return Reply(403, behaviour.name)
    if behaviour.answer in MISUSES:
        return MISUSES[behaviour.answer](behaviour, notes, request)
    return partial(hook, behaviour, notes, request) if behaviour.answer == "hook" else None


def hook(behaviour: Behaviour, notes: Notes, request: RequestHead, head: ResponseHead) -> None:
    notes.add(behaviour.name, "response", head.type, head.status, list(head.headers), dict(request.headers))
    edit(head, behaviour.edits)


async def async_hook(head: ResponseHead) -> None:
    """Is never awaited."""


def writing(behaviour: Behaviour, notes: Notes, request: RequestHead) -> None:
    request.headers[b"x-a"] = b"written"  # type: ignore[index]  # that is the mistake


def writing_and_going_on(behaviour: Behaviour, notes: Notes, request: RequestHead) -> Any:
    try:
        request.headers.update({b"x-a": b"written"})  # type: ignore[attr-defined]  # see above
    except Exception as error:
        notes.add(behaviour.name, "was refused", repr(error))
    return partial(hook, behaviour, notes, request)


def writing_on_the_way_out(behaviour: Behaviour, notes: Notes, request: RequestHead) -> Any:
    return lambda head: writing(behaviour, notes, request)


def updating_on_the_way_out(behaviour: Behaviour, notes: Notes, request: RequestHead) -> Any:
    return lambda head: request.update(client=("6.6.6.6", 6), headers=[(b"x-a", b"late")])


def with_a_result(behaviour: Behaviour, notes: Notes, request: RequestHead) -> Any:
    return lambda head: "a result that nobody wants"


MISUSES: dict[str, Any] = {
    "async hook": lambda behaviour, notes, request: async_hook,
    "partial async hook": lambda behaviour, notes, request: partial(async_hook),
    "number": lambda behaviour, notes, request: 7,
    "false": lambda behaviour, notes, request: False,
    "coroutine": lambda behaviour, notes, request: async_hook(ResponseHead({"type": "http.response.start"})),
    "writing": writing,
    "writing and going on": writing_and_going_on,
    "writing on the way out": writing_on_the_way_out,
    "updating on the way out": updating_on_the_way_out,
    "with a result": with_a_result,
}


class Random(HeaderMiddleware):
    """A layer of ours that does what it is told."""

    __slots__ = ("behaviour", "notes")

    def __init__(self, app: Any, *, behaviour: Behaviour, notes: Notes) -> None:
        super().__init__(app)
        self.behaviour, self.notes = behaviour, notes

    def on_request(self, request: RequestHead) -> Any:
        return answer(self.behaviour, self.notes, request)


class HttpOnly(Random):
    """The same on http alone."""

    __slots__ = ()
    scope_types = frozenset({"http"})


class SocketOnly(Random):
    """The same on websockets alone."""

    __slots__ = ()
    scope_types = frozenset({"websocket"})


CLASSES = {cls.scope_types: cls for cls in (Random, HttpOnly, SocketOnly)}


def written_by_hand(app: Any, behaviour: Behaviour, notes: Notes) -> Any:
    """One header layer as its contract reads, with nothing clever."""

    async def layer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in behaviour.scope_types:
            await app(scope, receive, send)
            return
        head = RequestHead(scope)
        answered = answer(behaviour, notes, head)
        if isinstance(answered, Reply):
            await answered(scope, receive, send)
            return

        async def send_with_hook(message: Any) -> None:
            if answered is not None and message["type"] in HEAD_MESSAGES:
                response = ResponseHead(message)
                answered(response)
                message = response.message
            await send(message)

        await app(head.inward.scope if head.inward else scope, receive, send_with_hook)

    return layer


def in_specified_form(app: Any) -> Any:
    """An application whose heads have been brought to the specification's form."""

    async def normalised(scope: Any, receive: Any, send: Any) -> None:
        async def send_normalised(message: Any) -> None:
            if message["type"] in HEAD_MESSAGES:
                pairs = [(name.lower(), value) for name, value in message.get("headers", ())]
                message = {**message, "headers": pairs}
            await send(message)

        acts = scope["type"] in ("http", "websocket")
        await app(scope, receive, send_normalised if acts else send)

    return normalised


@dataclass(frozen=True)
class World:
    """The parties around the layers: scope, server and inner application."""

    scope: dict[str, Any]
    messages: tuple[dict[str, Any], ...]
    one_shot: bool
    goes_on_after: bool
    raises_at: int
    server_fails_at: int


async def run(build: Any, world: World) -> Any:
    notes = Notes()
    sent = 0

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        nonlocal sent
        headers = [(bytes(name), value) for name, value in message.get("headers", ())]
        notes.add("server", {**message, "headers": headers} if "headers" in message else message)
        sent += 1
        if sent == world.server_fails_at:
            raise ServerError(sent)

    async def inner(scope: Any, inner_receive: Any, inner_send: Any) -> None:
        notes.add("inner", snapshot(scope), scope is world.scope, inner_receive is receive)
        for number, message in enumerate(world.messages):
            if number == world.raises_at:
                raise InnerError(number)
            one_shot = (
                {"headers": iter(message["headers"])} if world.one_shot and "headers" in message else {}
            )
            try:
                await inner_send({**message, **one_shot})
            except Exception as error:
                notes.add("inner caught", shown(error))
                if not world.goes_on_after:
                    raise

    try:
        await build(inner, notes)(world.scope, receive, send)
    except Exception as error:
        notes.add("out of it", shown(error), type(error.__context__))
    return notes.lines


def lower(names: Any) -> frozenset[bytes]:
    return frozenset(name.lower() for name in names)


pairs = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=4)
updates = st.one_of(
    st.fixed_dictionaries({"client": st.sampled_from([("9.9.9.9", 1), None])}),
    st.fixed_dictionaries({"headers": pairs}),
    st.fixed_dictionaries({"set_header": st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES))}),
    st.fixed_dictionaries({"remove_headers": st.tuples(st.frozensets(st.sampled_from(NAMES)).map(lower))}),
    st.fixed_dictionaries({"asgi_stack.x": st.integers(0, 3), "scheme": st.just("https")}),
)
edits = st.one_of(
    st.tuples(
        st.sampled_from(["append", "set", "set_default"]), st.sampled_from(NAMES), st.sampled_from(VALUES)
    ),
    st.tuples(st.just("remove"), st.sampled_from(NAMES)),
    st.tuples(st.just("add_vary"), st.sampled_from([b"Origin", b"*", b"B"])),
    st.tuples(st.just("status"), st.sampled_from([200, 404])),
    st.tuples(st.just("raise"), st.integers(0, 1)),
)


def behaviours(answers: list[str]) -> Any:
    return st.lists(
        st.builds(
            Behaviour,
            name=st.sampled_from("abcdef"),
            answer=st.sampled_from(answers),
            scope_types=st.sampled_from([Random.scope_types, Random.scope_types, *CLASSES]),
            updates=st.lists(updates, max_size=2).map(tuple),
            edits=st.lists(edits, min_size=1, max_size=3).map(tuple),
        ),
        max_size=5,
    )


layers = behaviours(["none", *["hook"] * 5, "reply", "raise"])
layers_with_misuse = behaviours(["none", *["hook"] * 5, "reply", *MISUSES])
messages = st.fixed_dictionaries(
    {"type": st.sampled_from(MESSAGE_TYPES)},
    optional={"headers": pairs, "status": st.sampled_from([200, 500]), "extra": st.integers()},
)
scopes = st.fixed_dictionaries(
    {
        "type": st.sampled_from(SCOPE_TYPES),
        "method": st.sampled_from(["GET", "HEAD"]),
        "path": st.just("/"),
        "headers": pairs,
        "client": st.sampled_from([("1.2.3.4", 5), ["1.2.3.4", 5], None]),
    },
    optional={"extensions": st.sampled_from([None, {}, {"websocket.http.response": {}}])},
)
worlds = st.builds(
    World,
    scope=scopes,
    messages=st.lists(messages, max_size=5).map(tuple),
    one_shot=st.booleans(),
    goes_on_after=st.booleans(),
    raises_at=st.integers(-5, 4),
    server_fails_at=st.integers(-5, 4),
)


def hand_made_nest(behaviours: list[Behaviour], app: Any, notes: Notes) -> Any:
    for behaviour in reversed(behaviours):
        app = written_by_hand(app, behaviour, notes)
    return app


def nest(behaviours: list[Behaviour], app: Any, notes: Notes) -> Any:
    for behaviour in reversed(behaviours):
        app = CLASSES[behaviour.scope_types](app, behaviour=behaviour, notes=notes)
    return app


def group(behaviours: list[Behaviour], app: Any, notes: Notes) -> Any:
    for behaviour in reversed(behaviours):
        app = put_around(CLASSES[behaviour.scope_types](app, behaviour=behaviour, notes=notes), app)
    return app


def stacked(behaviours: list[Behaviour], walls: set[int], app: Any, notes: Notes) -> Any:
    entries: list[Any] = [Layer(CLASSES[b.scope_types], behaviour=b, notes=notes) for b in behaviours]
    for wall in sorted(walls, reverse=True):
        entries.insert(wall, ASGIMiddleware)
    return Stack(entries).wrap(app)


MANY = 4 * settings().max_examples
WALLS = st.sets(st.integers(0, 5), max_size=3)


@settings(max_examples=MANY)
@given(behaviours=layers, world=worlds)
async def test_a_group_is_the_nest_of_its_layers(behaviours: list[Behaviour], world: World) -> None:
    by_hand = await run(partial(hand_made_nest, behaviours), world)

    assert await run(partial(nest, behaviours), world) == by_hand
    assert await run(partial(group, behaviours), world) == by_hand


@settings(max_examples=MANY)
@given(layers_with_misuse, worlds)
async def test_a_group_of_layers_that_misbehave_is_the_nest_of_them(
    behaviours: list[Behaviour], world: World
) -> None:
    nested = await run(partial(nest, behaviours), world)

    assert await run(partial(group, behaviours), world) == nested


def outside_of_lifespan(world: World) -> World:
    """A stack handles lifespan itself."""
    if world.scope["type"] != "lifespan":
        return world
    return World({**world.scope, "type": "other"}, *list(vars(world).values())[1:])


@settings(max_examples=MANY)
@given(behaviours=layers, walls=WALLS, world=worlds.map(outside_of_lifespan))
async def test_a_stack_is_the_nest_around_an_application_in_the_specified_form(
    behaviours: list[Behaviour], walls: set[int], world: World
) -> None:
    def by_hand(app: Any, notes: Notes) -> Any:
        return hand_made_nest(behaviours, in_specified_form(app), notes)

    assert await run(partial(stacked, behaviours, walls), world) == await run(by_hand, world)


@settings(max_examples=MANY)
@given(layers_with_misuse, WALLS, worlds.map(outside_of_lifespan))
async def test_a_stack_of_layers_that_misbehave_is_the_nest_of_them(
    behaviours: list[Behaviour], walls: set[int], world: World
) -> None:
    def nested(app: Any, notes: Notes) -> Any:
        return nest(behaviours, in_specified_form(app), notes)

    assert await run(partial(stacked, behaviours, walls), world) == await run(nested, world)


def test_neighbours_become_one_group_and_the_innermost_one_normalises() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None: ...

    outer, inner = HeaderMiddleware(app), HeaderMiddleware(app)
    fused = put_around(HeaderMiddleware(empty := Group((Member(inner, True),), app)), empty)

    assert isinstance(fused, Group)
    assert (len(fused.members), fused.app, outer.app) == (2, app, app)


class OwnCall(HeaderMiddleware):
    """Has a call of its own, so it must stay a layer of its own."""

    __slots__ = ()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await super().__call__(scope, receive, send)


class OwnApp(HeaderMiddleware):
    """Puts something of its own around its inner application."""

    __slots__ = ()

    def __init__(self, app: Any) -> None:
        super().__init__(ASGIMiddleware(app))


@pytest.mark.parametrize("factory", [OwnCall, OwnApp, ASGIMiddleware])
def test_a_layer_that_does_more_than_look_at_heads_is_not_fused(factory: Any) -> None:
    given_app = Group((), ASGIMiddleware(Reply(200)))
    layer = factory(given_app)

    assert put_around(layer, given_app) is layer
