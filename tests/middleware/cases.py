"""What the tests must know of each middleware in the box: one record for each, and the only list of them.

Whatever is left out is as simple as it can be: a class without options that looks at all of a head needs
nothing but its name. The tests of all middleware, of their order, contract, parsers and pages, the fuzz
targets and `benchmarks.parsers` take what they need from here.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from asgi_stack import middleware
from asgi_stack.testing import http_scope, websocket_scope
from asgi_stack.types import Scope

Options = Mapping[str, Any]
NONE: Options = MappingProxyType({})
Write = Callable[[bytes], Scope]
"""Makes a scope of http of what a stranger sent."""

FIELDS = [
    b"host", b"origin", b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host",
    b"x-forwarded-port", b"x-forwarded-prefix", b"authorization", b"sec-fetch-site", b"content-length",
    b"traceparent", b"tracestate", b"x-request-id", b"access-control-request-method", b"cookie",
    b"access-control-request-headers", b"transfer-encoding",
]  # fmt: skip
PLAIN: Scope = {
    "type": "http", "method": "GET", "scheme": "http", "path": "/", "raw_path": b"/", "query_string": b"",
    "client": ("10.0.0.1", 1),
}  # fmt: skip


def everywhere(value: bytes) -> Scope:
    """The stranger's bytes are the path, the query and the value of every field."""
    target = {"path": "/" + value.decode("latin-1"), "raw_path": b"/" + value, "query_string": value}
    return {**PLAIN, **target, "headers": [(name, value) for name in FIELDS]}


def as_client(value: bytes) -> Scope:
    """They are the client's address, and nothing else."""
    return {**PLAIN, "headers": [], "client": (value.decode("latin-1"), 1)}


def in_fields(*names: bytes, method: str = "GET", before: bytes = b"") -> Write:
    """They are the values of these fields, and everything else is plain."""

    def write(value: bytes) -> Scope:
        fields = [(b"host", b"example.com"), *((name, before + value) for name in names)]
        return {**PLAIN, "method": method, "headers": fields}

    return write


class Way(NamedTuple):
    """Options of a class, and arguments for `http_scope` and `websocket_scope` that make a request."""

    options: Options = NONE
    request: Options = NONE


class Look(NamedTuple):
    """A way to look at a head: options, what of it a stranger writes, the statuses that may come of it."""

    options: Options | None = None
    write: Write = everywhere
    statuses: frozenset[int] = frozenset({200})


class Example(NamedTuple):
    """A request, beside what lets it in, and what becomes of it; None is a field that is not there."""

    request: Options = NONE
    options: Options = NONE
    sends: Mapping[str, str] = NONE
    status: int = 200
    headers: Mapping[str, str | None] = NONE


@dataclass(frozen=True)
class Case:
    """One class of the box.

    Arguments:
        name: the class.
        options: what it cannot do without; with them it lets *request* in.
        request: arguments for `http_scope` and `websocket_scope`.
        declares: what the contract must be told that it is meant to do.
        replies: how it answers a request by itself, if it ever does.
        looks: the ways in which it looks at heads, if it does, *options* where nothing else is said.
        patterns: why its module uses regular expressions, if it does.
        shows: what it does, in sentences. A class that does more has a ``test_<module>.py`` of its own.
    """

    name: str
    options: Options = field(default_factory=dict)  # Python 3.11 takes NONE for mutable
    request: Options = field(default_factory=dict)
    declares: Sequence[str] = ()
    replies: Way | None = None
    looks: Sequence[Look] = (Look(),)
    patterns: str = ""
    shows: Mapping[str, Example] = field(default_factory=dict)

    @property
    def factory(self) -> Any:
        return getattr(middleware, self.name)

    @property
    def module(self) -> str:
        return self.factory.__module__.rpartition(".")[2]

    @property
    def page(self) -> str:
        return f"docs/middleware/{self.module.replace('_', '-')}.md"

    def make(self, inner: Any, **options: Any) -> Any:
        """The class around *inner*, so that it lets the request of this record in."""
        return self.factory(inner, **{**self.options, **options})

    def looking(self, inner: Any) -> Iterator[tuple[Look, Any]]:
        """The class around *inner* in each of the ways in which it looks at heads."""
        for look in self.looks:
            yield look, self.factory(inner, **(self.options if look.options is None else look.options))

    def scope(self, kind: str = "http", **request: Any) -> Scope:
        """A request that it lets in."""
        given = {**self.request, **request}
        if kind == "http":
            return http_scope(**given)
        url = given.pop("url", "/").replace("http", "ws", 1)
        return websocket_scope(url, **given)


def _basic(name: str, password: str) -> str:
    return "Basic " + b64encode(f"{name}:{password}".encode()).decode()


_ASKED = (b"origin", b"access-control-request-method", b"access-control-request-headers")
_PARTS = ["for", "proto", "host", "port", "prefix"]
# So much that no rule of the guard ends the reading.
_WIDE = dict.fromkeys(["max_headers", "max_header_bytes", "max_header_line", "max_target"], 1 << 30)

_RECORDS = [
    Case(
        "BasicAuthMiddleware",
        options={"users": {"ada": "a long word that nobody guesses"}},
        request={"headers": {"authorization": _basic("ada", "a long word that nobody guesses")}},
        replies=Way({"users": {"ada": "lovelace"}}),
        looks=[Look(None, in_fields(b"authorization", before=b"Basic "), frozenset({401}))],
    ),
    Case(
        "CORSMiddleware",
        looks=[
            Look(
                {
                    "allow_origins": ["https://*.a.example"],
                    "allow_origin_regex": r"https://[a-z]+\.a\.example",
                }
            ),
            Look(
                {"allow_origins": ["*"], "allow_methods": ["*"], "allow_headers": ["*"]},
                in_fields(*_ASKED, method="OPTIONS"),
                frozenset({204, 403}),
            ),
        ],
        patterns="an origin that was parsed, of 328 characters at most, by a pattern of the project",
    ),
    Case(
        "CrossOriginProtectionMiddleware",
        looks=[
            Look(
                {"exempt_paths": ["/hook"], "same_scheme": True},
                in_fields(b"origin", b"sec-fetch-site", method="POST"),
                frozenset({200, 403}),
            )
        ],
    ),
    Case(
        "DrainMiddleware",
        replies=Way(
            {"drain_path": "/drain", "drain_clients": ["127.0.0.0/8"]}, {"url": "/drain", "method": "POST"}
        ),
        looks=[
            Look({"drain_path": "/drain", "drain_clients": ["10.0.0.0/8"]}),
            Look(
                {"drain_path": "/drain", "drain_clients": ["10.0.0.0/8"]},
                lambda value: {**as_client(value), "path": "/drain", "method": "POST"},
            ),
        ],
    ),
    # It reads the type of a scope, and what other layers have put into it.
    Case("ErrorBoundaryMiddleware", declares=["handles_exceptions"], looks=[]),
    Case("HealthMiddleware", replies=Way(request={"url": "/livez", "method": "GET"})),
    Case(
        "HTTPSRedirectMiddleware",
        options={"host": "testserver"},
        request={"url": "https://testserver/"},
        replies=Way({"host": "testserver"}),
        looks=[
            Look({"host": "a.example", "exempt_paths": ["/x"]}, statuses=frozenset({200, 301, 400})),
            Look({"allowed_hosts": ["*"]}, statuses=frozenset({301, 400})),
        ],
    ),
    Case(
        "IPFilterMiddleware",
        options={"allow": ["127.0.0.0/8"]},
        replies=Way({"deny": ["127.0.0.0/8"]}),
        looks=[
            Look({"allow": ["10.0.0.0/8"]}, as_client, frozenset({200, 403})),
            Look({"deny": ["192.0.2.1"]}, as_client, frozenset({200, 403})),
        ],
    ),
    Case(
        "MaintenanceMiddleware",
        options={"switch": lambda: False},
        replies=Way({"switch": lambda: True}),
        looks=[Look({"switch": lambda: True, "exempt_paths": ["/status"]}, statuses=frozenset({200, 503}))],
    ),
    Case(
        "ProxyHeadersMiddleware",
        options={"trusted": ["127.0.0.0/8"]},
        looks=[
            Look({"trusted": ["10.0.0.0/8"], "parts": _PARTS}),
            Look({"hops": 2, "header": "forwarded"}),
            Look({"trusted": ["192.0.2.1", "unix"]}),
        ],
    ),
    Case(
        "RequestGuardMiddleware",
        replies=Way(request={"url": "/%2e%2e/"}),
        looks=[
            Look({"refuse_empty_segments": True, **_WIDE}, statuses=frozenset({200, 400})),
            Look(_WIDE, in_fields(b"cookie", b"accept"), frozenset({200, 400})),
            Look({"without": ["header-names", "path-utf8"]}, statuses=frozenset({200, 400})),
        ],
    ),
    Case(
        "RequestIDMiddleware",
        declares=["leaves_context"],
        looks=[Look({"trust_incoming": True, "trace_context": True})],
    ),
    Case(
        "SecurityHeadersMiddleware",
        looks=[Look({"paths": {"/embed": {"nosniff": False}}})],
        shows={
            "adds what is not there": Example(headers={"x-content-type-options": "nosniff"}),
            "leaves what is there": Example(
                sends={"referrer-policy": "origin"}, headers={"referrer-policy": "origin"}
            ),
        },
    ),
    # It reads nothing of a head.
    Case("ServerTimingMiddleware", declares=["leaves_context"], looks=[]),
    Case(
        "TrustedHostMiddleware",
        options={"allowed_hosts": ["testserver"]},
        replies=Way({"allowed_hosts": ["example.com"]}),
        looks=[Look({"allowed_hosts": [".example.com"]}, statuses=frozenset({200, 400}))],
        shows={"refuses other hosts": Example({"headers": {"host": "example.org"}}, status=400)},
    ),
]
CASES = {case.name: case for case in _RECORDS}
