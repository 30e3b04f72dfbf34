"""``manage.py asgi_stack suggest``: from Django's settings to a stack that does the same."""

import json
import re
from io import StringIO
from typing import Any

import django
import pytest
from django.core.management import call_command
from django.test import override_settings

from asgi_stack import Layer
from asgi_stack import middleware as box
from asgi_stack.django import get_asgi_application, reading
from asgi_stack.django.counterpart import Proxies
from asgi_stack.django.suggestion import Suggestion, suggest
from asgi_stack.testing import Recorder
from tests.docs.lists import recommended

BOX = "asgi_stack.middleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
GZIP = "django.middleware.gzip.GZipMiddleware"
CORS = "corsheaders.middleware.CorsMiddleware"
CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"
OF_DJANGO_6 = pytest.mark.skipif(django.VERSION < (6,), reason="Django 5.2 has no policies")


def suggested(proxies: Proxies | None = None, **settings: Any) -> Suggestion:
    plain = {"MIDDLEWARE": [], "ALLOWED_HOSTS": []}
    with override_settings(**{**plain, **settings}):
        suggestion = suggest(proxies)
        suggestion.as_text()
        return suggestion


def entry(name: str, **options: Any) -> Any:
    return (f"{BOX}.{name}", options) if options else f"{BOX}.{name}"


ORIGIN = {"allow_origins": ["https://a.example"]}
CORS_DEFAULTS = {
    "allow_methods": ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"],
    "allow_headers": [
        "accept",
        "authorization",
        "content-type",
        "user-agent",
        "x-csrftoken",
        "x-requested-with",
    ],
    "max_age": 86400,
}
TRANSLATED = {
    "nothing": ({}, []),
    "hosts": (
        {"ALLOWED_HOSTS": [".a.example"]},
        [entry("TrustedHostMiddleware", allowed_hosts=[".a.example"])],
    ),
    "both, with Django's defaults": (
        {"MIDDLEWARE": [SECURITY, FRAMES]},
        [entry("SecurityHeadersMiddleware")],
    ),
    "security alone": ({"MIDDLEWARE": [SECURITY]}, [entry("SecurityHeadersMiddleware", frame_options=None)]),
    "frames alone": (
        {"MIDDLEWARE": [FRAMES], "X_FRAME_OPTIONS": "sameorigin"},
        [
            entry(
                "SecurityHeadersMiddleware",
                nosniff=False,
                frame_options="SAMEORIGIN",
                referrer_policy=None,
                cross_origin_opener_policy=None,
            )
        ],
    ),
    "hsts": (
        {
            "MIDDLEWARE": [SECURITY, FRAMES],
            "SECURE_HSTS_SECONDS": 31536000,
            "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
            "SECURE_HSTS_PRELOAD": True,
            "SECURE_REFERRER_POLICY": ["no-referrer", "same-origin"],
        },
        [
            entry(
                "SecurityHeadersMiddleware",
                hsts_max_age=31536000,
                hsts_include_subdomains=True,
                hsts_preload=True,
                referrer_policy="no-referrer, same-origin",
            )
        ],
    ),
    "subdomains without hsts": (
        {"MIDDLEWARE": [SECURITY, FRAMES], "SECURE_HSTS_PRELOAD": True, "SECURE_REFERRER_POLICY": None},
        [entry("SecurityHeadersMiddleware", referrer_policy=None)],
    ),
    "cors": (
        {
            "MIDDLEWARE": [CORS],
            "CORS_ALLOWED_ORIGINS": ["https://a.example"],
            "CORS_ALLOW_CREDENTIALS": True,
            "CORS_EXPOSE_HEADERS": ["x-total"],
        },
        [
            entry(
                "CORSMiddleware",
                **ORIGIN,
                **CORS_DEFAULTS,
                allow_credentials=True,
                expose_headers=["x-total"],
            )
        ],
    ),
    "cors for everybody": (
        {"MIDDLEWARE": [CORS], "CORS_ALLOW_ALL_ORIGINS": True},
        [entry("CORSMiddleware", allow_origins=["*"], **CORS_DEFAULTS)],
    ),
    "cors by expressions": (
        {
            "MIDDLEWARE": [CORS],
            "CORS_ALLOWED_ORIGIN_REGEXES": [
                re.compile(r"^https://\w+\.a\.example$"),
                r"^https://b\.example$",
            ],
        },
        [
            entry(
                "CORSMiddleware",
                **CORS_DEFAULTS,
                allow_origin_regex=r"(?:^https://\w+\.a\.example$)|(?:^https://b\.example$)",
            )
        ],
    ),
    "csrf": ({"MIDDLEWARE": [CSRF]}, [entry("CrossOriginProtectionMiddleware")]),
    "csrf with origins": (
        {"MIDDLEWARE": [CSRF], "CSRF_TRUSTED_ORIGINS": ["https://*.a.example"]},
        [entry("CrossOriginProtectionMiddleware", trusted_origins=["https://*.a.example"])],
    ),
}


@pytest.mark.parametrize(("settings", "entries"), TRANSLATED.values(), ids=TRANSLATED)
def test_settings_become_layers(settings: dict[str, Any], entries: list[Any]) -> None:
    assert suggested(**settings).entries == entries


REDIRECT = {"MIDDLEWARE": [SECURITY, FRAMES], "SECURE_SSL_REDIRECT": True, "ALLOWED_HOSTS": ["a.example"]}


def test_a_redirect_keeps_its_exemptions() -> None:
    exempt = [r"^health/$", re.compile(r"^\.well-known/"), r"^ping/\d+/$"]
    (layer,) = redirects(SECURE_REDIRECT_EXEMPT=exempt)
    clause = ".exclude(exact_path=['/health/', '/ping/<int>/'])"

    assert repr(layer).endswith(f"(allowed_hosts=['a.example'], exempt_paths=['/.well-known']){clause}")


@pytest.mark.parametrize("pattern", [r"^health", "middle", r"^(a|b)/$", r"^.*\.txt$", "", r"^x/\w+/$"])
def test_a_redirect_whose_exemption_no_path_can_say_stays_with_django(pattern: str) -> None:
    suggestion = suggested(**REDIRECT, SECURE_REDIRECT_EXEMPT=["^health/$", pattern])
    reason = f"SECURE_REDIRECT_EXEMPT has {pattern!r}, which no path can say."

    assert f"HTTPSRedirectMiddleware was left out: {reason}" in suggestion.notes
    assert f"MIDDLEWARE: {SECURITY}" not in suggestion.superfluous


def test_a_redirect_with_exemptions_stays_with_django_below_a_script_name() -> None:
    assert redirects(SECURE_REDIRECT_EXEMPT=["^shop/health/$"], FORCE_SCRIPT_NAME="/shop") == []
    assert len(redirects(FORCE_SCRIPT_NAME="/shop")) == 1


def test_exemptions_that_are_computed_are_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "may_change", lambda name: name == "SECURE_REDIRECT_EXEMPT")
    notes = suggested(**REDIRECT, SECURE_REDIRECT_EXEMPT=["^health/$"]).notes

    assert "SECURE_REDIRECT_EXEMPT: is computed, and its paths are written out as they are now." in notes


def test_settings_of_development_are_announced() -> None:
    with override_settings(DEBUG=True):
        assert "DEBUG is on: where other settings hold in production" in suggest().as_text()


def redirects(**settings: Any) -> list[Any]:
    layers = suggested(**REDIRECT, **settings).layers
    return [layer.as_entry() for layer in layers if layer.path.endswith("HTTPSRedirectMiddleware")]


def test_a_redirect_goes_to_the_one_host_of_the_settings() -> None:
    assert redirects(SECURE_SSL_HOST="www.a.example") == [
        entry("HTTPSRedirectMiddleware", host="www.a.example")
    ]


def test_a_redirect_makes_its_switch_superfluous_and_not_what_the_layer_reads() -> None:
    superfluous = suggested(**REDIRECT, SECURE_SSL_HOST="www.a.example").superfluous

    assert "SECURE_SSL_REDIRECT" in superfluous
    assert "SECURE_SSL_HOST" not in superfluous


def test_a_redirect_that_no_middleware_makes_is_not_suggested() -> None:
    assert suggested(SECURE_SSL_REDIRECT=True).entries == []


SELF = {"SECURE_CSP": {"default-src": ["'self'"]}}
NONCE = {"SECURE_CSP": {"script-src": ["'self'", "<CSP_NONCE_SENTINEL>"]}}


@OF_DJANGO_6
def test_a_fixed_policy_becomes_an_option() -> None:
    suggestion = suggested(MIDDLEWARE=[SECURITY, FRAMES, CSP], **SELF)
    policy = "default-src 'self'"

    assert suggestion.entries == [entry("SecurityHeadersMiddleware", content_security_policy=policy)]
    assert suggestion.superfluous[2:] == [f"MIDDLEWARE: {CSP}", "SECURE_CSP"]


@OF_DJANGO_6
def test_the_endpoints_of_a_policy_are_left_to_whoever_declares_them() -> None:
    policy = {"SECURE_CSP": {"default-src": ["'self'"], "report-to": "csp"}}
    ((_, options),) = suggested(MIDDLEWARE=[SECURITY, FRAMES, CSP], **policy).entries

    assert options["reporting_endpoints"] == {"csp": None}
    Layer(box.SecurityHeadersMiddleware, **options).wrap(Recorder())


@OF_DJANGO_6
@pytest.mark.parametrize(("policy", "noted"), [(NONCE, True), ({}, False)])
def test_a_policy_with_a_nonce_stays_with_django(policy: Any, noted: bool) -> None:
    suggestion = suggested(MIDDLEWARE=[SECURITY, FRAMES, CSP], **policy)

    assert suggestion.entries == [entry("SecurityHeadersMiddleware")]
    assert any(note.startswith(f"{CSP} stays: a policy of yours has") for note in suggestion.notes) is noted


def test_settings_that_the_layer_reads_are_not_called_superfluous() -> None:
    suggestion = suggested(
        MIDDLEWARE=[SECURITY, FRAMES], X_FRAME_OPTIONS="SAMEORIGIN", SECURE_HSTS_SECONDS=60
    )

    assert suggestion.superfluous == [f"MIDDLEWARE: {SECURITY}", f"MIDDLEWARE: {FRAMES}"]


def test_a_layer_that_could_not_be_made_is_left_out_with_the_reason() -> None:
    suggestion = suggested(MIDDLEWARE=[CORS], CORS_ALLOW_ALL_ORIGINS=True, CORS_ALLOW_CREDENTIALS=True)

    assert (suggestion.entries, suggestion.superfluous) == ([], [])
    assert suggestion.notes[0].startswith("CORSMiddleware was left out: CORSMiddleware: allow_")


def test_only_layers_that_there_are_get_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box, "__all__", ["CORSMiddleware"])

    assert suggested(MIDDLEWARE=[GZIP, CSRF]).as_data()["stack"] == []


def test_layers_are_suggested_in_the_recommended_order() -> None:
    settings = {**REDIRECT, "MIDDLEWARE": [CSRF, CORS, FRAMES, SECURITY], "USE_X_FORWARDED_HOST": True}
    layers = suggested(proxies=Proxies(hops=1), **settings).layers
    suggested_names = [layer.path.rpartition(".")[2] for layer in layers]

    assert suggested_names == [name for name in recommended() if name in suggested_names]
    assert len(suggested_names) == 6


def test_compression_takes_the_place_of_djangos_gzip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box, "__all__", ["CompressionMiddleware"])
    monkeypatch.setattr(box, "CompressionMiddleware", box.RequestIDMiddleware, raising=False)

    assert suggested(MIDDLEWARE=[GZIP]).entries == [entry("CompressionMiddleware")]


def printed(*arguments: str, **settings: Any) -> str:
    out = StringIO()
    with override_settings(**settings):
        call_command("asgi_stack", "suggest", *arguments, stdout=out)
    return out.getvalue()


def test_a_suggestion_is_printed_as_python_that_can_be_pasted() -> None:
    text = printed(MIDDLEWARE=[SECURITY, FRAMES], ALLOWED_HOSTS=["a.example"])
    names: dict[str, Any] = {}
    exec(text, names)
    with override_settings(ASGI_STACK=names["ASGI_STACK"]):
        assert len(get_asgi_application().stack) == 2
    assert "# Superfluous then:\n#   MIDDLEWARE: django.middleware.security" in text


def test_a_suggestion_of_nothing_is_an_empty_stack() -> None:
    assert printed(MIDDLEWARE=[], ALLOWED_HOSTS=[]) == "ASGI_STACK = [\n]\n"


def test_a_suggestion_is_printed_as_json() -> None:
    data = json.loads(printed("--format", "json", MIDDLEWARE=[], ALLOWED_HOSTS=["a.example"]))

    assert data["stack"] == [f"{BOX}.TrustedHostMiddleware"]
    assert data.keys() == {"asgi", "stack", "superfluous", "notes"}
