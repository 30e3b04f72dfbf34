"""Checks that know of public packages: a project that each accuses, and one alike that it must not."""

from collections.abc import Iterator
from typing import Any

import pytest
from corsheaders.signals import check_request_enabled

from asgi_stack import Layer
from asgi_stack.django.checks import check_deployment
from tests.django.test_checks import found

BOX = "asgi_stack.middleware"
PROXY = f"{BOX}.ProxyHeadersMiddleware"
HOST = f"{BOX}.TrustedHostMiddleware"
HEADERS = f"{BOX}.SecurityHeadersMiddleware"
TRUSTED = {"trusted": ["10.0.0.2"]}


def deployed(*entries: Any, **settings: Any) -> dict[str, Any]:
    return found(check_deployment, ASGI_STACK=[*entries], **settings)


# W001, W002, W005


GZIP = "starlette.middleware.gzip.GZipMiddleware"


@pytest.mark.parametrize(
    "path",
    ["compression_middleware.middleware.CompressionMiddleware", "django_brotli.middleware.BrotliMiddleware"],
)
def test_w001_accuses_packages_that_compress(path: str) -> None:
    assert "asgi_stack.W001" in found(ASGI_STACK=[GZIP], MIDDLEWARE=[path])
    assert "asgi_stack.W001" not in found(ASGI_STACK=[GZIP], MIDDLEWARE=["compressor.Middleware"])


CORS = {
    "ASGI_STACK": [(f"{BOX}.CORSMiddleware", {"allow_origins": ["https://a.example"]})],
    "MIDDLEWARE": ["corsheaders.middleware.CorsMiddleware"],
}


@pytest.fixture
def receiver() -> Iterator[None]:
    def let_in(sender: Any, **more: Any) -> bool:
        return True

    check_request_enabled.connect(let_in)
    yield
    check_request_enabled.disconnect(let_in)


@pytest.mark.usefixtures("receiver")
def test_w002_says_to_keep_the_package_where_its_signal_has_receivers() -> None:
    assert found(**CORS)["asgi_stack.W002"].hint.startswith("Keep django-cors-headers: ")


def test_w002_says_to_keep_the_layer_where_it_has_none() -> None:
    assert found(**CORS)["asgi_stack.W002"].hint.startswith("Keep the layer")


CSP, PERMISSIONS = "csp.middleware.CSPMiddleware", "django_permissions_policy.PermissionsPolicyMiddleware"
REFERRER = "django_referrer_policy.middleware.ReferrerPolicyMiddleware"
POLICY = {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"default-src": ["'self'"]}}}


@pytest.mark.parametrize(
    ("options", "path", "settings", "is_accused"),
    [
        ({"content_security_policy": "default-src 'self'"}, CSP, POLICY, True),
        ({}, CSP, POLICY, False),
        ({"content_security_policy": "default-src 'self'"}, "another.Middleware", POLICY, False),
        ({"permissions_policy": "camera=()"}, PERMISSIONS, {"PERMISSIONS_POLICY": {"camera": []}}, True),
        ({}, PERMISSIONS, {"PERMISSIONS_POLICY": {"camera": []}}, False),
        ({}, REFERRER, {"REFERRER_POLICY": "origin"}, True),
        ({"referrer_policy": None}, REFERRER, {"REFERRER_POLICY": "origin"}, False),
    ],
)
def test_w005_accuses_a_policy_in_both_places(
    options: dict[str, Any], path: str, settings: dict[str, Any], is_accused: bool
) -> None:
    messages = deployed((HEADERS, options), MIDDLEWARE=[path], **settings)

    assert ("asgi_stack.W005" in messages) is is_accused


# W020


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"XFF_STRICT": True}, "x-forwarded-for"),
        ({"XFF_ALWAYS_PROXY": True}, "x-forwarded-for"),
        ({"XFF_HEADER_REQUIRED": True}, "x-forwarded-for"),
        ({"ALLAUTH_TRUSTED_CLIENT_IP_HEADER": "CF-Connecting-IP"}, "cf-connecting-ip"),
        ({"RATELIMIT_IP_META_KEY": "HTTP_X_REAL_IP"}, "x-real-ip"),
        ({"AXES_IPWARE_META_PRECEDENCE_ORDER": ["HTTP_X_FORWARDED_FOR"]}, "x-forwarded-for"),
        ({"IPWARE_META_PRECEDENCE_ORDER": ("HTTP_X_FORWARDED_FOR",)}, "x-forwarded-for"),
        ({"DJANGO_EASY_AUDIT_REMOTE_ADDR_HEADER": "HTTP_X_FORWARDED_FOR"}, "x-forwarded-for"),
    ],
)
def test_w020_accuses_settings_that_want_a_field_which_the_layer_takes_away(
    settings: dict[str, Any], field: str
) -> None:
    message = deployed((PROXY, TRUSTED), **settings)["asgi_stack.W020"]

    assert message.msg.startswith(f"Read for the client: {field}, by {[*settings][-1]} = ")
    assert message.hint.endswith(f"keep=[{field!r}].")


@pytest.mark.parametrize(
    "settings",
    [
        {"XFF_STRICT": False},
        {"XFF_TRUSTED_PROXY_DEPTH": 1},
        {"ALLAUTH_TRUSTED_CLIENT_IP_HEADER": "X-Own-Address"},
        {"ALLAUTH_TRUSTED_PROXY_COUNT": 1},
        {"RATELIMIT_IP_META_KEY": "REMOTE_ADDR"},
        {"RATELIMIT_IP_META_KEY": "project.clients.address"},
        {"RATELIMIT_IP_META_KEY": lambda request: "192.0.2.1"},
        {"AXES_IPWARE_META_PRECEDENCE_ORDER": ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"]},
        {"REST_FRAMEWORK": {"NUM_PROXIES": 1}},
    ],
)
def test_w020_accuses_no_setting_that_does_without(settings: dict[str, Any]) -> None:
    assert "asgi_stack.W020" not in deployed((PROXY, TRUSTED), **settings)


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [HOST],
        [(PROXY, {**TRUSTED, "keep": ["X-Forwarded-For"]})],
        ["uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware"],
    ],
)
def test_w020_accuses_no_stack_that_leaves_the_field(entries: list[Any]) -> None:
    assert "asgi_stack.W020" not in deployed(*entries, ALLAUTH_TRUSTED_CLIENT_IP_HEADER="X-Forwarded-For")


def test_w020_knows_what_the_layer_is_told_to_take_away() -> None:
    layer = (PROXY, {**TRUSTED, "strip": ["x-own-address"]})

    assert "asgi_stack.W020" in deployed(layer, ALLAUTH_TRUSTED_CLIENT_IP_HEADER="X-Own-Address")


# W021


CIDR = {"MIDDLEWARE": ["allow_cidr.middleware.AllowCIDRMiddleware"], "ALLOWED_CIDR_NETS": ["10.0.0.0/8"]}
ALIVE = {"MIDDLEWARE": ["django_alive.middleware.healthcheck_bypass_host_check"]}


@pytest.mark.parametrize(("settings", "what"), [(CIDR, "hosts in ['10.0.0.0/8']"), (ALIVE, "any host at")])
def test_w021_accuses_what_lets_further_hosts_in(settings: dict[str, Any], what: str) -> None:
    assert f"lets requests for {what}" in deployed(HOST, **settings)["asgi_stack.W021"].msg


def excluding(path: str) -> Any:
    return Layer.at(HOST).exclude(path=path)


@pytest.mark.parametrize(
    ("entries", "settings"),
    [
        ([HOST], {**CIDR, "ALLOWED_CIDR_NETS": []}),
        ([HOST], {"ALLOWED_CIDR_NETS": ["10.0.0.0/8"]}),
        ([HOST], {**CIDR, "ALLOWED_HOSTS": ["*"]}),
        ([HEADERS], CIDR),
        ([excluding("/-")], ALIVE),
    ],
    ids=["no networks", "no middleware", "any host", "no layer", "excluded paths"],
)
def test_w021_accuses_nobody_else(entries: list[Any], settings: dict[str, Any]) -> None:
    assert "asgi_stack.W021" not in deployed(*entries, **settings)


# W022


MAINTENANCE = {"MIDDLEWARE": ["maintenance_mode.middleware.MaintenanceModeMiddleware"]}


def test_w022_accuses_a_maintenance_page_that_answers_probes() -> None:
    assert "asgi_stack.W022" in deployed(HOST, **MAINTENANCE)


@pytest.mark.parametrize(
    ("entries", "settings"),
    [
        ([f"{BOX}.HealthMiddleware"], MAINTENANCE),
        ([HOST], {**MAINTENANCE, "MAINTENANCE_MODE_IGNORE_URLS": ["^/livez$"]}),
        ([HOST], {"MAINTENANCE_MODE": True}),
    ],
    ids=["health outside", "ignored paths", "no middleware"],
)
def test_w022_accuses_nobody_else(entries: list[Any], settings: dict[str, Any]) -> None:
    assert "asgi_stack.W022" not in deployed(*entries, **settings)
