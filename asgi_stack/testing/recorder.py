"""An inner application that answers what it is told and remembers what it saw."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple, get_args

from asgi_stack.grammar.field import is_token
from asgi_stack.options import (
    async_function,
    choice,
    entries,
    flag,
    instance,
    mapping,
    seconds,
    text,
    whole_number,
)
from asgi_stack.testing.answers import Answer, LifespanAnswer, Plan, Point, WebSocketAnswer
from asgi_stack.testing.headers import HeaderInput, checked_headers
from asgi_stack.types import Message, Receive, Scope, Send

__all__ = ["Call", "Recorder"]

POINTS = get_args(Point)


class Call(NamedTuple):
    """The three objects that the recorder was called with: the very objects, no copies."""

    scope: Scope
    receive: Receive
    send: Send


class Recorder:
    """An application for the inside of a middleware under test: it answers, and it remembers.

    Over http it reads the whole request body (unless ``reads=False``), then sends *status*, *headers* and
    *body*: bytes in one message, or several chunks in one message each. *messages*, if given, is sent
    instead, exactly as it is. Over a websocket it accepts and echoes (``websocket="echo"``), accepts and
    only listens (``"accept"``), refuses (``"close"``), or refuses with a response (``"deny"``, status 403
    unless *status* is given). Lifespan: ``"complete"``, ``"fail"``, or ``"decline"`` (it raises, as Django
    does). A scope of any other type is remembered and not answered.

    *delay* is in seconds, slept before every receive and every send; ``0`` gives way to other tasks once.
    At a `Point` of an http or websocket call, ``on={point: function}`` awaits what the function returns
    (an `asyncio.Event.wait`, say), and ``fail_at=point`` raises *error*. The points are ``"call"``
    (nothing done yet), ``"request"`` (the request or ``websocket.connect`` was read), ``"start"`` (the
    head of the response was sent), ``"body"`` (the first body message was sent, or the first message of a
    websocket answered), and ``"end"`` (everything was sent).
    """

    calls: list[Call]
    received: list[Message]
    sent: list[Message]
    outcomes: list[BaseException | None]

    def __init__(
        self,
        *,
        status: int | None = None,
        headers: HeaderInput = (),
        body: bytes | Iterable[bytes] = b"",
        messages: Iterable[Message] | None = None,
        reads: bool = True,
        delay: float | None = None,
        on: Mapping[Point, Callable[[], Awaitable[object]]] | None = None,
        fail_at: Point | None = None,
        error: BaseException | None = None,
        websocket: WebSocketAnswer = "echo",
        subprotocol: str | None = None,
        lifespan: LifespanAnswer = "complete",
        state: Mapping[str, Any] | None = None,
    ) -> None:
        self._plan = Plan(
            status=None if status is None else whole_number(self, "status", status, least=100, most=999),
            headers=checked_headers(self, "headers", headers),
            chunks=[body] if isinstance(body, bytes) else self._chunks(body),
            messages=None if messages is None else self._messages(messages),
            reads=flag(self, "reads", reads),
            delay=None if delay is None else seconds(self, "delay", delay),
            on={} if on is None else self._functions(on),
            fail_at=choice(self, "fail_at", fail_at, (*POINTS, None)),
            error=self._error(error, fail_at),
            websocket=choice(self, "websocket", websocket, get_args(WebSocketAnswer)),
            subprotocol=None if subprotocol is None else self._subprotocol(subprotocol),
            lifespan=choice(self, "lifespan", lifespan, get_args(LifespanAnswer)),
            state={} if state is None else dict(mapping(self, "state", state, hint="Give a dictionary.")),
        )
        self.clear()

    def _chunks(self, body: Iterable[bytes]) -> list[bytes]:
        hint = "Give bytes, or a list of them, as in body=[b'a', b'b']."
        chunks = [*entries(self, "body", body, hint=hint)]
        return [instance(self, "body", chunk, bytes, hint=hint) for chunk in chunks] or [b""]

    def _messages(self, messages: Iterable[Message]) -> list[Message]:
        # What they are is not looked at: a test may need one that is wrong.
        return [*entries(self, "messages", messages, hint="Give a list of messages.")]

    def _functions(self, on: Mapping[Point, Callable[[], Awaitable[object]]]) -> dict[Any, Any]:
        hint = "Give async functions by points, as in on={'start': event.wait}."
        for point, call in mapping(self, "on", on, hint=hint).items():
            choice(self, "on", point, POINTS)
            async_function(self, "on", call, hint=hint)
        return dict(on)

    def _error(self, error: BaseException | None, fail_at: object) -> BaseException:
        if error is None:
            return RuntimeError(f"Recorder: told to fail at {fail_at!r}.")
        return instance(self, "error", error, BaseException, hint="Give an exception, as in error=OSError().")

    def _subprotocol(self, given: str) -> str:
        hint = "Give one of those that the client offers, as in subprotocol='chat'."
        return text(self, "subprotocol", given, fits=is_token, hint=hint)

    def clear(self) -> None:
        """Forget every call."""
        self.calls = []
        self.received = []
        self.sent = []
        self.outcomes = []

    @property
    def scope(self) -> Scope:
        """The scope of the last call: the very object."""
        if not self.calls:
            raise LookupError("Recorder: it was not called, so there is no scope. Look at .calls first.")
        return self.calls[-1].scope

    @property
    def body(self) -> bytes:
        """All the request bodies that were received, as one; of one request unless there were more."""
        return b"".join(
            message.get("body", b"") for message in self.received if message["type"] == "http.request"
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call; how it ended is then in `outcomes`: None, or the exception that came out."""
        self.calls.append(Call(scope, receive, send))
        try:
            await Answer(self._plan, self.calls[-1], self.received, self.sent).give()
        except BaseException as error:
            self.outcomes.append(error)
            raise
        self.outcomes.append(None)
