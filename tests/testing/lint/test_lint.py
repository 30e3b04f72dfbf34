"""What `Lint` does beside its rules: nothing changes, everything passes, and faults get out."""

import asyncio
from collections import OrderedDict
from typing import Any

import pytest

from asgi_stack.errors import OptionError, StackError
from asgi_stack.testing import http_scope
from asgi_stack.testing.lint import RULES, SHOULD, Lint, LintError
from asgi_stack.types import Message, Receive, Scope, Send
from tests.testing.lint.cases_http import GONE, body, request, start
from tests.testing.lint.traffic import Server, event, follow

MIXED_CASE = start(200, (b"Content-Type", b"text/plain"))


async def hello(scope: Scope, receive: Receive, send: Send) -> str:
    await receive()
    await send(start())
    await send(body())
    return "done"


async def call(app: Any, server: Server | None = None, scope: Any = None) -> Any:
    server = Server([request()]) if server is None else server
    return await app(http_scope() if scope is None else scope, server.receive, server.send)


async def test_the_application_gets_the_very_scope_and_events() -> None:
    seen: list[Any] = []
    scope, asked = http_scope(), request()

    async def application(given: Scope, receive: Receive, send: Send) -> None:
        seen.extend([given, await receive()])
        await hello(given, Server([request()]).receive, send)

    await call(Lint(application), Server([asked]), scope)

    assert list(map(id, seen)) == [id(scope), id(asked)]


async def test_the_server_gets_the_very_messages() -> None:
    sent: list[Message] = []
    messages = [start(), body()]
    await call(Lint(follow(tuple(messages), Server())), Server([], sent.append))

    assert list(map(id, sent)) == list(map(id, messages))


async def test_what_the_application_returns_is_returned() -> None:
    assert await call(Lint(hello)) == "done"


async def test_an_exception_of_the_application_passes() -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start())
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await call(Lint(failing))


async def test_a_cancelled_application_is_cancelled() -> None:
    async def waiting(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    task = asyncio.create_task(call(Lint(waiting)))
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_after_a_send_that_failed_nothing_is_asked_of_the_response_nor_of_what_is_sent() -> None:
    async def closed(message: Message) -> None:
        raise BrokenPipeError

    async def tolerant(scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(2):
            with pytest.raises(BrokenPipeError):
                await send(start())

    await Lint(tolerant)(http_scope(), Server().receive, closed)


async def test_an_application_that_swallows_the_error_is_found_out_when_it_returns() -> None:
    async def swallowing(scope: Scope, receive: Receive, send: Send) -> None:
        with pytest.raises(LintError):
            await send(MIXED_CASE)
        await hello(scope, receive, send)

    with pytest.raises(LintError, match=r"Rule H28 \(must\)"):
        await call(Lint(swallowing))


async def test_what_follows_from_a_swallowed_error_does_not_hide_it() -> None:
    async def swallowing(scope: Scope, receive: Receive, send: Send) -> None:
        with pytest.raises(LintError):
            await send(MIXED_CASE)

    with pytest.raises(LintError, match=r"Rule H28 \(must\)"):
        await call(Lint(swallowing))


async def test_a_faulty_message_does_not_reach_the_server_in_mode_raise() -> None:
    server = Server([], lambda message: pytest.fail("was sent"))

    with pytest.raises(LintError, match="H28"):
        await call(Lint(follow((MIXED_CASE,), server)), server)


async def test_a_faulty_message_reaches_the_server_in_mode_collect() -> None:
    sent: list[Message] = []
    await call(Lint(follow((MIXED_CASE, body()), Server()), mode="collect"), Server([], sent.append))

    assert sent == [MIXED_CASE, body()]


async def test_a_receive_may_wait_while_messages_are_sent() -> None:
    server = Server([request()])

    async def listening(scope: Scope, receive: Receive, send: Send) -> None:
        listener = asyncio.create_task(receive())
        await asyncio.sleep(0)
        await hello(scope, server.receive, send)
        await listener

    gate = asyncio.Event()

    async def receive() -> Message:
        await gate.wait()
        return GONE

    async def send(message: Message) -> None:
        gate.set()

    await Lint(listening)(http_scope(), receive, send)


async def concurrent(scope: Scope, receive: Receive, send: Send) -> None:
    """Change the scope in one task while another one sends and a third one receives."""
    listener = asyncio.create_task(receive())
    await asyncio.sleep(0)
    changer = asyncio.create_task(change(scope))
    await send(start())
    await asyncio.gather(listener, changer)
    await send(body())


async def change(scope: Scope) -> None:
    scope["late"] = True


async def test_a_change_after_the_last_message_is_found() -> None:
    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        await hello(scope, receive, send)
        scope["late"] = True

    with pytest.raises(LintError, match="it changed 'late' in the scope that was handed inward"):
        await Lint(late)(http_scope(), Server([request()]).receive, Server().send)


async def test_events_may_be_of_a_class_made_of_dict() -> None:
    async def ordered(scope: Scope, receive: Receive, send: Send) -> None:
        await send(OrderedDict(start()))
        await send(OrderedDict(body()))

    await Lint(ordered)(http_scope(), Server().receive, Server().send)


async def test_a_change_that_several_tasks_can_have_made_is_charged_to_nobody() -> None:
    gate = asyncio.Event()

    async def receive() -> Message:
        await gate.wait()
        return GONE

    async def send(message: Message) -> None:
        gate.set()
        await asyncio.sleep(0)

    await Lint(concurrent)(http_scope(), receive, send)


async def test_what_is_sent_after_the_application_returned_is_a_fault() -> None:
    kept: list[Send] = []

    async def leaking(scope: Scope, receive: Receive, send: Send) -> None:
        kept.append(send)
        await hello(scope, receive, send)

    await call(Lint(leaking))

    with pytest.raises(LintError, match=r"after the application had returned.*X5"):
        await kept[0](event("http.response.late"))


async def test_a_fault_is_collected_once_for_a_connection() -> None:
    lint = Lint(follow((MIXED_CASE, body(), body(), body()), Server()), mode="collect")
    await call(lint)
    await call(lint)

    assert [violation.rule.id for violation in lint.violations] == ["H28", "X5", "H28", "X5"]


async def test_a_coroutine_that_is_thrown_away_leaves_no_trace() -> None:
    async def waiting(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0)

    coroutine = call(Lint(waiting))
    coroutine.send(None)
    coroutine.close()

    assert await call(Lint(hello)) == "done"


async def test_a_violation_says_who_where_and_which_rule() -> None:
    lint = Lint(follow((MIXED_CASE, body()), Server()), mode="collect", name="Shop")
    await call(lint, None, http_scope("/basket"))

    assert str(lint.violations[0]) == (
        "Shop (application, http /basket): the response start has the header name b'Content-Type'; "
        "it must be b'content-type'. "
        "Rule H28 (must): Header names are in lower case. [www 2.5, Response Start]"
    )


async def test_a_path_that_nobody_could_decode_can_be_printed() -> None:
    lint = Lint(hello, mode="collect")
    await call(lint, None, http_scope("/café", extra={"path": "/café\udcff\n"}))

    assert lint.violations[0].where == r"http /café\udcff\n"


async def test_a_violation_is_given_as_plain_strings() -> None:
    lint = Lint(hello, mode="collect", outer="gateway")
    await lint({"type": "lifespan"}, Server([event("lifespan.startup")]).receive, Server().send)

    assert lint.violations[0].as_dict() == {
        "rule": "C4",
        "level": "must",
        "sentence": RULES["C4"].sentence,
        "section": "asgi 3.0, Connection Scope",
        "duty": "server",
        "culprit": "gateway",
        "text": "the scope has asgi=None; it must be a dict.",
        "where": "lifespan",
    }


def test_a_lint_error_is_an_assertion_and_an_error_of_the_package() -> None:
    assert issubclass(LintError, AssertionError)
    assert issubclass(LintError, StackError)


async def test_the_error_carries_its_violation() -> None:
    with pytest.raises(LintError, match="H40") as caught:
        await call(Lint(follow((), Server())))

    assert caught.value.violation.rule is RULES["H40"]


def test_the_name_is_the_one_of_the_function_or_class() -> None:
    assert repr(Lint(hello)) == "Lint(hello, mode='raise')"
    assert Lint(Lint(hello)).options.name == "Lint"


def test_the_rules_that_are_no_must_can_be_ignored_together() -> None:
    assert Lint(hello, ignore=SHOULD).options.ignore == {"C7", "C11", "C12", "H40", "LS14", "W30", "W31"} | {
        f"X{number}" for number in (*range(3, 9), 10)
    }


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(OptionError, match=r"mode='warn' is not usable. Give 'raise' or 'collect'"):
        Lint(hello, mode="warn")  # type: ignore[arg-type]


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(OptionError, match=r"ignore='H999' is not usable"):
        Lint(hello, ignore={"H28", "H999"})


def test_a_single_id_in_place_of_a_set_is_refused() -> None:
    with pytest.raises(OptionError, match=r"Give a set of ids of rules, as in ignore=\['H28'\]"):
        Lint(hello, ignore="H28")


def test_asgiref_takes_it_for_a_single_callable() -> None:
    from asgiref.compatibility import is_double_callable

    assert not is_double_callable(Lint(hello))
