"""HostRouter: the nearest host of those that are mounted, and never a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_stack.routing import HostRouter, RouterError
from asgi_stack.testing import Recorder, http_scope
from asgi_stack.types import Scope
from tests.helpers import call

PATTERNS = ["a.example.com", ".example.com", "*.example.com", "*.b.example.com", ".com", "[::1]", "*"]


async def served_by(scope: Scope, patterns: list[str]) -> str | None:
    """The pattern that a request is routed by."""
    apps = {pattern: Recorder() for pattern in patterns}
    await call(HostRouter(apps), scope)
    return next((pattern for pattern, app in apps.items() if app.calls), None)


def named(host: str) -> Scope:
    return http_scope("/", headers={"host": host})


@pytest.mark.parametrize(
    ("host", "pattern"),
    [
        ("a.example.com", "a.example.com"),
        ("A.Example.Com:8443", "a.example.com"),
        ("a.example.com.", "a.example.com"),
        ("example.com", ".example.com"),
        ("example.com:80", ".example.com"),
        ("c.example.com", "*.example.com"),
        ("c.b.example.com", "*.b.example.com"),
        ("notexample.com", ".com"),
        ("[0:0::1]:80", "[::1]"),
        ("example.org", "*"),
        ("a b", "*"),
    ],
)
async def test_the_nearest_host_is_taken(host: str, pattern: str) -> None:
    assert await served_by(named(host), PATTERNS) == pattern
    assert await served_by(named(host), PATTERNS[::-1]) == pattern


@pytest.mark.parametrize(
    "hosts", [[], [b"example.com", b"example.com"], [b"example.com", b"evil.example"], [b"a b"], [b""]]
)
async def test_without_one_valid_host_only_the_default_serves(hosts: list[bytes]) -> None:
    scope = {**http_scope("/"), "headers": [(b"Host", host) for host in hosts]}

    assert await served_by(scope, ["example.com", "*"]) == "*"
    assert await served_by(scope, ["example.com"]) is None


async def test_a_forwarded_host_is_not_looked_at() -> None:
    scope = http_scope("/", headers={"host": "example.org", "x-forwarded-host": "example.com"})

    assert await served_by(scope, ["example.com"]) is None


async def test_the_scope_goes_on_as_it_came() -> None:
    app, scope = Recorder(), named("example.com")
    await call(HostRouter({"example.com": app}), scope)

    assert app.scope is scope


LABELS = st.lists(st.sampled_from(["a", "b", "com"]), min_size=1, max_size=4).map(".".join)
WILDCARDS = st.sampled_from(["", ".", "*."])


def model(host: str, patterns: list[str]) -> str | None:
    """Label by label: the host itself, else the longest domain of it, where ``*.`` goes before the dot."""
    labels = host.split(".")
    for cut in range(len(labels)):
        domain = ".".join(labels[cut:])
        wildcards = [f"*.{domain}", f".{domain}"] if cut else [domain, f".{domain}"]
        found = [pattern for pattern in wildcards if pattern in patterns]
        if found:
            return found[0]
    return None


@given(LABELS, st.lists(st.builds(str.__add__, WILDCARDS, LABELS), min_size=1, max_size=6, unique=True))
async def test_routing_equals_the_model(host: str, patterns: list[str]) -> None:
    assert await served_by(named(host), patterns) == model(host, patterns)


@pytest.mark.parametrize("pattern", ["Example.com", "example.com.", "EXAMPLE.COM"])
async def test_a_host_may_be_written_in_any_way(pattern: str) -> None:
    assert await served_by(named("example.com"), [pattern]) == pattern


def test_one_host_in_two_spellings_is_one_too_many() -> None:
    with pytest.raises(
        RouterError, match=r"mounts='A\.example' is not usable\. 'a\.example' is there already"
    ):
        HostRouter({"a.example": Recorder(), "A.example": Recorder()})
