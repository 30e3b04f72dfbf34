"""ProtocolRouter: one application for each type of scope."""

import pytest

from asgi_stack.routing import ProtocolRouter, RouterError
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import call

GONE = {"type": "websocket.disconnect", "code": 1005, "reason": ""}


async def test_each_scope_goes_to_the_application_for_its_type_as_it_is() -> None:
    http, websocket = Recorder(), Recorder()
    router = ProtocolRouter(http=http, websocket=websocket)
    request, socket = http_scope("/"), websocket_scope("/")
    await call(router, request)
    await call(router, socket, {"type": "websocket.connect"}, GONE)

    assert http.scope is request
    assert websocket.scope is socket


async def test_a_further_type_goes_to_the_application_of_its_name() -> None:
    worker, scope = Recorder(), {"type": "channel", "asgi": {"version": "3.0"}, "channel": "x"}
    await call(ProtocolRouter(http=Recorder(), channel=worker), scope)

    assert worker.scope is scope


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("webscoket", "Did you mean 'websocket'?"),
        ("https", "Did you mean 'http'?"),
        ("lifespan", r"Every application has its own lifespan; .*Stack\(\[...\], lifespan=\[...\]\)"),
    ],
)
def test_a_name_that_is_no_scope_type_is_refused(name: str, hint: str) -> None:
    with pytest.raises(RouterError, match=hint):
        ProtocolRouter(**{name: Recorder()})


def test_what_is_no_application_is_refused_by_its_name() -> None:
    with pytest.raises(RouterError, match=r"ProtocolRouter: at 'websocket': 7 is not an application"):
        ProtocolRouter(http=Recorder(), websocket=7)  # type: ignore[arg-type]
