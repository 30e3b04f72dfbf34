"""Conditions: for which requests a layer acts, fused or not."""

import asyncio
import contextlib
import functools
import inspect
from typing import Any
from unittest.mock import AsyncMock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack import (
    ASGIMiddleware,
    ConfigurationError,
    HeaderMiddleware,
    Layer,
    LayerError,
    OptionError,
    RequestHead,
    ResponseHead,
    Stack,
)
from asgi_stack.composing.group import Group
from asgi_stack.testing import Recorder, http_scope, lifespan_scope, websocket_scope
from asgi_stack.types import ASGIApp, Receive, Scope, Send
from tests.helpers import call, shown


class Fused(HeaderMiddleware):
    """Leaves a mark in the scope."""

    __slots__ = ()

    def on_request(self, request: RequestHead) -> None:
        request.update(marked=True)


class Unfused(ASGIMiddleware):
    """The same, with a frame of its own, on every scope."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "marked": True}, receive, send)


def handshake(url: str, **given_scope: Any) -> Scope:
    return websocket_scope(url, **given_scope)


GET, POST = http_scope("/api/x"), http_scope("/api/x", method="POST")

MATCHING: list[tuple[dict[str, Any], Scope, bool]] = [
    ({"path": "/api"}, http_scope("/api"), True),
    ({"path": "/api"}, http_scope("/api/x"), True),
    ({"path": "/api"}, http_scope("/apixyz"), False),
    ({"path": "/api"}, http_scope("/API"), False),
    ({"path": "/api/"}, http_scope("/api"), True),
    ({"path": "/api/"}, http_scope("/apixyz"), False),
    ({"path": "/ping/<int>"}, http_scope("/ping/7/fail"), True),
    ({"path": "/ping/<int>"}, http_scope("/ping/seven"), False),
    ({"path": "/api"}, http_scope("/blog//api"), False),
    ({"path": "/api"}, http_scope("/api//x"), True),
    ({"exact_path": "/<int>/done"}, http_scope("/7/done"), True),
    ({"path": "/"}, http_scope("/anything"), True),
    ({"path": ["/a", "/b"]}, http_scope("/b/c"), True),
    ({"path": "/x"}, http_scope("/mount/x", root_path="/mount"), True),
    ({"path": "/mount"}, http_scope("/mount/x", root_path="/mount"), False),
    ({"path": "/api"}, handshake("/api/socket"), True),
    ({"exact_path": "/live"}, http_scope("/live"), True),
    ({"exact_path": "/live"}, http_scope("/live/x"), False),
    ({"host": "example.com"}, http_scope("http://example.com/"), True),
    ({"host": "example.com"}, http_scope("http://EXAMPLE.com:8000/"), True),
    ({"host": ".example.com"}, http_scope("http://a.example.com/"), True),
    ({"host": "*.example.com"}, http_scope("http://example.com/"), False),
    ({"host": "example.com"}, http_scope("http://notexample.com/"), False),
    ({"host": "Example.com."}, http_scope("http://example.com/"), True),
    ({"method": "POST"}, POST, True),
    ({"method": ["PUT", "POST"]}, GET, False),
    ({"method": "GET"}, handshake("/"), True),
    ({"scope_type": "websocket"}, handshake("/"), True),
    ({"scope_type": "websocket"}, GET, False),
    ({"scope_type": "http"}, lifespan_scope(), False),
    ({"scope_type": ["http", "lifespan"]}, lifespan_scope(), True),
    ({"when": lambda scope: "x" in scope["path"]}, GET, True),
    ({"when": lambda scope: False}, GET, False),
    ({"path": "/api", "method": "POST"}, POST, True),
    ({"path": "/api", "method": "POST"}, GET, False),
    ({"path": "/api", "scope_type": "http"}, handshake("/api"), False),
]


async def marked(layer: Layer[...], scope: Scope) -> bool:
    """Whether the layer acted: seen by an application that takes the scope as it is."""
    seen: list[Scope] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    stacked = Stack([layer]).wrap(inner)
    await stacked._outermost(scope, Recorder(), Recorder())  # lifespan is the stack's own affair
    return seen[0].get("marked", False)


@pytest.mark.parametrize("factory", [Fused, Unfused])
@pytest.mark.parametrize(("keys", "scope", "acts"), MATCHING, ids=[str(i) for i in range(len(MATCHING))])
async def test_only_and_exclude_are_each_others_opposite(
    factory: Any, keys: dict[str, Any], scope: Scope, acts: bool
) -> None:
    if scope["type"] not in ("http", "websocket") and factory is Fused:
        pytest.skip("header middleware never acts on lifespan")

    assert await marked(Layer(factory).only(**keys), scope) is acts
    assert await marked(Layer(factory).exclude(**keys), scope) is not acts


def hosts(*values: bytes) -> Scope:
    return {**http_scope("/"), "headers": [(b"host", value) for value in values]}


DOUBTFUL: list[tuple[dict[str, Any], Scope]] = [
    ({"path": "/api"}, http_scope("//api")),
    ({"path": "/api"}, http_scope("/x/../api")),
    ({"exact_path": "/live"}, http_scope("/live/")),
    ({"exact_path": "/live"}, http_scope("/live%0a")),
    ({"host": "example.com"}, hosts(b"a b")),
    ({"host": "example.com"}, hosts(b"example.com:65536")),
    ({"host": "example.com"}, hosts()),
    ({"host": "example.com"}, hosts(b"example.org", b"example.org")),
    ({"method": "POST"}, http_scope("/", method="post")),
    ({"method": "POST"}, http_scope("/", method="PoSt")),
    ({"method": "PURGE"}, http_scope("/", method="purge")),
    ({"path": "/api", "method": "POST"}, http_scope("//api", method="post")),
]


@pytest.mark.parametrize("factory", [Fused, Unfused])
@pytest.mark.parametrize(("keys", "scope"), DOUBTFUL, ids=[str(i) for i in range(len(DOUBTFUL))])
async def test_in_doubt_a_layer_acts_whichever_way_its_condition_is_put(
    factory: Any, keys: dict[str, Any], scope: Scope
) -> None:
    assert await marked(Layer(factory).only(**keys), scope)
    assert await marked(Layer(factory).exclude(**keys), scope)


async def test_where_one_key_surely_does_not_match_there_is_no_doubt() -> None:
    scope = http_scope("//api", method="GET")

    assert not await marked(Layer(Fused).only(path="/api", method="POST"), scope)
    assert await marked(Layer(Fused).exclude(path="/api", method="POST"), scope)


@pytest.mark.parametrize(
    "keys", [{"path": "/api"}, {"when": lambda scope: False}, {"method": "POST"}], ids=shown
)
@pytest.mark.parametrize("verb", ["only", "exclude"])
async def test_what_speaks_of_requests_holds_no_other_scope_back(verb: str, keys: Any) -> None:
    layer = getattr(Layer(Unfused), verb)(**keys)

    assert await marked(layer, lifespan_scope())


async def test_every_clause_must_let_the_layer_act() -> None:
    layer = Layer(Fused).only(path="/api").exclude(path="/api/health").exclude(method="POST")

    acting = [await marked(layer, scope) for scope in (GET, POST, http_scope("/api/health"), http_scope("/"))]

    assert acting == [True, False, False, False]


async def test_an_unknown_scope_type_follows_the_scope_types_alone() -> None:
    scope = {"type": "made.up"}
    seen: list[Scope] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    for layer in (Layer(Unfused).only(path="/x"), Layer(Unfused).only(scope_type="http")):
        await Stack([layer]).wrap(inner)(scope, Recorder(), Recorder())

    assert [kept.get("marked", False) for kept in seen] == [True, False]


def test_a_condition_keeps_the_group_fused() -> None:
    outermost = Stack([Fused, Layer(Fused).only(path="/a"), Fused]).wrap(Recorder())._outermost

    assert isinstance(outermost, Group)
    assert len(outermost.members) == 3


def test_a_layer_that_never_acts_on_a_scope_type_is_not_entered_for_it() -> None:
    layers = [Layer(Unfused).only(scope_type="http"), Layer(Unfused).exclude(scope_type="websocket")]
    plans = Stack(layers).wrap(inner := Recorder())._outermost.plans
    entered = {kind: plans[kind]({"type": kind}, Recorder())[0] for kind in ("http", "websocket", "made.up")}

    assert isinstance(entered["http"], Unfused)
    assert (entered["websocket"], type(entered["made.up"])) == (inner, Unfused)


def test_a_layer_that_is_gone_past_does_not_part_its_neighbours() -> None:
    outermost = Stack([Fused, Layer(Unfused).only(path="/a"), Fused]).wrap(Recorder())._outermost

    assert [member.fused for member in outermost.members] == [True, False, True]
    assert depth_of([Fused, Layer(Unfused).only(path="/nowhere"), Fused], GET) == depth_of([Fused], GET)


async def test_what_a_layer_outside_changes_is_what_the_condition_of_one_inside_goes_by() -> None:
    class Moves(HeaderMiddleware):
        def on_request(self, request: RequestHead) -> None:
            request.update(path="/a")

    for factory in (Fused, Unfused):
        inner = Recorder()
        await call(Stack([Moves, Layer(factory).only(path="/a")]).wrap(inner), http_scope("/b"))
        assert inner.scope["marked"]


async def test_a_hook_of_a_layer_that_does_not_act_is_not_called() -> None:
    class Marks(HeaderMiddleware):
        def on_request(self, request: RequestHead) -> Any:
            def mark(response: ResponseHead) -> None:
                response.headers.append(b"x-mark", b"1")

            return mark

    stacked = Stack([Layer(Marks).only(path="/a")]).wrap(Recorder())

    heads = [(await call(stacked, http_scope(path)))[0]["headers"] for path in ("/a", "/b")]
    assert [(b"x-mark", b"1") in head for head in heads] == [True, False]


paths = st.lists(st.sampled_from(["a", "b", "ab"]), max_size=3).map(lambda parts: "/" + "/".join(parts))


@given(paths, paths, st.sampled_from([Fused, Unfused]))
async def test_a_request_that_a_condition_spares_observes_the_stack_without_the_layer(
    prefix: str, path: str, factory: Any
) -> None:
    layer = Layer(factory).only(path=prefix)
    if path == prefix or path.startswith(prefix.rstrip("/") + "/"):
        return
    scope = http_scope(path)

    async def observed(*layers: Any) -> Any:
        inner = Recorder()
        sent = await call(Stack([Fused, *layers, Unfused]).wrap(inner), scope)
        return inner.scope, sent

    assert await observed(layer) == await observed()


class FusedMark(HeaderMiddleware):
    """Notes its number inward in the scope, and outward in the response."""

    __slots__ = ("_number",)

    def __init__(self, app: ASGIApp, *, number: int) -> None:
        super().__init__(app)
        self._number = number

    def on_request(self, request: RequestHead) -> Any:
        request.update(seen=[*request.scope.get("seen", ()), self._number])
        return lambda response: response.headers.append(b"x-mark", b"%d" % self._number)


class OwnFrameMark(FusedMark):
    """The same, but never fused."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)


async def outcome(layers: list[Layer[...]], scope: Scope, *, lint: bool = True) -> tuple[Any, list[Any]]:
    inner = Recorder()
    sent = await call(Stack(layers).wrap(inner), scope, lint=lint)
    return inner.scope, sent


def with_conditions(layer: Layer[...], clauses: list[tuple[str, str]]) -> Layer[...]:
    for verb, prefix in clauses:
        layer = getattr(layer, verb)(path=prefix)
    return layer


def lets_act(clauses: list[tuple[str, str]], path: str) -> bool:
    """What the conditions mean, in one line."""
    return all(
        (path == prefix or path.startswith(prefix.removesuffix("/") + "/")) is (verb == "only")
        for verb, prefix in clauses
    )


clauses = st.lists(st.tuples(st.sampled_from(["only", "exclude"]), paths), max_size=2)
entries = st.lists(st.tuples(st.sampled_from([FusedMark, OwnFrameMark]), clauses), max_size=6)


@given(entries, paths)
async def test_a_stack_with_conditions_is_the_stack_of_the_layers_that_act(given: Any, path: str) -> None:
    bare = [Layer(factory, number=number) for number, (factory, _) in enumerate(given)]
    conditions = [clauses for _, clauses in given]
    layers = [with_conditions(*pair) for pair in zip(bare, conditions, strict=True)]
    acting = [layer for layer, clauses in zip(bare, conditions, strict=True) if lets_act(clauses, path)]

    assert await outcome(layers, http_scope(path)) == await outcome(acting, http_scope(path))


class Unread(list[Any]):
    """Header lines that nobody may read."""

    def __iter__(self) -> Any:
        pytest.fail("the header lines were read")


async def test_where_no_header_layer_acts_the_fields_are_not_read() -> None:
    layers = [Layer(Fused).only(path="/a"), Layer(Fused).exclude(path="/b")]
    scope = {**http_scope("/b"), "headers": Unread()}

    # Without lint, which reads them.
    assert (await outcome(layers, scope, lint=False))[0] is scope


def depth_of(layers: list[Any], scope: Scope) -> Any:
    """How many frames there are around the inner application."""
    found: list[int] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(len(inspect.stack(0)))

    run = Stack(layers).wrap(inner)(scope, Recorder(), Recorder())
    with contextlib.suppress(StopIteration):
        run.__await__().send(None)
    return found[0]


AFTER = pytest.mark.parametrize("after", [[], [Fused], [Unfused], [Fused, Unfused]], ids=shown)


def between_two_with_frames(before: list[Any], after: list[Any]) -> bool:
    """Whether nothing there can run a condition, which then has a frame of its own, and one alone."""
    return before[-1:] == [Unfused] == after[:1]


@pytest.mark.parametrize("factory", [Fused, Unfused])
@pytest.mark.parametrize("before", [[], [Fused], [Unfused], [Unfused, Fused]], ids=shown)
@AFTER
def test_a_layer_that_is_excluded_for_a_scope_type_adds_no_frame(
    factory: Any, before: list[Any], after: list[Any]
) -> None:
    excluded = Layer(factory).exclude(scope_type="http")
    more = 1 if between_two_with_frames(before, after) else 0

    assert depth_of([*before, excluded, *after], GET) <= depth_of([*before, *after], GET) + more


@pytest.mark.parametrize("before", [[], [Fused], [Unfused]], ids=shown)
@AFTER
def test_a_layer_that_a_request_goes_past_adds_no_frame(before: list[Any], after: list[Any]) -> None:
    passed_by = Layer(Unfused).only(path="/nowhere")
    more = 1 if between_two_with_frames(before, after) else 0

    assert depth_of([*before, passed_by, *after], GET) <= depth_of([*before, *after], GET) + more


def test_a_layer_that_acts_is_in_no_frame_of_its_condition() -> None:
    acting = Layer(Unfused).only(path="/api")

    assert depth_of([acting, Unfused], GET) == depth_of([Unfused, Unfused], GET)
    assert depth_of([Fused, acting, Unfused], GET) == depth_of([Fused, Unfused, Unfused], GET)


def test_a_layer_between_others_is_taken_for_asgi_3_with_a_condition_too() -> None:
    layers = [Unfused, Layer(Unfused).only(path="/a"), Unfused]
    outermost: Any = Stack(layers).wrap(Recorder())._outermost.app
    conditional = outermost.app

    assert isinstance(conditional, Group)
    assert inspect.iscoroutinefunction(conditional.__call__)


def answering(app: ASGIApp) -> ASGIApp:
    return lambda scope, receive, send: asyncio.gather(app(scope, receive, send))


def in_a_task(app: ASGIApp) -> ASGIApp:
    return lambda *given: asyncio.create_task(app(*given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("layers", "scope"),
    [
        ([Layer(answering).only(path="/api")], GET),
        ([Layer(Unfused).only(path="/nowhere"), answering], GET),
        ([Layer(Unfused).exclude(scope_type="http"), answering], GET),
        ([Fused, answering], {"type": "made.up", "asgi": {"version": "3.0"}}),
    ],
    ids=["acting", "passed by", "excluded", "made up"],
)
async def test_a_layer_that_answers_with_a_future_can_be_a_task(layers: list[Any], scope: Scope) -> None:
    served = in_a_task(Stack(layers).wrap(inner := Recorder())._outermost)
    await call(served, scope)

    assert len(inner.calls) == 1


@given(st.lists(st.tuples(st.sampled_from([Fused, Unfused]), st.booleans()), max_size=5))
async def test_a_stack_with_disabled_layers_is_the_stack_without_them(
    entries: list[tuple[Any, bool]],
) -> None:
    switched = Stack([Layer(factory).enabled_if(lambda on=on: on) for factory, on in entries])
    without = Stack([factory for factory, on in entries if on])
    one, other = Recorder(), Recorder()

    assert await call(switched.wrap(one), GET) == await call(without.wrap(other), GET)
    assert (one.scope, repr(switched.wrap(one)._outermost)[:20]) == (
        other.scope,
        repr(without.wrap(other)._outermost)[:20],
    )


def test_a_switch_is_asked_once_in_wrap() -> None:
    asked: list[int] = []
    stack = Stack([Layer(Fused).enabled_if(lambda: not asked.append(1))])
    before = len(asked)
    stack.wrap(Recorder())

    assert (before, len(asked)) == (0, 1)


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (
        "only",
        {"path": "api"},
        r"^Layer\(Fused\)\.only: path='api' is not usable\. A path begins with a slash",
    ),
    ("exclude", {"path": "/a?b"}, r"^Layer\(Fused\)\.exclude: path='/a\?b' .* A path ends before its query"),
    ("only", {"path": []}, r"path=\[\] is not usable\. Give at least one, as in path=\['/api'\]"),
    ("only", {"path": 7}, r"path=7 is not usable\. Give a str or a list of them, as in path=\['/api'\]"),
    ("only", {"path": [b"/a"]}, r"path=b'/a' is not usable\. Each entry is a str"),
    ("only", {"path": {"/a": "/b"}}, r"path=\{'/a': '/b'\} is not usable\. Give a str or a list"),
    ("only", {"method": "get"}, r"method='get' is not usable\. Methods are case-sensitive: 'GET'"),
    ("only", {"method": "GET, POST"}, r"Give methods, as in method=\['GET', 'POST'\]"),
    ("only", {"host": "https://a.com"}, r"host='https://a\.com' .* Give the host alone, without a scheme"),
    ("only", {"host": "example.com:80"}, r"host='example\.com:80' .* Leave the port out"),
    ("only", {"path": "/a/../b"}, r"path='/a/\.\./b' .* Leave '\.' and '\.\.' out"),
    ("only", {"scope_type": "websockets"}, r"scope_type='websockets' .* Did you mean 'websocket'\?"),
    ("only", {"scope_type": "http websocket"}, r"Give one scope type or a list of them"),
    ("only", {"when": True}, r"only: when=True is not usable\. Give a function that takes the scope"),
    ("only", {"when": lambda: True}, r"<lambda> is called with the scope\.$"),
]


@pytest.mark.parametrize(("verb", "keys", "message"), REFUSED, ids=[text for _, _, text in REFUSED])
def test_a_condition_that_could_never_match_is_refused_with_the_mend(
    verb: str, keys: dict[str, Any], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        getattr(Layer(Fused), verb)(**keys)


def test_a_condition_without_a_key_is_refused() -> None:
    with pytest.raises(
        LayerError, match=r"^Fused\.only\(\): give at least one of path, exact_path, host, method"
    ):
        Layer(Fused).only()


async def nobody(scope: Any) -> bool:
    return False


class AsyncCall:
    async def __call__(self, scope: Any) -> bool:
        return False


@pytest.mark.parametrize("verb", ["only", "exclude"])
@pytest.mark.parametrize("when", [nobody, AsyncCall(), functools.partial(nobody), AsyncMock()], ids=shown)
def test_an_async_predicate_is_refused_where_it_is_written(verb: str, when: Any) -> None:
    with pytest.raises(OptionError, match=r"^Layer\(Fused\)\..*: when=.* is an async function, and nothing"):
        getattr(Layer(Fused), verb)(when=when)


@pytest.mark.parametrize("verb", ["only", "exclude"])
async def test_a_predicate_that_returns_an_awaitable_is_an_error_and_never_yes(verb: str) -> None:
    inner = Recorder()
    app = Stack([getattr(Layer(Fused), verb)(when=lambda scope: nobody(scope))]).wrap(inner)

    with pytest.raises(OptionError, match=r"when\(\)=<coroutine object nobody .* Let it return its answer"):
        await call(app, http_scope())
    assert inner.calls == []


async def test_what_a_predicate_returns_may_be_anything_that_is_true_or_not() -> None:
    inner = Recorder()
    app = Stack([Layer(Fused).only(when=lambda scope: scope["path"].strip("/"))]).wrap(inner)
    await call(app, http_scope("/"))
    await call(app, http_scope("/a"))

    assert ["marked" in each.scope for each in inner.calls] == [False, True]


@pytest.mark.parametrize(
    "switch", [None, 3, [], "", "False", "debug", "a b", nobody, lambda scope: True], ids=shown
)
def test_a_switch_is_a_bool_a_function_or_the_name_of_a_setting(switch: Any) -> None:
    with pytest.raises(
        OptionError,
        match=r"^Layer\(Fused\)\.enabled_if: switch=.* Give a bool, a function .*, or a setting's name",
    ):
        Layer(Fused).enabled_if(switch)


async def on() -> bool:
    return True


@pytest.mark.parametrize(
    "answer", [lambda: on(), lambda: "False", lambda: ""], ids=["coroutine", "text", "empty"]
)
def test_a_switch_that_answers_neither_yes_nor_no_is_an_error(answer: Any) -> None:
    stack = Stack([Layer(Fused).enabled_if(answer)])

    with pytest.raises(ConfigurationError, match=r"Layer\(Fused\)\.enabled_if: switch\(\)=.* is not usable"):
        stack.wrap(Recorder())


def test_the_name_of_a_setting_means_nothing_outside_of_settings() -> None:
    with pytest.raises(
        ValueError, match=r"layer 1 of 1, Fused: enabled_if\('DEBUG'\): only a stack in settings"
    ):
        Stack([Layer(Fused).enabled_if("DEBUG")]).wrap(Recorder())


@pytest.mark.parametrize("name", ["", "a.b", 7], ids=shown)
def test_a_name_has_no_dot(name: Any) -> None:
    with pytest.raises(OptionError, match=r"^Layer\(Fused\)\.named: name=.* Give a name without dots"):
        Layer(Fused).named(name)


def is_staff(scope: Scope) -> bool:
    return False


def in_debug() -> bool:
    return False


def test_a_layer_prints_as_it_was_written() -> None:
    layer = Layer(Fused).only(path=["/a", "/b"], when=is_staff).exclude(method="GET").enabled_if(in_debug)

    assert repr(layer.enabled_if("DEBUG").named("x")) == (
        "Fused().only(path=['/a', '/b'], when=is_staff).exclude(method='GET')"
        ".enabled_if(in_debug).enabled_if('DEBUG').named('x')"
    )


def test_conditions_switches_and_names_are_part_of_what_makes_layers_equal() -> None:
    bare = Layer(Fused)
    changed = [bare.only(path="/a"), bare.exclude(path="/a"), bare.enabled_if(True), bare.named("a")]

    assert bare == Layer(Fused)
    assert all(layer != bare for layer in changed)


def test_every_change_leaves_the_layer_that_it_was_made_from_alone() -> None:
    bare = Layer(Fused)
    bare.only(path="/a").enabled_if(False).named("x")

    assert repr(bare) == "Fused()"


def application(app: ASGIApp) -> ASGIApp:
    return app


def test_a_factory_that_adds_nothing_adds_nothing_with_a_condition_either() -> None:
    inner = Recorder()

    outermost = Stack([Layer(application).only(path="/a")]).wrap(inner)._outermost
    assert isinstance(outermost, Group)


def test_the_settings_that_switches_name_are_looked_up() -> None:
    layer = Layer(Fused).enabled_if(True).enabled_if("STAGING")

    assert layer.with_settings({"STAGING": True}.__getitem__).is_enabled()
    assert not layer.with_settings({"STAGING": False}.__getitem__).is_enabled()
