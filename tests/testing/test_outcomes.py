"""What is raised in an application and is meant for the test comes out as itself, wherever it was raised."""

import asyncio
import unittest
from typing import Any

import pytest
import trio
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from asgi_stack import ASGIMiddleware, Stack
from asgi_stack.django.test import AsyncStackClient
from asgi_stack.routing import PathRouter
from asgi_stack.testing import ASGIClient, ClientUsageError, LintError

OUTCOMES = [pytest.fail.Exception, pytest.skip.Exception, unittest.SkipTest, SystemExit]
every_outcome = pytest.mark.parametrize("outcome", OUTCOMES)


def raising(outcome: Any, *, at: str = "call") -> Any:
    """An application that ends the test when it is called, or while it starts or stops."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan" or at == "call":
            raise outcome("not here")
        await receive()
        if at == "startup":
            raise outcome("not here")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        raise outcome("not here")

    return application


@every_outcome
@pytest.mark.parametrize("raise_errors", [True, False, "connected"])
async def test_in_a_request(outcome: Any, raise_errors: Any) -> None:
    with pytest.raises(outcome, match="not here"):
        await ASGIClient(raising(outcome), raise_errors=raise_errors).get("/")


@every_outcome
async def test_in_a_request_that_is_made_in_steps(outcome: Any) -> None:
    with pytest.raises(outcome, match="not here"):
        async with ASGIClient(raising(outcome)).stream("POST", "/"):
            pass


@every_outcome
async def test_in_a_websocket(outcome: Any) -> None:
    with pytest.raises(outcome, match="not here"):
        async with ASGIClient(raising(outcome)).websocket("/"):
            pass


@every_outcome
@pytest.mark.parametrize("at", ["call", "startup", "shutdown"])
@pytest.mark.parametrize("lifespan", [True, "auto"])
async def test_in_a_lifespan(outcome: Any, at: str, lifespan: Any) -> None:
    with pytest.raises(outcome, match="not here"):
        async with ASGIClient(raising(outcome, at=at), lifespan=lifespan):
            pass


async def test_a_broken_rule_fails_a_test_that_wants_no_errors_raised() -> None:
    async def silent(scope: Any, receive: Any, send: Any) -> None: ...

    with pytest.raises(LintError, match="H40"):
        await ASGIClient(silent, raise_errors=False).get("/")


async def send_odd(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "lifespan.startup.done"})


async def answer_unasked(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "lifespan.startup.complete"})


async def write_scope(scope: Any, receive: Any, send: Any) -> None:
    scope["mine"] = 1
    await receive()


@pytest.mark.parametrize(
    ("application", "rule"), [(send_odd, "C20"), (answer_unasked, "LS14"), (write_scope, "C11")]
)
@pytest.mark.parametrize("lifespan", [True, "auto"])
async def test_a_rule_that_is_broken_ahead_of_the_first_receive_is_no_way_to_decline(
    application: Any, rule: str, lifespan: Any
) -> None:
    with pytest.raises(LintError, match=rule):
        async with ASGIClient(application, lifespan=lifespan):
            pass


async def test_an_assertion_of_the_application_is_still_a_way_to_decline() -> None:
    async def http_only(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"

    async with ASGIClient(http_only) as client:
        assert client.state == {}


class Failing(ASGIMiddleware):
    """A layer that must not be called."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        pytest.fail("not here")


async def view(request: Any) -> HttpResponse:
    pytest.skip("not here")


def sync_view(request: Any) -> HttpResponse:
    pytest.fail("not here")


urlpatterns = [path("async/", view), path("sync/", sync_view)]


@pytest.mark.parametrize(
    ("layers", "url", "outcome"),
    [
        ([], "/async/", pytest.skip.Exception),
        ([], "/sync/", pytest.fail.Exception),
        ([Failing], "/async/", pytest.fail.Exception),
    ],
)
@pytest.mark.parametrize("raise_request_exception", [True, False])
async def test_in_a_view_or_a_layer(
    layers: Any, url: str, outcome: Any, raise_request_exception: bool
) -> None:
    settings = {"ASGI_STACK": layers, "ROOT_URLCONF": __name__}
    with override_settings(**settings), pytest.raises(outcome, match="not here"):
        await AsyncStackClient(raise_request_exception=raise_request_exception).get(url)


@pytest.mark.parametrize("outcome", [pytest.fail.Exception, pytest.skip.Exception])
@pytest.mark.parametrize("wrap", [Stack([]).wrap, lambda app: PathRouter({"/a": app})])
@pytest.mark.parametrize("at", ["call", "startup", "shutdown"])
async def test_in_a_lifespan_inside_of_a_stack_or_a_router(wrap: Any, outcome: Any, at: str) -> None:
    with pytest.raises(outcome, match="not here"):
        async with ASGIClient(wrap(raising(outcome, at=at))):
            pass


@pytest.mark.parametrize(
    "use",
    [
        lambda: ASGIClient(raising(KeyError)).get("/"),
        lambda: ASGIClient(raising(KeyError)).__aenter__(),
        lambda: ASGIClient(raising(KeyError)).websocket("/").__aenter__(),
        lambda: AsyncStackClient(application=raising(KeyError)).get("/"),
    ],
)
def test_under_trio_the_client_says_in_one_sentence_what_works(use: Any) -> None:
    with pytest.raises(ClientUsageError, match=r"works on asyncio, and no event loop of asyncio runs here"):
        trio.run(use)


async def test_a_keyboard_interrupt_is_for_the_runner_of_the_tests() -> None:
    async def interrupted(scope: Any, receive: Any, send: Any) -> None:
        raise KeyboardInterrupt

    def run() -> None:
        asyncio.run(ASGIClient(interrupted).get("/"))

    with pytest.raises(KeyboardInterrupt):
        await asyncio.to_thread(run)
