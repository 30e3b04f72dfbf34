"""The two base classes, and what a group of header middleware hands on. The law of fusion is elsewhere."""

from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from asgiref.compatibility import guarantee_single_callable

from asgi_stack import (
    ApplicationError,
    ASGIMiddleware,
    HeaderMiddleware,
    LayerError,
    Reply,
    RequestHead,
    ResponseHead,
    Stack,
)
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.helpers import call, fields

BASES = pytest.mark.parametrize("base", [ASGIMiddleware, HeaderMiddleware])


class Stamp(HeaderMiddleware):
    """Puts one constant field on every response."""

    __slots__ = ("_value",)

    def __init__(self, app: ASGIApp, *, value: bytes = b"1") -> None:
        super().__init__(app)
        self._value = value

    def on_request(self, request: RequestHead) -> Any:
        return self._stamp

    def _stamp(self, response: ResponseHead) -> None:
        response.headers.append(b"X-Stamp", self._value)


class Refuse(HeaderMiddleware):
    """Lets nothing in."""

    __slots__ = ()

    def on_request(self, request: RequestHead) -> Reply:
        return Reply(403, "no")


async def receive() -> Message:
    return {"type": "http.request"}


async def send(message: Message) -> None: ...


def groups_and_singles(*layers: Any) -> list[Any]:
    """Around a recorder: every layer alone, and all of them in a stack."""
    return [*layers, Stack(layers).wrap]


# --- both bases


@BASES
@pytest.mark.parametrize(
    "scope", [{"type": "lifespan"}, {"type": "made.up"}, http_scope(), websocket_scope()]
)
async def test_a_base_hands_on_the_same_objects(base: Any, scope: Scope) -> None:
    recorder = Recorder(reads=False, websocket="close")
    await base(recorder)(scope, receive, send)

    assert recorder.calls == [(scope, receive, send)]
    assert recorder.scope is scope


@pytest.mark.parametrize("make", groups_and_singles(Stamp, Refuse))
@pytest.mark.parametrize("scope_type", ["lifespan", "made.up"])
async def test_a_foreign_scope_passes_every_header_middleware(make: Any, scope_type: str) -> None:
    seen: list[Any] = []

    async def inner(*given: Any) -> None:
        seen.append(given)

    scope = {"type": scope_type, "state": {}}
    outermost = getattr(make(inner), "_outermost", None) or make(inner)
    await outermost(scope, receive, send)

    assert [each is other for each, other in zip(seen[0], (scope, receive, send), strict=True)] == [True] * 3


@BASES
@pytest.mark.parametrize("application", [None, Recorder, "a.B"])
def test_what_is_no_application_is_refused(base: Any, application: Any) -> None:
    with pytest.raises(ApplicationError, match="is not an application"):
        base(application)


@BASES
def test_options_are_by_name_only_and_there_are_none(base: Any) -> None:
    with pytest.raises(TypeError):
        base(Recorder(), 1)


@BASES
def test_a_base_has_no_dictionary_to_write_to(base: Any) -> None:
    with pytest.raises(AttributeError):
        base(Recorder()).colour = "red"


@BASES
def test_asgiref_takes_an_instance_for_asgi_3(base: Any) -> None:
    middleware = base(Recorder())

    assert guarantee_single_callable(middleware) is middleware


@BASES
def test_a_class_acts_on_http_and_websocket_unless_it_says_more(base: Any) -> None:
    assert base.scope_types == {"http", "websocket"}


@BASES
async def test_a_base_has_a_lifespan_that_does_nothing(base: Any) -> None:
    context = base(Recorder()).lifespan()

    assert isinstance(context, AbstractAsyncContextManager)
    assert await context.__aenter__() is None


# --- header middleware


async def test_a_hook_changes_the_head_of_the_response_and_nothing_else() -> None:
    recorder = Recorder(headers={"x-a": "1"}, body=[b"a", b"b"])
    sent = await call(Stamp(recorder), http_scope())

    assert sent[0] == {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"x-a", b"1"), (b"x-stamp", b"1")],
    }
    assert sent[1] is recorder.sent[1]


@pytest.mark.parametrize("make", [Stamp, Stack([Stamp]).wrap])
async def test_a_message_of_the_application_is_never_edited_in_place(make: Any) -> None:
    recorder = Recorder(headers=[(b"X-A", b"1")])
    await call(make(recorder), http_scope())

    assert recorder.sent[0]["headers"] == [(b"X-A", b"1")]


@pytest.mark.parametrize("make", [Stamp, Stack([Stamp]).wrap])
@pytest.mark.parametrize(
    "kind",
    [
        "http.response.early_hint",
        "http.response.debug",
        "http.response.trailers",
        "http.response.push",
        "odd",
    ],
)
async def test_every_other_message_passes_untouched(make: Any, kind: str) -> None:
    message = {"type": kind, "headers": [(b"X-A", b"1")]}
    # Alone, in the wrong place, in capitals: what it is does not matter.
    sent = await call(make(Recorder(messages=[message])), http_scope(), lint=False)

    assert sent[0] is message


async def test_a_second_head_runs_the_hooks_again() -> None:
    start = {"type": "http.response.start", "status": 200}
    sent = await call(Stamp(Recorder(messages=[start, start])), http_scope(), lint=False)  # one is legal

    assert [message["headers"] for message in sent] == [[(b"x-stamp", b"1")]] * 2


@pytest.mark.parametrize("answer", ["accept", "deny"])
async def test_a_hook_sees_the_head_of_a_websocket(answer: Any) -> None:
    recorder = Recorder(websocket=answer)
    sent = await call(Stamp(recorder), websocket_scope())

    assert fields(sent, b"x-stamp") == [b"1"]


@pytest.mark.parametrize("make", [Refuse, Stack([Refuse]).wrap])
async def test_a_reply_is_sent_and_the_inner_application_not_called(make: Any) -> None:
    recorder = Recorder()
    sent = await call(make(recorder), http_scope())

    assert (sent[0]["status"], sent[1]["body"], recorder.calls) == (403, b"no", [])


async def test_a_reply_passes_the_hooks_outside_of_it_and_not_those_inside() -> None:
    nest = Stamp(Refuse(Stamp(Recorder(), value=b"inside")), value=b"outside")

    assert fields(await call(nest, http_scope()), b"x-stamp") == [b"outside"]


@pytest.mark.parametrize("layers", [[Stamp], [Stamp, Refuse], [Stamp, ASGIMiddleware, Refuse]])
async def test_hooks_see_a_reply_of_a_stack_as_they_see_any_response(layers: Any) -> None:
    assert fields(await call(Stack(layers).wrap(Recorder()), http_scope()), b"x-stamp") == [b"1"]


class OnlyHttp(Stamp):
    """Acts on http alone."""

    scope_types = frozenset({"http"})


class Everywhere(HeaderMiddleware):
    """Acts on a scope type that does not exist yet."""

    scope_types = frozenset({"made.up"})

    def on_request(self, request: RequestHead) -> None:
        request.update(seen=True)


@pytest.mark.parametrize("make", [OnlyHttp, Stack([OnlyHttp]).wrap])
async def test_a_class_may_act_on_fewer_scope_types(make: Any) -> None:
    recorder = Recorder(websocket="deny")
    sent = await call(make(recorder), websocket_scope(), {"type": "websocket.connect"})

    assert fields(sent, b"x-stamp") == []


@pytest.mark.parametrize("make", [Everywhere, Stack([Everywhere]).wrap])
async def test_a_class_may_act_on_other_scope_types(make: Any) -> None:
    recorder = Recorder()
    await make(recorder)({"type": "made.up", "headers": []}, receive, send)

    assert recorder.scope == {"type": "made.up", "headers": [], "seen": True}


class Wrapping(Stamp):
    """Has a call of its own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__({**scope, "wrapped": True}, receive, send)


class Replacing(Stamp):
    """Puts something of its own around the inner application."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(Wrapping(app, value=b"own"))


@pytest.mark.parametrize(("layer", "stamps"), [(Wrapping, [b"1", b"1"]), (Replacing, [b"own", b"1", b"1"])])
async def test_a_class_that_is_more_than_its_hook_is_not_fused(layer: Any, stamps: list[bytes]) -> None:
    recorder = Recorder()
    sent = await call(Stack([Stamp, layer]).wrap(recorder), http_scope())

    assert (recorder.scope["wrapped"], fields(sent, b"x-stamp")) == (True, stamps)


def test_an_async_hook_is_refused_when_the_class_is_made() -> None:
    with pytest.raises(
        LayerError, match=r"Slow: on_request is an async function. Header middleware never awaits"
    ):

        class Slow(HeaderMiddleware):
            async def on_request(self, request: RequestHead) -> None:  # type: ignore[override]  # the mistake
                ...


def test_a_hook_that_is_an_async_generator_is_refused_too() -> None:
    with pytest.raises(LayerError, match=r"Streaming: on_request is an async function"):

        class Streaming(HeaderMiddleware):
            async def on_request(self, request: RequestHead) -> Any:  # type: ignore[override]  # the mistake
                yield


@pytest.mark.parametrize("make", [Stamp, Stack([Stamp]).wrap])
async def test_an_error_of_the_inner_application_comes_out_as_it_is(make: Any) -> None:
    error = RuntimeError("inner")
    with pytest.raises(RuntimeError, match="inner") as caught:
        await call(make(Recorder(fail_at="start", error=error)), http_scope())

    assert caught.value is error
