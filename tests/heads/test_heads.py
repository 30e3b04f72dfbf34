"""Heads of requests and responses, and replies."""

from functools import partial, reduce
from typing import Any

import pytest
from asgiref.compatibility import guarantee_single_callable
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack import HeaderMiddleware, HeadError, Reply, RequestHead, ResponseHead, ScopeTypeError, Stack
from asgi_stack.heads import HEAD_MESSAGES
from asgi_stack.middleware import ProxyHeadersMiddleware, RequestIDMiddleware
from asgi_stack.testing import Recorder, http_scope, lifespan_scope, websocket_scope
from tests.helpers import call, fields

NO_DENIAL = websocket_scope(extensions={})


# --- requests


def test_a_request_head_shows_the_scope_that_it_was_given() -> None:
    scope = http_scope("https://example.com/a%20b?c", method="POST", client=("1.2.3.4", 5))
    head = RequestHead(scope)

    assert (head.method, head.path, head.scheme, head.client) == ("POST", "/a b", "https", ("1.2.3.4", 5))
    assert head.scope is scope


@pytest.mark.parametrize(
    ("extra", "client"), [(None, None), (("", 0), ("", 0)), (["1.2.3.4", 5], ("1.2.3.4", 5))]
)
def test_a_client_is_a_pair_or_none_whatever_the_server_gives(extra: Any, client: Any) -> None:
    assert RequestHead(http_scope(extra={"client": extra})).client == client


@pytest.mark.parametrize(("make", "scheme"), [(http_scope, "http"), (websocket_scope, "ws")])
def test_what_the_server_leaves_out_has_the_default_of_the_specification(make: Any, scheme: str) -> None:
    scope = make()
    for key in ("scheme", "client", "method"):
        scope.pop(key, None)
    head = RequestHead(scope)

    assert (head.scheme, head.client, head.method) == (scheme, None, "GET")


def test_a_request_head_is_printed_without_its_fields() -> None:
    assert repr(RequestHead(http_scope("/a", method="PUT"))) == "<RequestHead PUT /a>"


def test_headers_are_made_once() -> None:
    head = RequestHead(http_scope(headers={"X-A": "1"}))

    assert head.headers is head.headers
    assert head.headers[b"x-a"] == b"1"


def test_an_update_is_for_the_layers_inside_and_leaves_the_head_as_it_is() -> None:
    scope = http_scope("/a")
    before, head = dict(scope), RequestHead(scope)
    head.update(path="/b")

    assert head.inward is not None
    assert (head.path, scope, head.inward.path) == ("/a", before, "/b")


def test_a_second_update_of_the_headers_is_read_as_the_scope_inside_says() -> None:
    head = RequestHead(http_scope(headers={"x-a": "1"}))
    head.update(headers=[(b"X-B", b"2")])
    head.update({"asgi_stack.a": 1}, headers=[(b"x-b", b"2"), (b"x-c", b"3")])

    assert head.inward is not None
    assert head.inward.headers == {b"x-b": b"2", b"x-c": b"3"} == dict(head.inward.scope["headers"])
    assert (head.headers, head.inward.scope["asgi_stack.a"]) == ({b"host": b"testserver", b"x-a": b"1"}, 1)


def test_a_second_update_adds_to_the_first() -> None:
    head = RequestHead(http_scope())
    head.update({"asgi_stack.a": 1}, path="/b")
    head.update({"asgi_stack.c": 2})

    assert head.inward is not None
    assert head.inward.scope == {**head.scope, "asgi_stack.a": 1, "path": "/b", "asgi_stack.c": 2}


async def test_an_update_after_the_layers_inside_have_the_scope_does_not_reach_them() -> None:
    class Late(HeaderMiddleware):
        def on_request(self, request: RequestHead) -> Any:
            request.update(early=1)
            return lambda response: request.update(late=1)

    for around in (lambda layer: Stack([layer]).wrap, lambda layer: layer):
        await call(around(Late)(inner := Recorder()), http_scope())
        assert "late" not in inner.scope


def test_an_update_copies_the_scope_shallowly() -> None:
    scope = http_scope()
    scope["extensions"] = deep = {"a": {}}
    head = RequestHead(scope)
    head.update(path="/b")

    assert head.inward is not None
    assert head.inward.scope["extensions"] is deep


def test_headers_are_shared_inward_until_somebody_changes_them() -> None:
    head = RequestHead(http_scope())
    head.update(path="/b")

    assert head.inward is not None
    assert head.inward.headers is head.headers


def test_headers_may_be_any_iterable_and_are_a_list_inside() -> None:
    head = RequestHead(http_scope(headers={"x-a": "1"}))
    head.update(headers=((name, b"2") for name in [b"X-A"]))

    assert head.inward is not None
    assert head.inward.scope["headers"] == [(b"X-A", b"2")]
    assert (head.headers[b"x-a"], head.inward.headers[b"x-a"]) == (b"1", b"2")


def test_the_mapping_of_an_update_stays_as_it_was() -> None:
    changes = {"headers": ((name, b"1") for name in [b"a"])}
    before = dict(changes)
    RequestHead(http_scope()).update(changes)

    assert changes == before


@pytest.mark.parametrize("given", [{"type": "websocket"}, {"path": "/", "type": "http"}])
def test_the_type_of_a_scope_cannot_be_changed(given: Any) -> None:
    head = RequestHead(http_scope())
    with pytest.raises(ValueError, match="'type' cannot be changed: it decides who handles the scope"):
        head.update(**given)

    assert head.inward is None


@pytest.mark.parametrize(
    "fields", [[], [(b"X-A", b"1"), (b"b", b"2")], [(b"x-a", b"1"), (b"X-a", b"2"), (b"b", b"3")]]
)
def test_a_header_that_is_set_is_one_line_for_the_layers_inside(fields: Any) -> None:
    head = RequestHead(http_scope(extra={"headers": fields}))
    head.set_header(b"X-A", b"new")

    assert head.inward is not None
    assert head.inward.scope["headers"] == [line for line in fields if line[0] == b"b"] + [(b"x-a", b"new")]


def test_setting_a_header_leaves_the_head_and_its_scope_as_they_are() -> None:
    fields = [(b"x-a", b"1"), (b"x-a", b"2")]
    head = RequestHead(http_scope(extra={"headers": fields}))
    head.set_header(b"x-a", b"new")

    assert (head.get_all(b"x-a"), head.scope["headers"]) == ([b"1", b"2"], fields)
    assert fields == [(b"x-a", b"1"), (b"x-a", b"2")]


NAMES = st.sampled_from([b"a", b"A", b"cookie", b"x-a", b"X-a"])
LINES = st.lists(st.tuples(NAMES, st.binary(max_size=1)), max_size=4)


CHANGES = st.lists(
    st.tuples(NAMES, st.binary(max_size=1))
    | st.tuples(st.frozensets(st.sampled_from([b"a", b"cookie", b"x-a", b"b"])))
)


def changed(lines: Any, change: Any) -> Any:
    """What the lines should become."""
    names = change[0] if len(change) == 1 else {change[0].lower()}
    kept = [line for line in lines if line[0].lower() not in names]
    return kept if len(change) == 1 else [*kept, (change[0].lower(), change[1])]


@given(LINES, CHANGES)
def test_headers_that_were_changed_are_read_as_the_scope_inside_says(before: Any, changes: Any) -> None:
    head = RequestHead(http_scope(extra={"headers": before}))
    head.update(path="/")
    for change in changes:
        getattr(head, "remove_headers" if len(change) == 1 else "set_header")(*change)

    inward = head.inward or head
    assert inward.scope["headers"] == reduce(changed, changes, before)
    expected = RequestHead(inward.scope)
    assert inward.headers == expected.headers


# --- responses


START = {"type": "http.response.start", "status": 200, "headers": [(b"X-A", b"1")], "extra": 1}


def test_a_response_head_gives_a_new_message_with_everything_else_kept() -> None:
    before = {**START, "headers": [*START["headers"]]}  # type: ignore[misc]  # a list of pairs
    head = ResponseHead(START)
    head.status = 404
    head.headers.append(b"b", b"2")

    assert head.message == {**START, "status": 404, "headers": [(b"x-a", b"1"), (b"b", b"2")]}
    assert before == START


@pytest.mark.parametrize("headers", [{}, {"headers": None}, {"headers": []}, {"headers": ()}])
def test_headers_that_are_missing_are_none(headers: Any) -> None:
    head = ResponseHead({"type": "http.response.start", "status": 200, **headers})

    assert head.message["headers"] == []


def test_headers_that_can_be_read_only_once_become_a_list() -> None:
    head = ResponseHead({"type": "http.response.start", "headers": (pair for pair in [[b"A", b"1"]])})

    assert head.message["headers"] == [(b"a", b"1")]


@pytest.mark.parametrize("kind", ["http.response.start", "websocket.http.response.start"])
def test_a_status_can_be_read_and_set_on_a_response(kind: str) -> None:
    head = ResponseHead({"type": kind, "status": 403})
    seen = head.status
    head.status = 401

    assert (head.type, seen, head.status, head.message["status"]) == (kind, 403, 401, 401)


def test_an_accepted_websocket_is_a_101_and_stays_one() -> None:
    head = ResponseHead({"type": "websocket.accept"})
    with pytest.raises(
        AttributeError, match="ResponseHead: status=200 cannot be set: an accepted websocket is a 101"
    ):
        head.status = 200

    assert (head.status, "status" in head.message) == (101, False)


def test_exactly_three_messages_are_heads() -> None:
    assert {"http.response.start", "websocket.accept", "websocket.http.response.start"} == HEAD_MESSAGES


def test_a_response_head_is_printed_with_status_and_lines() -> None:
    assert repr(ResponseHead(START)) == "<ResponseHead 200 ResponseHeaders([(b'x-a', b'1')])>"


# --- replies


async def test_a_reply_over_http_is_a_head_and_one_body() -> None:
    sent = await call(Reply(403, "no é", headers=[(b"X-A", b"1")]), http_scope())

    head = [(b"content-length", b"5"), (b"content-type", b"text/plain; charset=utf-8"), (b"x-a", b"1")]
    assert sent == [
        {"type": "http.response.start", "status": 403, "headers": head},
        {"type": "http.response.body", "body": b"no \xc3\xa9", "more_body": False},
    ]


async def test_head_gets_the_length_and_no_body() -> None:
    sent = await call(Reply(200, b"abc"), http_scope(method="HEAD"))

    assert (fields(sent, b"content-length"), sent[1]["body"]) == ([b"3"], b"")


@pytest.mark.parametrize("status", [204, 205, 304])
async def test_a_status_without_a_body_has_neither_length_nor_type(status: int) -> None:
    sent = await call(Reply(status), http_scope())

    assert (sent[0]["headers"], sent[1]["body"]) == ([], b"")


async def test_an_empty_body_has_a_length_and_no_type() -> None:
    assert (await call(Reply(200), http_scope()))[0]["headers"] == [(b"content-length", b"0")]


async def test_the_type_of_a_body_can_be_given() -> None:
    sent = await call(Reply(200, "{}", content_type="application/json"), http_scope())

    assert fields(sent, b"content-type") == [b"application/json"]


async def test_a_websocket_is_denied_with_the_response_where_the_server_offers_that() -> None:
    sent = await call(Reply(403, "no"), websocket_scope())

    assert [message["type"] for message in sent] == [
        "websocket.http.response.start",
        "websocket.http.response.body",
    ]
    assert (sent[0]["status"], fields(sent, b"content-length"), sent[1]["body"]) == (403, [b"2"], b"no")


@pytest.mark.parametrize("extensions", [{}, None, {"tls": {}}])
async def test_a_websocket_is_closed_before_accept_on_other_servers(extensions: Any) -> None:
    scope = websocket_scope(extra={"extensions": extensions})

    # None is no dict, and the TLS extension has more to it: that is not looked at here.
    assert await call(Reply(403, "no"), scope, lint=False) == [{"type": "websocket.close"}]


async def test_a_websocket_is_closed_where_the_scope_has_no_extensions() -> None:
    scope = {key: value for key, value in websocket_scope().items() if key != "extensions"}

    assert await call(Reply(403), scope) == [{"type": "websocket.close"}]


async def test_a_reply_may_be_given_many_times_and_each_has_a_list_of_its_own() -> None:
    reply = Reply(403, "no")
    one = await call(reply, http_scope())
    one[0]["headers"].clear()

    assert len((await call(reply, http_scope()))[0]["headers"]) == 2


async def test_a_refusal_is_one_line_that_no_cache_keeps() -> None:
    sent = await call(Reply.refusal(403), http_scope())

    assert (sent[1]["body"], fields(sent, b"cache-control")) == (b"Forbidden\n", [b"no-store"])


async def test_a_refusal_takes_a_reason_and_more_headers() -> None:
    sent = await call(Reply.refusal(429, "Slow down.", headers=[(b"Retry-After", b"1")]), http_scope())

    assert (sent[1]["body"], fields(sent, b"retry-after")) == (b"Slow down.\n", [b"1"])


@pytest.mark.parametrize("status", [0, 100, 199, 600, -200])
def test_a_status_that_is_not_final_is_refused(status: int) -> None:
    with pytest.raises(ValueError, match=rf"Reply: status={status} is not usable. Give a final status code"):
        Reply(status)


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_body_where_none_is_allowed_is_refused(status: int) -> None:
    with pytest.raises(
        ValueError, match=rf"Reply: status={status} has no body, 'x' was given. Leave the body out"
    ):
        Reply(status, "x")


def test_a_reply_is_printed_as_a_call() -> None:
    assert repr(Reply(403, "no")) == "Reply(403, b'no')"


def test_nobody_takes_a_reply_for_asgi_2() -> None:
    reply = Reply(403)

    assert guarantee_single_callable(reply) is reply


@pytest.mark.parametrize("scope", [lifespan_scope(), {**lifespan_scope(), "type": "made.up"}])
async def test_a_reply_is_no_answer_to_another_scope_type(scope: Any) -> None:
    with pytest.raises(ScopeTypeError, match=f"not '{scope['type']}'"):
        await call(Reply(404), scope)


async def test_headers_that_are_given_take_the_place_of_a_replys_own() -> None:
    given_fields = [(b"Content-Length", b"99"), (b"Content-Type", b"text/html")]
    sent = await call(Reply(200, "abc", headers=given_fields), http_scope())

    assert fields(sent, b"content-length") == [b"3"]
    assert fields(sent, b"content-type") == [b"text/html"]


@pytest.mark.parametrize("status", ["200", None, 200.5, True, 99, 600])
def test_a_status_that_is_none_is_refused(status: Any) -> None:
    with pytest.raises(HeadError, match=r"^Reply: status=.* is not usable\. Give a final status code"):
        Reply(status)


def one_shot() -> dict[str, Any]:
    return http_scope(extra={"headers": (line for line in [(b"Host", b"a"), (b"x", b"1")])})


async def test_request_headers_that_can_be_read_once_are_handed_on_as_a_list() -> None:
    inner = Recorder()
    await call(HeaderMiddleware(inner), one_shot())

    assert inner.scope["headers"] == [(b"Host", b"a"), (b"x", b"1")]


@pytest.mark.parametrize("layer", [RequestIDMiddleware, partial(ProxyHeadersMiddleware, hops=1)])
async def test_a_layer_that_edits_such_headers_loses_none(layer: Any) -> None:
    inner = Recorder()
    await call(layer(inner), one_shot())

    assert inner.scope["headers"][:2] == [(b"Host", b"a"), (b"x", b"1")]


def test_a_head_whose_headers_could_be_read_once_can_be_updated() -> None:
    head = RequestHead(one_shot())
    head.update(x=1)

    assert head.inward is not None
    assert head.inward.scope["headers"] == [(b"Host", b"a"), (b"x", b"1")]


REPEATED = [(b"a", b"1"), (b"A", b"2"), (b"b", b"3")]


@pytest.mark.parametrize("lines", [[(b"a", b"1"), (b"b", b"3")], REPEATED])
@pytest.mark.parametrize("name", [b"A", b"c"])
def test_one_line_takes_the_place_of_all_that_came(lines: Any, name: bytes) -> None:
    head = RequestHead(http_scope(extra={"headers": lines}))
    head.set_header(name, b"new", {"extra": 1})
    inward = head.inward or head

    kept = [line for line in lines if line[0].lower() != name.lower()]
    assert (inward.scope["headers"], inward.scope["extra"]) == ([*kept, (name.lower(), b"new")], 1)
    assert inward.headers == RequestHead(inward.scope).headers


@pytest.mark.parametrize("lines", [[(b"a", b"1"), (b"b", b"3")], REPEATED, [(b"b", b"3")]])
def test_fields_that_are_removed_are_gone_for_the_layers_inside(lines: Any) -> None:
    head = RequestHead(http_scope(extra={"headers": lines}))
    head.remove_headers(frozenset({b"a", b"c"}), {"extra": 1})
    inward = head.inward or head

    assert (inward.scope["headers"], inward.scope["extra"]) == ([(b"b", b"3")], 1)
    assert (inward.headers, head.scope["headers"]) == ({b"b": b"3"}, lines)


def test_where_there_is_nothing_to_remove_nothing_is_changed() -> None:
    head = RequestHead(http_scope(headers=[(b"a", b"1")]))
    head.remove_headers(frozenset({b"b"}))

    assert head.inward is None


def test_a_second_change_adds_to_the_first() -> None:
    head = RequestHead(http_scope(headers=[(b"a", b"1")]))
    head.update(extra=1)
    head.set_header(b"b", b"2")
    head.update({"extra": 2}, more=3)
    inward = head.inward or head

    assert (inward.scope["extra"], inward.scope["more"], inward.headers[b"b"]) == (2, 3, b"2")
