"""Who may begin the drain by asking for `drain_path` of `DrainMiddleware`, and how."""

from typing import Any

import pytest

from asgi_stack import OptionError
from asgi_stack.draining import Drain
from asgi_stack.middleware import DrainMiddleware
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import Sent, call


async def ask_to_drain(client: Any, *, path: str = "/drain", method: str = "POST", **options: Any) -> Any:
    drain = Drain()
    given = {"drain_path": "/drain", "drain_clients": ["10.0.0.0/8", "::1"], **options}
    app = DrainMiddleware(Recorder(body=b"inner"), drain=drain, **given)
    outcome: Sent = await call(app, http_scope(path, method=method, client=client))
    return outcome.status, outcome.body, drain.draining


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("host", ["10.1.2.3", "::ffff:10.1.2.3", "::1"])
async def test_the_platform_can_ask_for_the_drain(method: str, host: str) -> None:
    assert await ask_to_drain((host, 1), method=method) == (200, b"draining\n", True)


async def test_the_answer_that_begins_the_drain_closes_its_connection() -> None:
    app = DrainMiddleware(Recorder(), drain_path="/drain", drain_clients=["127.0.0.1"])

    assert (await call(app, http_scope("/drain"))).headers["connection"] == "close"


@pytest.mark.parametrize("client", [("192.0.2.1", 1), ("testclient", 1), ("", 0), None])
async def test_for_anybody_else_there_is_no_such_path(client: Any) -> None:
    assert await ask_to_drain(client) == (200, b"inner", False)


@pytest.mark.parametrize(
    ("path", "method"),
    [("/drain", "HEAD"), ("/drain", "PUT"), ("/drain/", "POST"), ("/x/drain", "POST")],
)
async def test_any_other_request_begins_no_drain(path: str, method: str) -> None:
    _, body, draining = await ask_to_drain(("10.0.0.1", 1), path=path, method=method)

    assert (body, draining) == (b"inner", False)


async def test_a_websocket_begins_no_drain() -> None:
    drain = Drain()
    app = DrainMiddleware(Recorder(), drain=drain, drain_path="/drain", drain_clients=["127.0.0.1"])
    await call(app, websocket_scope("/drain"))

    assert not drain.draining


OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"drain_path": "drain", "drain_clients": ["::1"]}, "drain_path='drain' is not usable. A path begins"),
    ({"drain_path": "/drain"}, r"drain_clients=\(\) is not usable. It goes with drain_path, neither without"),
    ({"drain_clients": ["::1"]}, r"drain_clients=\['::1'\] is not usable. It goes with drain_path"),
    (
        {"drain_path": "/drain", "drain_clients": "::1"},
        r"drain_clients='::1' is not usable. Give a list of networks, as in drain_clients=\['::1'\]",
    ),
    (
        {"drain_path": "/drain", "drain_clients": [7]},
        "drain_clients=7 is not usable. Each entry is a str, as in drain_clients=",
    ),
    (
        {"drain_path": "/drain", "drain_clients": ["10.0.0.1/8"]},
        "10.0.0.1/8 has host bits set. Write networks as",
    ),
]


@pytest.mark.parametrize(("options", "hint"), OPTIONS)
def test_an_option_that_cannot_be_used_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        DrainMiddleware(Recorder(), **options)
