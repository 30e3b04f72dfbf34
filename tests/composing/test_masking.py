"""Secrets are not printed: neither in a stack, nor in the text of an error about one."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import pytest

import asgi_stack.middleware
from asgi_stack import ASGIMiddleware, Layer, Stack, StackError
from asgi_stack.composing.masking import is_masked, outline
from asgi_stack.middleware import BasicAuthMiddleware, CORSMiddleware, RequestIDMiddleware
from asgi_stack.testing import Recorder
from asgi_stack.types import ASGIApp

PASSWORD = "hunter2-secret"
USERS = {"ada": PASSWORD}
PATH = "asgi_stack.middleware.BasicAuthMiddleware"


class Foreign:
    """Takes any options."""

    def __init__(self, app: ASGIApp, **options: Any) -> None:
        self.app = app


class Declaring(ASGIMiddleware):
    secret_options: ClassVar[frozenset[str]] = frozenset({"phrase"})


LOOKING_LIKE_SECRETS = [
    *["password", "SECRET_KEY", "auth_token", "users", "credentials", "api_key", "signing_key", "secret_key"],
    *["key", "dsn", "auth", "basic_auth", "pwd", "pass_", "passphrase", "credential", "cookie", "jwt"],
    *["bearer", "access_key", "salt", "pepper", "authorization", "env", "accounts", "logins", "webhook"],
    *["pin", "otp_seed", "session_key", "encryption_key", "hmac_key", "apikey", "api-key", "ldap_bind_pw"],
    *["certfile_pw", "signingKey", "accessToken", "proxy_password"],
]


@pytest.mark.parametrize("name", LOOKING_LIKE_SECRETS)
def test_an_option_of_a_foreign_layer_that_looks_like_a_secret_is_masked(name: str) -> None:
    assert PASSWORD not in repr(Layer(Foreign, **{name: PASSWORD}))
    assert repr(Layer(Foreign, **{name: False})) == f"Foreign({name}=False)"


@pytest.mark.parametrize(
    "name",
    ["allow_headers", "expose_headers", "header", "minimum_size", "keyword", "author", "session", "host"],
)
def test_an_option_that_does_not_is_shown(name: str) -> None:
    assert repr(Layer(Foreign, **{name: "shown"})) == f"Foreign({name}='shown')"


def test_header_fields_are_masked_and_their_number_is_not() -> None:
    assert repr(Layer(Foreign, headers={"x-key": PASSWORD})) == "Foreign(headers='***')"
    assert repr(Layer(Foreign, headers=2)) == "Foreign(headers=2)"


def test_of_this_package_only_what_is_declared_is_masked() -> None:
    names = [name for name in asgi_stack.middleware.__all__ if name.endswith("Middleware")]
    declared = {name: getattr(asgi_stack.middleware, name).secret_options for name in names}

    assert {name: options for name, options in declared.items() if options} == {
        "BasicAuthMiddleware": frozenset({"users"})
    }
    assert not is_masked("allow_credentials", ["x"], CORSMiddleware)


@pytest.mark.parametrize("factory", [BasicAuthMiddleware, partial(BasicAuthMiddleware, realm="x"), PATH])
def test_what_a_class_declares_is_masked_however_it_is_given(factory: Any) -> None:
    assert is_masked("users", USERS, factory)
    assert not is_masked("realm", "key", factory)


def test_a_class_of_ones_own_may_declare_more() -> None:
    assert is_masked("phrase", PASSWORD, Declaring)
    assert is_masked("password", PASSWORD, Declaring)


def refused(entries: Any) -> Callable[[], object]:
    return lambda: Stack(entries)


def made(users: Any) -> Callable[[], object]:
    return lambda: BasicAuthMiddleware(Recorder(), users=users)


MISTAKES: dict[str, Callable[[], object]] = {
    "by position": lambda: Layer(BasicAuthMiddleware, USERS),  # type: ignore[arg-type]
    "a pair": refused([(BasicAuthMiddleware, {"users": USERS})]),
    "a mapping": refused({"users": USERS}),
    "a pair in place of the list": refused((PATH, {"users": USERS})),
    "a list of pairs": refused([[PATH, [("users", USERS)]]]),
    "a misspelt option": lambda: Layer(BasicAuthMiddleware, user=USERS),  # type: ignore[call-arg]
    "two options": lambda: Stack([Layer.at(PATH, users=USERS, real="x")]).wrap(Recorder()),
    "text": made(f"ada:{PASSWORD}"),
    "pairs": made([("ada", PASSWORD)]),
    "both in the name": made({f"ada:{PASSWORD}": "x"}),
    "a control character in a password": made({"ada": PASSWORD + "\n"}),
    "name and password swapped": made({PASSWORD + "\n": "ada"}),
    "a mapping of mappings": made({"ada": {PASSWORD: 1}}),
    "nothing": made({}),
}


@pytest.mark.parametrize("make", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_does_not_print_the_password(make: Callable[[], object]) -> None:
    with pytest.raises(StackError) as caught:
        make()

    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a.b.C", "'a.b.C'"),
        ("hunter2", "a str"),
        ("hunter2.!", "a str"),
        (b"hunter2", "a bytes of 7"),
        ({"a": 1}, "a dict of 1"),
        ((RequestIDMiddleware, {"x": 1}, "y"), "(RequestIDMiddleware, a dict of 1, a str)"),
        ([None, True, 3, 1.5], "[None, True, 3, 1.5]"),
        (object(), "an object"),
        ({1, 2}, "a set of 2"),
        (len, "len"),
    ],
)
def test_an_outline_shows_what_a_value_is_and_nothing_of_what_it_holds(value: Any, text: str) -> None:
    assert outline(value) == text


@pytest.mark.parametrize(("name", "is_shown"), [("users", False), ("realm", True), ("api_key", True)])
def test_a_path_of_this_package_is_known_before_it_is_imported(name: str, is_shown: bool) -> None:
    assert (PASSWORD in repr(Layer.at(PATH, **{name: PASSWORD}))) is is_shown
