from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.grammar.address import parse_address
from asgi_stack.grammar.node import Node, parse_loose_node, parse_node

V4, V6 = parse_address("192.0.2.43"), parse_address("2001:db8:cafe::17")

# RFC 7239, sections 4, 6 and 6.1 to 6.3.
VALID = {
    "192.0.2.43": Node(V4),
    "192.0.2.43:47011": Node(V4, 47011),
    "192.0.2.43:0": Node(V4, 0),
    "192.0.2.43:00080": Node(V4, 80),
    "192.0.2.43:99999": Node(V4),
    "192.0.2.43:_port": Node(V4),
    "[2001:db8:cafe::17]": Node(V6),
    "[2001:DB8:cafe::17]:4711": Node(V6, 4711),
    "[2001:db8:cafe::17]:_a.b-c_D9": Node(V6),
    "[::ffff:192.0.2.43]": Node(V4),
    "unknown": Node(None),
    "UnKnown": Node(None),
    "unknown:47011": Node(None, 47011),
    "_gazonk": Node(None),
    "_SEVKISEK": Node(None),
    "_a.b-c_D9:_x": Node(None),
}
INVALID = [
    "", "_", "_a b", "_é", "_a/", "gazonk", "unknown:", "unknown:x", "unknowns", "192.0.2.43:",
    "192.0.2.43:123456", "192.0.2.43:-1", "192.0.2.43:+1", "192.0.2.43: 80", "192.0.2.43:1:2",
    "192.0.2.43:_", "192.0.2.43:٣", "192.0.2.256", "192.0.2", " 192.0.2.43", "[192.0.2.43]", "[]", "[::1",
    "[::1]x", "[::1]]", "[::1]80", "[[::1]]", "[fe80::1%eth0]", "<script>alert(1)</script>", "localhost",
    "example.com", '"192.0.2.43"', "::1]:80", "[_x]", "[unknown]", "1.2.3.4, 5.6.7.8",
]  # fmt: skip
LOOSE = {
    "2001:db8:cafe::17": Node(V6),
    "2001:DB8:CAFE::17%eth0": Node(V6),
    "[2001:db8:cafe::17%eth0]": Node(V6),
    "[2001:db8:cafe::17%eth0]:80": Node(V6, 80),
    "::ffff:192.0.2.43": Node(V4),
}


@pytest.mark.parametrize(("text", "node"), VALID.items())
@pytest.mark.parametrize("parse", [parse_node, parse_loose_node])
def test_a_node_is_read(parse: object, text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize("text", INVALID)
def test_what_is_no_node_is_none(text: str) -> None:
    assert parse_node(text) is None


@pytest.mark.parametrize(("text", "node"), LOOSE.items())
def test_x_forwarded_for_may_hold_what_is_no_node(text: str, node: Node) -> None:
    assert parse_loose_node(text) == node
    assert parse_node(text) is None


@pytest.mark.parametrize(
    "text",
    [*(each for each in INVALID if "%" not in each), "[1.2.3.4%a]", "[%]", "[::1%]", "[::1%a]x", "::1%"],
)
def test_what_is_not_even_that_is_none(text: str) -> None:
    assert parse_loose_node(text) is None


addresses = st.ip_addresses(v=4) | st.ip_addresses(v=6).filter(lambda ip: not ip.scope_id)


@given(addresses, st.none() | st.integers(0, 0xFFFF))
def test_a_node_that_is_written_is_read_back(ip: IPv4Address | IPv6Address, port: int | None) -> None:
    name = f"[{ip}]" if ip.version == 6 else str(ip)

    assert parse_node(name if port is None else f"{name}:{port}") == Node(parse_address(str(ip)), port)


@given(st.text(max_size=40) | st.text("[]:.%_1af unkow", max_size=40))
def test_any_text_is_read_or_refused_and_what_is_strict_is_loose(text: str) -> None:
    node = parse_node(text)

    assert node is None or parse_loose_node(text) == node


@pytest.mark.parametrize("piece", ["[", ":", "1.", "_", "%", "]"])
def test_a_long_text_is_no_address(piece: str) -> None:
    node = parse_loose_node(piece * 65536)

    assert node is None or node.address is None
