"""No fence by host or by method falls open, whichever way a request spells them."""

from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http.request import split_domain_port
from django.test import override_settings
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.routing import Host, Match

from asgi_stack import Layer
from asgi_stack.testing import http_scope
from asgi_stack.types import Scope
from tests.composing.fence import Fence, nothing, outcome


async def is_guarded(fence: Layer[Any], scope: Scope) -> bool:
    return bool((await outcome([fence], nothing, scope))[1])


def djangos_host(scope: Scope) -> str:
    """As CommonMiddleware, django-hosts and the sites framework ask for it."""
    with suppress(DisallowedHost):
        return split_domain_port(ASGIRequest(scope, BytesIO()).get_host())[0]
    return ""


def djangos_raw_host(scope: Scope) -> str:
    """As a view asks for it that checks nothing."""
    host: str = ASGIRequest(scope, BytesIO()).META.get("HTTP_HOST", "")
    return host.partition(",")[0].partition(":")[0].lower()


def starlettes_host(scope: Scope) -> str:
    routes = {name: Host(name, nothing) for name in ("admin.example.com", "example.com")}
    return next((name for name, route in routes.items() if route.matches(scope)[0] is not Match.NONE), "")


ONLY_ADMIN = Layer(Fence).only(host="admin.example.com")
NOT_EXAMPLE = Layer(Fence).exclude(host="example.com")
READERS = {"Django": djangos_host, "Django's META": djangos_raw_host, "Starlette": starlettes_host}
NAMES = [
    "admin.example.com",
    "ADMIN.example.com",
    "example.com",
    "admin.example.com.",
    "x",
    "",
    "a b",
    "[::1]",
]
PORTS = ["", ":", ":80", ":00080", ":65536", ":99999", ":" + "0" * 250 + "1", ":-1", ":x"]
LINES = st.lists(st.builds(str.__add__, st.sampled_from(NAMES), st.sampled_from(PORTS)), max_size=3)
SPELLED = st.sampled_from([b"host", b"Host", b"HOST"])


def asked(lines: Iterable[str], name: bytes, forwarded: str | None = None) -> Scope:
    headers = [(name, line.encode()) for line in lines]
    if forwarded is not None:
        headers.append((b"x-forwarded-host", forwarded.encode()))
    return {**http_scope("/"), "headers": headers, "server": ("admin.example.com", 80)}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@given(LINES, SPELLED, st.sampled_from([None, "admin.example.com", "x"]), st.booleans())
@example(["admin.example.com:65536"], b"host", None, False)
@example(["admin.example.com", "x"], b"host", None, False)
@example([], b"host", None, False)
@example(["x"], b"host", "admin.example.com", True)
async def test_what_is_served_for_a_guarded_host_was_guarded(
    reader: Any, lines: list[str], name: bytes, forwarded: str | None, believed: bool
) -> None:
    scope = asked(lines, name, forwarded)
    with override_settings(ALLOWED_HOSTS=["*"], USE_X_FORWARDED_HOST=believed):
        served = reader(scope)

        assert served != "admin.example.com" or await is_guarded(ONLY_ADMIN, scope)
        assert served == "example.com" or await is_guarded(NOT_EXAMPLE, scope)


METHODS = st.sampled_from(["POST", "post", "PoSt", "pOST", "GET", "get", "purge", "PURGE", "Purge"])


@given(METHODS)
@example("post")
async def test_what_django_takes_for_a_guarded_method_was_guarded(method: str) -> None:
    scope = {**http_scope("/"), "method": method}
    taken = ASGIRequest(scope, BytesIO()).method

    assert taken == "GET" or await is_guarded(Layer(Fence).only(method=["POST", "PURGE"]), scope)


@pytest.mark.parametrize("method", ["GET", "get", "Get"])
async def test_only_the_method_itself_is_excluded(method: str) -> None:
    scope = {**http_scope("/"), "method": method}

    assert await is_guarded(Layer(Fence).exclude(method="GET"), scope) is (method != "GET")
