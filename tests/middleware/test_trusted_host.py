from typing import Any

import pytest

from asgi_stack import OptionError
from asgi_stack.middleware import TrustedHostMiddleware
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import call


async def status(hosts: list[bytes], allowed: list[str], **options: Any) -> int:
    """The status of a request with these ``Host`` lines; granian writes 1.0 as "1", against H4."""
    extra = {"headers": [(b"host", host) for host in hosts], **options.pop("scope", {})}
    app = TrustedHostMiddleware(Recorder(), allowed_hosts=allowed, **options)
    return (await call(app, http_scope(extra=extra), ignore={"H4"})).status


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        (b"example.com", "example.com"),
        (b"example.com:8000", "example.com"),
        (b"EXAMPLE.Com", "example.com"),
        (b"example.com", "EXAMPLE.com"),
        (b"example.com.", "example.com"),
        (b"example.com.:443", "example.com"),
        (b"example.com", "example.com."),
        (b"example.com", ".example.com"),
        (b"www.example.com", ".example.com"),
        (b"a.b.example.com:1", ".example.com"),
        (b"www.example.com", "*.example.com"),
        (b"anything.at.all", "*"),
        (b"127.0.0.1:8000", "127.0.0.1"),
        (b"[::1]", "[::1]"),
        (b"[0:0:0:0:0:0:0:1]:8000", "[::1]"),
        (b"[::1]", "[0:0::1]"),
        (b"my_service:80", "my_service"),
    ],
)
async def test_an_allowed_host_passes(host: bytes, allowed: str) -> None:
    assert await status([host], ["other.example", allowed]) == 200


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        (b"evil.com", "example.com"),
        (b"exampleXcom", "example.com"),
        (b"www.example.com", "example.com"),
        (b"evilexample.com", ".example.com"),
        (b"example.com.evil.com", ".example.com"),
        (b"example.com", "*.example.com"),
        (b".example.com", "*.example.com"),
        (b".example.com", ".example.com"),
        (b"example.com..", "example.com"),
        (b"example.org", "example.com"),
        (b"[::2]", "[::1]"),
        (b"::1", "[::1]"),
        (b"*", "*"),
        (b"evil.com:fake@example.com", "example.com"),
        (b"example.com/../admin", "example.com"),
        (b"example.com?x", "*"),
        (b"a b", "*"),
        (b"example.com:x", "*"),
        (b"example.com:80:80", "example.com"),
        (b"example.com\x00", "example.com"),
        (b"ex\xc3\xa4mple.com", "*"),
        (b"", "*"),
    ],
)
async def test_any_other_host_is_refused(host: bytes, allowed: str) -> None:
    assert await status([host], [allowed]) == 400


@pytest.mark.parametrize("allowed", ["example.com", "*"])
@pytest.mark.parametrize(
    "hosts",
    [
        [b"example.com", b"evil.com"],
        [b"evil.com", b"example.com"],
        [b"example.com", b"example.com"],
        [b"example.com", b""],
        [b"", b"example.com"],
    ],
)
async def test_attack_13_more_than_one_host_is_refused(hosts: list[bytes], allowed: str) -> None:
    assert await status(hosts, [allowed]) == 400


async def test_attack_13_a_second_host_in_other_letters_is_refused() -> None:
    fields = [(b"host", b"example.com"), (b"Host", b"evil.com")]
    app = TrustedHostMiddleware(Recorder(), allowed_hosts=["*"])

    assert (await call(app, http_scope(extra={"headers": fields}))).status == 400


async def test_attack_12_the_refusal_is_plain_text_that_does_not_repeat_the_host() -> None:
    app = TrustedHostMiddleware(Recorder(), allowed_hosts=["example.com"])
    outcome = await call(app, http_scope("http://evil.com/"))

    assert outcome.body == b"Bad Request\n"
    assert outcome.headers["content-type"] == "text/plain; charset=utf-8"


async def test_the_inner_application_never_sees_a_refused_request() -> None:
    inner = Recorder()
    await call(TrustedHostMiddleware(inner, allowed_hosts=["example.com"]), http_scope("http://evil.com/"))

    assert inner.calls == []


async def test_an_allowed_request_goes_inward_in_the_very_scope_that_came() -> None:
    inner, scope = Recorder(), http_scope("http://EXAMPLE.com.:80/a")
    await call(TrustedHostMiddleware(inner, allowed_hosts=["example.com"]), scope)

    assert inner.scope is scope


async def test_attack_16_a_forwarded_host_is_no_host() -> None:
    scope = http_scope(extra={"headers": [(b"x-forwarded-host", b"example.com")]})
    app = TrustedHostMiddleware(Recorder(), allowed_hosts=["example.com"])

    assert (await call(app, scope)).status == 400


@pytest.mark.parametrize(
    ("extensions", "types"),
    [
        ({}, ["websocket.close"]),
        ({"websocket.http.response": {}}, ["websocket.http.response.start", "websocket.http.response.body"]),
    ],
)
async def test_a_websocket_of_another_host_is_refused(extensions: Any, types: list[str]) -> None:
    app = TrustedHostMiddleware(Recorder(), allowed_hosts=["example.com"])
    outcome = await call(app, websocket_scope("ws://evil.com/", extensions=extensions))

    assert outcome.types == types


@pytest.mark.parametrize("version", ["1.1", "2", "1.0"])
async def test_a_request_without_a_host_is_refused(version: str) -> None:
    assert await status([], ["*"], scope={"http_version": version}) == 400


@pytest.mark.parametrize(("version", "hosts"), [("1.0", []), ("1", [b""])])
async def test_http_1_0_may_lack_a_host_where_that_is_allowed(version: str, hosts: list[bytes]) -> None:
    allowed = ["example.com"]

    assert await status(hosts, allowed, require_host=False, scope={"http_version": version}) == 200


@pytest.mark.parametrize(
    ("version", "hosts"), [("1.1", []), ("2", []), ("1.0", [b"evil.com"]), ("1.0", [b"", b"evil.com"])]
)
async def test_nothing_else_is_let_in_by_that_option(version: str, hosts: list[bytes]) -> None:
    allowed = ["example.com"]

    assert await status(hosts, allowed, require_host=False, scope={"http_version": version}) == 400


@pytest.mark.parametrize(
    ("allowed", "hint"),
    [
        ("example.com", r"allowed_hosts='example.com' is not usable. Give a list of hosts"),
        (b"example.com", r"allowed_hosts=b'example.com' is not usable. Give a list"),
        ([], r"allowed_hosts=\[\] is not usable. Give at least one, as in allowed_hosts=\['example.com'"),
        ([b"example.com"], r"allowed_hosts=b'example.com' is not usable. Each entry is a str"),
        ([None], r"allowed_hosts=None is not usable. Each entry is a str"),
        (["https://example.com"], "without a scheme or a path"),
        (["example.com/admin"], "without a scheme or a path"),
        (["example.com:8000"], "Leave the port out"),
        (["[::1]:80"], "Leave the port out"),
        (["example.com:"], "Leave the port out"),
        (["::1"], r"in brackets, as in '\[::1\]'"),
        (["bücher.example"], "ASCII form, as in 'xn--bcher-kva.example'"),
        ([""], "Give a host name"),
        (["."], "Give a host name"),
        (["*."], "Give a host name"),
        (["*example.com"], "Give a host name"),
        (["www.*.com"], "Give a host name"),
        (["**"], "Give a host name"),
        (["..example.com"], "Give a host name"),
        ([r"^example\.com$"], "Give a host name"),
        ([" example.com"], "Give a host name"),
        ([".[::1]"], "Give a host name"),
        (["*.[::1]"], "Give a host name"),
    ],
)
def test_an_entry_that_no_host_can_match_is_refused(allowed: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        TrustedHostMiddleware(Recorder(), allowed_hosts=allowed)


def test_one_wrong_entry_among_good_ones_is_named() -> None:
    with pytest.raises(OptionError, match="allowed_hosts='a b' is not usable"):
        TrustedHostMiddleware(Recorder(), allowed_hosts=iter(["example.com", "*", "a b"]))
