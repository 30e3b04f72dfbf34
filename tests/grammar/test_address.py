from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.grammar import address as module
from asgi_stack.grammar.address import Address, Networks, parse_address

VALID = {
    "192.0.2.1": "192.0.2.1",
    "0.0.0.0": "0.0.0.0",
    "255.255.255.255": "255.255.255.255",
    "::": "::",
    "::1": "::1",
    "2001:DB8:0:0:0:0:0:1": "2001:db8::1",
    "2001:0db8::0001": "2001:db8::1",
    "::ffff:192.0.2.1": "192.0.2.1",
    "::FFFF:c000:0201": "192.0.2.1",
    "0:0:0:0:0:ffff:10.0.0.1": "10.0.0.1",
    "fe80::1%eth0": "fe80::1",
    "fe80::1%25": "fe80::1",
}
INVALID = [
    "", " ", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.04", "1.2.3.256", "1.2.3.-4", "0x7f.0.0.1",
    "127.1", "2130706433", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4\n", "1.2.3.4/8", "1.2.3.4:80", "[::1]", ":::",
    "::1::", "1::2::3", "12345::", "g::", ":", "::1%", "::1%" + "a" * 65, "::1%é", "::1%a b\x00",
    "1.2.3.4%eth0", "::1\x00", "1.2.3.4\x00", "\N{ARABIC-INDIC DIGIT ONE}.2.3.4",
    "::\N{ARABIC-INDIC DIGIT ONE}", "\ud800", "::\ud800", "localhost", "unknown", "<script>", "1" * 10_000,
    "::" + "1" * 10_000,
]  # fmt: skip


@pytest.mark.parametrize(("text", "canonical"), VALID.items())
def test_an_address_is_read_in_its_canonical_form(text: str, canonical: str) -> None:
    assert parse_address(text) == Address(canonical, ip_address(canonical).packed)


@pytest.mark.parametrize("text", INVALID, ids=lambda text: ascii(text[:20]))
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse_address(text) is None


def test_leading_zeros_are_refused_where_the_platform_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "inet_pton", lambda family, text: bytes([8, 0, 0, 1]))

    assert parse_address("010.0.0.1") is None


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6).filter(lambda ip: not ip.ipv4_mapped and not ip.scope_id))
def test_an_address_that_is_written_is_read_back(ip: IPv4Address | IPv6Address) -> None:
    found = parse_address(str(ip))

    assert found is not None
    assert ip_address(found.text) == ip


@given(st.text(max_size=50) | st.text("0123456789abcf:.%", max_size=50))
def test_any_text_is_read_or_refused_and_reading_again_changes_nothing(text: str) -> None:
    found = parse_address(text)

    assert found is None or parse_address(found.text) == found


@pytest.mark.parametrize(
    ("entry", "inside", "outside"),
    [
        ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("192.0.2.1", "::ffff:192.0.2.1", "::192.0.2.1"),
        ("::ffff:10.0.0.0/104", "10.1.2.3", "11.1.2.3"),
        ("::ffff:10.0.0.1", "10.0.0.1", "10.0.0.2"),
        ("0.0.0.0/0", "8.8.8.8", "::1"),
        ("::/0", "::1", "8.8.8.8"),
        ("2001:db8::/32", "2001:db8:ffff::", "2001:db9::"),
        ("fe80::/10", "fe80::1%eth0", "fec0::"),
    ],
)
def test_a_network_holds_its_addresses_and_no_other(entry: str, inside: str, outside: str) -> None:
    networks = Networks([entry, "203.0.113.0/24"])

    assert parse_address(inside) in networks
    assert parse_address(outside) not in networks


@given(st.ip_addresses(v=4), st.integers(0, 32), st.ip_addresses(v=4))
def test_networks_agree_with_those_of_the_standard_library(
    base: IPv4Address, length: int, other: IPv4Address
) -> None:
    network = ip_network((base, length), strict=False)
    address = parse_address(str(other))

    assert (address in Networks([str(network)])) == (other in network)


@pytest.mark.parametrize("entry", ["10.0.0.1/8", "nonsense", "10.0.0.0/33", ""])
def test_what_is_no_network_is_refused_with_the_reason(entry: str) -> None:
    with pytest.raises(ValueError, match=r"has host bits set|does not appear to be"):
        Networks([entry])
