"""The lifespans behind a router: each in its own task, started in order, stopped in reverse, all reported."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.core.asgi import get_asgi_application

from asgi_stack import Stack
from asgi_stack.routing import HostRouter, PathRouter, ProtocolRouter
from asgi_stack.testing import LifespanError, Recorder, http_scope, lifespan_scope
from asgi_stack.testing.lint import Lint
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.helpers import SHUTDOWN, STARTED, STARTUP, STOPPED, Server, declining

WHOLE = [STARTED, STOPPED]
FAILED = "lifespan.startup.failed"


def lives(
    server: Server,
    name: str,
    *,
    start: Exception | None = None,
    serve: BaseException | None = None,
    stop: Exception | None = None,
    gives: Any = None,
) -> ASGIApp:
    """An application that notes its start and its stop, and fails where it is told to."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        server.log.append(f"+{name}")
        if start:
            raise start
        scope["state"].update(gives or {})
        await send(STARTED)
        if serve:
            raise serve
        await receive()
        server.log.append(f"-{name}")
        if stop:
            raise stop
        await send(STOPPED)

    app.__name__ = name
    return app


def mounted(*apps: ASGIApp) -> PathRouter:
    return PathRouter({f"/{number}": app for number, app in enumerate(apps)})


def failure(sent: list[Message], phase: str = "startup") -> str:
    """The message of the last answer, which is a failure."""
    assert sent[-1]["type"] == f"lifespan.{phase}.failed"
    return str(sent[-1]["message"])


def records(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    return [(record.levelno, record.getMessage()) for record in caplog.records if "stack" in record.name]


# --- order and tasks


async def test_applications_are_started_in_order_and_stopped_in_reverse() -> None:
    server = Server()
    await server.run(mounted(lives(server, "a"), lives(server, "b")))

    assert server.log == ["+a", "+b", "startup.complete", "-b", "-a", "shutdown.complete"]


async def test_each_application_lives_in_one_task_of_its_own() -> None:
    tasks: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for answer in WHOLE:
            await receive()
            tasks.append(asyncio.current_task())
            await send(answer)

    async def other(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    await Server().run(mounted(app, other))

    first, second, third, fourth = tasks
    assert (first, second) == (fourth, third)
    assert len({first, second, asyncio.current_task()}) == 3


async def test_each_application_is_given_messages_of_its_own() -> None:
    one, two = Recorder(), Recorder()
    server = Server()
    await server.run(mounted(one, two))

    assert (one.received, two.received) == ([STARTUP, SHUTDOWN], [STARTUP, SHUTDOWN])
    assert one.received[0] is not two.received[0]


@pytest.mark.parametrize(
    "make",
    [
        lambda app: PathRouter({"/a": app, "/b": app}),
        lambda app: HostRouter({"a.example": app, "*": app}),
        lambda app: ProtocolRouter(http=app, websocket=app),
    ],
)
async def test_an_application_that_is_mounted_twice_lives_once(make: Any) -> None:
    app = Recorder()
    await Server().run(make(app))

    assert len(app.calls) == 1


async def test_an_application_in_several_nested_routers_lives_once_and_all_see_its_state() -> None:
    api = Recorder(state={"db": "open"})
    site, shop = PathRouter({"/api": api}), Stack().wrap(PathRouter({"/api": api, "/": Recorder()}))
    outer = HostRouter({"site.example": site, "shop.example": shop})
    seen: list[Any] = []

    async def requests() -> None:
        for host in ("site", "shop"):
            await outer(request(f"http://{host}.example/api"), empty_request, ignore)
            seen.append(api.scope["state"])

    await Server(serving=requests).run(outer)

    assert [call.scope["type"] for call in api.calls] == ["lifespan", "http", "http"]
    assert seen == [{"db": "open"}, {"db": "open"}]


async def test_a_message_that_nobody_knows_passes() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.odd"})

    assert await Server().run(mounted(app)) == [{"type": "lifespan.odd"}, *WHOLE]


# --- declining


async def test_django_declines_at_debug_and_the_others_live(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = Server()
    sent = await server.run(PathRouter({"/": get_asgi_application(), "/api": lives(server, "api")}))

    assert (sent, server.log[0]) == (WHOLE, "+api")
    assert [(level, text[:41]) for level, text in records(caplog)] == [
        (logging.DEBUG, "mount '/' (ASGIHandler) has no lifespan: ")
    ]


async def returning(scope: Scope, receive: Receive, send: Send) -> None: ...


async def asking(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()


@pytest.mark.parametrize(
    ("app", "level", "text"),
    [
        (declining, logging.INFO, "mount '/0' (declining) has no lifespan: ValueError: no lifespan here"),
        (
            returning,
            logging.INFO,
            "mount '/0' (returning) returned from its lifespan without an answer: it has none.",
        ),
        (
            asking,
            logging.WARNING,
            "mount '/0' (asking) returned from its lifespan without an answer: it has none.",
        ),
    ],
)
async def test_who_declines_is_served_without_a_lifespan(
    caplog: pytest.LogCaptureFixture, app: ASGIApp, level: int, text: str
) -> None:
    caplog.set_level(logging.DEBUG)

    assert await Server().run(mounted(app)) == WHOLE
    assert records(caplog) == [(level, text)]


# --- a start that fails


async def test_a_failing_start_stops_those_that_have_started_and_names_its_mount() -> None:
    server = Server()
    apps = [
        lives(server, "a"),
        lives(server, "b"),
        lives(server, "c", start=OSError("x")),
        lives(server, "d"),
    ]
    sent = await server.run(mounted(*apps))

    assert failure(sent) == "mount '/2' (c): OSError: x"
    assert server.log == ["+a", "+b", "+c", "-b", "-a", "startup.failed"]


async def test_faults_of_stopping_the_others_are_reported_after_the_cause() -> None:
    server = Server()
    sent = await server.run(
        mounted(lives(server, "a", stop=OSError("y")), lives(server, "b", start=OSError("x")))
    )

    assert failure(sent) == "mount '/1' (b): OSError: x; mount '/0' (a): OSError: y"


@pytest.mark.parametrize(("message", "reason"), [({"message": "no db"}, "no db"), ({}, "it gave no reason")])
@pytest.mark.parametrize("error", [None, RuntimeError("as Starlette does")])
async def test_the_reason_of_an_application_is_passed_on(message: Any, reason: str, error: Any) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": FAILED, **message})
        if error:
            raise error

    assert failure(await Server().run(mounted(app))) == f"mount '/0' (app): {reason}"


async def test_an_application_that_goes_on_after_its_failure_is_told_to_stop() -> None:
    received: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": FAILED})
        received.append(await receive())

    await Server().run(mounted(app))

    assert received == [SHUTDOWN]


async def test_a_failure_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    server, error = Server(), OSError("x")
    await server.run(mounted(lives(server, "a", start=error)))

    assert records(caplog) == [
        (logging.ERROR, "mount '/0' (a) failed."),
        (logging.ERROR, "Startup failed: mount '/0' (a): OSError: x"),
    ]
    assert [record.exc_info and record.exc_info[1] for record in caplog.records] == [error, None]


# --- stopping


async def test_all_faults_of_a_shutdown_are_in_one_message() -> None:
    server = Server()

    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        await asking(scope, receive, send)
        await send(STARTED)
        await receive()
        await send({"type": "lifespan.shutdown.failed", "message": "z"})

    apps = [lives(server, "a", stop=OSError("x")), failing, lives(server, "c")]
    sent = await server.run(mounted(*apps))

    assert failure(sent, "shutdown") == "mount '/1' (failing): z; mount '/0' (a): OSError: x"
    assert server.log == ["+a", "+c", "startup.complete", "-c", "-a", "shutdown.failed"]


async def test_returning_from_a_shutdown_without_an_answer_will_do() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(STARTED)
        await receive()

    assert await Server().run(mounted(app)) == WHOLE


async def test_an_application_that_waits_for_more_after_its_shutdown_is_ended() -> None:
    ended: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            while True:
                phase = (await receive())["type"]
                await send({"type": f"{phase}.complete"})
        finally:
            ended.append(phase)

    assert await Server().run(mounted(app)) == WHOLE
    assert ended == ["lifespan.shutdown"]


async def test_an_application_that_asks_with_a_time_limit_is_told_of_the_shutdown() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(STARTED)
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(receive(), 0.001)
        asked.set()
        heard.append(await receive())

    asked, heard = asyncio.Event(), list[Message]()
    await Server(serving=asked.wait).run(mounted(app))

    assert heard == [SHUTDOWN]


# --- a crash while serving


async def test_a_crash_while_serving_is_logged_and_the_others_live_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def serving() -> None:
        await asyncio.sleep(0)
        server.log.append("serving")

    server = Server(serving=serving)
    sent = await server.run(mounted(lives(server, "a", serve=OSError("x")), lives(server, "b")))

    assert server.log == ["+a", "+b", "startup.complete", "serving", "-b", "shutdown.failed"]
    assert (failure(sent, "shutdown"), records(caplog)[0]) == (
        "mount '/0' (a): OSError: x",
        (logging.ERROR, "The lifespan of mount '/0' (a) crashed while serving."),
    )


async def test_an_application_that_cancels_itself_has_crashed() -> None:
    server = Server()
    sent = await server.run(mounted(lives(server, "a", serve=asyncio.CancelledError("mine"))))

    assert failure(sent, "shutdown") == "mount '/0' (a): CancelledError: mine"


class Halt(BaseException):
    """What nobody catches."""


async def test_what_is_no_exception_comes_out_in_the_end() -> None:
    server = Server()
    with pytest.raises(Halt, match="now"):
        await server.run(mounted(lives(server, "a"), lives(server, "b", serve=Halt("now"))))


# --- being cancelled


async def cancelled_while(router: ASGIApp, ready: Callable[[], Awaitable[Any]], times: int = 1) -> Server:
    """Run a lifespan that is cancelled in the middle; the server has what was sent until then."""
    server = Server(serving=asyncio.Event().wait)
    task = asyncio.create_task(server.run(router))
    await ready()
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    return server


async def test_a_cancellation_passes_and_every_application_cleans_up() -> None:
    def app(name: str) -> ASGIApp:
        async def cleaning(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await send(STARTED)
            try:
                await receive()
            finally:
                await asyncio.sleep(0)
                cleaned.append(name)

        return cleaning

    async def last(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()

    cleaned, begun = list[str](), asyncio.Event()
    await cancelled_while(mounted(app("a"), app("b"), last), begun.wait)

    assert sorted(cleaned) == ["a", "b"]


async def test_a_cancellation_in_the_middle_of_the_start_passes() -> None:
    async def starting(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        begun.set()
        await asyncio.Event().wait()

    begun = asyncio.Event()
    server = await cancelled_while(mounted(Recorder(), starting), begun.wait)

    assert server.sent == []


async def test_a_second_cancellation_leaves_no_task_behind() -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(60)

    begun = asyncio.Event()
    server = await cancelled_while(mounted(slow), begun.wait, times=3)

    assert server.sent == []


async def test_a_fault_of_cleaning_up_is_logged_and_the_cancellation_passes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError("x")

    begun = asyncio.Event()
    await cancelled_while(mounted(failing), begun.wait)

    assert records(caplog) == [(logging.ERROR, "mount '/0' (failing) failed.")]


async def test_an_error_of_the_server_comes_out_as_it_is_and_ends_every_application() -> None:
    server = Server()
    error = LifespanError("the server is gone")

    async def send(message: Message) -> None:
        raise error

    with pytest.raises(LifespanError, match="the server is gone") as caught:
        await mounted(lives(server, "a"))(server.scope, server.receive, send)

    assert (caught.value, server.log) == (error, ["+a"])


# --- state


def request(url: str = "/0", **extra: Any) -> Scope:
    return {**http_scope(url), **extra}


async def empty_request() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def ignore(message: Message) -> None: ...


async def states(router: ASGIApp, *requests: Scope, scope: Scope | None = None) -> Server:
    """A lifespan in which *requests* are served."""

    async def serving() -> None:
        for each in requests:
            await router(each, empty_request, ignore)

    server = Server(scope, serving=serving)
    await server.run(router)
    return server


@pytest.mark.parametrize(
    "make",
    [
        lambda app: PathRouter({"/0": app}),
        lambda app: PathRouter({"/": app}),
        lambda app: HostRouter({"testserver": app}),
        lambda app: HostRouter({"*": app}),
        lambda app: ProtocolRouter(http=app),
    ],
)
async def test_requests_have_the_state_of_their_application_over_that_of_the_server(make: Any) -> None:
    app = Recorder(state={"db": 1})
    await states(make(app), request(state={"db": 0, "x": 0}))

    assert app.scope["state"] == {"db": 1, "x": 0}


async def test_two_applications_may_call_theirs_the_same() -> None:
    one, two = Recorder(state={"db": 1}), Recorder(state={"db": 2})
    server = await states(mounted(one, two), request("/0", state={}), request("/1", state={"x": 0}))

    assert (one.scope["state"], two.scope["state"]) == ({"db": 1}, {"db": 2, "x": 0})
    assert server.scope["state"] == {}


async def test_where_the_server_has_no_state_requests_have_that_of_the_application() -> None:
    app = Recorder(state={"db": 1})
    await states(mounted(app), request(), scope={"type": "lifespan", "asgi": {"version": "3.0"}})

    assert app.scope["state"] == {"db": 1}


async def test_the_state_of_a_request_is_a_copy_and_the_scope_of_the_server_is_untouched() -> None:
    app = Recorder(state={"db": 1})
    given = request(state={"db": 0})
    router = mounted(app)

    async def serving() -> None:
        await router(given, empty_request, ignore)
        app.scope["state"]["mine"] = 1
        await router(given, empty_request, ignore)

    await Server(serving=serving).run(router)

    assert (app.scope["state"], given["state"]) == ({"db": 1}, {"db": 0})


async def test_an_application_sees_what_contexts_outside_gave_and_leaves_it_to_them() -> None:
    app = Recorder(state={"mine": 1})

    @asynccontextmanager
    async def outside() -> AsyncGenerator[dict[str, Any]]:
        yield {"flags": "old"}

    router = mounted(app)
    stacked = Stack([], lifespan=[outside]).wrap(router)
    seen: list[Any] = []

    async def serving() -> None:
        seen.append(dict(app.scope["state"]))
        await router(request(state={"flags": "new"}), empty_request, ignore)

    await Server(serving=serving).run(stacked)

    assert seen == [{"flags": "old", "mine": 1}]
    assert app.scope["state"] == {"flags": "new", "mine": 1}


async def test_after_the_lifespan_its_state_is_gone() -> None:
    app = Recorder(state={"db": 1})
    router = mounted(app)
    await Server().run(router)
    await router(scope := request(state={}), empty_request, ignore)

    assert app.scope["state"] is scope["state"]


async def test_a_router_may_live_again() -> None:
    app = Recorder(state={"db": 1})
    router = Lint(mounted(app))
    first = await Server().run(router)

    assert await Server(lifespan_scope()).run(router) == first == WHOLE
