"""The checks of layers that the settings contradict, or that lack the layer they rely on."""

from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.test import override_settings

from asgi_stack import Layer
from asgi_stack.django.checks import check_deployment

BOX = "asgi_stack.middleware"
CSRF = ["django.middleware.csrf.CsrfViewMiddleware"]
PROTECTION = f"{BOX}.CrossOriginProtectionMiddleware"
REDIRECT = f"{BOX}.HTTPSRedirectMiddleware"
TRUSTED = f"{BOX}.TrustedHostMiddleware"


def found(*stack: Any, **settings: Any) -> dict[str, CheckMessage]:
    project = {"ASGI_APPLICATION": None, "ASGI_STACK": [*stack], "ALLOWED_HOSTS": ["a.example"], **settings}
    with override_settings(**project):
        return {str(message.id): message for message in check_deployment(None)}


def origins(given: Any, django: list[str], middleware: list[str] = CSRF) -> CheckMessage | None:
    entry = (PROTECTION, {} if given is None else {"trusted_origins": given})
    return found(entry, CSRF_TRUSTED_ORIGINS=django, MIDDLEWARE=middleware).get("asgi_stack.W007")


@pytest.mark.parametrize(
    ("given", "django"),
    [
        (None, ["https://a.example"]),
        ([], []),
        (["https://A.example:443"], ["https://a.example"]),
        (["https://*.example"], ["https://*.example"]),
        (iter(["https://b.example"]), ["https://a.example"]),
    ],
)
def test_w007_is_silent_where_both_trust_the_same_origins(given: Any, django: list[str]) -> None:
    assert origins(given, django) is None


@pytest.mark.parametrize(
    ("given", "django", "text"),
    [
        (["https://b.example"], [], "'https://b.example' only the layer, and Django will answer 403."),
        ([], ["https://b.example"], "'https://b.example' only CSRF_TRUSTED_ORIGINS, and the layer will"),
        (["https://*.b.example"], ["https://a.b.example"], "'https://*.b.example' only the layer"),
        (["http://a.example"], ["https://a.example"], "'http://a.example' only the layer, and Django"),
    ],
)
def test_w007_names_the_origins_that_one_of_the_two_refuses(given: Any, django: Any, text: str) -> None:
    message = origins(given, django)

    assert message is not None
    assert text in message.msg


def test_w007_wants_the_middleware_that_reads_the_setting() -> None:
    assert origins(["https://b.example"], [], middleware=[]) is None


@pytest.mark.parametrize(
    ("stack", "settings", "is_reported"),
    [
        ([(REDIRECT, {"allowed_hosts": ["*"]})], {}, True),
        ([REDIRECT], {"ALLOWED_HOSTS": ["*"]}, True),
        ([(TRUSTED, {"allowed_hosts": ["*"]}), (REDIRECT, {"allowed_hosts": ["*"]})], {}, True),
        ([(TRUSTED, {"allowed_hosts": ["a.example"]}), (REDIRECT, {"allowed_hosts": ["*"]})], {}, False),
        ([TRUSTED, (REDIRECT, {"allowed_hosts": ["*"]})], {}, False),
        ([REDIRECT], {}, False),
        ([(REDIRECT, {"host": "a.example"})], {"ALLOWED_HOSTS": ["*"]}, False),
        ([TRUSTED], {"ALLOWED_HOSTS": ["*"]}, False),
    ],
)
def test_w008_a_redirect_to_whatever_host(stack: Any, settings: Any, is_reported: bool) -> None:
    assert ("asgi_stack.W008" in found(*stack, **settings)) is is_reported


SSL = {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}
HOST = {"USE_X_FORWARDED_HOST": True}
HEADERS = f"{BOX}.SecurityHeadersMiddleware"
DRAIN = f"{BOX}.DrainMiddleware"
MISLED = [
    ((REDIRECT, {"host": "a.example"}), SSL, True),
    ((REDIRECT, {"host": "a.example"}), HOST, False),
    ((REDIRECT, {"host": "a.example"}), {}, False),
    ((HEADERS, {"hsts_max_age": 60}), SSL, True),
    (HEADERS, SSL, False),
    ((f"{BOX}.IPFilterMiddleware", {"deny": ["192.0.2.1"]}), SSL, True),
    ((f"{BOX}.IPFilterMiddleware", {"deny": ["192.0.2.1"]}), HOST, True),
    (TRUSTED, HOST, True),
    (TRUSTED, SSL, False),
    (PROTECTION, HOST, True),
    ((DRAIN, {"drain_path": "/drain", "drain_clients": ["127.0.0.1"]}), SSL, True),
    (DRAIN, {**SSL, **HOST}, False),
]


@pytest.mark.parametrize(("entry", "settings", "is_reported"), MISLED)
def test_w009_layers_that_take_the_proxy_for_the_client(entry: Any, settings: Any, is_reported: bool) -> None:
    assert ("asgi_stack.W009" in found(entry, **settings)) is is_reported


@pytest.mark.parametrize(
    "proxy",
    [
        (f"{BOX}.ProxyHeadersMiddleware", {"trusted": ["10.0.0.1"]}),
        "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware",
    ],
)
def test_w009_is_silent_where_a_layer_reads_what_the_proxy_says(proxy: Any) -> None:
    assert "asgi_stack.W009" not in found(proxy, (REDIRECT, {"host": "a.example"}), **SSL, **HOST)


def test_w009_names_the_settings_and_the_layers_once() -> None:
    entries = (REDIRECT, {"host": "a.example"}), (f"{BOX}.IPFilterMiddleware", {"deny": ["192.0.2.1"]})
    message = found(*entries, **SSL, **HOST)["asgi_stack.W009"]

    assert message.msg.startswith("SECURE_PROXY_SSL_HEADER and USE_X_FORWARDED_HOST: requests come through")
    assert "To HTTPSRedirectMiddleware, IPFilterMiddleware they look as the proxy sent them" in message.msg


PROXY = (f"{BOX}.ProxyHeadersMiddleware", {"trusted": ["10.0.0.1"]})
DRAINED = (DRAIN, {"drain_path": "/drain", "drain_clients": ["10.0.0.0/8"]})


@pytest.mark.parametrize(
    ("stack", "is_reported"),
    [([DRAINED, PROXY], True), ([PROXY, DRAINED], False), ([DRAIN, PROXY], False), ([DRAINED], False)],
)
def test_w016_a_drain_that_everybody_behind_the_proxy_may_begin(stack: Any, is_reported: bool) -> None:
    message = found(*stack).get("asgi_stack.W016")

    assert (message is not None) is is_reported


def test_w016_says_which_layer_to_move_where() -> None:
    message = found(DRAINED, PROXY)["asgi_stack.W016"]

    assert "all who come through that may begin the drain, or nobody may" in message.msg
    assert message.hint == "Move DrainMiddleware inside of that layer."


@pytest.mark.parametrize("entry", [REDIRECT, PROTECTION])
def test_w007_to_w009_a_layer_that_is_not_enabled_is_not_there(entry: str) -> None:
    layer = Layer.at(entry).enabled_if(False)
    settings = {**SSL, **HOST, "ALLOWED_HOSTS": ["*"], "CSRF_TRUSTED_ORIGINS": ["https://b.example"]}

    assert found(layer, MIDDLEWARE=CSRF, **settings) == {}
