"""Asks for a user and a password: a fence around a staging site or the metrics."""

from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from hmac import compare_digest
from os import urandom
from typing import ClassVar, TypeAlias
from unicodedata import category, normalize

from asgi_stack import box
from asgi_stack.base import HeaderMiddleware
from asgi_stack.errors import OptionError
from asgi_stack.grammar.field import is_field_value
from asgi_stack.heads import Reply, RequestHead
from asgi_stack.options import answered, function, mapping, text
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp

__all__ = ["BasicAuthMiddleware", "Users"]

Users: TypeAlias = Mapping[str, str] | Callable[[], Mapping[str, str]]
"""Passwords by user, or a function that returns them."""


class BasicAuthMiddleware(HeaderMiddleware):
    """Answers 401 unless a request brings the name and the password of a user (RFC 7617).

    It is a fence for staging sites and metrics, not a log-in: it knows no sessions, does not slow down who
    guesses, and protects nothing that is sent without https. Every request costs the same, whether the user
    exists or not. Neither this class nor its errors show a password.

    Arguments:
        users: passwords by user; or a function that returns such a mapping, called once, which keeps them
            out of what a `Layer` and a `Stack` print.
        realm: what the browser shows when it asks.

    Raises:
        OptionError: for a user or a password that is empty or holds a control character, for a user with a
            colon, and for a realm that no header can hold.
    """

    __slots__ = ("_digests", "_key", "_refusal")

    order: ClassVar[Order] = Order(
        inside_of={
            box.HTTPS_REDIRECT: "a password must not be asked for over http",
            box.TRUSTED_HOST: "a password is for your own hosts only",
        },
        place=Place.DOOR,
    )

    secret_options: ClassVar[frozenset[str]] = frozenset({"users"})

    def __init__(self, app: ASGIApp, *, users: Users, realm: str = "Restricted") -> None:
        super().__init__(app)
        hint = "Give one line of ASCII text, as in realm='Staging'."
        realm = text(self, "realm", realm, fits=_is_ascii_value, hint=hint)
        quoted = realm.replace("\\", "\\\\").replace('"', '\\"')
        challenge = f'Basic realm="{quoted}", charset="UTF-8"'.encode("ascii")
        self._refusal = Reply.refusal(401, headers=[(b"www-authenticate", challenge)])
        # Of the process alone: who reads the digests in a dump of its memory cannot try passwords at leisure
        # without the key, and digests of one length take the same time to compare.
        self._key = urandom(32)
        self._digests = [self._digest(f"{user}:{password}".encode()) for user, password in self._each(users)]

    def on_request(self, request: RequestHead) -> Reply | None:
        """Let a known user pass; ask everybody else for a name and a password."""
        given = self._digest(_user_and_password(request))
        found = False
        # All of them, always: the time tells nothing of where, or whether, one is found.
        for digest in self._digests:
            found |= compare_digest(given, digest)
        return None if found else self._refusal

    def _digest(self, text: bytes) -> bytes:
        return blake2b(text, digest_size=32, key=self._key).digest()

    def _each(self, users: Users) -> Iterator[tuple[str, str]]:
        found = self._called(users) if callable(users) else users
        # Whatever is wrong may hold passwords, users too: its kind and its place are all that is told.
        passwords = mapping(self, "users", found, hint=f"{_USERS_HINT} It is of type {type(found).__name__}.")
        if not passwords:
            raise OptionError(self, "users", found, f"{_USERS_HINT} It is empty.")
        for place, (user, password) in enumerate(passwords.items(), 1):
            hint = (
                f"User {place} of the mapping: give a str, not empty, without colons and control characters."
            )
            user = text(self, "users", user, fits=_is_user, hint=hint)
            hint = f"The password of user {place}: give a str, not empty, without control characters."
            password = text(self, "users", password, fits=_is_plain, hint=hint)
            # RFC 7617, section 2.1, with RFC 8265: browsers send the composed form.
            yield normalize("NFC", user), normalize("NFC", password)

    def _called(self, users: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
        return answered(self, "users", function(self, "users", users, hint=_USERS_HINT)())


_USERS_HINT = "Give a mapping of users to passwords that is not empty, or a function that returns one."


def _is_ascii_value(value: str) -> bool:
    return value.isascii() and is_field_value(value)


def _is_user(name: str) -> bool:
    return ":" not in name and _is_plain(name)


def _is_plain(value: str) -> bool:
    return not any(category(char) in ("Cc", "Cs") for char in value)


def _user_and_password(request: RequestHead) -> bytes:
    """What was sent, decoded; empty, which is nobody's, where it is not one line of the scheme."""
    lines = request.get_all(b"authorization")
    scheme, _, credentials = lines[0].partition(b" ") if len(lines) == 1 else (b"", b"", b"")
    if scheme.lower() != b"basic":
        return b""
    try:
        return b64decode(credentials.strip(b" "), validate=True)
    except ValueError:
        return b""
