"""Stack: layers outermost first, and what they make together."""

from typing import Any

import pytest
from asgiref.compatibility import guarantee_single_callable
from django.core.asgi import get_asgi_application

from asgi_stack import (
    ApplicationError,
    ASGIMiddleware,
    ConfigurationError,
    HeaderMiddleware,
    ImportPathError,
    Layer,
    OptionError,
    Reply,
    RequestHead,
    Stack,
    StackError,
)
from asgi_stack.composing.stack import StackedApplication
from asgi_stack.testing import Recorder, http_scope, lifespan_scope, websocket_scope
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.helpers import WHOLE, Opener, Server, call


class Mark(ASGIMiddleware):
    """Appends its name to the scope's path."""

    __slots__ = ("name",)

    def __init__(self, app: ASGIApp, *, name: str = "m") -> None:
        super().__init__(app)
        self.name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "path": scope["path"] + self.name}, receive, send)


class HeadMark(HeaderMiddleware):
    """The same, as header middleware."""

    __slots__ = ("name",)

    def __init__(self, app: ASGIApp, *, name: str = "h") -> None:
        super().__init__(app)
        self.name = name

    def on_request(self, request: RequestHead) -> None:
        request.update(path=request.path + self.name)


class Fussy(ASGIMiddleware):
    """Refuses every option."""

    __slots__ = ()

    def __init__(self, app: ASGIApp, *, size: int = 0) -> None:
        super().__init__(app)
        raise OptionError(self, "size", size, "Give another.")


# --- wrap


async def test_the_first_layer_sees_a_request_first() -> None:
    recorder = Recorder()
    layers = [
        Layer(Mark, name="1"),
        Layer(HeadMark, name="2"),
        Layer(HeadMark, name="3"),
        Layer(Mark, name="4"),
    ]
    await call(Stack(layers).wrap(recorder), http_scope("/"))

    assert recorder.scope["path"] == "/1234"


def test_layers_are_made_in_wrap_and_not_by_the_first_request() -> None:
    made: list[Any] = []

    def factory(app: ASGIApp) -> ASGIApp:
        made.append(app)
        return app

    Stack([factory]).wrap(Recorder())

    assert len(made) == 1


def test_a_stack_may_wrap_several_applications() -> None:
    stack, one, other = Stack([Mark]), Recorder(), Recorder()

    assert stack.wrap(one).application is one
    assert stack.wrap(other).application is other


@pytest.mark.parametrize("layers", [[], [Mark], [HeadMark], [Mark, HeadMark], [HeadMark, Mark]])
async def test_the_head_of_the_application_is_in_the_form_of_the_specification(layers: Any) -> None:
    head = {"type": "http.response.start", "status": 200, "headers": (p for p in [[b"X-A", b"1"]])}
    sloppy = Recorder(messages=[head, {"type": "http.response.body"}])
    sent = await call(Stack(layers).wrap(sloppy), http_scope())

    assert sent[0]["headers"] == [(b"x-a", b"1")]


async def test_a_foreign_layer_is_given_heads_in_that_form_already() -> None:
    seen: list[Message] = []

    def foreign(app: ASGIApp) -> ASGIApp:
        async def watching(scope: Scope, receive: Receive, send: Send) -> None:
            async def send_with_note(message: Message) -> None:
                seen.append(message)
                await send(message)

            await app(scope, receive, send_with_note)

        return watching

    recorder = Recorder(headers=[(b"Content-Length", b"0")])
    await call(Stack([HeadMark, foreign]).wrap(recorder), http_scope())

    assert seen[0]["headers"] == [(b"content-length", b"0")]


@pytest.mark.parametrize(
    "layers", [[], [ASGIMiddleware], [HeaderMiddleware], [HeaderMiddleware, ASGIMiddleware]]
)
async def test_an_unknown_scope_reaches_the_application_untouched(layers: Any) -> None:
    recorder, scope = Recorder(), {"type": "made.up"}
    receive, send = Server().receive, Server().send
    await Stack(layers).wrap(recorder)(scope, receive, send)

    assert recorder.calls == [(scope, receive, send)]
    assert recorder.scope is scope


@pytest.mark.parametrize("make", [http_scope, websocket_scope])
async def test_a_stack_that_changes_nothing_hands_on_the_same_scope_and_receive(make: Any) -> None:
    recorder, scope = Recorder(reads=False, websocket="close"), make()

    async def connect() -> Message:
        return {"type": "websocket.connect"}

    await Stack([HeaderMiddleware, ASGIMiddleware]).wrap(recorder)(scope, connect, Server().send)

    assert recorder.scope is scope
    assert recorder.calls[0].receive is connect


async def test_a_stack_around_a_stack_is_one_stack() -> None:
    recorder = Recorder()
    inner = Stack([Layer(Mark, name="2")]).wrap(recorder)
    await call(Stack([Layer(HeadMark, name="1")]).wrap(inner), http_scope("/"))

    assert recorder.scope["path"] == "/12"


async def test_a_factory_may_decide_to_add_nothing() -> None:
    server = Server()
    context = Layer(Opener, opens=server.context("a", {"db": 1}))
    sent = await server.run(Stack([lambda app: app, context]).wrap(Recorder()))

    assert sent == WHOLE
    assert server.log == ["+a", "startup.complete", "-a", "shutdown.complete"]


# --- mistakes


def test_an_application_that_is_none_is_refused_by_wrap() -> None:
    with pytest.raises(
        ConfigurationError, match=r"Stack.wrap: get_asgi_application takes no scope.* Call it"
    ):
        Stack([Mark]).wrap(get_asgi_application)


def test_a_fault_in_wrap_says_position_and_name() -> None:
    with pytest.raises(ConfigurationError, match=r"^layer 2 of 2, Fussy: Fussy: size=0 is not usable"):
        Stack([Mark, Fussy]).wrap(Recorder())


def test_all_faults_of_wrap_are_in_one_report_outermost_first() -> None:
    stack = Stack([Layer.at("nowhere_at_all.Name"), Mark, Layer(Fussy, size=7), lambda app: None])
    with pytest.raises(ConfigurationError, match=r"^4 layers cannot be used") as caught:
        stack.wrap(None)  # type: ignore[arg-type]  # what is being tested

    assert [type(error) for error in caught.value.errors] == [
        ImportPathError,
        OptionError,
        ApplicationError,
        ApplicationError,
    ]


@pytest.mark.parametrize("error", [AssertionError("as Starlette does"), KeyError("x"), TypeError("y")])
def test_whatever_a_factory_raises_is_reported_and_the_cause(error: Exception) -> None:
    def factory(app: ASGIApp) -> ASGIApp:
        raise error

    with pytest.raises(ConfigurationError, match="layer 1 of 1, factory: ") as caught:
        Stack([factory]).wrap(Recorder())

    assert caught.value.__cause__ is error


def test_a_lifespan_without_its_decorator_is_refused_by_wrap() -> None:
    class Pool(ASGIMiddleware):
        async def lifespan(self) -> Any:  # type: ignore[override]  # the mistake
            yield

    with pytest.raises(
        ConfigurationError, match=r"layer 1 of 1, Pool: Pool: lifespan=.*Decorate lifespan with"
    ):
        Stack([Pool]).wrap(Recorder())


def test_every_entry_that_is_not_a_layer_is_named_by_the_stack() -> None:
    entries: Any = [Mark, "a.B", 7]
    with pytest.raises(ConfigurationError, match=r"^2 layers cannot be used") as caught:
        Stack(entries)

    assert "layer 2: 'a.B' is not a middleware. For a dotted path write Layer.at('a.B')." in str(caught.value)
    assert "layer 3: 7 is not a middleware." in str(caught.value)


def test_an_option_that_is_missing_is_found_by_the_stack() -> None:
    with pytest.raises(ConfigurationError, match=r"layer 1: Opener: missing a required .*'opens'"):
        Stack([Opener])  # type: ignore[list-item]  # what is being tested


@pytest.mark.parametrize("given", [None, Mark, Layer(Mark), "a.B", 7, b"", {}, {Mark: {}}])
def test_a_stack_wants_a_list(given: Any) -> None:
    with pytest.raises(OptionError, match=r"Stack: layers=.* Give a list of layers, as in Stack\(\[...\]\)."):
        Stack(given)


@pytest.mark.parametrize("seconds", [0, -1, "5", True, float("nan"), float("inf")])
def test_a_time_limit_that_is_none_is_refused(seconds: Any) -> None:
    with pytest.raises(
        OptionError, match=r"Stack: lifespan_timeout=.* Give seconds, 0.001 or more\..* None is no limit."
    ):
        Stack([], lifespan_timeout=seconds)


def test_one_context_must_stand_in_a_list_too() -> None:
    with pytest.raises(
        OptionError, match=r"Stack: lifespan=.*Give a list of functions, as in lifespan=\[...\]"
    ):
        Stack([], lifespan=Server().context("a"))  # type: ignore[arg-type]  # what is being tested


def test_every_fault_is_a_stack_error() -> None:
    with pytest.raises(StackError, match="layer 1 of 1"):
        Stack([Fussy]).wrap(Recorder())


# --- a value


def test_a_stack_is_a_sequence_of_its_layers() -> None:
    stack = Stack([Mark, Layer(Mark, name="2")])

    assert list(stack) == [Layer(Mark), Layer(Mark, name="2")]
    assert len(stack) == 2


def test_a_one_shot_iterable_of_layers_is_kept() -> None:
    stack = Stack(layer for layer in [Mark, HeadMark])

    assert [list(stack), list(stack)] == [[Layer(Mark), Layer(HeadMark)]] * 2


def test_a_stack_does_not_follow_the_list_that_it_was_made_of() -> None:
    layers: list[Any] = [Mark]
    stack = Stack(layers)
    layers.append(HeadMark)

    assert len(stack) == 1


def enter() -> Any: ...


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Stack([Layer(Mark)], lifespan=[enter], lifespan_timeout=1), True),
        (Stack([Layer(Mark, name="2")], lifespan=[enter], lifespan_timeout=1), False),
        (Stack([Mark], lifespan_timeout=1), False),
        (Stack([Mark], lifespan=[enter]), False),
        ([Layer(Mark)], False),
    ],
)
def test_stacks_are_equal_when_layers_and_contexts_are(other: Any, same: bool) -> None:
    stack = Stack([Mark], lifespan=[enter], lifespan_timeout=1)

    assert (stack == other) is same
    assert len({stack, Stack(iter(stack), lifespan=[enter], lifespan_timeout=1)}) == 1


@pytest.mark.parametrize(
    ("stack", "text"),
    [
        (Stack(), "Stack([])"),
        (Stack([Mark, Layer(Mark, name="2")]), "Stack([\n    Mark(),\n    Mark(name='2'),\n])"),
        (
            Stack([Mark], lifespan=[enter], lifespan_timeout=1.5),
            "Stack([\n    Mark(),\n], lifespan=[enter], lifespan_timeout=1.5)",
        ),
        (Stack(lifespan=[enter]), "Stack([], lifespan=[enter])"),
    ],
)
def test_a_stack_is_printed_as_it_is_written(stack: Stack, text: str) -> None:
    assert repr(stack) == text


@pytest.mark.parametrize("value", [Stack(), Stack().wrap(Recorder())])
def test_nothing_can_be_put_on_a_stack_or_what_it_wraps(value: Any) -> None:
    with pytest.raises(AttributeError):
        value.colour = "red"


# --- the application that it makes


def test_a_stacked_application_knows_its_stack_and_its_application() -> None:
    stack, django = Stack([Mark]), get_asgi_application()
    application = stack.wrap(django)

    assert type(application) is StackedApplication
    assert (application.stack, application.application) == (stack, django)


def test_a_stacked_application_is_printed_as_it_is_written() -> None:
    assert repr(Stack([Mark]).wrap(get_asgi_application())) == "Stack([\n    Mark(),\n]).wrap(ASGIHandler)"


@pytest.mark.parametrize(
    "application", [Stack().wrap(Recorder()), Mark(Recorder()), HeaderMiddleware(Recorder()), Reply(404)]
)
def test_asgiref_takes_what_we_hand_out_for_asgi_3(application: Any) -> None:
    assert guarantee_single_callable(application) is application


@pytest.mark.parametrize("make", [Mark, HeadMark])
async def test_a_middleware_alone_is_a_complete_application(make: Any) -> None:
    sent = await call(make(get_asgi_application()), http_scope("/hello/"), ignore={"H28"})  # Django's

    assert sent[0]["status"] == 404  # the path has a letter more


async def test_a_lifespan_scope_is_not_copied_where_the_server_gives_state() -> None:
    recorder, scope = Recorder(), lifespan_scope()
    await Server(scope).run(Stack([ASGIMiddleware]).wrap(recorder))

    assert recorder.scope is scope
