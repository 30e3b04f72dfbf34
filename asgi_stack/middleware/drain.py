"""Lets the process drain before it stops: clients go elsewhere, and what would stay open is ended."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from signal import SIGTERM
from typing import Any, ClassVar

from asgi_stack import box
from asgi_stack.base import ASGIMiddleware
from asgi_stack.draining import Drain
from asgi_stack.draining.drain import DRAIN
from asgi_stack.draining.ending import Ending
from asgi_stack.errors import OptionError
from asgi_stack.grammar.address import Networks, parse_address
from asgi_stack.grammar.path_readings import sure_path
from asgi_stack.heads import Reply, ResponseHead
from asgi_stack.logs import late_logger
from asgi_stack.loops import need_asyncio
from asgi_stack.options import flag, instance, networks, one_path, seconds
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["DrainMiddleware"]

logger = late_logger("asgi_stack.drain")

_ANSWERS = "a hook of the platform knows neither hosts nor passwords"


class DrainMiddleware(ASGIMiddleware):
    """Lets the process drain: from the wish to stop until the stop, clients are sent elsewhere.

    While the process drains, every http/1 response says ``connection: close``, and the `HealthMiddleware`
    inside of this one says that it is not ready. What would stay open finds the `Drain` in
    ``scope["asgi_stack.drain"]``; with *close_after*, websockets and streams of events are ended.

    Draining begins when `Drain.start` is called or *drain_path* is asked for, and with the end of the
    lifespan at the latest; of several lifespans, with the end of the last.

    Arguments:
        drain: to be shared with who starts it or asks for it elsewhere; one of its own unless given.
        drain_on_sigterm: begin to drain with the signal SIGTERM, which the server gets as well. It needs a
            server that sends lifespan events, and runs the application in its main thread; in another thread
            there is no signal, and a warning in the log.
        drain_path: where to ask for the drain, by GET or POST; None for nowhere. For *drain_clients* alone:
            for anybody else it goes inward.
        drain_clients: addresses and networks, as in ``["127.0.0.1", "10.0.0.0/8"]``.
        close_after: seconds from the beginning of the drain after which an open websocket is closed, one that
            is not yet accepted is refused with 503, and a response of ``text/event-stream`` is ended; None
            leaves them to the server.
        close_code: of those websockets: 1012 (service restart), 1001 (going away), or one of your own, 3000
            to 4999 (RFC 6455, section 7.4).

    Raises:
        OptionError: for a value that cannot be used.
    """

    __slots__ = ("_drain", "_drain_clients", "_drain_on_sigterm", "_drain_path", "_ending")

    order: ClassVar[Order] = Order(
        outside_of={
            box.TRUSTED_HOST: _ANSWERS,
            box.HTTPS_REDIRECT: _ANSWERS,
            box.IP_FILTER: _ANSWERS,
            box.BASIC_AUTH: _ANSWERS,
        },
        once=True,
        place=Place.DRAIN,
    )

    def __init__(
        self,
        app: ASGIApp,
        *,
        drain: Drain | None = None,
        drain_on_sigterm: bool = False,
        drain_path: str | None = None,
        drain_clients: Iterable[str] = (),
        close_after: float | None = None,
        close_code: int = 1012,
    ) -> None:
        super().__init__(app)
        if drain_path is not None:
            one_path(self, "drain_path", drain_path)
        hint = "Give a Drain."
        self._drain = Drain() if drain is None else instance(self, "drain", drain, Drain, hint=hint)
        self._drain_on_sigterm = flag(self, "drain_on_sigterm", drain_on_sigterm)
        self._drain_path = drain_path
        self._drain_clients = self._checked_clients(drain_path, drain_clients)
        self._ending = self._checked_ending(close_after, close_code)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin the drain where that is asked for; else hand inward, and end in time what stays open."""
        if scope["type"] not in self.scope_types:
            await self.app(scope, receive, send)
            return
        app = self._answer(scope) or self.app
        if scope["type"] == "http" and scope.get("http_version", "1.1")[:1] == "1":
            send = self._closing(send)
        scope = {**scope, DRAIN: self._drain}
        if self._ending is None:
            await app(scope, receive, send)
        else:
            await self._ending.serve(app, scope, receive, send)

    def lifespan(self) -> AbstractAsyncContextManager[Mapping[str, Any] | None]:
        """Return the context at whose end the process drains; its beginning ends an earlier drain."""
        return self._serving()

    @asynccontextmanager
    async def _serving(self) -> AsyncGenerator[None]:
        if self._ending is not None:
            need_asyncio("DrainMiddleware: close_after")
        with ExitStack() as entered:
            entered.enter_context(self._drain.serving())
            if self._drain_on_sigterm:
                self._hear_signal(entered)
            yield

    def _hear_signal(self, entered: ExitStack) -> None:
        try:
            entered.enter_context(self._drain.on_signal(SIGTERM))
        except ValueError:
            logger.warning(
                "drain_on_sigterm: this is not the main thread, where Python takes signals, so that SIGTERM "
                "begins no drain. Begin it by drain_path."
            )

    def _answer(self, scope: Scope) -> Reply | None:
        # The end of the path is looked at first: nearly every other request goes on here.
        if self._drain_path is None or not scope["path"].endswith(self._drain_path):
            return None
        if scope["type"] != "http" or scope["method"] not in ("GET", "POST"):
            return None
        client = scope.get("client")
        address = parse_address(client[0]) if client else None
        if sure_path(scope) != self._drain_path or address is None or address not in self._drain_clients:
            return None
        self._drain.start()
        return Reply(200, "draining\n", headers=[(b"cache-control", b"no-store")])

    def _closing(self, send: Send) -> Send:
        drain = self._drain

        async def send_with_close(message: Message) -> None:
            # Asked when the response starts, which may be long after the request.
            if drain.draining and message["type"] == "http.response.start":
                head = ResponseHead(message)
                head.headers.set(b"connection", b"close")
                message = head.message
            await send(message)

        return send_with_close

    def _checked_clients(self, drain_path: str | None, clients: Iterable[str]) -> Networks:
        found = networks(self, "drain_clients", clients)
        if bool(found) != (drain_path is not None):
            hint = "It goes with drain_path, neither without the other: drain_clients=['127.0.0.1']."
            raise OptionError(self, "drain_clients", clients, hint)
        return found

    def _checked_ending(self, close_after: float | None, close_code: int) -> Ending | None:
        if type(close_code) is not int or not (close_code in (1001, 1012) or 3000 <= close_code <= 4999):
            hint = "Give 1012 (service restart), 1001 (going away), or one of your own, 3000 to 4999."
            raise OptionError(self, "close_code", close_code, hint)
        if close_after is None:
            return None
        return Ending(self._drain, seconds(self, "close_after", close_after), close_code)
