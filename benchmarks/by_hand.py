"""The seven as one function: what a careful author would write who needs nothing but this policy.

One parse of the request, one copy of the scope, one wrapped ``send``, one list of header lines, and no call
that could be avoided. It is the limit that a stack of separate layers is measured against. What hardly any
request needs is asked of `benchmarks.rare`.
"""

from collections.abc import Callable
from contextvars import ContextVar
from time import perf_counter

from asgi_stack.grammar.address import parse_address
from asgi_stack.heads import RequestHead
from asgi_stack.heads.fields import fold
from asgi_stack.middleware.request_id import random_id
from asgi_stack.middleware.server_timing import ServerTiming
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from benchmarks import rare
from benchmarks.policy import TRUSTED_PROXIES
from benchmarks.rare import CREDENTIALS, EXACT_HOSTS, HEADS, HSTS, ORIGIN, ORIGINS, SCHEMES, SECURITY

current_id: ContextVar[str] = ContextVar("request_id")
current_timing: ContextVar[ServerTiming] = ContextVar("server_timing")


def by_hand(app: ASGIApp, *, make_id: Callable[[], str] = random_id) -> ASGIApp:  # noqa: C901
    """Return *app* behind the whole policy."""
    trusted_proxies = frozenset(TRUSTED_PROXIES)

    async def edge(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: C901
        kind = scope["type"]
        if kind not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        fields = scope["headers"]
        headers = dict(fields)
        if len(headers) != len(fields) or not b"".join(headers).islower():
            headers = fold(fields)
        scope = scope.copy()

        peer = scope["asgi_stack.peer"] = scope.get("client")
        if peer and (peer[0] in trusted_proxies or rare.is_trusted(peer)):
            address = parse_address(headers.get(b"x-forwarded-for", b"").decode("latin-1"))
            scheme = SCHEMES[kind].get(headers.get(b"x-forwarded-proto"))
            if address and scheme:
                scope["client"] = (address.text, 0)
                scope["scheme"] = scheme
            elif not rare.believe_proxies(RequestHead(scope), scope):
                await rare.BAD_REQUEST(scope, receive, send)
                return

        request_id = make_id()
        id_line = (b"x-request-id", request_id.encode())
        if not rare.FORWARDED.isdisjoint(headers):
            fields = [field for field in fields if field[0].lower() not in rare.FORWARDED]
        scope["headers"] = [*fields, id_line]
        scope["asgi_stack.request_id"] = request_id
        current_id.set(request_id)

        secure = scope.get("scheme") in ("https", "wss")
        origin = headers.get(b"origin") if kind == "http" else None
        target, cors = app, kind == "http"
        host = headers.get(b"host", b"")
        if host not in EXACT_HOSTS and not rare.allows_host(host):
            target, cors = rare.BAD_REQUEST, False
        elif not secure:
            target, cors = rare.redirect(scope), False
        elif origin and scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            target, cors = rare.preflight(scope), False

        timing = start = None
        if kind == "http":
            timing = ServerTiming()
            current_timing.set(timing)
            start = perf_counter()

        async def send_with_policy(message: Message) -> None:  # noqa: C901
            if message["type"] in HEADS:
                lines = [(name.lower(), value) for name, value in message.get("headers") or ()]
                names = dict(lines)
                if cors:
                    if ORIGIN in names or CREDENTIALS in names:
                        lines = rare.without(lines, ORIGIN, CREDENTIALS)
                    if origin in ORIGINS:
                        lines.append((ORIGIN, origin))
                    if b"vary" in names:
                        lines = rare.vary(lines)
                    else:
                        lines.append((b"vary", b"Origin"))
                if message.get("status") != 304:
                    lines += [line for line in SECURITY if line[0] not in names]
                if secure and HSTS[0] not in names:
                    lines.append(HSTS)
                if timing is not None:
                    value = f"app;dur={(perf_counter() - start) * 1000:.1f}"
                    if timing.metrics:
                        value = ", ".join((value, *timing.metrics))
                    lines.append((b"server-timing", value.encode("latin-1")))
                if b"x-request-id" in names:
                    lines = rare.without(lines, b"x-request-id")
                lines.append(id_line)
                message = {**message, "headers": lines}
            await send(message)

        await target(scope, receive, send_with_policy)

    return edge
