"""The seven as a user writes them: one plain class each, by the calls that the documentation shows first.

They answer as `benchmarks.by_hand` does. What hardly any request needs is asked of `benchmarks.rare`.
"""

from collections.abc import Callable
from contextvars import ContextVar
from time import perf_counter
from typing import Any

from asgi_stack import HeaderMiddleware, Layer, Reply, RequestHead, ResponseHead
from asgi_stack.grammar.address import parse_address
from asgi_stack.heads import ResponseHook
from asgi_stack.middleware.request_id import random_id
from asgi_stack.middleware.server_timing import ServerTiming
from asgi_stack.types import ASGIApp
from benchmarks import rare
from benchmarks.policy import TRUSTED_PROXIES
from benchmarks.rare import CREDENTIALS, EXACT_HOSTS, FORWARDED, HSTS, ORIGIN, ORIGINS, SCHEMES, SECURITY

current_id: ContextVar[str] = ContextVar("request_id")
current_timing: ContextVar[ServerTiming] = ContextVar("server_timing")


class ProxyHeaders(HeaderMiddleware):
    def on_request(self, request: RequestHead) -> Reply | None:
        peer = request.client
        request.update({"asgi_stack.peer": peer})
        if peer is not None and (peer[0] in TRUSTED_PROXIES or rare.is_trusted(peer)):
            address = parse_address(request.headers.get(b"x-forwarded-for", b"").decode("latin-1"))
            scheme = SCHEMES[request.scope["type"]].get(request.headers.get(b"x-forwarded-proto"))
            if address is not None and scheme is not None:
                request.update(client=(address.text, 0), scheme=scheme)
            elif not self._believe(request):
                return rare.BAD_REQUEST
        kept = [line for line in request.scope["headers"] if line[0].lower() not in FORWARDED]
        request.update(headers=kept)
        return None

    def _believe(self, request: RequestHead) -> bool:
        found: dict[str, Any] = {}
        if not rare.believe_proxies(RequestHead(request.scope), found):
            return False
        request.update(found)
        return True


class RequestID(HeaderMiddleware):
    def __init__(self, app: ASGIApp, *, make_id: Callable[[], str] = random_id) -> None:
        super().__init__(app)
        self._make_id = make_id

    def on_request(self, request: RequestHead) -> ResponseHook:
        request_id = self._make_id()
        value = request_id.encode()
        # The layer outside of this one has taken out what the client sent under that name.
        request.update(headers=[*request.scope["headers"], (b"x-request-id", value)])
        request.update({"asgi_stack.request_id": request_id})
        current_id.set(request_id)

        def tell(response: ResponseHead) -> None:
            response.headers.set(b"x-request-id", value)

        return tell


class Timing(HeaderMiddleware):
    scope_types = frozenset({"http"})

    def on_request(self, request: RequestHead) -> ResponseHook:
        timing = ServerTiming()
        current_timing.set(timing)
        start = perf_counter()

        def tell(response: ResponseHead) -> None:
            metrics = [f"app;dur={(perf_counter() - start) * 1000:.1f}", *timing.metrics]
            response.headers.append(b"server-timing", ", ".join(metrics).encode("latin-1"))

        return tell


class SecurityHeaders(HeaderMiddleware):
    def on_request(self, request: RequestHead) -> ResponseHook:
        secure = request.scheme in ("https", "wss")

        def add(response: ResponseHead) -> None:
            if response.status != 304:
                for name, value in SECURITY:
                    response.headers.set_default(name, value)
            if secure:
                response.headers.set_default(*HSTS)

        return add


class TrustedHost(HeaderMiddleware):
    def on_request(self, request: RequestHead) -> Reply | None:
        host = request.headers.get(b"host", b"")
        return None if host in EXACT_HOSTS or rare.allows_host(host) else rare.BAD_REQUEST


class HTTPSRedirect(HeaderMiddleware):
    def on_request(self, request: RequestHead) -> Reply | None:
        return None if request.scheme in ("https", "wss") else rare.redirect(request.scope)


class CORS(HeaderMiddleware):
    scope_types = frozenset({"http"})

    def on_request(self, request: RequestHead) -> Reply | ResponseHook:
        origin = request.headers.get(b"origin")
        asked = request.headers.get(b"access-control-request-method")
        if origin and asked is not None and request.method == "OPTIONS":
            return rare.preflight(request.scope)

        def share(response: ResponseHead) -> None:
            response.headers.remove(CREDENTIALS)
            if origin in ORIGINS:
                response.headers.set(ORIGIN, origin)
            else:
                response.headers.remove(ORIGIN)
            if response.headers.get(b"vary") is None:
                response.headers.append(b"vary", b"Origin")
            else:
                response.headers.add_vary(b"Origin")

        return share


def seven_by_a_user(**request_id: Any) -> list[Layer[...]]:
    """Return the layers, outermost first, as `benchmarks.policy.seven` does."""
    return [
        Layer(ProxyHeaders),
        Layer(RequestID, **request_id),
        Layer(Timing),
        Layer(SecurityHeaders),
        Layer(TrustedHost),
        Layer(HTTPSRedirect),
        Layer(CORS),
    ]
