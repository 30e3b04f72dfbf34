"""An inner application that answers what it is told and remembers what it saw."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple, get_args

from asgi_stack.errors import OptionError
from asgi_stack.testing.answers import Answer, LifespanAnswer, Plan, Point, WebSocketAnswer
from asgi_stack.testing.bodies import is_chunks
from asgi_stack.testing.headers import HeaderInput, encode_headers
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
        self._check("fail_at", (fail_at,), (None, *POINTS))
        self._check("on", on or (), POINTS)
        self._check("websocket", (websocket,), get_args(WebSocketAnswer))
        self._check("lifespan", (lifespan,), get_args(LifespanAnswer))
        self._plan = Plan(
            status=status,
            headers=encode_headers(headers),
            chunks=self._chunks(body),
            messages=None if messages is None else [*messages],
            reads=reads,
            delay=delay,
            on=dict(on or {}),
            fail_at=fail_at,
            error=error or RuntimeError(f"Recorder: told to fail at {fail_at!r}."),
            websocket=websocket,
            subprotocol=subprotocol,
            lifespan=lifespan,
            state=dict(state or {}),
        )
        self.clear()

    def _chunks(self, body: object) -> list[bytes]:
        chunks: list[Any] = [body] if isinstance(body, bytes) or not is_chunks(body) else [*body] or [b""]
        for chunk in chunks:
            if not isinstance(chunk, bytes):
                raise OptionError(self, "body", body, "Give bytes, or a list of them.")
        return chunks

    def _check(self, option: str, values: Iterable[object], known: tuple[object, ...]) -> None:
        for value in values:
            if value not in known:
                raise OptionError(self, option, value, f"Use one of {', '.join(map(repr, known))}.")

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
