"""All forms of the measured policy answer alike: what is compared does the same work."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import override_settings

from asgi_stack.types import ASGIApp, Scope
from benchmarks.by_a_user import seven_by_a_user
from benchmarks.by_hand import by_hand
from benchmarks.django_project import MIDDLEWARE, PROJECT, handler
from benchmarks.edge_by_hand import edge_by_hand
from benchmarks.neighbours import neighbours, neighbours_as_documented
from benchmarks.policy import Policy, fused, nested, nine, page, scope_of_a_browser, seven
from tests.helpers import call

Head = tuple[int | None, frozenset[tuple[bytes, bytes]]]

SECURE = {"scheme": "https", "client": ("203.0.113.9", 1)}
SCOPES: dict[str, Scope] = {
    "let in": scope_of_a_browser(),
    "another host": scope_of_a_browser(b"evil.example"),
    "a subdomain, with a port": scope_of_a_browser(b"A.Example.net:8443"),
    "no host": scope_of_a_browser(headers=[], **SECURE),
    "plain http": scope_of_a_browser(client=("203.0.113.9", 1)),
    "plain http without a query": scope_of_a_browser(client=("203.0.113.9", 1), query_string=b""),
    "another origin": scope_of_a_browser(
        headers=[(b"host", b"www.example.com"), (b"origin", b"https://x.y")], **SECURE
    ),
    "no origin, an id of its own": scope_of_a_browser(
        headers=[(b"Host", b"www.example.com"), (b"X_Request_ID", b"1"), (b"x-request-id", b"2")], **SECURE
    ),
    "a preflight": scope_of_a_browser(
        method="OPTIONS",
        headers=[*scope_of_a_browser()["headers"], (b"access-control-request-method", b"GET")],
    ),
    "a websocket": scope_of_a_browser(type="websocket", scheme="ws", extensions={}),
    "a refused websocket": scope_of_a_browser(
        b"x", type="websocket", scheme="wss", extensions={"websocket.http.response": {}}
    ),
    "two proxies": scope_of_a_browser(
        headers=[
            (b"host", b"www.example.com"),
            (b"x-forwarded-for", b"203.0.113.9, 10.0.0.1"),
            (b"x-forwarded-proto", b"https, https"),
        ]
    ),
    "endless proxies": scope_of_a_browser(headers=[(b"x-forwarded-for", b"," * 9000)]),
    "a proxy by its mapped address": scope_of_a_browser(client=("::ffff:10.0.0.1", 1)),
    "a field of the client's": scope_of_a_browser(
        headers=[(b"host", b"www.example.com"), (b"X_Real_IP", b"127.0.0.1")], **SECURE
    ),
    "an encoded slash": scope_of_a_browser(path="/a/b", raw_path=b"/a%2Fb"),
    "two hosts": scope_of_a_browser(headers=[(b"host", b"www.example.com")] * 2, **SECURE),
    "a blocked client": scope_of_a_browser(scheme="https", client=("192.0.2.1", 1)),
    "a cross-site post": scope_of_a_browser(
        method="POST",
        headers=[
            (b"host", b"www.example.com"),
            (b"sec-fetch-site", b"cross-site"),
            (b"origin", b"https://x.y"),
        ],
        **SECURE,
    ),
    "a post of one's own": scope_of_a_browser(
        method="POST",
        headers=[(b"host", b"www.example.com"), (b"sec-fetch-site", b"same-origin")],
        **SECURE,
    ),
    "a foreign websocket": scope_of_a_browser(
        type="websocket", scheme="wss", headers=[(b"host", b"www.example.com"), (b"origin", b"https://x.y")]
    ),
    "a plain websocket": scope_of_a_browser(
        type="websocket", scheme="ws", client=None, extensions={"websocket.http.response": {}}
    ),
}


async def page_with_headers(scope: Scope, receive: Any, send: Any) -> None:
    """Answer with what a policy might write a second time, and repeat what came in."""
    seen = repr(
        sorted((key, str(scope[key])) for key in ("client", "scheme", "headers", "asgi_stack.request_id"))
    )
    headers = [
        (b"Vary", b"accept"),
        (b"X-Frame-Options", b"SAMEORIGIN"),
        (b"X-Request-ID", b"own"),
        (b"seen", seen.encode()),
    ]
    kind = "http.response.start" if scope["type"] == "http" else "websocket.accept"
    await send({"type": kind, "status": 304, "headers": headers})


async def head_of(app: ASGIApp, scope: Scope) -> Head:
    """Return what does not differ from call to call in the head that *app* sends, names lower-case."""
    sent = await call(app, scope.copy(), lint=False)  # the heads are as Django writes them, without bodies
    lines = {(name.lower(), _steady(name.lower(), value)) for name, value in sent[0].get("headers", ())}
    return sent[0].get("status"), frozenset(lines)


def _steady(name: bytes, value: bytes) -> bytes:
    if name == b"server-timing":
        return re.sub(rb"[0-9.]+$", b"0", value)
    if name == b"vary":
        return value.lower()
    return b"made up" if name == b"x-request-id" and len(value) == 32 else value


def make_id() -> str:
    return "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("written", "policy"),
    [(by_hand, seven), (by_hand, seven_by_a_user), (edge_by_hand, nine)],
    ids=["seven", "seven by a user", "nine"],
)
@pytest.mark.parametrize("form", [fused, nested], ids=["fused", "nested"])
@pytest.mark.parametrize("inner", [page, page_with_headers])
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
async def test_the_function_by_hand_answers_as_the_stack_does(
    written: Callable[..., ASGIApp],
    policy: Policy,
    form: Callable[..., ASGIApp],
    inner: ASGIApp,
    scope: Scope,
) -> None:
    expected = await head_of(form(inner, policy, make_id=make_id), scope)

    assert await head_of(written(inner, make_id=make_id), scope) == expected


@pytest.mark.parametrize("form", [neighbours, neighbours_as_documented])
async def test_the_neighbours_answer_as_the_stack_does(form: Callable[..., ASGIApp]) -> None:
    scope = scope_of_a_browser()

    assert await head_of(form(page), scope) == await head_of(fused(page), scope)


@pytest.fixture
def project() -> Iterator[None]:
    with override_settings(**PROJECT):
        yield


@pytest.mark.usefixtures("project")
async def test_django_answers_with_its_middleware_as_in_the_stack() -> None:
    scope = scope_of_a_browser()

    assert await head_of(handler(MIDDLEWARE), scope) == await head_of(fused(handler([])), scope)


@pytest.mark.usefixtures("project")
async def test_django_refuses_the_host_that_the_stack_refuses() -> None:
    scope = scope_of_a_browser(b"evil.example")

    assert (await head_of(handler(MIDDLEWARE), scope))[0] == (await head_of(fused(page), scope))[0] == 400
