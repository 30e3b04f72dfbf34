"""The policy as one function: what a careful author would write who needs nothing but this policy.

One parse of the request, one copy of the scope, one wrapped ``send``, one list of header lines, and no call
that could be avoided. It is the limit that a stack of separate layers is measured against. What hardly any
request needs is in the functions below it.
"""

from collections.abc import Callable
from contextvars import ContextVar
from time import perf_counter

from asgi_stack.fields import Field, RequestHeaders
from asgi_stack.grammar.host import parse_host
from asgi_stack.heads import Reply
from asgi_stack.middleware.request_id import random_id
from asgi_stack.middleware.server_timing import ServerTiming
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from benchmarks.policy import ALLOWED_HOSTS, ALLOWED_ORIGINS, TRUSTED_PROXIES, YEAR
from benchmarks.stand_ins import SCHEMES, client_address, preflight_reply, secure_address

current_id: ContextVar[str] = ContextVar("request_id")

HEADS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})
ID_SPELLINGS = frozenset(b"x%srequest%sid" % (a, b) for a in (b"-", b"_", b".") for b in (b"-", b"_", b"."))
EXACT_HOSTS = frozenset(host.encode() for host in ALLOWED_HOSTS if host[0] != ".")
SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
HSTS = (b"strict-transport-security", b"max-age=%d" % YEAR)
BAD_HOST = Reply.refusal(400)


def by_hand(app: ASGIApp, *, make_id: Callable[[], str] = random_id) -> ASGIApp:  # noqa: C901
    """Return *app* behind the whole policy."""

    async def edge(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: C901
        kind = scope["type"]
        if kind not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        fields = scope["headers"]
        headers = dict(fields)
        if len(headers) != len(fields) or not b"".join(headers).islower():
            headers = RequestHeaders.parse(fields)
        scope = scope.copy()

        peer = scope.get("client")
        if peer and peer[0] in TRUSTED_PROXIES:
            scheme = SCHEMES[kind].get(headers.get(b"x-forwarded-proto"))
            if scheme:
                scope["scheme"] = scheme
            forwarded = headers.get(b"x-forwarded-for")
            if forwarded is not None and (address := client_address(forwarded, TRUSTED_PROXIES)):
                scope["client"] = (address, 0)

        request_id = make_id()
        id_line = (b"x-request-id", request_id.encode())
        if not ID_SPELLINGS.isdisjoint(headers):
            fields = [field for field in fields if field[0].lower() not in ID_SPELLINGS]
        scope["headers"] = [*fields, id_line]
        scope["asgi_stack.request_id"] = request_id
        current_id.set(request_id)

        secure = scope.get("scheme") in ("https", "wss")
        origin = headers.get(b"origin") if kind == "http" else None
        target, cors = app, kind == "http"
        host = headers.get(b"host", b"")
        if host not in EXACT_HOSTS and not _allows(host):
            target, cors = BAD_HOST, False
        elif not secure:
            target, cors = _redirect(scope, host), False
        elif origin and scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            target, cors = preflight_reply(origin if origin in ALLOWED_ORIGINS else None), False

        timing = start = None
        if kind == "http":
            timing = scope["asgi_stack.server_timing"] = ServerTiming()
            start = perf_counter()

        async def send_with_policy(message: Message) -> None:  # noqa: C901
            if message["type"] in HEADS:
                lines = [(name.lower(), value) for name, value in message.get("headers") or ()]
                names = dict(lines)
                if cors:
                    if origin in ALLOWED_ORIGINS:
                        if b"access-control-allow-origin" in names:
                            lines = _without(lines, b"access-control-allow-origin")
                        lines.append((b"access-control-allow-origin", origin))
                    if b"vary" in names:
                        lines = _vary(lines)
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
                    lines = _without(lines, b"x-request-id")
                lines.append(id_line)
                message = {**message, "headers": lines}
            await send(message)

        await target(scope, receive, send_with_policy)

    return edge


def _allows(value: bytes) -> bool:
    host = parse_host(value)
    return host is not None and (host.name in ALLOWED_HOSTS or _is_below(host.name))


def _is_below(name: str) -> bool:
    return any(name.endswith(domain) or name == domain[1:] for domain in ALLOWED_HOSTS if domain[0] == ".")


def _redirect(scope: Scope, host: bytes) -> Reply:
    if scope["type"] == "websocket":
        return Reply.refusal(403)
    return Reply(307, headers=[(b"location", secure_address(scope, host))])


def _without(lines: list[Field], name: bytes) -> list[Field]:
    return [line for line in lines if line[0] != name]


def _vary(lines: list[Field]) -> list[Field]:
    listed = [item.strip() for name, value in lines if name == b"vary" for item in value.split(b",")]
    if b"*" in listed or b"origin" in [item.lower() for item in listed]:
        return lines
    return [*_without(lines, b"vary"), (b"vary", b", ".join([*filter(None, listed), b"Origin"]))]
