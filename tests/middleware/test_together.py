"""The law of fusion over the classes of the box, which are trusted with what others may only read.

In a group they share one dictionary of the request's headers, and change it in place. Alone, as classes of
somebody else's, each has its own.
"""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from asgi_stack import HeaderMiddleware
from asgi_stack.composing.group import put_around
from asgi_stack.middleware import RequestIDMiddleware, ServerTimingMiddleware
from tests.helpers import shown
from tests.middleware.cases import CASES, FIELDS, PLAIN

STEADY: dict[Any, dict[str, Any]] = {
    RequestIDMiddleware: {"make_id": lambda: "made-up"},
    ServerTimingMiddleware: {"clock": lambda: 0.0},
}


def ways() -> Any:
    """Every class of the box that only looks at heads, with each set of options of its record."""
    for case in CASES.values():
        if issubclass(case.factory, HeaderMiddleware):
            for options in (case.options, *(look.options for look in case.looks if look.options)):
                yield case.factory, {**options, **STEADY.get(case.factory, {})}


def anybodys(factory: Any) -> Any:
    """The same class as somebody else's: it is trusted no more."""
    return type(factory.__name__, (factory,), {"__slots__": ()})


WAYS = [(factory, anybodys(factory), options) for factory, options in ways()]
VALUES = [b"example.com", b"10.0.0.2", b"10.0.0.2, 192.0.2.1", b"https", b"https://b.a.example", b"POST", b""]
SPELLED = [*FIELDS, b"Host", b"X-Forwarded-For", b"x_forwarded_for", b"X_Request-ID", b"x-real-ip"]
lines = st.lists(st.tuples(st.sampled_from(SPELLED), st.sampled_from(VALUES)), max_size=8)
SENT = [b"vary", b"X-Request-ID", b"access-control-allow-origin", b"Referrer-Policy", b"server-timing"]
sent = st.lists(st.tuples(st.sampled_from(SENT), st.sampled_from([b"*", b"a, b", b""])), max_size=4)
scopes = st.builds(
    lambda headers, changes: {**PLAIN, "headers": headers, **changes},
    lines,
    st.sampled_from(
        [{}, {"method": "OPTIONS"}, {"scheme": "https"}, {"client": None}, {"type": "websocket"}]
    ),
)


async def outcome(app: Any, scope: Any, seen: list[Any]) -> Any:
    """What the inner application and the server see, and what comes out."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    try:
        await app(scope, receive, send)
    except Exception as error:
        sent.append(shown(error))
    return seen, sent


@settings(max_examples=4 * settings().max_examples)
@given(st.lists(st.sampled_from(WAYS), min_size=1, max_size=5), scopes, sent)
async def test_a_group_of_the_box_is_the_nest_of_anybodys_classes(
    chosen: Any, scope: Any, headers: Any
) -> None:
    def page(seen: list[Any]) -> Any:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            seen.append({**scope, "headers": [*scope["headers"]], "asgi_stack.trace_context": "at random"})
            kind = "http.response.start" if scope["type"] == "http" else "websocket.accept"
            await send({"type": kind, "status": 200, "headers": headers})

        return answer

    seen: list[Any] = []
    noted: list[Any] = []
    nest, group = page(seen), page(noted)
    for factory, other, options in reversed(chosen):
        nest, group = other(nest, **options), put_around(factory(group, **options), group)

    assert await outcome(group, scope, noted) == await outcome(nest, scope, seen)
