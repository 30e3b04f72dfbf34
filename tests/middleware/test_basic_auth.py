import hmac
from base64 import b64encode
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack import ConfigurationError, Layer, OptionError, Stack
from asgi_stack.middleware import (
    BasicAuthMiddleware,
    HTTPSRedirectMiddleware,
    TrustedHostMiddleware,
    basic_auth,
)
from asgi_stack.testing import Recorder, http_scope, websocket_scope
from tests.helpers import Sent, call

USERS = {"ada": "love:lace", "grace": "hopper", "andré": "pässwort"}


def encoded(text: str | bytes) -> bytes:
    return b64encode(text.encode() if isinstance(text, str) else text)


async def ask(*authorization: bytes, users: Any = USERS, **options: Any) -> Sent:
    """The answer to a request with these ``Authorization`` lines."""
    scope = http_scope(headers=[(b"authorization", line) for line in authorization])
    return await call(BasicAuthMiddleware(Recorder(), users=users, **options), scope)


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("scheme", [b"Basic ", b"basic ", b"BASIC ", b"Basic  "])
async def test_a_user_with_the_password_passes(scheme: bytes, user: str) -> None:
    assert (await ask(scheme + encoded(f"{user}:{USERS[user]}"))).status == 200


@pytest.mark.parametrize(
    "text",
    [
        "ada:wrong",
        "ada:",
        "ada",
        ":love:lace",
        "love:lace",
        "ada:love:lac",
        "ada:love:lace ",
        "ada:love:lace\x00",
        " ada:love:lace",
        "Ada:love:lace",
        "grace:love:lace",
        "nobody:hopper",
        "nobody:",
        ":",
        "",
        "ada:love:lace\ngrace:hopper",
        "andré:pässwort".encode("latin-1"),
        b"\xff\xfe:\x00",
    ],
)
async def test_anybody_else_is_asked_for_a_password(text: str | bytes) -> None:
    assert (await ask(b"Basic " + encoded(text))).status == 401


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"Basic",
        b"Basic ",
        b"Basic !!!!",
        encoded("ada:love:lace"),
        b"Bearer " + encoded("ada:love:lace"),
        b"Basic\t" + encoded("ada:love:lace"),
        b"Basic " + encoded("ada:love:lace").rstrip(b"=") + b"===",
        b"Basic " + encoded("grace:hopper1").rstrip(b"="),
        b"Basic " + encoded("ada:love:lace") + b", Basic " + encoded("grace:hopper"),
        b"Basic " + encoded("ada:love:lace") + b" x",
        b"Basic ada:love:lace",
        b"Basic \xff\xff\xff\xff",
    ],
)
async def test_a_line_that_is_not_of_the_scheme_is_nobody(line: bytes) -> None:
    assert (await ask(line)).status == 401


WORDS = st.text(st.characters(exclude_categories=["C", "M"]), min_size=1).filter(
    lambda text: normalize("NFC", text) == text
)


@given(WORDS.filter(lambda user: ":" not in user), WORDS)
async def test_whatever_the_name_and_the_password_are_they_let_in(user: str, password: str) -> None:
    assert (await ask(b"Basic " + encoded(f"{user}:{password}"), users={user: password})).status == 200


@given(st.binary(max_size=40) | st.binary(max_size=30).map(b64encode).map(b"Basic ".__add__))
async def test_any_other_bytes_are_nobody(line: bytes) -> None:
    assert (await ask(line)).status == 401


async def test_two_lines_are_nobody() -> None:
    line = b"Basic " + encoded("ada:love:lace")

    assert (await ask(line, line)).status == 401


async def test_who_is_not_let_in_is_told_how_to_ask() -> None:
    outcome = await ask(realm='The "stage" \\')

    assert outcome.headers["www-authenticate"] == r'Basic realm="The \"stage\" \\", charset="UTF-8"'
    assert (outcome.body, outcome.headers["cache-control"]) == (b"Unauthorized\n", "no-store")


async def test_a_name_may_be_written_in_pieces_in_the_options() -> None:
    decomposed = {"andre\u0301": "pa\u0308sswort"}

    assert (await ask(b"Basic " + encoded("andré:pässwort"), users=decomposed)).status == 200


async def test_users_may_come_from_a_function() -> None:
    assert (await ask(b"Basic " + encoded("ada:x"), users=lambda: {"ada": "x"})).status == 200


async def test_who_passes_goes_inward_in_the_very_scope_that_came() -> None:
    inner, scope = Recorder(), http_scope(headers={"authorization": b"Basic " + encoded("a:b")})
    await call(BasicAuthMiddleware(inner, users={"a": "b"}), scope)

    assert inner.scope is scope


@pytest.mark.parametrize(
    ("extensions", "first"),
    [({}, "websocket.close"), ({"websocket.http.response": {}}, "websocket.http.response.start")],
)
async def test_a_websocket_is_refused_before_it_is_accepted(extensions: Any, first: str) -> None:
    inner = Recorder()
    app = BasicAuthMiddleware(inner, users=USERS)
    outcome = await call(app, websocket_scope(extensions=extensions))

    assert (outcome.types[0], inner.calls) == (first, [])


@pytest.mark.parametrize("text", ["ada:love:lace", "ada:wrong", "nobody:x", "", "andré:pässwort"])
async def test_every_request_is_compared_with_every_user(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    compared = []

    def counting(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return hmac.compare_digest(one, other)

    monkeypatch.setattr(basic_auth, "compare_digest", counting)
    await ask(b"Basic " + encoded(text))

    assert compared == [(32, 32)] * len(USERS)


SECRET = "correct horse"


@pytest.mark.parametrize(
    ("users", "hint"),
    [
        ({}, "Give a mapping of users to passwords .* It is empty."),
        ([("ada", SECRET)], "Give a mapping .* It is of type list."),
        (f"ada:{SECRET}", "Give a mapping .* It is of type str."),
        (lambda: None, "Give a mapping .* It is of type NoneType."),
        (lambda user: {"ada": SECRET}, "Give a mapping .* is called without arguments."),
        (lambda: ask(), "Let it return its answer"),
        (ask, "Give a mapping .* ask is an async function"),
        ({"": SECRET}, "User 1 of the mapping: give a str, not empty, without colons"),
        ({f"ada:{SECRET}": SECRET}, "User 1 of the mapping"),
        ({"bob": SECRET, b"ada": SECRET}, "User 2 of the mapping"),
        ({"ada\nb": SECRET}, "User 1 of the mapping"),
        ({"ada": ""}, "The password of user 1: give a str, not empty, without control"),
        ({"ada": SECRET + "\x7f"}, "The password of user 1"),
        ({"bob": SECRET, "ada": SECRET + "\ud800"}, "The password of user 2"),
        ({"ada": SECRET.encode()}, "The password of user 1"),
    ],
)
def test_users_that_cannot_be_used_are_refused_and_nothing_of_them_is_shown(users: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=rf"users(\(\))?=\*\*\* is not usable\. {hint}") as caught:
        BasicAuthMiddleware(Recorder(), users=users)

    assert not any(secret in f"{caught.value} {caught.value.__dict__}" for secret in (SECRET, "ada"))


@pytest.mark.parametrize("realm", ["a\r\nb", "é", "a\x00", None])
def test_a_realm_that_no_header_can_hold_is_refused(realm: Any) -> None:
    with pytest.raises(OptionError, match=r"realm=.* is not usable. Give one line of ASCII text"):
        BasicAuthMiddleware(Recorder(), users=USERS, realm=realm)


def test_no_password_is_kept_or_shown() -> None:
    app = BasicAuthMiddleware(Recorder(), users=lambda: {"ada": SECRET})
    kept = [getattr(app, name) for name in BasicAuthMiddleware.__slots__]
    layer = Layer(BasicAuthMiddleware, users=lambda: {"ada": SECRET})

    assert SECRET not in f"{app!r} {kept!r} {layer!r}"


@pytest.mark.parametrize(
    "outer",
    [
        Layer(HTTPSRedirectMiddleware, host="a.example"),
        Layer(TrustedHostMiddleware, allowed_hosts=["a.example"]),
    ],
    ids=lambda layer: layer.name,
)
def test_a_stack_has_it_inside_of_https_and_hosts(outer: Any) -> None:
    stack = Stack([Layer(BasicAuthMiddleware, users=lambda: USERS), outer])

    with pytest.raises(ConfigurationError, match=f"inside of {outer.name}"):
        stack.wrap(Recorder())
