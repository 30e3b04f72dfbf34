from ipaddress import IPv6Address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from asgi_stack.grammar.host import Host, parse_host

VALID = {
    b"example.com": Host("example.com", None),
    b"EXAMPLE.com": Host("example.com", None),
    b"example.com.": Host("example.com", None),
    b"example.com:8000": Host("example.com", 8000),
    b"example.com.:80": Host("example.com", 80),
    b"example.com:": Host("example.com", None),
    b"example.com:00080": Host("example.com", 80),
    b"localhost": Host("localhost", None),
    b"my_service": Host("my_service", None),
    b"a~b": Host("a~b", None),
    b"xn--bcher-kva.example": Host("xn--bcher-kva.example", None),
    b"127.0.0.1:0": Host("127.0.0.1", 0),
    b"a:65535": Host("a", 65535),
    b"[::1]": Host("[::1]", None),
    b"[::1]:443": Host("[::1]", 443),
    b"[2001:DB8:0:0:0:0:0:1]": Host("[2001:db8::1]", None),
    b"[::ffff:192.0.2.1]": Host(f"[{IPv6Address('::ffff:192.0.2.1')}]", None),
    b"a" * 63 + b".b": Host("a" * 63 + ".b", None),
}
INVALID = [
    b"", b".", b":", b":80", b"..", b"a..b", b".a", b"a..", b"a b", b" a", b"a ", b"a\tb", b"a\r\nb",
    b"a\x00", b"a, a",
    b"a,a", b"a@b", b"evil.com:fake@example.com", b"example.com/../admin", b"example.com?x",
    b"example.com#x", b"http://a", b"a\\b", b"a:b", b"a:-1", b"a:+1", b"a:1_0", b"a: 1", b"a:65536",
    b"a:99999999999", b"a:80:80", b"::1", b"[::1", b"::1]", b"[]", b"[::1]x", b"[::1]x:80", b"x[::1]",
    b"[::1]]", b"[[::1]]", b"[::1%eth0]", b"[fe80::1%25lo]", b"[v1.x]", b"[127.0.0.1]", b"[:::]", b"[1]",
    b"b\xc3\xbccher.example", b"a:\xd9\xa3", b"%65xample.com", b"a!b", b"*", b"*.example.com", b"'a'",
    b"a" * 64, b".".join([b"a" * 63] * 4) + b".b", b"a:" + b"0" * 300,
]  # fmt: skip


@pytest.mark.parametrize(("value", "host"), VALID.items())
def test_a_host_is_read(value: bytes, host: Host) -> None:
    assert parse_host(value) == host


@pytest.mark.parametrize("value", INVALID)
def test_what_is_no_host_is_none(value: bytes) -> None:
    assert parse_host(value) is None


label = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
name = st.lists(label, min_size=1, max_size=4).map(".".join)
address = st.ip_addresses(v=6).filter(lambda ip: not ip.scope_id).map(lambda ip: f"[{ip}]")


@given(name | address, st.none() | st.integers(0, 0xFFFF))
def test_a_host_that_is_written_is_read_back(host: str, port: int | None) -> None:
    written = host if port is None else f"{host}:{port}"

    assert parse_host(written.encode("ascii")) == Host(host, port)


@given(st.binary(max_size=40) | st.text("[]:.%a1-", max_size=20).map(str.encode))
@example(b"[" * 40)
def test_any_bytes_are_read_or_refused_and_reading_again_changes_nothing(value: bytes) -> None:
    host = parse_host(value)

    assert host is None or parse_host(host.name.encode("ascii")) == Host(host.name, None)


@pytest.mark.parametrize("piece", [b"a.", b"[", b":", b"a", b"]", b"%"])
def test_a_long_value_is_refused_without_a_look_inside(piece: bytes) -> None:
    assert parse_host(piece * 65536) is None
