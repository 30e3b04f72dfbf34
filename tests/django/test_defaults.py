"""What layers of the settings take from Django's own settings."""

import sys
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import override_settings

from asgi_stack import Layer, Stack
from asgi_stack.django import get_asgi_application, get_stack
from asgi_stack.django.checks import check_deployment, check_stack
from asgi_stack.middleware import (
    CrossOriginProtectionMiddleware,
    HTTPSRedirectMiddleware,
    RequestIDMiddleware,
    SecurityHeadersMiddleware,
    TrustedHostMiddleware,
)
from asgi_stack.testing import ASGIClient
from tests.helpers import shown

BOX = "asgi_stack.middleware"
HOST = f"{BOX}.TrustedHostMiddleware"
REDIRECT = f"{BOX}.HTTPSRedirectMiddleware"
HEADERS = f"{BOX}.SecurityHeadersMiddleware"
PROTECTION = f"{BOX}.CrossOriginProtectionMiddleware"
HOSTS = ["example.com", ".example.org"]
LOCAL = [".localhost", "127.0.0.1", "[::1]"]


class Kept(TrustedHostMiddleware):
    """A subclass that leaves the options as they are."""

    __slots__ = ()


class Fixed(TrustedHostMiddleware):
    """A subclass that has options of its own: none."""

    __slots__ = ()

    def __init__(self, app: Any) -> None:
        super().__init__(app, allowed_hosts=["fixed.example"])


def options(entry: Any, **settings: Any) -> dict[str, Any]:
    """Return the options that the one layer of a stack has in the end, once it could be built."""
    with override_settings(ASGI_STACK=[entry], **settings):
        get_asgi_application()
        (layer,) = get_stack()
    return dict(layer.options)


# --- which layers, and in which form


FORMS: list[Any] = [
    HOST,
    f"{BOX}.trusted_host.TrustedHostMiddleware",
    (HOST, {}),
    TrustedHostMiddleware,
    (TrustedHostMiddleware, {}),
    partial(TrustedHostMiddleware, require_host=False),
    Layer.at(HOST),
    Kept,
]


@pytest.mark.parametrize("entry", FORMS, ids=repr)
def test_every_form_of_an_entry_takes_the_hosts_of_the_settings(entry: Any) -> None:
    assert options(entry, ALLOWED_HOSTS=HOSTS) == {"allowed_hosts": HOSTS}


GIVEN: list[Any] = [
    (HOST, {"allowed_hosts": ["a.example"]}),
    (TrustedHostMiddleware, {"allowed_hosts": ["a.example"]}),
    Layer.at(HOST, allowed_hosts=["a.example"]),
    Layer(TrustedHostMiddleware, allowed_hosts=["a.example"]),
]


@pytest.mark.parametrize("entry", GIVEN, ids=repr)
def test_an_option_that_is_given_wins(entry: Any) -> None:
    assert options(entry, ALLOWED_HOSTS=HOSTS) == {"allowed_hosts": ["a.example"]}


LEFT_ALONE: list[Any] = [
    partial(partial(TrustedHostMiddleware, allowed_hosts=["a.example"]), require_host=False),
    Fixed,
    f"{__name__}.Fixed",
    RequestIDMiddleware,
    Layer(RequestIDMiddleware),
    lambda app: app,
]


@pytest.mark.parametrize("entry", LEFT_ALONE, ids=shown)
def test_what_says_all_itself_is_left_alone(entry: Any) -> None:
    assert options(entry, ALLOWED_HOSTS=HOSTS) == {}


def test_the_options_of_a_layer_come_to_its_conditions_switches_and_name() -> None:
    layer = Layer.at(HOST, require_host=False).only(path="/a").enabled_if("DEBUG").named("hosts")
    with override_settings(ASGI_STACK=[layer], ALLOWED_HOSTS=HOSTS, DEBUG=True):
        (found,) = get_stack()

    expected = layer.with_options(allowed_hosts=HOSTS).with_settings(lambda name: True)
    assert found == expected


def test_nothing_at_a_path_is_imported_to_find_out() -> None:
    with override_settings(ASGI_STACK=["tests.layers_of_nobody.Name", Layer.at("tests.layers_of_nobody.B")]):
        assert len(list(get_stack())) == 2

    assert "tests.layers_of_nobody" not in sys.modules


def test_a_stack_made_by_hand_takes_nothing() -> None:
    (layer,) = Stack([Layer.at(PROTECTION)])

    assert not layer.options


# --- hosts


@pytest.mark.parametrize(
    ("entry", "debug", "hosts", "expected"),
    [
        (HOST, True, [], LOCAL),
        (HOST, True, HOSTS, HOSTS),
        (HOST, False, ("*",), ("*",)),
        (REDIRECT, True, [], LOCAL),
        (REDIRECT, False, HOSTS, HOSTS),
    ],
)
def test_hosts_are_those_that_django_allows(entry: str, debug: bool, hosts: Any, expected: Any) -> None:
    assert options(entry, DEBUG=debug, ALLOWED_HOSTS=hosts) == {"allowed_hosts": expected}


@pytest.mark.parametrize(
    ("given", "ssl_host", "expected"),
    [
        ({}, "www.example.com", {"host": "www.example.com"}),
        ({}, None, {"allowed_hosts": HOSTS}),
        ({"host": "a.example"}, "www.example.com", {"host": "a.example"}),
        ({"allowed_hosts": ["a.example"]}, "www.example.com", {"allowed_hosts": ["a.example"]}),
        ({"exempt_paths": ["/livez"]}, None, {"exempt_paths": ["/livez"], "allowed_hosts": HOSTS}),
    ],
)
def test_a_redirect_goes_to_the_host_of_the_settings(given: Any, ssl_host: Any, expected: Any) -> None:
    entry = (HTTPSRedirectMiddleware, given)

    assert options(entry, SECURE_SSL_HOST=ssl_host, ALLOWED_HOSTS=HOSTS) == expected


# --- origins


@pytest.mark.parametrize(
    ("origins", "given", "expected"),
    [
        ([], {}, {}),
        (["https://*.example.com"], {}, {"trusted_origins": ["https://*.example.com"]}),
        (["http://a.example:8080"], {"trusted_origins": []}, {"trusted_origins": []}),
    ],
)
def test_trusted_origins_are_those_of_the_settings(origins: Any, given: Any, expected: Any) -> None:
    entry = (CrossOriginProtectionMiddleware, given)

    assert options(entry, CSRF_TRUSTED_ORIGINS=origins) == expected


# --- security headers


def test_settings_that_the_project_does_not_set_leave_the_layer_its_own_defaults() -> None:
    assert options(HEADERS) == {}


def test_a_setting_that_a_test_deletes_counts_as_not_set() -> None:
    with override_settings():
        from django.conf import settings

        del settings.X_FRAME_OPTIONS
        assert options(HEADERS) == {}


YEAR = 31_536_000
HSTS = {"SECURE_HSTS_SECONDS": YEAR, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SECURE_HSTS_PRELOAD": True}
WITHOUT_AGE = {**HSTS, "SECURE_HSTS_SECONDS": 0}
ALL_HSTS = {"hsts_max_age": YEAR, "hsts_include_subdomains": True, "hsts_preload": True}


@pytest.mark.parametrize(
    ("settings", "given", "expected"),
    [
        (HSTS, {}, ALL_HSTS),
        (HSTS, {"hsts_preload": False}, {**ALL_HSTS, "hsts_preload": False}),
        (HSTS, {"hsts_max_age": None}, {"hsts_max_age": None}),
        (WITHOUT_AGE, {}, {"hsts_max_age": None}),
        (WITHOUT_AGE, {"hsts_max_age": YEAR}, ALL_HSTS),
        ({"SECURE_HSTS_PRELOAD": True}, {}, {}),
        ({"SECURE_CONTENT_TYPE_NOSNIFF": False}, {}, {"nosniff": False}),
        ({"X_FRAME_OPTIONS": "sameorigin"}, {}, {"frame_options": "SAMEORIGIN"}),
        ({"X_FRAME_OPTIONS": None}, {}, {"frame_options": None}),
        ({"X_FRAME_OPTIONS": "DENY"}, {"frame_options": None}, {"frame_options": None}),
        ({"SECURE_REFERRER_POLICY": "origin"}, {}, {"referrer_policy": "origin"}),
        (
            {"SECURE_REFERRER_POLICY": ("no-referrer", "origin")},
            {},
            {"referrer_policy": "no-referrer, origin"},
        ),
        ({"SECURE_REFERRER_POLICY": ""}, {}, {"referrer_policy": None}),
        (
            {"SECURE_CROSS_ORIGIN_OPENER_POLICY": None},
            {"remove": ["server"]},
            {"remove": ["server"], "cross_origin_opener_policy": None},
        ),
    ],
)
def test_security_headers_are_those_of_the_settings(settings: Any, given: Any, expected: Any) -> None:
    assert options((SecurityHeadersMiddleware, given), **settings) == expected


# --- what a layer cannot use


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (HOST, {"ALLOWED_HOSTS": []}, r"TrustedHostMiddleware: .*: allowed_hosts=\[\] is not usable"),
    (HOST, {"ALLOWED_HOSTS": "example.com"}, r"allowed_hosts='example\.com' is not usable\. Give a list"),
    (HOST, {"ALLOWED_HOSTS": ["example.com:80"]}, r"allowed_hosts='example\.com:80' .* Leave the port out"),
    (REDIRECT, {"ALLOWED_HOSTS": []}, r"HTTPSRedirectMiddleware: allowed_hosts=\[\] is not usable"),
    (REDIRECT, {"SECURE_SSL_HOST": "a.example:8443"}, r"host='a\.example:8443' is not usable"),
    (
        PROTECTION,
        {"CSRF_TRUSTED_ORIGINS": ["https://a.example/"]},
        r"Leave the path out: 'https://a\.example'",
    ),
    (HEADERS, {"SECURE_HSTS_SECONDS": "3600"}, r"hsts_max_age='3600' is not usable"),
    (HEADERS, {**HSTS, "SECURE_HSTS_SECONDS": 60}, r"hsts_preload=True is not usable"),
    (HEADERS, {"X_FRAME_OPTIONS": "ALLOWALL"}, r"frame_options='ALLOWALL' is not usable"),
    (HEADERS, {"X_FRAME_OPTIONS": 7}, r"frame_options=7 is not usable"),
    (HEADERS, {"SECURE_REFERRER_POLICY": 7}, r"referrer_policy=7 is not usable"),
]


@pytest.mark.parametrize(("entry", "settings", "message"), REFUSED, ids=[text for _, _, text in REFUSED])
def test_a_value_that_a_layer_cannot_use_is_refused_by_name(entry: str, settings: Any, message: str) -> None:
    with (
        override_settings(ASGI_STACK=[entry], **settings),
        pytest.raises(ImproperlyConfigured, match=r"^ASGI_STACK: layer 1 of 1, .*" + message),
    ):
        get_asgi_application()


def test_a_misspelt_option_is_told_before_a_missing_one() -> None:
    entry: Any = (TrustedHostMiddleware, {"alowed_hosts": []})
    message = r"^ASGI_STACK\[0\]: TrustedHostMiddleware: .*Did you mean 'allowed_hosts'\?"
    with override_settings(ASGI_STACK=[entry]), pytest.raises(ImproperlyConfigured, match=message):
        get_stack()


# --- served, checked, printed


@pytest.mark.parametrize(("host", "status"), [("www.example.org", 200), ("example.net", 400)])
async def test_a_layer_without_options_acts_by_the_settings(host: str, status: int) -> None:
    with override_settings(ASGI_STACK=[TrustedHostMiddleware], ALLOWED_HOSTS=HOSTS):
        response = await ASGIClient(get_asgi_application()).get(f"http://{host}/hello/")

    assert response.status == status


@pytest.mark.parametrize("debug", [True, False])
def test_checks_look_at_the_same_options(debug: bool) -> None:
    with override_settings(ASGI_STACK=[HOST], ALLOWED_HOSTS=[], DEBUG=debug, ASGI_APPLICATION=None):
        found = [message.id for message in [*check_stack(None), *check_deployment(None)]]

    assert found == ([] if debug else ["asgi_stack.E003"])


def test_the_command_prints_what_a_layer_took() -> None:
    out = StringIO()
    with override_settings(ASGI_STACK=[HOST], ALLOWED_HOSTS=HOSTS):
        call_command("asgi_stack", stdout=out)

    assert "allowed_hosts = ['example.com', '.example.org']" in out.getvalue()
