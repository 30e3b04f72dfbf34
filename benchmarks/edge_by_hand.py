"""The nine as one function, after the manner of `benchmarks.by_hand`.

What the two have in common is written twice: to share it would take a call, which the limit goes without.
"""

from collections.abc import Callable
from contextvars import ContextVar

from asgi_stack.grammar.address import parse_address
from asgi_stack.grammar.request_rules import NAME, VALUE
from asgi_stack.heads import RequestHead
from asgi_stack.heads.fields import fold
from asgi_stack.middleware.request_id import random_id
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from benchmarks import rare
from benchmarks.policy import TRUSTED_PROXIES
from benchmarks.rare import CREDENTIALS, EXACT_HOSTS, HEADS, HSTS, ORIGIN, ORIGINS, SCHEMES, SECURITY

current_id: ContextVar[str] = ContextVar("request_id")

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_LINES, MOST_BYTES, LONGEST_TARGET = 99, 16_000, 8_000
LONGEST_LENGTH = 19


def edge_by_hand(app: ASGIApp, *, make_id: Callable[[], str] = random_id) -> ASGIApp:  # noqa: C901
    """Return *app* behind the whole policy."""
    trusted_proxies = frozenset(TRUSTED_PROXIES)

    async def edge(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: C901
        kind = scope["type"]
        if kind not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        fields = scope["headers"]
        headers = dict(fields)
        names = b"".join(headers)
        plain = len(headers) == len(fields) and names.islower()
        if not plain:
            headers = fold(fields)
        scope = scope.copy()

        peer = scope["asgi_stack.peer"] = scope.get("client")
        address = None
        if peer and (peer[0] in trusted_proxies or rare.is_trusted(peer)):
            address = parse_address(headers.get(b"x-forwarded-for", b"").decode("latin-1"))
            scheme = SCHEMES[kind].get(headers.get(b"x-forwarded-proto"))
            if address and scheme:
                scope["client"] = (address.text, 0)
                scope["scheme"] = scheme
            elif not rare.believe_proxies(RequestHead(scope), scope):
                await rare.BAD_REQUEST(scope, receive, send)
                return
            else:
                address = None

        request_id = make_id()
        id_line = (b"x-request-id", request_id.encode())
        if not rare.FORWARDED.isdisjoint(headers):
            fields = [field for field in fields if field[0].lower() not in rare.FORWARDED]
        scope["headers"] = [*fields, id_line]
        scope["asgi_stack.request_id"] = request_id
        current_id.set(request_id)

        method = scope.get("method", "GET")
        secure = scope.get("scheme") in ("https", "wss")
        origin = headers.get(b"origin") if kind == "http" else None
        target, cors = app, kind == "http"
        host = headers.get(b"host", b"")
        path, raw = scope["path"], scope.get("raw_path")
        values = b"".join(headers.values())
        length = headers.get(b"content-length", b"0")
        plain = (
            plain
            and raw == path.encode()
            and path[:1] == "/"
            and path.isprintable()
            and "/." not in path
            and "//" not in path
            and "%" not in path
            and "\\" not in path
            and len(raw) + len(scope.get("query_string") or b"") < LONGEST_TARGET
            and method in METHODS
            and len(fields) <= MOST_LINES
            and len(names) + len(values) <= MOST_BYTES
            and not names.translate(None, NAME)
            and not values.translate(None, VALUE)
            and b"" not in headers
            and length.isdigit()
            and len(length) <= LONGEST_LENGTH
            and b"transfer-encoding" not in headers
        )
        refusal = None if plain else rare.guard(scope)
        if refusal is not None:
            target, cors = refusal, False
        elif host not in EXACT_HOSTS and not rare.allows_host(host):
            target, cors = rare.BAD_REQUEST, False
        elif not secure:
            target, cors = rare.redirect(scope), False
        elif origin and method == "OPTIONS" and b"access-control-request-method" in headers:
            target, cors = rare.preflight(scope), False
        elif address in rare.BLOCKED if address else rare.blocks(scope):
            target = rare.FORBIDDEN
        elif method not in SAFE_METHODS or kind == "websocket":
            target = rare.cross_origin(scope) or app

        async def send_with_policy(message: Message) -> None:
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
                if b"x-request-id" in names:
                    lines = rare.without(lines, b"x-request-id")
                lines.append(id_line)
                message = {**message, "headers": lines}
            await send(message)

        await target(scope, receive, send_with_policy)

    return edge
