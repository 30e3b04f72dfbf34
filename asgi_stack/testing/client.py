"""The test client."""

import asyncio
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias, TypeVar, Unpack

from asgi_stack.errors import OptionError
from asgi_stack.options import choice, flag, mapping, seconds, strings, text
from asgi_stack.testing.bodies import ConnectionOptions, RequestOptions, encode_body
from asgi_stack.testing.cookies import Cookies
from asgi_stack.testing.errors import LeftRunningError
from asgi_stack.testing.exchange import Exchange
from asgi_stack.testing.headers import HeaderInput, checked_headers, encode_headers
from asgi_stack.testing.lifespan import LifespanTask
from asgi_stack.testing.response import Response
from asgi_stack.testing.scopes import make_http_scope, make_websocket_scope
from asgi_stack.testing.session import RaiseErrors, Session
from asgi_stack.testing.verbs import Verbs
from asgi_stack.testing.websocket import WebSocketSession
from asgi_stack.types import ASGIApp, Scope

__all__ = ["ASGIClient"]

LifespanOption: TypeAlias = bool | Literal["auto"]
S = TypeVar("S", bound=Session)

WITH_BODY = ("POST", "PUT", "PATCH")


class ASGIClient(Verbs):
    """Drives an ASGI application without a server: http, websockets and lifespan.

    Every request runs the application in a task of its own, as a server does. A wait for it lasts at most
    *timeout* real seconds (None: for ever) and leaves it running. What it raises is raised here, with its own
    traceback; with ``raise_errors=False`` a request is answered with 500 instead, as by a server, and with
    ``"connected"`` what it raises because the client has gone is let pass. Cookies are kept, redirects are
    not followed.

    ``async with ASGIClient(app) as client`` also runs the lifespan: with ``"auto"`` an application may
    decline it, as Django does; with True it may not; with False it is not asked. Each request gets a shallow
    copy of the lifespan's state. At the end of the block an application that still runs is an error, and is
    cancelled. Without the block a client works too, with no lifespan and no such check.

    With *lint* the application is wrapped in `asgi_stack.testing.lint.Lint`: a violation of the ASGI
    specification is raised, unless *ignore* has the id of its rule. *base_url* stands before every URL that
    is a path; *extra* is written into every scope.
    """

    cookies: Cookies
    state: dict[str, Any] | None

    def __init__(
        self,
        app: ASGIApp,
        *,
        base_url: str = "http://testserver",
        headers: HeaderInput = (),
        cookies: Mapping[str, str] | None = None,
        lifespan: LifespanOption = "auto",
        lint: bool = True,
        ignore: Iterable[str] = (),
        raise_errors: RaiseErrors = True,
        timeout: float | None = 5.0,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        hint = "Give an absolute URL, as in 'https://example.com'."
        self._base_url = text(self, "base_url", base_url, fits=_is_absolute, hint=hint).rstrip("/")
        ignored = strings(self, "ignore", ignore, example=["H1"], what=_IDS)
        self.app = self._linted(app, ignored) if flag(self, "lint", lint) else app
        self.cookies = Cookies({} if cookies is None else self._checked_cookies(cookies))
        self.state = None
        self._headers = checked_headers(self, "headers", headers)
        self._lifespan = choice(self, "lifespan", lifespan, (True, False, "auto"))
        self._raise_errors: RaiseErrors = choice(
            self, "raise_errors", raise_errors, (True, False, "connected")
        )
        hint = "None is no limit."
        self._timeout = None if timeout is None else seconds(self, "timeout", timeout, hint=hint)
        hint = "Give the keys of a scope, as in extra={'client': None}."
        self._extra = {} if extra is None else dict(mapping(self, "extra", extra, hint=hint))
        self._run: LifespanTask | None = None
        self._sessions: list[Session] = []

    def _linted(self, app: ASGIApp, ignore: Iterable[str]) -> ASGIApp:
        # Here, for Lint is the larger half of the test kit and not every test wants it.
        from asgi_stack.testing.lint.middleware import Lint, id_fault

        strings(self, "ignore", ignore, example=["H1"], what=_IDS, fault=id_fault)
        return Lint(app, ignore=ignore)

    def _checked_cookies(self, given: Mapping[str, str]) -> Mapping[str, str]:
        hint = "Give values by names, as in cookies={'sessionid': 'abc'}."
        for pair in mapping(self, "cookies", given, hint=hint).items():
            if not all(isinstance(word, str) for word in pair):
                raise OptionError(self, "cookies", given, hint)
        return given

    @property
    def running(self) -> list[str]:
        """What the application still does: one line for each request or websocket that has not ended."""
        return [
            f"{_name(session.scope)}: {session.describe()}" for session in self._sessions if session.running
        ]

    async def __aenter__(self) -> Self:
        """Start the application up."""
        if self._lifespan is not False:
            self._run = LifespanTask(self.app, timeout=self._timeout)
            await self._run.start_up(required=self._lifespan is True)
            self.state = self._run.state
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Cancel what still runs, and say so; shut the application down."""
        left = self.running
        try:
            for session in self._sessions:
                await session.cancel()
            if left and error is None:
                lines = "".join(f"\n  {line}" for line in left)
                raise LeftRunningError(
                    f"ASGIClient: the application was left running and was cancelled.{lines}"
                )
        finally:
            run, self._run, self.state = self._run, None, None
            if run is not None:
                await run.shut_down()

    async def request(self, method: str, url: str, **options: Unpack[RequestOptions]) -> Response:
        """Send a request, wait for the whole response and until the application has returned.

        One *timeout* holds for the whole response, one more for the return.
        """
        exchange = self._exchange(method, url, options, empty=True)
        exchange.start()
        try:
            return await exchange.read()
        except asyncio.CancelledError:
            # The caller has gone: to the application that is a client that hangs up.
            await exchange.disconnect()
            raise

    def stream(self, method: str, url: str, **options: Unpack[RequestOptions]) -> Exchange:
        """Return a block in which request and response are taken step by step; see `Exchange`.

        A ``POST``, ``PUT`` or ``PATCH`` without content leaves the body to `Exchange.send_body`.
        """
        return self._exchange(method, url, options, empty=method.upper() not in WITH_BODY)

    def websocket(
        self, url: str, *, subprotocols: Iterable[str] = (), **options: Unpack[ConnectionOptions]
    ) -> WebSocketSession:
        """Return a block in which a websocket is open; see `WebSocketSession`."""
        headers = self._merged(options.get("headers", ()), None, None)
        scope = make_websocket_scope(
            self._absolute(url, "ws"),
            subprotocols=subprotocols,
            headers=headers,
            params=options.get("params", ()),
            extensions=options.get("extensions"),
            state=self._copy_of_state(),
            extra={**self._extra, **options["extra"]} if "extra" in options else self._extra,
        )
        return self._kept(WebSocketSession, scope)

    def _exchange(self, method: str, url: str, options: RequestOptions, *, empty: bool) -> Exchange:
        method = method.upper()
        chunks, content_type = (encode_body(options) if options else None) or ([], None)
        if not chunks and empty:
            chunks = [b""]
        length = len(chunks[0]) if len(chunks) == 1 and (chunks[0] or method in WITH_BODY) else None
        scope = make_http_scope(
            self._absolute(url, "http"),
            method=method,
            headers=self._merged(options.get("headers", ()), content_type, length),
            params=options.get("params", ()),
            extensions=options.get("extensions"),
            state=self._copy_of_state(),
            extra={**self._extra, **options["extra"]} if "extra" in options else self._extra,
        )
        exchange = self._kept(Exchange, scope)
        exchange.feed_body(chunks)
        return exchange

    def _kept(self, kind: type[S], scope: Scope) -> S:
        session = kind(self.app, scope, self._timeout, self._raise_errors, self.cookies)
        self._sessions = [kept for kept in self._sessions if not kept.ended]
        self._sessions.append(session)
        return session

    def _absolute(self, url: str, kind: str) -> str:
        base = self._base_url if kind == "http" else self._base_url.replace("http", "ws", 1)
        return base + url if url.startswith("/") else url

    def _copy_of_state(self) -> dict[str, Any] | None:
        return None if self.state is None else dict(self.state)

    def _merged(
        self, given: HeaderInput, content_type: str | None, length: int | None
    ) -> list[tuple[bytes, bytes]]:
        made = [*self._headers]
        if self.cookies:
            made.append((b"cookie", self.cookies.header().encode("latin-1")))
        if content_type is not None:
            made.append((b"content-type", content_type.encode()))
        if length is not None:
            made.append((b"content-length", b"%d" % length))
        if not given:
            return made
        own = encode_headers(given)
        names = {name.lower() for name, _ in own}
        return [*(field for field in made if field[0] not in names), *own]


_IDS = "a set of ids of rules"


def _is_absolute(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _name(scope: Scope) -> str:
    return f"{scope.get('method', scope['type'])} {scope['path']}"
