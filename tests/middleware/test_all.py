"""What holds for every middleware in the box holds for a new one as soon as it is exported."""

import copy
import inspect
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import asgi_stack.middleware
from asgi_stack import ASGIMiddleware, HeaderMiddleware
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import call

NAMES = [name for name in asgi_stack.middleware.__all__ if name.endswith("Middleware")]
SHIPPED = [getattr(asgi_stack.middleware, name) for name in NAMES]
# What a class cannot do without; every other option has a default.
NEEDED: dict[str, dict[str, Any]] = {
    "BasicAuthMiddleware": {"users": {"ada": "lovelace"}},
    "HTTPSRedirectMiddleware": {"host": "testserver", "exempt_paths": ["/"]},
    "IPFilterMiddleware": {"allow": ["127.0.0.0/8"]},
    "MaintenanceMiddleware": {"switch": lambda: False},
    "ProxyHeadersMiddleware": {"trusted": ["127.0.0.1"]},
    "TrustedHostMiddleware": {"allowed_hosts": ["testserver"]},
}

# What it takes to be let in by all of them.
HEADERS = {"authorization": "Basic YWRhOmxvdmVsYWNl"}

every_middleware = pytest.mark.parametrize("factory", SHIPPED, ids=NAMES)
every_header_middleware = pytest.mark.parametrize(
    "factory",
    [each for each in SHIPPED if issubclass(each, HeaderMiddleware)],
    ids=lambda each: each.__name__,
)


def make(factory: Any, inner: Any) -> Any:
    return factory(inner, **NEEDED.get(factory.__name__, {}))


async def receive() -> Any:
    raise NotImplementedError


async def send(message: Any) -> None:
    raise NotImplementedError


@every_middleware
@pytest.mark.parametrize("scope_type", ["lifespan", "made.up"])
async def test_a_foreign_scope_is_handed_on_untouched(factory: Any, scope_type: str) -> None:
    calls: list[Any] = []

    async def inner(*given: Any) -> None:
        calls.extend(given)

    given = ({"type": scope_type}, receive, send)
    await make(factory, inner)(*given)

    assert all(a is b for a, b in zip(calls, given, strict=True))


@every_middleware
@pytest.mark.parametrize(
    "scope", [http_scope(headers=HEADERS), websocket_scope(headers=HEADERS)], ids=["http", "websocket"]
)
async def test_it_is_a_complete_application_alone(factory: Any, scope: Any) -> None:
    outcome = await call(make(factory, Recorder(body=b"hello")), scope)

    assert outcome.types[0] in ("http.response.start", "websocket.accept")


@every_middleware
@pytest.mark.parametrize(
    "scope", [http_scope(headers=HEADERS), websocket_scope(headers=HEADERS)], ids=["http", "websocket"]
)
async def test_the_scope_that_it_was_given_stays_as_it_was(factory: Any, scope: Any) -> None:
    before = copy.deepcopy(scope)
    await call(make(factory, Recorder()), scope)

    assert scope == before


@every_middleware
async def test_the_messages_of_the_application_stay_as_they_were(factory: Any) -> None:
    start = MappingProxyType({"type": "http.response.start", "status": 200, "headers": ((b"X-A", b"1"),)})
    body = MappingProxyType({"type": "http.response.body", "body": b"x"})

    # Whoever writes to a message fails: these are no dicts, and in capitals, which no rule allows.
    app = make(factory, Recorder(messages=[start, body]))
    outcome = await call(app, http_scope(headers=HEADERS), lint=False)

    assert outcome.headers["x-a"] == "1"


@every_middleware
async def test_a_response_without_the_key_headers_is_one_without_any(factory: Any) -> None:
    messages = [{"type": "http.response.start", "status": 204}, {"type": "http.response.body"}]

    assert (await call(make(factory, Recorder(messages=messages)), http_scope(headers=HEADERS))).status == 204


@every_middleware
def test_every_option_is_keyword_only(factory: Any) -> None:
    _, app, *options = inspect.signature(factory.__init__).parameters.values()

    assert app.name == "app"
    assert {option.kind for option in options} <= {inspect.Parameter.KEYWORD_ONLY}


@every_middleware
def test_an_instance_takes_no_further_attributes(factory: Any) -> None:
    middleware = make(factory, Recorder())

    with pytest.raises(AttributeError):
        middleware.leaked = 1


@every_middleware
def test_it_is_one_of_our_base_classes(factory: Any) -> None:
    assert issubclass(factory, ASGIMiddleware)


@every_header_middleware
def test_a_header_middleware_is_fit_to_be_fused(factory: Any) -> None:
    inner = Recorder()
    middleware = make(factory, inner)

    assert factory.__call__ is HeaderMiddleware.__call__
    assert middleware.app is inner


@every_middleware
def test_its_page_has_the_usual_headings(factory: Any) -> None:
    name = factory.__module__.rpartition(".")[2].replace("_", "-")
    page = (Path(__file__).parents[2] / f"docs/middleware/{name}.md").read_text(encoding="utf-8")
    headings = [line[3:] for line in page.splitlines() if line.startswith("## ")]

    assert headings == [
        "What it does", "Use", "Options", "What it changes", "Order", "What it does not do",
    ]  # fmt: skip
