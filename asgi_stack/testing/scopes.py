"""Complete and valid scopes, from a URL and as few words as a test needs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import SplitResult, quote, unquote, urlencode, urlsplit

from asgi_stack.errors import OptionError
from asgi_stack.testing.arguments import checked_arguments
from asgi_stack.testing.headers import HeaderInput, encode_headers
from asgi_stack.types import Scope

__all__ = [
    "ParamInput",
    "http_scope",
    "lifespan_scope",
    "make_http_scope",
    "make_websocket_scope",
    "websocket_scope",
]

ParamInput: TypeAlias = Mapping[str, Any] | Sequence[tuple[str, Any]]
Address: TypeAlias = tuple[str, int] | None

# The host that Django's own test runner adds to ALLOWED_HOSTS.
HOST = "testserver"
CLIENT = ("127.0.0.1", 50000)
PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
# What RFC 3986 lets stand in a path or a query, and the percent sign of what is encoded already.
URL_CHARACTERS = "%:/?@!$&'()*+,;=-._~"
ABSOLUTE = re.compile(r"[a-z]+://[^/?#]", re.IGNORECASE)


class Target(NamedTuple):
    """What a URL says about a scope."""

    scheme: str
    authority: bytes
    server: tuple[str, int]
    path: str
    raw_path: bytes
    query: str


def http_scope(
    url: str = "/",
    *,
    method: str = "GET",
    headers: HeaderInput = (),
    params: ParamInput = (),
    http_version: str = "1.1",
    root_path: str = "",
    client: Address = CLIENT,
    extensions: Mapping[str, Mapping[str, Any]] | None = None,
    state: dict[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Scope:
    """Return the scope of one http request, complete and valid, every call a new one.

    *url* is a path with an optional query, or an absolute ``http`` or ``https`` URL, which also decides
    scheme, ``host`` header and server. *params* are appended to the query. A ``host`` header is added
    unless there is one. ``state`` is absent unless given, as on a server without lifespan. *extra* is
    written last, over everything, whatever it holds: a test may need a scope that is wrong, as with
    ``extra={"server": None}``.

    ASGI www specification 2.5, "HTTP Connection Scope".

    Raises:
        OptionError: for an argument of the wrong kind.
    """
    given = {"url": url, "method": method, "headers": headers, "params": params, "root_path": root_path}
    more = {"http_version": http_version, "client": client, "extensions": extensions, "state": state}
    return make_http_scope(**checked_arguments("http_scope", {**given, **more, "extra": extra}))


def websocket_scope(
    url: str = "/",
    *,
    subprotocols: Iterable[str] = (),
    headers: HeaderInput = (),
    params: ParamInput = (),
    http_version: str = "1.1",
    root_path: str = "",
    client: Address = CLIENT,
    extensions: Mapping[str, Mapping[str, Any]] | None = None,
    state: dict[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Scope:
    """Return the scope of one websocket connection, complete and valid, every call a new one.

    As `http_scope`, with ``ws`` and ``wss`` URLs. Unless *extensions* says otherwise, the denial
    response ``websocket.http.response`` is offered, as most servers do.

    ASGI www specification 2.5, "WebSocket Connection Scope".

    Raises:
        OptionError: for an argument of the wrong kind.
    """
    given = {"url": url, "headers": headers, "params": params, "root_path": root_path, "client": client}
    more = {"http_version": http_version, "extensions": extensions, "state": state, "extra": extra}
    arguments = checked_arguments("websocket_scope", {**given, **more, "subprotocols": subprotocols})
    return make_websocket_scope(**arguments)


def lifespan_scope(*, state: dict[str, Any] | None = None, extra: Mapping[str, Any] | None = None) -> Scope:
    """Return a lifespan scope: with an empty ``state``, or with the very dictionary given.

    ASGI lifespan specification 2.0, "Scope".

    Raises:
        OptionError: for a *state* that is no dictionary, or an *extra* that is no mapping.
    """
    checked_arguments("lifespan_scope", {"state": state, "extra": extra})
    scope: Scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
    scope["state"] = {} if state is None else state
    return scope | dict(extra or {})


def make_http_scope(
    url: str,
    *,
    method: str,
    headers: HeaderInput,
    params: ParamInput,
    extensions: Mapping[str, Mapping[str, Any]] | None,
    state: dict[str, Any] | None,
    extra: Mapping[str, Any] | None,
    http_version: str = "1.1",
    root_path: str = "",
    client: Address = CLIENT,
) -> Scope:
    """Do what `http_scope` does, without a look at the arguments: a client makes many."""
    scope = _connection_scope("http", url, headers, params, http_version, root_path, client)
    scope["method"] = method
    scope["extensions"] = (
        {} if extensions is None else {name: dict(value) for name, value in extensions.items()}
    )
    return _finish(scope, state, extra)


def make_websocket_scope(
    url: str,
    *,
    subprotocols: Iterable[str],
    headers: HeaderInput,
    params: ParamInput,
    extensions: Mapping[str, Mapping[str, Any]] | None,
    state: dict[str, Any] | None,
    extra: Mapping[str, Any] | None,
    http_version: str = "1.1",
    root_path: str = "",
    client: Address = CLIENT,
) -> Scope:
    """Do what `websocket_scope` does, without a look at the arguments."""
    scope = _connection_scope("ws", url, headers, params, http_version, root_path, client)
    scope["subprotocols"] = list(subprotocols)
    offered: Mapping[str, Mapping[str, Any]] = (
        {"websocket.http.response": {}} if extensions is None else extensions
    )
    scope["extensions"] = {name: dict(value) for name, value in offered.items()}
    return _finish(scope, state, extra)


def _connection_scope(
    kind: str,
    url: str,
    headers: HeaderInput,
    params: ParamInput,
    http_version: str,
    root_path: str,
    client: Address,
) -> Scope:
    scheme, authority, server, path, raw_path, query = _target(kind, url)
    if params:
        query = "&".join(filter(None, (query, urlencode(params, doseq=True))))
    return {
        "type": "http" if kind == "http" else "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": http_version,
        "scheme": scheme,
        "path": path,
        "raw_path": raw_path,
        "query_string": query.encode("ascii"),
        "root_path": root_path,
        "headers": _with_host(authority, headers),
        "client": client,
        "server": server,
    }


def _with_host(authority: bytes, headers: HeaderInput) -> list[tuple[bytes, bytes]]:
    if not headers:
        return [(b"host", authority)]
    fields = encode_headers(headers)
    if b"host" in [name.lower() for name, _ in fields]:
        return fields
    # RFC 9110 section 7.2: "host" goes first.
    return [(b"host", authority), *fields]


@lru_cache(maxsize=256)
def _target(kind: str, url: str) -> Target:
    try:
        parts = _split(kind, url)
        server = parts.hostname or "", parts.port or PORTS[parts.scheme]
    except ValueError as error:
        owner = "http_scope" if kind == "http" else "websocket_scope"
        raise OptionError(owner, "url", url, f"{error}.") from None
    path = quote(parts.path or "/", safe=URL_CHARACTERS)
    query = quote(parts.query, safe=URL_CHARACTERS)
    authority = parts.netloc.rpartition("@")[2].encode("idna")
    return Target(parts.scheme, authority, server, unquote(path), path.encode("ascii"), query)


def _split(kind: str, url: str) -> SplitResult:
    if ABSOLUTE.match(url):
        parts = urlsplit(url)
        if parts.scheme not in (kind, f"{kind}s"):
            raise ValueError(f"Its scheme must be '{kind}' or '{kind}s'")
        return parts
    if not url.startswith("/") and url != "*":
        raise ValueError(f"Begin it with '/' or with '{kind}://', as in '/search?q=1'")
    # Not urlsplit: a path may begin with "//", which it would read as a host.
    path, _, query = url.partition("#")[0].partition("?")
    return SplitResult(kind, HOST, path, query, "")


def _finish(scope: Scope, state: dict[str, Any] | None, extra: Mapping[str, Any] | None) -> Scope:
    if state is not None:
        scope["state"] = state
    if extra:
        scope.update(extra)
    return scope
