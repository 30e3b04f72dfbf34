"""Puts the client, the scheme and the host that a trusted proxy names in the place of the proxy's own."""

from collections.abc import Iterable
from typing import Any, ClassVar, Literal, TypeAlias

from asgi_stack import box
from asgi_stack.base import HeaderMiddleware
from asgi_stack.errors import OptionError
from asgi_stack.grammar.address import Networks, parse_address
from asgi_stack.grammar.client_fields import CLIENT_FIELDS, FORWARDED_FIELDS
from asgi_stack.grammar.field import spellings
from asgi_stack.grammar.forwarding import Chain, TooLong
from asgi_stack.grammar.host import parse_host
from asgi_stack.grammar.prefix import parse_prefix
from asgi_stack.heads import Reply, RequestHead
from asgi_stack.options import choice, field_names, network, strings, whole_number
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp, Scope

__all__ = ["ForwardedPart", "ProxyHeadersMiddleware"]

ForwardedPart: TypeAlias = Literal["for", "proto", "host", "port", "prefix"]
"""A fact that a proxy forwards: ``x-forwarded-<part>``, or the parameter of ``forwarded``."""

_PARTS = {"x-forwarded": ("for", "proto", "host", "port", "prefix"), "forwarded": ("for", "proto", "host")}
_SCHEMES = {
    "http": {"http": "http", "https": "https", "ws": "http", "wss": "https"},
    "websocket": {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"},
}
_USUAL_SCHEMES: dict[str, dict[bytes | None, str]] = {
    scope_type: {proto.encode(): scheme for proto, scheme in schemes.items()}
    for scope_type, schemes in _SCHEMES.items()
}
_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
# What is read here, and what says the same in other words.
_MOST_HYPHENS = 6
_MOST_HOPS = 64


class ProxyHeadersMiddleware(HeaderMiddleware):
    """Believes trusted proxies, and nobody else, about the client, the scheme and the host of a request.

    The list of clients is read from its end, past the trusted proxies, up to the first address that is none
    of them: what stands before it was written by the client. An entry that is no address ends the search,
    and the one after it counts. These fields, and every other one that is known to say who asks, are taken
    out of every request, look-alikes with ``_`` and ``.`` included, so that nothing inside can read them in
    another way. The server's ``client`` stays in ``scope["asgi_stack.peer"]``.

    Arguments:
        trusted: the proxies: addresses, networks such as ``"10.0.0.0/8"``, and ``"unix"`` for a peer without
            an address (a unix socket).
        hops: how many entries your proxies append to the list in every request, where their addresses are
            not known: often the number of proxies, and less where one of them appends nothing. *trusted* is
            then about the peer alone; without it every peer with an address is trusted.
        header: ``"x-forwarded"`` for ``X-Forwarded-For`` and its kin, or ``"forwarded"`` (RFC 7239).
            Never both.
        parts: what is believed. Name only what your proxy sets or removes in every request: what it hands on
            was written by the client. "port" and "prefix" are not known to ``forwarded``.
        strip: further names that are taken out of every request.
        keep: names among all these that go inward from a trusted peer, for code that reads them there. What
            such a field says is believed: name it only if your proxy sets or removes it in every request.

    Raises:
        OptionError: for an entry that is no network, for a network of all addresses without *hops*, and where
            nobody would be trusted.
    """

    __slots__ = (
        "_exact",
        "_networks",
        "_read",
        "_reads_more",
        "_reads_usual",
        "_stripped",
        "_stripped_from_trusted",
        "_trusts_all",
        "_trusts_unix",
    )

    order: ClassVar[Order] = Order(
        outside_of={
            box.TRUSTED_HOST: "the host to check is the one that the client asked for",
            box.HTTPS_REDIRECT: "a request that came to the proxy by https would be redirected for ever",
            box.SECURITY_HEADERS: (
                "strict-transport-security is sent by https only, and the proxy says whether it was"
            ),
            box.CROSS_ORIGIN_PROTECTION: "an origin is compared with the host that the client asked for",
            box.IP_FILTER: "until then the client is the proxy",
            box.RATE_LIMIT: "until then all clients are one, the proxy",
        },
        once=True,
        place=Place.PROXY,
    )

    def __init__(
        self,
        app: ASGIApp,
        *,
        trusted: Iterable[str] = (),
        hops: int | None = None,
        header: Literal["x-forwarded", "forwarded"] = "x-forwarded",
        parts: Iterable[ForwardedPart] = ("for", "proto"),
        strip: Iterable[str] = (),
        keep: Iterable[str] = (),
    ) -> None:
        super().__init__(app)
        if hops is not None:
            what = "how many entries your proxies append"
            hops = whole_number(self, "hops", hops, least=1, most=_MOST_HOPS, what=what)
        entries = strings(self, "trusted", trusted, example=["10.0.0.0/8"])
        if not entries and hops is None:
            raise OptionError(self, "trusted", [*entries], _NOBODY_HINT)
        networks = [self._network(entry, hops) for entry in entries if entry != "unix"]
        self._trusts_unix = "unix" in entries
        self._trusts_all = not entries
        self._networks = Networks(networks)
        # A peer that was given as an address is found without parsing it.
        self._exact = frozenset(networks)
        read = self._parts(header, parts)
        self._reads_usual = header == "x-forwarded" and set(read) == {"for", "proto"}
        self._reads_more = not {"host", "port", "prefix"}.isdisjoint(read)
        chain = Chain(self._networks, hops, read)
        self._read = chain.read_elements if header == "forwarded" else chain.read_lists
        names = FORWARDED_FIELDS.union(CLIENT_FIELDS, self._names("strip", strip))
        self._stripped = frozenset[bytes]().union(*map(spellings, names))
        kept = self._names("keep", keep)
        self._stripped_from_trusted = self._stripped.difference(name.encode("ascii") for name in kept)

    def on_request(self, request: RequestHead) -> Reply | None:
        """Give the layers inside what a trusted proxy says, and nothing of what anybody else does."""
        client = request.scope.get("client")
        # Nearly always it is the same proxy, spelled as it is in the option.
        if not ((client and client[0] in self._exact) or self._trusts(client)):
            request.remove_headers(self._stripped, {"asgi_stack.peer": client})
            return None
        if self._reads_usual and self._believe_usual(request, client):
            return None
        changes: dict[str, Any] = {"asgi_stack.peer": client}
        try:
            said, texts = self._read(request)
        except TooLong:
            return _REFUSAL
        if said is not None:
            changes["client"] = said
        proto = texts.get("proto")
        if proto is not None:
            scheme = _SCHEMES[request.scope["type"]].get(proto.lower())
            if scheme is not None:
                changes["scheme"] = scheme
        if self._reads_more:
            _change_path_and_port(texts, request.scope, changes)
        request.remove_headers(self._stripped_from_trusted, changes)
        if self._reads_more:
            _change_host(texts, request, changes.get("scheme") or request.scheme)
        return None

    def _believe_usual(self, request: RequestHead, peer: Any) -> bool:
        """Do so with one address and one scheme, which nearly every request brings: it takes 0.5 us less."""
        headers = request.headers
        scheme = _USUAL_SCHEMES[request.scope["type"]].get(headers.get(b"x-forwarded-proto"))
        address = parse_address(headers.get(b"x-forwarded-for", b"").decode("latin-1"))
        if scheme is None or address is None:
            return False
        changes = {"asgi_stack.peer": peer, "client": (address.text, 0), "scheme": scheme}
        request.remove_headers(self._stripped_from_trusted, changes)
        return True

    def _trusts(self, client: Any) -> bool:
        # One server has no client for a unix socket, another one whose address is empty.
        if not client or not client[0]:
            return self._trusts_unix
        if self._trusts_all:
            return True
        address = parse_address(client[0])
        return address is not None and address in self._networks

    def _network(self, entry: str, hops: int | None) -> str:
        if entry == "*":
            raise OptionError(self, "trusted", entry, _ANYBODY_HINT)
        found = network(self, "trusted", entry, hint="A peer without an address is 'unix'.")
        if found.endswith("/0") and hops is None:
            raise OptionError(self, "trusted", entry, _ANYBODY_HINT)
        return found

    def _parts(self, header: str, given: Iterable[str]) -> tuple[str, ...]:
        known = _PARTS[choice(self, "header", header, _PARTS)]
        hint = f"With header={header!r} give some of {', '.join(map(repr, known))}."
        parts = strings(
            self, "parts", given, example=["for", "proto"], fault=lambda part: None if part in known else hint
        )
        if not parts:
            raise OptionError(self, "parts", [], hint)
        return parts

    def _names(self, option: str, given: Iterable[str]) -> tuple[str, ...]:
        return field_names(self, option, given, example=["cf-connecting-ip"], fault=_length_fault)


_REFUSAL = Reply.refusal(400)
_NOBODY_HINT = (
    "Give the addresses of your proxies, as in trusted=['10.0.0.0/8'], or how many entries they append to "
    "the list, as in hops=1."
)
_ANYBODY_HINT = (
    "Where everybody is trusted, anybody can pass for anybody. "
    "Leave it out and give how many entries your proxies append to the list: hops=1."
)


def _length_fault(name: str) -> str | None:
    return f"Give names with at most {_MOST_HYPHENS} '-'." if name.count("-") > _MOST_HYPHENS else None


def _change_path_and_port(texts: dict[str, str], scope: Scope, changes: dict[str, Any]) -> None:
    port, server = _port(texts.get("port")), scope.get("server")
    if port is not None and server:
        changes["server"] = (server[0], port)
    prefix = parse_prefix(texts["prefix"].encode("latin-1")) if "prefix" in texts else None
    if prefix and scope["path"].startswith("/"):
        changes["root_path"] = prefix + scope.get("root_path", "")
        changes["path"] = prefix + scope["path"]
        if scope.get("raw_path") is not None:
            changes["raw_path"] = prefix.encode("ascii") + scope["raw_path"]


def _change_host(texts: dict[str, str], request: RequestHead, scheme: str) -> None:
    """Put what the proxy says in the place of the host; what is no host changes nothing."""
    said, port = texts.get("host"), _port(texts.get("port"))
    # A request with two hosts stays one, for whoever looks at hosts to see.
    if (said is None and port is None) or len(request.get_all(b"host")) > 1:
        return
    value = request.headers.get(b"host", b"") if said is None else said.encode("latin-1")
    host = parse_host(value)
    if host is None:
        return
    if port is not None and host.port is None and port != _PORTS.get(scheme):
        request.set_header(b"host", b"%b:%d" % (value.rstrip(b":"), port))
    elif said is not None:
        request.set_header(b"host", value)


def _port(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= len("65535")):
        return None
    return int(text) if 0 < int(text) <= 0xFFFF else None
