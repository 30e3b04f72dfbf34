"""Refuses requests that no honest client sends."""

from collections.abc import Iterable
from typing import ClassVar, TypeAlias
from urllib.parse import unquote_to_bytes

from asgi_stack import box
from asgi_stack.base import HeaderMiddleware
from asgi_stack.grammar.request_path import has_encoded_separator
from asgi_stack.grammar.request_rules import (
    HEADER_RULES,
    LONGEST_LENGTH,
    LONGEST_USUAL_NAME,
    NAME,
    RULES,
    SINGLETONS,
    USUAL_NAMES,
    VALUE,
    IsBroken,
    Limits,
)
from asgi_stack.heads import Reply, RequestHead
from asgi_stack.logs import late_logger
from asgi_stack.options import flag, http_methods, strings, whole_number
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp, Scope

__all__ = ["RequestGuardMiddleware"]

logger = late_logger("asgi_stack.request_guard")

_ActiveRule: TypeAlias = tuple[str, IsBroken, Reply]

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class RequestGuardMiddleware(HeaderMiddleware):
    """Refuses requests whose size or form is a threat to what stands inside. It never changes a request.

    It looks at the method, the target and the header fields, never at the body. Each rule has a name, and
    is applied unless *without* names it. The handshake of a websocket is held to all but the methods.

    Arguments:
        methods: that are let in. Of the others those of RFC 9110 are answered 405, unknown ones 501.
        max_headers: lines of header fields.
        max_header_bytes: of all names and values together.
        max_header_line: bytes of one name and its value.
        max_target: bytes of the path and the query as they were sent.
        refuse_empty_segments: refuse ``//`` in a path too.
        without: names of rules that are not applied.

    Raises:
        OptionError: for a number below 1, a method that is no token, or a rule that does not exist.
    """

    __slots__ = (
        "_header_rules",
        "_limits",
        "_max_headers",
        "_max_target",
        "_methods",
        "_small",
        "_target_rules",
    )

    order: ClassVar[Order] = Order(
        outside_of={
            box.CROSS_ORIGIN_PROTECTION: "it trusts paths to be plain",
            "servestatic.asgi.ServeStaticASGI": "it makes names of files from paths",
        },
        once=True,
        place=Place.FORM,
    )

    def __init__(
        self,
        app: ASGIApp,
        *,
        methods: Iterable[str] = _METHODS,
        max_headers: int = 100,
        max_header_bytes: int = 32 * 1024,
        max_header_line: int = 16 * 1024,
        max_target: int = 8 * 1024,
        refuse_empty_segments: bool = False,
        without: Iterable[str] = (),
    ) -> None:
        super().__init__(app)
        self._limits = Limits(
            frozenset(http_methods(self, "methods", methods, example=["GET", "HEAD"], least=1)),
            self._limit("max_headers", max_headers),
            self._limit("max_header_bytes", max_header_bytes),
            self._limit("max_header_line", max_header_line),
            self._limit("max_target", max_target),
        )
        # Kept by themselves too, for an attribute of a NamedTuple takes long to read.
        self._methods, self._max_headers, self._max_target = self._limits.methods, max_headers, max_target
        self._small = min(max_header_bytes, max_header_line)
        off = {*strings(self, "without", without, example=["ambiguous-names"], fault=_rule_fault)}
        if not flag(self, "refuse_empty_segments", refuse_empty_segments):
            off.add("empty-segments")
        rules = [
            (name, rule.is_broken, self._refusal(rule.status))
            for name, rule in RULES.items()
            if name not in off
        ]
        self._header_rules = [rule for rule in rules if rule[0] in HEADER_RULES]
        self._target_rules = [rule for rule in rules if rule[0] not in HEADER_RULES]

    def on_request(self, request: RequestHead) -> Reply | None:
        """Let a request pass that breaks no rule; refuse any other."""
        # Nearly every request is plain: a few tests in C tell that it can break no rule.
        scope = request.scope
        path: str = scope["path"]
        raw: bytes | None = scope.get("raw_path")
        is_plain = (
            path[:1] == "/"
            and path.isprintable()
            and "/." not in path
            and "//" not in path
            and "%" not in path
            and "\\" not in path
            and scope.get("method", "GET") in self._methods
            and (raw == path.encode() or _is_sent_plainly(path, raw))
            # Where it is not known what was sent, it may have had three bytes for each of these.
            and len(raw or path * 3) + len(scope.get("query_string") or b"") < self._max_target
        )
        refusal = None if is_plain else self._first_broken(self._target_rules, scope)
        if refusal is None and not self._has_plain_headers(request):
            refusal = self._first_broken(self._header_rules, scope)
        return refusal

    def _first_broken(self, rules: list[_ActiveRule], scope: Scope) -> Reply | None:
        for name, is_broken, refusal in rules:
            if is_broken(scope, self._limits):
                logger.debug("Refused by the rule %s", name)
                return refusal
        return None

    def _refusal(self, status: int) -> Reply:
        # RFC 9110, section 15.5.6: who is told what may not be done is told what may.
        allow = [(b"allow", ", ".join(sorted(self._limits.methods)).encode("ascii"))]
        return Reply.refusal(status, headers=allow if status == 405 else ())

    def _has_plain_headers(self, request: RequestHead) -> bool:
        headers, lines = request.headers, len(request.scope["headers"])
        # Upper bounds of what was sent: the lines of one field are one value here, its name counts once.
        if USUAL_NAMES.issuperset(headers):
            size = lines * LONGEST_USUAL_NAME
        else:
            names = b"".join([*headers])
            size = lines * len(names) if len(headers) < lines else len(names)
            if b"" in headers or names.translate(None, NAME):
                return False
        if len(headers) < lines and any(len(request.get_all(name)) > 1 for name in SINGLETONS):
            return False
        values = b"".join([*headers.values()])
        length = headers.get(b"content-length")
        return (
            size + len(values) <= self._small
            and lines <= self._max_headers
            and not values.translate(None, VALUE)
            and (length is None or (length.isdigit() and len(length) <= LONGEST_LENGTH))
            and b"transfer-encoding" not in headers
        )

    def _limit(self, option: str, limit: int) -> int:
        return whole_number(
            self, option, limit, least=1, hint="To have no limit, name its rule in 'without'."
        )


def _rule_fault(name: str) -> str | None:
    return None if name in RULES else f"The rules are {', '.join(RULES)}."


def _is_sent_plainly(path: str, raw: bytes | None) -> bool:
    """Tell whether a path that holds no percent sign was sent in a way that no rule is about."""
    if raw is None:
        return path.isascii()
    return not has_encoded_separator(raw) and unquote_to_bytes(raw) == path.encode()
