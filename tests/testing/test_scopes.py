import json
from typing import Any

import pytest

from asgi_stack.errors import OptionError
from asgi_stack.testing import http_scope, lifespan_scope, websocket_scope


def test_an_http_scope_is_complete_without_a_word() -> None:
    assert http_scope() == {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver")],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
        "extensions": {},
    }


def test_a_websocket_scope_offers_subprotocols_and_a_denial_response() -> None:
    scope = websocket_scope(subprotocols=("a", "b"))

    assert (scope["type"], scope["scheme"], scope["subprotocols"]) == ("websocket", "ws", ["a", "b"])
    assert scope["extensions"] == {"websocket.http.response": {}}


def test_extensions_are_those_that_are_given() -> None:
    assert websocket_scope(extensions={})["extensions"] == {}
    assert http_scope(extensions={"tls": {"a": 1}})["extensions"] == {"tls": {"a": 1}}


def test_a_lifespan_scope_holds_the_very_state_that_is_given() -> None:
    state: dict[str, Any] = {}

    assert lifespan_scope(state=state)["state"] is state
    assert lifespan_scope(extra={"x": 1})["x"] == 1


@pytest.mark.parametrize(
    ("url", "path", "raw_path", "query"),
    [
        ("/caf%C3%A9?q=%20#top", "/café", b"/caf%C3%A9", b"q=%20"),
        ("/café x", "/café x", b"/caf%C3%A9%20x", b""),
        ("/%ff", "/\ufffd", b"/%ff", b""),
        ("//a/b", "//a/b", b"//a/b", b""),
        ("*", "*", b"*", b""),
        ("http://example.com", "/", b"/", b""),
        ("HTTP://example.com/a?b", "/a", b"/a", b"b"),
    ],
)
def test_a_url_is_taken_apart(url: str, path: str, raw_path: bytes, query: bytes) -> None:
    scope = http_scope(url)

    assert (scope["path"], scope["raw_path"], scope["query_string"]) == (path, raw_path, query)


@pytest.mark.parametrize(
    ("url", "scheme", "host", "server"),
    [
        ("http://example.com/", "http", b"example.com", ("example.com", 80)),
        ("https://example.com/", "https", b"example.com", ("example.com", 443)),
        ("https://example.com:8443/", "https", b"example.com:8443", ("example.com", 8443)),
        ("http://me:secret@[::1]:80/", "http", b"[::1]:80", ("::1", 80)),
        ("http://bücher.example/", "http", b"xn--bcher-kva.example", ("bücher.example", 80)),
    ],
)
def test_an_absolute_url_decides_scheme_host_and_server(
    url: str, scheme: str, host: bytes, server: object
) -> None:
    scope = http_scope(url)

    assert scope["headers"] == [(b"host", host)]
    assert (scope["scheme"], scope["server"]) == (scheme, server)


def test_a_websocket_url_may_be_secure() -> None:
    assert websocket_scope("wss://example.com/")["server"] == ("example.com", 443)


def test_params_follow_the_query_of_the_url() -> None:
    assert http_scope("/?q=1", params={"a": [1, "é"]})["query_string"] == b"q=1&a=1&a=%C3%A9"


def test_a_host_header_of_the_test_is_kept_as_it_is() -> None:
    assert http_scope(headers=[(b"Host", b"other")])["headers"] == [(b"Host", b"other")]


def test_state_is_there_only_when_given() -> None:
    assert "state" not in http_scope()
    assert http_scope(state={"a": 1})["state"] == {"a": 1}


def test_extra_is_written_over_everything() -> None:
    assert http_scope(extra={"server": None, "mine": 1})["server"] is None


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("search", "Begin it with '/' or with 'http://'"),
        ("", "Begin it with '/'"),
        ("ws://example.com/", "Its scheme must be 'http' or 'https'"),
        ("http://example.com:x/", "Port could not be cast"),
        ("http://[/", "Invalid IPv6 URL"),
    ],
)
def test_a_url_that_is_none_is_refused_with_what_would_work(url: str, hint: str) -> None:
    with pytest.raises(OptionError, match=f"http_scope: url=.* is not usable. {hint}"):
        http_scope(url)


def test_two_scopes_share_nothing() -> None:
    first, before = http_scope(), json.dumps(http_scope(), default=repr)
    first["asgi"]["version"] = "x"
    first["headers"].append((b"a", b"b"))

    assert json.dumps(http_scope(), default=repr) == before
