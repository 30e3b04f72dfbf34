"""Lets pages of other origins read what the site answers, by the CORS protocol."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from asgi_stack import box
from asgi_stack.base import HeaderMiddleware
from asgi_stack.errors import OptionError
from asgi_stack.grammar.field import is_token
from asgi_stack.grammar.origin import Origins, origin_fault, parse_origin
from asgi_stack.grammar.origin_regex import origin_regex_fault, regex_fault
from asgi_stack.grammar.tokens import parse_tokens
from asgi_stack.heads import Field, Lines, Reply, RequestHead, ResponseHead, ResponseHook
from asgi_stack.options import field_names, flag, http_methods, strings, tokens, whole_number
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp

__all__ = ["CORSMiddleware"]

# Browsers send these without asking first (Fetch, "CORS-safelisted request-header"), and ask only about
# unusual values of them.
_SAFELISTED = ("accept", "accept-language", "content-language", "content-type")
_LONGEST_AGE = 86_400
_ASKED_METHOD = b"access-control-request-method"
_ASKED_HEADERS = b"access-control-request-headers"
_ORIGIN = b"access-control-allow-origin"
_CREDENTIALS = b"access-control-allow-credentials"
_METHODS = b"access-control-allow-methods"
_HEADERS = b"access-control-allow-headers"
_EXPOSE = b"access-control-expose-headers"
_PREFLIGHT_VARY = b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"


class CORSMiddleware(HeaderMiddleware):
    """Answers preflight requests, and marks every response with the origin that may read it.

    It has the last word: what the application sets in ``access-control-allow-origin`` and
    ``-allow-credentials`` is replaced, or removed. A preflight is an OPTIONS request with ``origin`` and
    ``access-control-request-method``; one that is refused gets a 403 that names every reason, and any other
    OPTIONS request goes inward. Nothing is refused but a preflight: which responses a page may read is for
    the browser to enforce. Websockets are not subject to CORS and pass untouched.

    Arguments:
        allow_origins: as browsers write them, ``"https://example.com"``. ``"https://*.example.com"`` is every
            host below that one, ``"https://pr-*.example.com"`` each whose first label begins so, and
            ``"http://localhost:*"`` that host on every port. ``"*"`` is every origin. ``"null"`` is what has
            none, ``"file://"`` a file in some web views; anybody can be one of these two.
        allow_methods: for which a preflight succeeds; ``"*"`` is every method.
        allow_headers: likewise, besides ``accept``, ``accept-language``, ``content-language`` and
            ``content-type``; ``"*"`` is every name.
        allow_credentials: let pages send cookies and read what is answered to them.
        allow_origin_regex: further origins, as a regular expression of the whole origin, in lower case.
            One that fits an origin which anybody may have, or that could take long, is refused.
        unchecked_origin_regex: the same, and nothing is checked: on your own account.
        expose_headers: response fields that pages may read besides the usual ones.
        max_age: seconds for which a browser may remember the answer to a preflight, at most a day.

    Raises:
        OptionError: for what is no origin, method or field name, for a regular expression that fits more
            origins than it seems to, and for wildcards together with credentials.
    """

    __slots__ = (
        "_any_origin",
        "_headers",
        "_hooks",
        "_methods",
        "_origins",
        "_patterns",
        "_preflight_fields",
        "_response_fields",
        "_share_with_all",
    )

    scope_types: ClassVar[frozenset[str]] = frozenset({"http"})

    order: ClassVar[Order] = Order(
        outside_of={
            box.ERROR_BOUNDARY: "a browser hides a 500 that has no CORS fields",
            box.CROSS_ORIGIN_PROTECTION: "a browser hides a 403 that has no CORS fields",
            box.RATE_LIMIT: "a browser hides a 429 that has no CORS fields",
            box.BASIC_AUTH: "a preflight carries no password",
        },
        place=Place.SHARING,
    )

    def __init__(
        self,
        app: ASGIApp,
        *,
        allow_origins: Iterable[str] = (),
        allow_methods: Iterable[str] = ("GET",),
        allow_headers: Iterable[str] = (),
        allow_credentials: bool = False,
        allow_origin_regex: "str | re.Pattern[str] | None" = None,
        unchecked_origin_regex: "str | re.Pattern[str] | None" = None,
        expose_headers: Iterable[str] = (),
        max_age: int = 600,
    ) -> None:
        super().__init__(app)
        whole_number(self, "max_age", max_age, most=_LONGEST_AGE, what="whole seconds")
        with_credentials = flag(self, "allow_credentials", allow_credentials)
        origins = self._checked_origins(allow_origins, with_credentials)
        methods = self._alone("allow_methods", http_methods(self, "allow_methods", allow_methods))
        names = field_names(self, "allow_headers", allow_headers, example=["authorization"])
        headers = self._alone("allow_headers", names)
        names = tokens(
            self, "expose_headers", expose_headers, example=["x-request-id"], what="names of fields"
        )
        exposed = self._alone("expose_headers", names)
        if with_credentials and exposed == ["*"]:
            raise OptionError(self, "expose_headers", exposed, _CREDENTIALS_HINT)
        self._any_origin = origins == ["*"]
        self._origins = Origins(origins)
        self._patterns = self._compiled(allow_origin_regex, unchecked_origin_regex)
        self._methods = None if methods == ["*"] else frozenset(map(str.encode, methods))
        self._headers = None if headers == ["*"] else frozenset([*_SAFELISTED, *headers])
        credentials: list[Field] = [(_CREDENTIALS, b"true")] if with_credentials else []
        self._response_fields = [*credentials, *_line(_EXPOSE, exposed)]
        self._preflight_fields = [*credentials, *self._granted(methods, max_age)]
        # What browsers send for the origins that were given is found without being parsed.
        known = [*self._origins.written(), *(name.encode() for name in _OPAQUE if name in origins)]
        self._hooks = {origin: self._hook(origin) for origin in known}
        self._share_with_all = self._hook_for_all()

    def on_request(self, request: RequestHead) -> Reply | ResponseHook:
        """Answer a preflight; for any other request choose the hook that marks the response."""
        headers = request.headers
        origin = headers.get(b"origin")
        if _ASKED_METHOD in headers and origin is not None and request.method == "OPTIONS":
            return self._answer(origin, headers)
        if self._any_origin:
            return self._share_with_all
        if origin is None:
            return _withhold
        hook = self._hooks.get(origin)
        if hook is None:
            hook = self._hook(origin) if self._allows(origin) else _withhold
        return hook

    def _allows(self, value: bytes) -> bool:
        if self._any_origin or value in self._hooks:
            return True
        origin = parse_origin(value)
        if origin is None:
            return False
        return origin in self._origins or any(pattern.fullmatch(str(origin)) for pattern in self._patterns)

    def _granted(self, methods: list[str], max_age: int) -> list[Field]:
        return [
            *([] if self._methods is None else _line(_METHODS, methods)),
            *([] if self._headers is None else _line(_HEADERS, sorted(self._headers))),
            (b"access-control-max-age", b"%d" % max_age),
            (b"vary", _PREFLIGHT_VARY),
        ]

    def _answer(self, origin: bytes, headers: Mapping[bytes, bytes]) -> Reply:
        method = headers[_ASKED_METHOD]
        names = parse_tokens(headers.get(_ASKED_HEADERS, b""))
        reasons = [
            *([] if self._allows(origin) else ["origin"]),
            *([] if self._allows_method(method) else ["method"]),
            *([] if self._allows_headers(names) else ["header"]),
        ]
        if names is None or reasons:
            text = "CORS preflight refused: " + ", ".join(f"{reason} not allowed" for reason in reasons)
            return Reply.refusal(403, text, headers=[(b"vary", _PREFLIGHT_VARY)])
        fields = [(_ORIGIN, b"*" if self._any_origin else origin), *self._preflight_fields]
        if self._methods is None:
            fields.append((_METHODS, method))
        if self._headers is None:
            fields.extend(_line(_HEADERS, names))
        return Reply(204, headers=fields)

    def _allows_method(self, method: bytes) -> bool:
        return is_token(method.decode("latin-1")) if self._methods is None else method in self._methods

    def _allows_headers(self, names: list[str] | None) -> bool:
        return names is not None and (self._headers is None or self._headers.issuperset(names))

    def _hook(self, origin: bytes) -> ResponseHook:
        lines = Lines([(_ORIGIN, origin), *self._response_fields])

        def share_with(response: ResponseHead) -> None:
            headers = response.headers
            headers.replace(_OURS, lines)
            headers.add_vary(b"Origin")

        return share_with

    def _hook_for_all(self) -> ResponseHook:
        lines = Lines([(_ORIGIN, b"*"), *self._response_fields])

        def share(response: ResponseHead) -> None:
            response.headers.replace(_OURS, lines)

        return share

    def _checked_origins(self, given: Iterable[str], credentials: bool) -> list[str]:
        example = ["https://example.com"]
        origins = strings(self, "allow_origins", given, example=example, fault=_fault)
        for origin in origins if credentials else ():
            if origin in _ANYBODY:
                raise OptionError(self, "allow_origins", origin, _CREDENTIALS_HINT)
        return self._alone("allow_origins", origins)

    def _compiled(
        self, regex: "str | re.Pattern[str] | None", unchecked: "str | re.Pattern[str] | None"
    ) -> "list[re.Pattern[str]]":
        for option, given in (("allow_origin_regex", regex), ("unchecked_origin_regex", unchecked)):
            if given is not None and self._any_origin:
                raise OptionError(self, option, given, "allow_origins=['*'] is every origin already.")
        if regex is not None and (fault := origin_regex_fault(regex)):
            raise OptionError(self, "allow_origin_regex", regex, fault)
        if unchecked is not None and (fault := regex_fault(unchecked)):
            raise OptionError(self, "unchecked_origin_regex", unchecked, fault)
        return [re.compile(given) for given in (regex, unchecked) if given is not None]

    def _alone(self, option: str, entries: Sequence[str]) -> list[str]:
        if "*" in entries and len(entries) > 1:
            raise OptionError(self, option, [*entries], "Give '*' alone, or a list without it.")
        return [*entries]


# Origins that name nobody.
_OPAQUE = ("null", "file://")
_ANYBODY = frozenset({"*", *_OPAQUE})
_OURS = frozenset({_ORIGIN, _CREDENTIALS})
_NO_LINES = Lines(())
_CREDENTIALS_HINT = "Together with allow_credentials=True anybody could read what only a user may. Name them."


def _fault(origin: str) -> str | None:
    return None if origin in _ANYBODY else origin_fault(origin)


def _withhold(response: ResponseHead) -> None:
    response.headers.replace(_OURS, _NO_LINES)
    response.headers.add_vary(b"Origin")


def _line(name: bytes, members: Iterable[str]) -> list[Field]:
    value = ", ".join(members).encode("ascii")
    return [(name, value)] if value else []
