"""What the middleware in the box says of its place: only where another place really goes wrong."""

from typing import Any

import pytest

import asgi_stack.middleware
from asgi_stack import ConfigurationError, Layer, Stack
from asgi_stack.testing import Recorder, http_scope
from tests.helpers import call

# What a class cannot do without.
NEEDED: dict[str, dict[str, Any]] = {
    "BasicAuthMiddleware": {"users": {"ada": "lovelace"}},
    "HTTPSRedirectMiddleware": {"host": "testserver"},
    "IPFilterMiddleware": {"deny": ["192.0.2.0/24"]},
    "MaintenanceMiddleware": {"switch": lambda: False},
    "ProxyHeadersMiddleware": {"trusted": ["127.0.0.1"]},
    "TrustedHostMiddleware": {"allowed_hosts": ["testserver"]},
}
# Outermost first, as the documentation recommends it.
RECOMMENDED = [
    "ProxyHeadersMiddleware",
    "RequestIDMiddleware",
    "ServerTimingMiddleware",
    "SecurityHeadersMiddleware",
    "DrainMiddleware",
    "HealthMiddleware",
    "RequestGuardMiddleware",
    "TrustedHostMiddleware",
    "HTTPSRedirectMiddleware",
    "CORSMiddleware",
    "ErrorBoundaryMiddleware",
    "MaintenanceMiddleware",
    "IPFilterMiddleware",
    "BasicAuthMiddleware",
    "CrossOriginProtectionMiddleware",
]
# The one that must be outside, the one that must be inside of it, and why.
RULES = [
    ("ProxyHeaders", "TrustedHost", "the host to check is the one that the client asked for"),
    ("ProxyHeaders", "HTTPSRedirect", "would be redirected for ever"),
    ("ProxyHeaders", "SecurityHeaders", "sent by https only, and the proxy says whether it was"),
    (
        "ProxyHeaders",
        "CrossOriginProtection",
        "an origin is compared with the host that the client asked for",
    ),
    ("ProxyHeaders", "IPFilter", "until then the client is the proxy"),
    ("RequestID", "ErrorBoundary", "its page names the request by this id"),
    ("SecurityHeaders", "ErrorBoundary", "its page would go out without these fields"),
    ("Drain", "Health", "readiness is over when the drain begins"),
    ("Drain", "TrustedHost", "a hook of the platform knows neither hosts nor passwords"),
    ("Drain", "HTTPSRedirect", "a hook of the platform knows neither"),
    ("Drain", "IPFilter", "a hook of the platform knows neither"),
    ("Drain", "BasicAuth", "a hook of the platform knows neither"),
    ("Health", "TrustedHost", "a probe of the platform knows neither hosts nor passwords"),
    ("Health", "HTTPSRedirect", "a probe of the platform knows neither"),
    ("Health", "IPFilter", "a probe of the platform knows neither"),
    ("Health", "BasicAuth", "a probe of the platform knows neither"),
    ("Health", "Maintenance", "a process that is alive is not to be restarted"),
    ("RequestGuard", "CrossOriginProtection", "it trusts paths to be plain"),
    ("TrustedHost", "HTTPSRedirect", "it redirects to the host that the request names"),
    ("TrustedHost", "BasicAuth", "a password is for your own hosts only"),
    ("HTTPSRedirect", "BasicAuth", "a password must not be asked for over http"),
    ("CORS", "ErrorBoundary", "a browser hides a 500 that has no CORS fields"),
    ("CORS", "CrossOriginProtection", "a browser hides a 403 that has no CORS fields"),
    ("CORS", "Maintenance", "a browser hides a 503 that has no CORS headers"),
    ("CORS", "BasicAuth", "a preflight carries no password"),
]
ONCE = [
    "DrainMiddleware",
    "HealthMiddleware",
    "ProxyHeadersMiddleware",
    "RequestGuardMiddleware",
    "RequestIDMiddleware",
]


def layer(name: str) -> Layer[...]:
    return Layer(getattr(asgi_stack.middleware, name), **NEEDED.get(name, {}))


def faults(*names: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        Stack(map(layer, names)).wrap(Recorder())
    return str(caught.value)


def declared() -> set[tuple[str, str]]:
    """Every pair of classes in the box that one of the two rules on."""
    pairs: set[tuple[str, str]] = set()
    for name in RECOMMENDED:
        order = getattr(asgi_stack.middleware, name).order
        inner = {target.rpartition(".")[2] for target in order.outside_of if target.startswith("asgi_stack.")}
        outer = {target.rpartition(".")[2] for target in order.inside_of if target.startswith("asgi_stack.")}
        pairs |= {(name, other) for other in inner} | {(other, name) for other in outer}
    return {(outer, inner) for outer, inner in pairs if {outer, inner} <= set(RECOMMENDED)}


async def test_the_recommended_order_breaks_no_rule() -> None:
    application = Stack(map(layer, RECOMMENDED)).wrap(Recorder())

    assert (await call(application, http_scope("https://testserver/"))).status == 401


def test_the_recommendation_names_all_that_is_in_the_box() -> None:
    named = {name for name in asgi_stack.middleware.__all__ if name.endswith("Middleware")}

    assert set(RECOMMENDED) <= named


@pytest.mark.parametrize(("outer", "inner", "reason"), RULES)
def test_the_other_way_round_is_refused_with_the_reason(outer: str, inner: str, reason: str) -> None:
    text = faults(f"{inner}Middleware", f"{outer}Middleware")

    assert "must stand" in text
    assert reason in text


def test_the_table_has_every_rule_and_no_other() -> None:
    assert {(f"{outer}Middleware", f"{inner}Middleware") for outer, inner, _ in RULES} == declared()


@pytest.mark.parametrize("name", ONCE)
def test_what_makes_no_sense_twice_may_be_there_once(name: str) -> None:
    assert "it may be in a stack once" in faults(name, name)


@pytest.mark.parametrize("name", sorted({*RECOMMENDED} - {*ONCE}))
def test_what_may_differ_by_path_or_host_may_be_there_twice(name: str) -> None:
    Stack([layer(name), layer(name)]).wrap(Recorder())


@pytest.mark.parametrize("name", RECOMMENDED)
def test_every_rule_gives_its_reason(name: str) -> None:
    order = getattr(asgi_stack.middleware, name).order

    assert all({**order.inside_of, **order.outside_of}.values())
