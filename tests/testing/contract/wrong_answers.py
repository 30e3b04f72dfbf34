"""Wrong in what they answer by themselves, and in what they do with errors."""

import asyncio
from typing import Any

from asgi_stack.heads import Reply
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.testing.contract.wrong import END, is_last, is_start, wrong_call, wrong_receive, wrong_send

HEAD = {"type": "http.response.start", "status": 403, "headers": []}


@wrong_call("calls-inward-once")
async def lets_nobody_in(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await Reply(403, "no")(scope, receive, send)


@wrong_call("calls-inward-once", "shares-no-state-between-requests")
async def tries_twice(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)
    if "extra" not in scope:
        await app({**scope, "extra": 1}, receive, send)


@wrong_call("sends-one-response", handles_exceptions=True)
async def sends_500_whatever_was_sent(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await app(scope, receive, send)
    except OSError:
        raise
    except Exception:
        await Reply(500, "sorry")(scope, receive, send)


@wrong_call("leaves-head-responses-empty")
async def counts_what_it_sees(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    async def send_counted(message: Message) -> None:
        if is_start(message) and scope["method"] == "HEAD":
            message = {**message, "headers": [(b"content-length", b"0")]}
        await send(message)

    await app(scope, receive, send_counted)


@wrong_call("replies-completely", replies=True)
async def starts_and_never_ends(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await send(HEAD)
    await send({**END, "more_body": True})


@wrong_call("replies-completely", replies=True)
async def says_a_wrong_length(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await send({**HEAD, "headers": [(b"content-length", b"5")]})
    await send(END)


@wrong_call("replies-to-head-without-body", replies=True)
async def sends_a_body_to_head(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await send(HEAD)
    await send({**END, "body": b"no"})


@wrong_call("refuses-websockets-properly", kind="websocket", replies=True)
async def denies_where_that_is_not_offered(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await Reply(403, "no")({**scope, "extensions": {"websocket.http.response": {}}}, receive, send)


@wrong_call("refuses-websockets-properly", "keeps-the-specification", kind="websocket", replies=True)
async def says_nothing(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await receive()


@wrong_call("refuses-websockets-properly", "keeps-the-specification", kind="websocket", replies=True)
async def answers_as_if_it_were_http(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await Reply(403, "no")({**scope, "type": "http", "method": "GET"}, receive, send)


def cancelled_quietly(kind: str) -> Any:
    async def ends_quietly_when_cancelled(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            return

    return ends_quietly_when_cancelled


wrong_call("lets-cancellation-out")(cancelled_quietly("http"))
wrong_call("lets-websocket-cancellation-out", kind="websocket")(cancelled_quietly("websocket"))


@wrong_call("lets-cancellation-out")
async def makes_a_disconnect_of_it(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    async def receive_shielded() -> Message:
        try:
            return await receive()
        except asyncio.CancelledError:
            return {"type": "http.disconnect"}

    await app(scope, receive_shielded, send)


@wrong_call("lets-cancellation-out", "shows-inner-context-outside")
async def lets_the_application_run_on(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.shield(asyncio.ensure_future(app(scope, receive, send)))


async def raises_for_a_disconnect(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    ended = False

    async def receive_or_raise() -> Message:
        message = await receive()
        if message["type"].endswith(".disconnect") and message.get("code") != 4001 and not ended:
            raise RuntimeError("the client left")
        return message

    async def send_and_watch(message: Message) -> None:
        nonlocal ended
        ended = ended or is_last(message)
        await send(message)

    await app(scope, receive_or_raise, send_and_watch)


wrong_call("shows-the-disconnect")(raises_for_a_disconnect)
wrong_call("shows-the-websocket-disconnect", kind="websocket")(raises_for_a_disconnect)


async def says_sorry_to_nobody(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await app(scope, receive, send)
    except OSError:
        await send({"type": f"{scope['type']}.made_up"})


wrong_call("survives-a-failing-send")(says_sorry_to_nobody)
wrong_call("survives-a-failing-websocket-send", kind="websocket")(says_sorry_to_nobody)


@wrong_call("survives-a-failing-send")
async def calls_it_something_else(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await app(scope, receive, send)
    except OSError as error:
        raise RuntimeError("the client left") from error


async def wraps_exceptions(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await app(scope, receive, send)
    except OSError:
        raise
    except Exception as error:
        raise RuntimeError("something failed") from error


wrong_call("passes-exceptions-on")(wraps_exceptions)
wrong_call("passes-websocket-exceptions-on", kind="websocket")(wraps_exceptions)


@wrong_call("passes-exceptions-on")
async def hangs_after_an_exception(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await app(scope, receive, send)
    except OSError:
        raise
    except Exception:
        await asyncio.Event().wait()


def changed(message: Message, kind: str, **keys: Any) -> Message:
    return {"type": message["type"], **keys} if message["type"] == kind else message


@wrong_send("passes-websocket-handshake", kind="websocket")
def forgets_the_subprotocol(message: Message) -> Message:
    return changed(message, "websocket.accept", headers=message.get("headers"))


@wrong_send("passes-websocket-messages", kind="websocket")
def drops_none(message: Message) -> Message:
    return {key: value for key, value in message.items() if value is not None}


@wrong_receive("passes-websocket-messages", kind="websocket")
def gives_both_keys(message: Message) -> Message:
    return {"text": None, **message} if message["type"] == "websocket.receive" else message


@wrong_send("passes-websocket-closing", kind="websocket")
def forgets_code_and_reason(message: Message) -> Message:
    return changed(message, "websocket.close")


@wrong_call("passes-websocket-rejection", kind="websocket")
async def accepts_to_close(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    accepted = False

    async def send_accepted(message: Message) -> None:
        nonlocal accepted
        if message["type"] == "websocket.close" and not accepted:
            await send({"type": "websocket.accept"})
        accepted = True
        await send(message)

    await app(scope, receive, send_accepted)


@wrong_send("passes-websocket-denial", kind="websocket")
def makes_a_close_of_a_denial(message: Message) -> Message | None:
    if message["type"].endswith(".start"):
        return {"type": "websocket.close"}
    return None if message["type"] == "websocket.http.response.body" else message


@wrong_receive("passes-websocket-disconnect", kind="websocket")
def forgets_why_the_client_left(message: Message) -> Message:
    return changed(message, "websocket.disconnect", code=1005)


@wrong_call("leaves-head-responses-empty")
async def fills_what_is_empty(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    async def send_something(message: Message) -> None:
        if is_last(message) and not message.get("body") and scope["method"] == "HEAD":
            message = {**message, "body": b"made up"}
        await send(message)

    await app(scope, receive, send_something)


@wrong_call("lets-cancellation-out", "survives-a-failing-send", "passes-exceptions-on")
async def tidies_up_after_success_only(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    watchdog = asyncio.ensure_future(asyncio.sleep(3600))
    await app(scope, receive, send)
    watchdog.cancel()
    await asyncio.wait([watchdog])


@wrong_call("shows-the-disconnect")
async def raises_oserror_for_a_disconnect(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    async def receive_or_raise() -> Message:
        message = await receive()
        if message["type"] == "http.disconnect" and not ended:
            raise OSError("the client left")
        return message

    async def send_and_watch(message: Message) -> None:
        if is_last(message):
            ended.append(message)
        await send(message)

    ended: list[Message] = []
    await app(scope, receive_or_raise, send_and_watch)


@wrong_receive("passes-websocket-handshake", kind="websocket")
def marks_the_connect(message: Message) -> Message:
    return {**message, "seen": True} if message["type"] == "websocket.connect" else message
