import asyncio
import json
import logging
from typing import Any

import pytest

from asgi_stack import Layer, OptionError, Reply, Stack
from asgi_stack.middleware import ErrorBoundaryMiddleware, RequestIDMiddleware
from asgi_stack.middleware.error_boundary import problem_page
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import Sent, attempt

BOOM = RuntimeError("boom")
LOGGER = "asgi_stack.error_boundary"


def failing(point: Any = "request", error: BaseException = BOOM, **plan: Any) -> Recorder:
    return Recorder(fail_at=point, error=error, **plan)


async def test_an_exception_before_the_start_becomes_a_500_and_goes_on() -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing()))

    assert (outcome.status, outcome.body) == (500, b"Internal Server Error\n")
    assert outcome.error is BOOM


async def test_the_500_is_not_stored_by_caches() -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing()))

    assert outcome.headers["cache-control"] == "no-store"


async def test_the_500_passes_the_layers_outside() -> None:
    app = Stack([Layer(RequestIDMiddleware, make_id=lambda: "abc"), ErrorBoundaryMiddleware]).wrap(failing())
    outcome = await attempt(app)

    assert outcome.headers["x-request-id"] == "abc"
    assert outcome.body == b"Internal Server Error\nRequest ID: abc\n"


@pytest.mark.parametrize("given", ["<b>", "a\r\nb", "", 7, None, "a" * 129])
async def test_a_request_id_that_is_not_ours_is_not_shown(given: Any) -> None:
    outcome = await attempt(
        ErrorBoundaryMiddleware(failing()), http_scope(extra={"asgi_stack.request_id": given})
    )

    assert outcome.body == b"Internal Server Error\n"


async def test_an_answer_to_head_has_no_body() -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing()), http_scope(method="HEAD"))

    assert (outcome.status, outcome.body) == (500, b"")


@pytest.mark.parametrize(
    ("point", "reraise"),
    [("start", True), ("start", False), ("body", True), ("body", False), ("end", True)],
)
async def test_after_the_start_nothing_is_sent_and_the_exception_goes_on(point: Any, reraise: bool) -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing(point, body=[b"a", b"b"]), reraise=reraise))

    assert outcome.types.count("http.response.start") == 1
    assert outcome.error is BOOM


async def test_early_hints_are_no_start() -> None:
    hint = {"type": "http.response.early_hint", "links": []}
    scope = http_scope(extensions={"http.response.early_hint": {}})
    outcome = await attempt(ErrorBoundaryMiddleware(failing("start", messages=[hint])), scope)

    assert outcome.types == ["http.response.early_hint", "http.response.start", "http.response.body"]


async def test_a_start_that_the_server_refuses_is_not_followed_by_another() -> None:
    refusal = RuntimeError("not lower-case")
    outcome = await attempt(ErrorBoundaryMiddleware(Recorder()), send_error=refusal)

    assert outcome.types == ["http.response.start"]
    assert outcome.error is refusal


@pytest.mark.parametrize("kind", [asyncio.CancelledError, KeyboardInterrupt, SystemExit])
async def test_what_is_no_exception_of_the_application_is_let_out(kind: type[BaseException]) -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing(error=kind())), catch=kind)

    assert (type(outcome.error), outcome) == (kind, [])


async def test_a_group_of_exceptions_is_answered_and_goes_on_as_it_is() -> None:
    group = ExceptionGroup("two", [BOOM, ValueError("x")])
    outcome = await attempt(ErrorBoundaryMiddleware(failing(error=group)))

    assert outcome.status == 500
    assert outcome.error is group


async def test_without_reraise_the_exception_is_logged_and_ends(caplog: pytest.LogCaptureFixture) -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing(), reraise=False))

    assert outcome.error is None
    assert [(r.name, r.levelname, r.exc_info and r.exc_info[1]) for r in caplog.records] == [
        (LOGGER, "ERROR", BOOM)
    ]


async def test_with_reraise_the_server_alone_logs(caplog: pytest.LogCaptureFixture) -> None:
    await attempt(ErrorBoundaryMiddleware(failing()))

    assert caplog.records == []


DENIAL = ["websocket.http.response.start", "websocket.http.response.body"]


@pytest.mark.parametrize(
    ("extensions", "types"), [({}, ["websocket.close"]), ({"websocket.http.response": {}}, DENIAL)]
)
async def test_a_websocket_is_refused_before_it_is_accepted(extensions: Any, types: list[str]) -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing()), websocket_scope(extensions=extensions))

    assert outcome.types == types
    assert outcome.error is BOOM


async def test_an_accepted_websocket_is_closed_with_1011() -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing("start")), websocket_scope())

    assert outcome[1:] == [{"type": "websocket.close", "code": 1011, "reason": ""}]
    assert outcome.error is BOOM


async def test_an_accepted_websocket_without_reraise_ends_quietly() -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing("start"), reraise=False), websocket_scope())

    assert outcome.error is None


@pytest.mark.parametrize("answer", ["close", "deny"])
async def test_a_websocket_that_is_closed_already_is_left_alone(answer: Any) -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing("end", websocket=answer)), websocket_scope())

    assert outcome.types in (["websocket.close"], DENIAL)
    assert outcome.error is BOOM


async def after_disconnect(error: Exception, **options: Any) -> Sent:
    """An application that raises once it knows that the client has left."""

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        raise error

    app = ErrorBoundaryMiddleware(inner, **options)
    return await attempt(app, None, {"type": "http.disconnect"})


@pytest.mark.parametrize("error", [OSError(), BrokenPipeError(), ExceptionGroup("x", [ConnectionError()])])
async def test_a_client_that_has_left_is_no_error(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, LOGGER):
        outcome = await after_disconnect(error)

    assert (outcome, outcome.error) == ([], None)
    assert [record.levelname for record in caplog.records] == ["DEBUG"]


@pytest.mark.parametrize("error", [BOOM, ExceptionGroup("x", [ConnectionError(), BOOM])])
async def test_any_other_exception_after_the_client_has_left_is_one(error: Exception) -> None:
    assert (await after_disconnect(error)).error is error


async def test_an_os_error_while_the_client_is_there_is_an_error() -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing(error=FileNotFoundError("x"))))

    assert outcome.status == 500
    assert isinstance(outcome.error, FileNotFoundError)


async def test_a_send_that_raises_os_error_means_that_the_client_has_left() -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(Recorder()), send_error=BrokenPipeError())

    assert outcome.types == ["http.response.start"]
    assert outcome.error is None


async def test_a_websocket_that_has_gone_is_no_error_either() -> None:
    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await receive()
        raise ConnectionResetError

    outcome = await attempt(ErrorBoundaryMiddleware(inner), websocket_scope())

    assert (outcome.types, outcome.error) == (["websocket.accept"], None)


async def test_a_framework_may_have_a_word_of_its_own_for_it() -> None:
    class ClientDisconnectError(Exception):
        pass

    outcome = await after_disconnect(ClientDisconnectError(), client_gone=(OSError, ClientDisconnectError))

    assert outcome.error is None


async def test_a_page_of_ones_own_is_sent() -> None:
    def page(scope: Any, error: Exception) -> Reply:
        return Reply(503, f"{scope['path']} {error}")

    outcome = await attempt(ErrorBoundaryMiddleware(failing(), page=page))

    assert (outcome.status, outcome.body) == (503, b"/ boom")


async def test_the_problem_page_is_json_with_the_request_id() -> None:
    scope = http_scope(extra={"asgi_stack.request_id": "abc"})
    outcome = await attempt(ErrorBoundaryMiddleware(failing(), page=problem_page), scope)

    assert outcome.headers["content-type"] == "application/problem+json"
    assert json.loads(outcome.body) == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "request_id": "abc",
    }


async def test_the_problem_page_does_without_an_id() -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing(), page=problem_page))

    assert "request_id" not in json.loads(outcome.body)


@pytest.mark.parametrize("page", [lambda scope, error: 1 / 0, lambda scope, error: None])
async def test_a_page_that_fails_gives_way_to_plain_text(page: Any, caplog: pytest.LogCaptureFixture) -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing(), page=page))

    assert (outcome.body, outcome.error) == (b"Internal Server Error\n", BOOM)
    assert [record.message for record in caplog.records] == ["The error page failed"]


async def test_a_page_that_is_no_reply_is_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    page: Any = lambda scope, error: "oops"  # noqa: E731
    await attempt(ErrorBoundaryMiddleware(failing(), page=page))

    assert "page()='oops' is not usable. Return a Reply" in caplog.text


async def test_a_500_that_cannot_be_sent_does_not_hide_the_exception() -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(failing()), send_error=RuntimeError("closed"))

    assert outcome.error is BOOM


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"page": "500.html"}, r"page='500.html' is not usable. Give a function \(scope, error\)"),
        ({"client_gone": OSError}, "client_gone=.* is not usable. Give a tuple of exception classes"),
        ({"client_gone": ("OSError",)}, "Give a tuple of exception classes"),
        ({"client_gone": (asyncio.CancelledError,)}, "Give a tuple of exception classes"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        ErrorBoundaryMiddleware(Recorder(), **options)


WHOLE = [
    {"type": "http.response.start", "status": 200, "headers": []},
    {"type": "http.response.body", "body": b"whole"},
]
CLOSED = [{"type": "websocket.accept"}, {"type": "websocket.close"}]


def failing_after(messages: list[Any], error: Exception) -> Any:
    """An application whose work goes on when its answer is whole, and then fails."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        for message in messages:
            await send(message)
        await receive()
        raise error

    return application


@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_an_error_of_work_after_the_answer_is_no_client_that_left(kind: str) -> None:
    error = FileNotFoundError("/no/such/invoice")
    scope, messages = (http_scope(), WHOLE) if kind == "http" else (websocket_scope(), CLOSED)
    outcome = await attempt(ErrorBoundaryMiddleware(failing_after(messages, error)), scope)

    assert outcome.error is error
    assert len(outcome) == 2


async def test_such_an_error_is_logged_where_it_does_not_go_on(caplog: pytest.LogCaptureFixture) -> None:
    error = FileNotFoundError("/no/such/invoice")
    await attempt(ErrorBoundaryMiddleware(failing_after(WHOLE, error), reraise=False))

    assert [(record.levelname, record.exc_info and record.exc_info[1]) for record in caplog.records] == [
        ("ERROR", error)
    ]


class GoneError(Exception):
    """What a server raises out of ``send`` that is no OSError."""


@pytest.mark.parametrize("error", [GoneError("gone"), OSError("gone")])
async def test_what_send_raises_once_the_client_has_left_ends_quietly(error: Exception) -> None:
    boundary = ErrorBoundaryMiddleware(Recorder(), client_gone=(OSError, GoneError))
    outcome = await attempt(boundary, send_error=error)

    assert outcome.error is None


async def test_what_send_raises_that_is_not_named_goes_on() -> None:
    outcome = await attempt(ErrorBoundaryMiddleware(Recorder()), send_error=GoneError("gone"))

    assert isinstance(outcome.error, GoneError)
