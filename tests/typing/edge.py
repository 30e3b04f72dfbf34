"""The options of the edge are typed: a misspelt or an ill-typed one is seen in the editor.

Nothing here is run: mypy and pyright read it. A line that must fail says so.
"""

from typing import assert_type

from asgi_stack import Layer, Reply, Stack
from asgi_stack.draining import Drain
from asgi_stack.middleware import (
    BasicAuthMiddleware,
    CORSMiddleware,
    CrossOriginProtectionMiddleware,
    DrainMiddleware,
    HealthMiddleware,
    HTTPSRedirectMiddleware,
    IPFilterMiddleware,
    MaintenanceMiddleware,
    ProxyHeadersMiddleware,
    RequestGuardMiddleware,
    RequestIDMiddleware,
    SecurityHeadersMiddleware,
    TrustedHostMiddleware,
)
from asgi_stack.types import Scope


async def ping() -> None: ...


def names_a_user() -> dict[str, str]:
    return {}


def a_whole_edge_is_a_stack() -> None:
    edge = Stack([
        Layer(ProxyHeadersMiddleware, trusted=["10.0.0.0/8", "unix"], parts=("for", "proto", "host")),
        Layer(ProxyHeadersMiddleware, hops=2, header="forwarded"),
        Layer(RequestIDMiddleware, trust_incoming=True, trace_context=True, keep_response=True),
        Layer(SecurityHeadersMiddleware, hsts_max_age=60, paths={"/embed": {"frame_options": None}}),
        Layer(DrainMiddleware, drain=Drain(), close_after=20, close_code=1001, drain_on_sigterm=True),
        Layer(DrainMiddleware, drain_path="/drain", drain_clients={"10.0.0.0/8"}),
        Layer(HealthMiddleware, checks={"db": ping}, drain=Drain(), startup_path=None),
        Layer(RequestGuardMiddleware, without=["ambiguous-names"], max_headers=50),
        Layer(TrustedHostMiddleware, allowed_hosts=["example.com"]),
        Layer(HTTPSRedirectMiddleware, host="example.com", exempt_paths=("/.well-known",)),
        Layer(CORSMiddleware, allow_origins=["https://a.example"], allow_credentials=True),
        Layer(MaintenanceMiddleware, switch=lambda: False, page=b"soon"),
        Layer(IPFilterMiddleware, allow=("10.0.0.0/8",), deny=iter(["10.0.0.1"])),
        Layer(BasicAuthMiddleware, users=names_a_user),
        Layer(CrossOriginProtectionMiddleware, trusted_origins=["https://a.example"]),
    ])  # fmt: skip
    assert_type(edge, Stack)


def options_that_are_none_are_errors() -> None:
    Layer(ProxyHeadersMiddleware, trusted=7)  # type: ignore[arg-type]
    Layer(ProxyHeadersMiddleware, hops=1, header="x-real-ip")  # type: ignore[arg-type]
    Layer(ProxyHeadersMiddleware, hops=1, parts=["client"])  # type: ignore[list-item]
    Layer(RequestIDMiddleware, trust="yes")  # type: ignore[call-arg]
    Layer(SecurityHeadersMiddleware, hsts_max_age="60")  # type: ignore[arg-type]
    Layer(SecurityHeadersMiddleware, paths={"/": {"hsts_max_age": 1}})  # type: ignore[typeddict-unknown-key]
    Layer(HealthMiddleware, checks=[ping])  # type: ignore[arg-type]
    Layer(DrainMiddleware, close_after="20")  # type: ignore[arg-type]
    Layer(RequestGuardMiddleware, max_header="1")  # type: ignore[call-arg]
    Layer(TrustedHostMiddleware)  # type: ignore[call-arg]
    Layer(HTTPSRedirectMiddleware, host="a.example", port="443")  # type: ignore[arg-type]
    Layer(CORSMiddleware, allow_origin=["https://a.example"])  # type: ignore[call-arg]
    Layer(MaintenanceMiddleware, switch=True)  # type: ignore[arg-type]
    Layer(IPFilterMiddleware, allow=[7])  # type: ignore[list-item]
    Layer(BasicAuthMiddleware, users=[("ada", "x")])  # type: ignore[arg-type]
    Layer(CrossOriginProtectionMiddleware, same_scheme="no")  # type: ignore[arg-type]


async def a_stream_waits_for_the_drain(scope: Scope) -> None:
    drain: Drain = scope["asgi_stack.drain"]
    await drain.wait()
    await drain.wait(2.5)
    await drain.wait("2")  # type: ignore[arg-type]
    assert_type(drain.draining, bool)
    assert_type(drain.seconds, float)


def applications_come_by_position() -> None:
    DrainMiddleware(Reply(200), close_after=1.5)
    HealthMiddleware(Reply(200), {"db": ping})  # type: ignore[call-arg]
