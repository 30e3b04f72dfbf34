from typing import Any

import pytest

from asgi_stack import ConfigurationError, Layer, OptionError, Stack
from asgi_stack.middleware import IPFilterMiddleware, ProxyHeadersMiddleware
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import call


async def status(client: Any, **options: Any) -> int:
    """How a request of this peer is answered. Servers write it in other ways than rule H15 has it."""
    scope = http_scope(extra={"client": client})
    return (await call(IPFilterMiddleware(Recorder(), **options), scope, ignore={"H15"})).status


async def host_status(host: str, **options: Any) -> int:
    return await status((host, 50000), **options)


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("10.1.2.3", "10.0.0.0/8"),
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1/32"),
        ("203.0.113.9", "0.0.0.0/0"),
        ("2001:db8::1", "2001:db8::/32"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::1", "::/0"),
        ("fe80::1%eth0", "fe80::/10"),
        ("::ffff:10.1.2.3", "10.0.0.0/8"),
        ("::FFFF:0a01:0203", "10.0.0.0/8"),
        ("10.1.2.3", "::ffff:10.0.0.0/104"),
        ("::ffff:10.1.2.3", "::ffff:10.1.2.3"),
    ],
)
async def test_an_address_in_a_network_is_let_in_or_kept_out(host: str, network: str) -> None:
    assert await host_status(host, allow=["198.51.100.0/24", network]) == 200
    assert await host_status(host, deny=["198.51.100.0/24", network]) == 403


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("11.0.0.1", "10.0.0.0/8"),
        ("192.0.2.2", "192.0.2.1"),
        ("2001:db9::1", "2001:db8::/32"),
        ("::ffff:11.0.0.1", "10.0.0.0/8"),
        ("::10.0.0.1", "10.0.0.0/8"),
        ("2002:a00:1::", "10.0.0.0/8"),
        ("10.0.0.1", "::/0"),
        ("::ffff:10.0.0.1", "::/0"),
        ("::1", "0.0.0.0/0"),
    ],
)
async def test_an_address_outside_of_a_network_is_the_other_way_round(host: str, network: str) -> None:
    assert await host_status(host, allow=[network]) == 403
    assert await host_status(host, deny=[network]) == 200


async def test_what_is_denied_is_not_let_in_though_it_is_allowed() -> None:
    options = {"allow": ["10.0.0.0/8"], "deny": ["10.1.0.0/16"]}

    assert await host_status("10.1.2.3", **options) == 403
    assert await host_status("10.2.2.3", **options) == 200


@pytest.mark.parametrize("options", [{"allow": ["0.0.0.0/0", "::/0"]}, {"deny": ["10.0.0.0/8"]}])
@pytest.mark.parametrize(
    "host",
    ["testclient", "unknown", "10.0.0.1:80", "[::1]", "010.0.0.1", "1.2.3", "1.2.3.4 ", "::1\x00", "/tmp/x"],
)
async def test_what_is_no_address_is_kept_out(host: str, options: Any) -> None:
    assert await host_status(host, **options) == 403


@pytest.mark.parametrize("options", [{"allow": ["0.0.0.0/0", "::/0"]}, {"deny": ["10.0.0.0/8"]}])
@pytest.mark.parametrize("client", [None, ("", 0), ["", "0"], []])
async def test_a_unix_socket_is_let_in_by_its_option_alone(client: Any, options: Any) -> None:
    assert await status(client, **options) == 403
    assert await status(client, unix_socket=True, **options) == 200


async def test_the_option_for_unix_sockets_lets_no_address_in() -> None:
    assert await host_status("203.0.113.9", allow=["10.0.0.0/8"], unix_socket=True) == 403


async def test_a_list_and_a_port_that_is_text_are_a_client_too() -> None:
    assert await status(["10.0.0.1", "50000"], allow=["10.0.0.0/8"]) == 200


async def test_nobody_is_let_in_by_an_empty_list() -> None:
    assert await host_status("10.0.0.1", allow=[]) == 403


async def test_many_networks_are_as_good_as_one() -> None:
    networks = [f"10.{a}.{b}.0/24" for a in range(64) for b in range(64)]

    assert await host_status("10.63.63.9", allow=networks) == 200
    assert await host_status("10.64.0.9", allow=networks) == 403


async def test_a_websocket_is_refused_before_it_is_accepted() -> None:
    inner = Recorder()
    app = IPFilterMiddleware(inner, deny=["127.0.0.0/8"])
    outcome = await call(app, websocket_scope(extensions={}))

    assert (outcome.types, inner.calls) == (["websocket.close"], [])


async def test_the_refusal_does_not_repeat_the_address() -> None:
    outcome = await call(IPFilterMiddleware(Recorder(), deny=["127.0.0.0/8"]))

    assert outcome.body == b"Forbidden\n"
    assert outcome.headers["cache-control"] == "no-store"


async def test_who_is_let_in_goes_inward_in_the_very_scope_that_came() -> None:
    inner, scope = Recorder(), http_scope()
    await call(IPFilterMiddleware(inner, allow=["127.0.0.1"]), scope)

    assert inner.scope is scope


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({}, "deny=None is not usable. Give networks in 'allow', in 'deny', or in both"),
        (
            {"allow": "10.0.0.0/8"},
            r"allow='10.0.0.0/8' is not usable. Give a list of networks, as in allow=\[",
        ),
        ({"deny": b"10.0.0.0/8"}, r"deny=b'10.0.0.0/8' is not usable. Give a list"),
        ({"allow": ["10.0.0.1/8"]}, "allow='10.0.0.1/8' is not usable. 10.0.0.1/8 has host bits set"),
        ({"allow": ["10.0.0.0/33"]}, "allow='10.0.0.0/33' is not usable"),
        ({"deny": ["example.com"]}, "deny='example.com' is not usable.*Write networks as '10.0.0.0/8'"),
        ({"deny": ["10.0.0.0/8", ""]}, "deny='' is not usable"),
        ({"deny": [None]}, "deny=None is not usable. Each entry is a str"),
        ({"deny": ["fe80::1%eth0"]}, "deny='fe80::1%eth0' is not usable. Write networks"),
    ],
)
def test_a_network_that_is_none_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        IPFilterMiddleware(Recorder(), **options)


def test_a_stack_has_it_inside_of_what_finds_the_client() -> None:
    proxy = Layer(ProxyHeadersMiddleware, trusted=["127.0.0.1"])
    stack = Stack([Layer(IPFilterMiddleware, allow=["10.0.0.0/8"]), proxy])

    with pytest.raises(
        ConfigurationError, match=r"inside of ProxyHeadersMiddleware.*until then the client is"
    ):
        stack.wrap(Recorder())
