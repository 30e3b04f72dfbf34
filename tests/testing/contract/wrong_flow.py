"""Wrong in when they pass bodies on."""

import asyncio

from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.testing.contract.wrong import is_body, is_last, is_start, wrong_call


@wrong_call("streams-the-response")
async def is_one_message_late(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    held: list[Message] = []

    async def send_late(message: Message) -> None:
        held.append(message)
        while len(held) > (1 if is_body(message) and not is_last(message) else 0):
            await send(held.pop(0))

    await app(scope, receive, send_late)


@wrong_call("streams-the-response", "keeps-back-pressure", changes_body=True)
async def buffers_the_response(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    held: list[Message] = []

    async def send_at_the_end(message: Message) -> None:
        held.append(message)
        while held and (is_last(message) or not (is_body(message) or is_start(message))):
            await send(held.pop(0))

    await app(scope, receive, send_at_the_end)


@wrong_call("does-not-hold-the-head")
async def waits_for_the_body(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    head: list[Message] = []

    async def send_with_head(message: Message) -> None:
        if is_start(message):
            head.append(message)
            return
        while head:
            await send(head.pop())
        await send(message)

    await app(scope, receive, send_with_head)


@wrong_call("does-not-hold-the-end", "answers-while-listening")
async def ends_when_the_application_ends(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    last: list[Message] = []
    trailers = False

    async def send_all_but_last(message: Message) -> None:
        nonlocal trailers
        trailers = trailers or bool(message.get("trailers"))
        if is_last(message) and not trailers:
            last.append(message)
        else:
            await send(message)

    await app(scope, receive, send_all_but_last)
    for message in last:
        await send(message)


@wrong_call("streams-the-request", "asks-only-when-asked")
async def reads_it_all_at_once(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    messages: list[Message] = []

    async def receive_when_complete() -> Message:
        while not messages or messages[-1].get("more_body"):
            messages.append(await receive())
        return messages.pop(0)

    await app(scope, receive_when_complete, send)


async def queues(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    queue: asyncio.Queue[Message | None] = asyncio.Queue()

    async def pump() -> None:
        while (message := await queue.get()) is not None:
            await send(message)

    pumping = asyncio.create_task(pump())
    try:
        await app(scope, receive, queue.put)
        await queue.put(None)
        await pumping
    finally:
        pumping.cancel()
        await asyncio.wait([pumping])


wrong_call("keeps-back-pressure")(queues)
wrong_call("keeps-websocket-back-pressure", kind="websocket")(queues)


@wrong_call("asks-only-when-asked")
async def looks_whether_the_client_left(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    ended = False

    async def send_and_watch(message: Message) -> None:
        nonlocal ended
        ended = ended or is_last(message)
        await send(message)

    await app(scope, receive, send_and_watch)
    if ended:
        await receive()


@wrong_call("answers-while-listening")
async def does_one_thing_at_a_time(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    lock = asyncio.Lock()

    async def receive_alone() -> Message:
        async with lock:
            return await receive()

    async def send_alone(message: Message) -> None:
        async with lock:
            await send(message)

    await app(scope, receive_alone, send_alone)


@wrong_call("keeps-one-receive-waiting", reads_ahead=True)
async def watches_for_the_client(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    watchers: list[asyncio.Task[Message]] = []

    async def send_and_watch(message: Message) -> None:
        if is_start(message):
            watchers.append(asyncio.ensure_future(receive()))
        await send(message)

    try:
        await app(scope, receive, send_and_watch)
    finally:
        for watcher in watchers:
            watcher.cancel()
            await asyncio.wait([watcher])


@wrong_call("works-with-a-slow-application")
async def is_impatient(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    async with asyncio.timeout(0.15):
        await app(scope, receive, send)


class _Finished(BaseException):
    pass


@wrong_call("returns-with-the-inner-application", "answers-while-listening", "passes-exceptions-on")
async def leaves_after_the_response(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    async def send_and_leave(message: Message) -> None:
        await send(message)
        if is_last(message) and "http.response.trailers" not in scope["extensions"]:
            raise _Finished

    try:
        await app(scope, receive, send_and_leave)
    except _Finished:
        return
