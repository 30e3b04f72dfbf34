"""What ``suggest`` makes of packages, and of views that are exempt from something."""

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from corsheaders.signals import check_request_enabled
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path, re_path
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from asgi_stack import Layer
from asgi_stack.django.checks import check_deployment
from asgi_stack.django.counterpart import Proxies
from asgi_stack.django.suggestion import Suggestion, suggest
from tests.django.test_checks import found

BOX = "asgi_stack.middleware"
CORS = "corsheaders.middleware.CorsMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"
REFERRER = "django_referrer_policy.middleware.ReferrerPolicyMiddleware"
PERMISSIONS = "django_permissions_policy.PermissionsPolicyMiddleware"


def page(request: HttpRequest, **more: Any) -> HttpResponse:
    return HttpResponse("ok")


hook, widget = csrf_exempt(page), xframe_options_exempt(page)


def urls(*patterns: Any) -> ModuleType:
    module: Any = ModuleType("urls_of_a_test")
    module.urlpatterns = [*patterns]
    return module


def suggested(*entries: str, proxies: Proxies | None = None, **settings: Any) -> Suggestion:
    given = {"ALLOWED_HOSTS": [], "ROOT_URLCONF": urls(path("", page)), **settings}
    with override_settings(MIDDLEWARE=[*entries], **given):
        suggestion = suggest(proxies)
        suggestion.as_text()
        return suggestion


def layer(name: str, suggestion: Suggestion) -> Any:
    """The entry of this class: its options, and its conditions as they are printed."""
    for entry in suggestion.layers:
        if entry.path == f"{BOX}.{name}":
            made: Any = entry.as_entry()
            if isinstance(made, str | tuple):
                return dict(made[1]) if isinstance(made, tuple) else {}, []
            return dict(made.options), [repr(clause) for clause in made.clauses]
    return None


# django-cors-headers


def cors(**settings: Any) -> Suggestion:
    return suggested(CORS, **{"CORS_ALLOWED_ORIGINS": ["https://a.example"], **settings})


@pytest.fixture
def receiver() -> Iterator[None]:
    def let_in(sender: Any, **more: Any) -> bool:
        return True

    check_request_enabled.connect(let_in)
    yield
    check_request_enabled.disconnect(let_in)


@pytest.mark.usefixtures("receiver")
def test_a_signal_that_lets_further_requests_in_keeps_the_package() -> None:
    suggestion = cors()

    assert layer("CORSMiddleware", suggestion) is None
    assert suggestion.notes[0].startswith("CORSMiddleware was left out: check_request_enabled of django-cors")


@pytest.mark.parametrize(
    ("older", "value", "option", "expected"),
    [
        ("CORS_ORIGIN_WHITELIST", ["https://b.example"], "allow_origins", ["https://b.example"]),
        ("CORS_ORIGIN_ALLOW_ALL", True, "allow_origins", ["*"]),
        (
            "CORS_ORIGIN_REGEX_WHITELIST",
            [r"^https://\w+\.b\.example$"],
            "allow_origin_regex",
            r"(?:^https://\w+\.b\.example$)",
        ),
    ],
)
def test_older_names_count_where_the_newer_are_not_there(
    older: str, value: Any, option: str, expected: Any
) -> None:
    suggestion = suggested(CORS, **{older: value})
    options, _ = layer("CORSMiddleware", suggestion)

    assert options[option] == expected
    assert older in suggestion.superfluous


def test_newer_names_win() -> None:
    options, _ = layer("CORSMiddleware", cors(CORS_ORIGIN_WHITELIST=["https://b.example"]))

    assert options["allow_origins"] == ["https://a.example"]


PATTERN = r"^https://\w+\.b\.example"


def test_a_pattern_without_an_end_is_announced() -> None:
    notes = cors(CORS_ALLOWED_ORIGIN_REGEXES=[PATTERN, rf"{PATTERN}$"]).notes

    assert [note for note in notes if "without an end" in note] == [
        f"CORS_ALLOWED_ORIGIN_REGEXES, {PATTERN!r}: without an end it lets in whatever begins so today; the "
        "layer compares all of an origin."
    ]


def test_a_flag_of_all_patterns_is_carried_over() -> None:
    patterns = [re.compile(rf"{PATTERN}$", re.IGNORECASE)]
    options, _ = layer("CORSMiddleware", cors(CORS_ALLOWED_ORIGIN_REGEXES=patterns))

    assert options["allow_origin_regex"] == rf"(?i)(?:{PATTERN}$)"


def test_flags_that_differ_keep_the_package() -> None:
    patterns = [re.compile(rf"{PATTERN}$", re.IGNORECASE), rf"{PATTERN}$"]
    suggestion = cors(CORS_ALLOWED_ORIGIN_REGEXES=patterns)

    assert layer("CORSMiddleware", suggestion) is None
    assert "CORS_ALLOWED_ORIGIN_REGEXES has patterns with several flags" in suggestion.notes[0]


@pytest.mark.parametrize(
    ("pattern", "clause"),
    [
        (r"^/api/.*$", ["only(path='/api')"]),
        (r"^/api/", ["only(path='/api')"]),
        (re.compile(r"/api/"), ["only(path='/api')"]),
        (r"^/api/v1$", ["only(exact_path='/api/v1')"]),
        (r"^.*$", []),
    ],
)
def test_urls_that_are_shared_are_a_condition(pattern: Any, clause: list[str]) -> None:
    _, conditions = layer("CORSMiddleware", cors(CORS_URLS_REGEX=pattern))

    assert conditions == clause


@pytest.mark.parametrize("pattern", [r"^/(api|v1)/.*$", r"^/api", r"^/.*\.json$"])
def test_urls_that_no_path_can_say_keep_the_package(pattern: str) -> None:
    suggestion = cors(CORS_URLS_REGEX=pattern)

    assert layer("CORSMiddleware", suggestion) is None
    assert f"CORS_URLS_REGEX is {pattern!r}, which no path can say." in suggestion.notes[0]


def test_what_the_layer_does_not_do_is_announced() -> None:
    notes = " ".join(cors(CORS_ALLOW_PRIVATE_NETWORK=True, CORS_PREFLIGHT_MAX_AGE=10**6).notes)

    assert "CORS_ALLOW_PRIVATE_NETWORK: the layer does not send" in notes
    assert "CORS_PREFLIGHT_MAX_AGE: the layer says a day at most" in notes


# Hosts


CIDR, ALIVE = (
    "allow_cidr.middleware.AllowCIDRMiddleware",
    "django_alive.middleware.healthcheck_bypass_host_check",
)


def test_hosts_that_only_a_network_can_name_leave_the_layer_out() -> None:
    suggestion = suggested(CIDR, COMMON, ALLOWED_HOSTS=["a.example"], ALLOWED_CIDR_NETS=["10.0.0.0/8"])

    assert layer("TrustedHostMiddleware", suggestion) is None
    assert "lets hosts in ['10.0.0.0/8'] (ALLOWED_CIDR_NETS) in, which no list" in suggestion.notes[0]


def test_paths_that_are_open_to_any_host_are_excluded() -> None:
    views = urls(path("-/alive/", page, name="alive_alive"))
    suggestion = suggested(ALIVE, COMMON, ALLOWED_HOSTS=["a.example"], ROOT_URLCONF=views)

    assert layer("TrustedHostMiddleware", suggestion)[1] == ["exclude(exact_path='/-/alive/')"]


def test_what_answers_ahead_of_djangos_look_at_the_host_is_named() -> None:
    suggestion = suggested("a.Probe", SECURITY, CORS, COMMON, "b.Late", ALLOWED_HOSTS=["a.example"])

    (note,) = [note for note in suggestion.notes if "refuses other hosts first" in note]
    assert note.startswith("a.Probe: ")


# Policies


def test_a_referrer_policy_of_a_package_moves() -> None:
    suggestion = suggested(REFERRER, REFERRER_POLICY="origin")
    options, _ = layer("SecurityHeadersMiddleware", suggestion)

    assert options["referrer_policy"] == "origin"
    assert suggestion.superfluous == [f"MIDDLEWARE: {REFERRER}", "REFERRER_POLICY"]


def test_policies_of_views_stay() -> None:
    suggestion = suggested(SECURITY, PERMISSIONS, PERMISSIONS_POLICY={"camera": []})

    assert f"{PERMISSIONS} stays: views may have a policy of their own." in suggestion.notes
    assert suggestion.superfluous == [f"MIDDLEWARE: {SECURITY}"]


def test_frames_stay_with_django_where_a_view_may_be_embedded() -> None:
    views = urls(*(path(f"{index}/", widget) for index in range(5)), path("", page))
    suggestion = suggested(SECURITY, FRAMES, ROOT_URLCONF=views)
    options, _ = layer("SecurityHeadersMiddleware", suggestion)

    assert options == {"frame_options": None}
    assert f"{FRAMES} stays: /0/, /1/, /2/ and others may be embedded" in suggestion.notes[0]


# CSRF


def test_views_that_are_exempt_are_exempted() -> None:
    views = urls(path("", page), path("hook/", hook), path("api/", hook), path("api/in/", page))
    options, conditions = layer("CrossOriginProtectionMiddleware", suggested(CSRF, ROOT_URLCONF=views))

    assert options == {"exempt_paths": ["/hook"]}
    assert conditions == ["exclude(exact_path='/api/')"]


@pytest.mark.parametrize(
    ("views", "reason"),
    [
        (urls(path("", page), re_path("hook", hook)), "1 of 2 views are csrf_exempt, at more paths than"),
        (ModuleType("no_urls"), "The views could not be read"),
    ],
    ids=["anywhere", "unreadable"],
)
def test_views_at_paths_that_cannot_be_told_leave_the_layer_out(views: Any, reason: str) -> None:
    suggestion = suggested(CSRF, ROOT_URLCONF=views)

    assert layer("CrossOriginProtectionMiddleware", suggestion) is None
    assert suggestion.notes[0].startswith(f"CrossOriginProtectionMiddleware was left out: {reason}")


def test_origins_that_may_read_are_trusted_too() -> None:
    settings = {
        "CSRF_TRUSTED_ORIGINS": ["https://b.example"],
        "CORS_ALLOWED_ORIGINS": ["https://a.example", "null"],
    }
    suggestion = suggested(CORS, CSRF, **settings, CORS_ALLOWED_ORIGIN_REGEXES=[rf"{PATTERN}$"])
    options, _ = layer("CrossOriginProtectionMiddleware", suggestion)

    assert options["trusted_origins"] == ["https://b.example", "https://a.example"]
    assert any(note.startswith("CORS_ALLOWED_ORIGIN_REGEXES: what only these") for note in suggestion.notes)


# Proxies


PROTO = {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}


def test_an_unknown_proxy_leaves_out_what_relies_on_it() -> None:
    suggestion = suggested(SECURITY, FRAMES, **PROTO, SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["a.example"])

    assert [each.path.rpartition(".")[2] for each in suggestion.layers] == [
        "SecurityHeadersMiddleware", "TrustedHostMiddleware",
    ]  # fmt: skip
    assert f"MIDDLEWARE: {SECURITY}" not in suggestion.superfluous


@pytest.mark.parametrize(
    ("proxies", "options"),
    [
        (Proxies(["10.0.0.0/8"]), {"trusted": ["10.0.0.0/8"]}),
        (Proxies(hops=2), {"hops": 2}),
        (Proxies(["10.0.0.0/8"], 2), {"trusted": ["10.0.0.0/8"], "hops": 2}),
    ],
)
def test_a_proxy_that_is_known_is_believed(proxies: Proxies, options: dict[str, Any]) -> None:
    suggestion = suggested(
        SECURITY, **PROTO, SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["a.example"], proxies=proxies
    )

    assert layer("ProxyHeadersMiddleware", suggestion) == (options, [])
    assert layer("HTTPSRedirectMiddleware", suggestion) is not None


def test_parts_are_those_that_the_settings_believe() -> None:
    more = {"USE_X_FORWARDED_HOST": True, "USE_X_FORWARDED_PORT": True}
    options, _ = layer("ProxyHeadersMiddleware", suggested(proxies=Proxies(hops=1), **more))

    assert options["parts"] == ["for", "host", "port"]


def test_fields_that_packages_want_are_kept() -> None:
    wanted = {"ALLAUTH_TRUSTED_CLIENT_IP_HEADER": "X-Forwarded-For"}
    options, _ = layer("ProxyHeadersMiddleware", suggested(proxies=Proxies(hops=1), **PROTO, **wanted))

    assert options["keep"] == ["x-forwarded-for"]


def test_a_field_that_the_layer_does_not_read_leaves_it_out() -> None:
    field = ("HTTP_CLOUDFRONT_FORWARDED_PROTO", "https")
    suggestion = suggested(
        SECURITY, proxies=Proxies(hops=1), SECURE_PROXY_SSL_HEADER=field, SECURE_HSTS_SECONDS=60
    )

    assert suggestion.layers == []
    assert f"SECURE_PROXY_SSL_HEADER is {field!r}, and the layer reads" in suggestion.notes[0]


# W007, W023, W024


PROTECTION = f"{BOX}.CrossOriginProtectionMiddleware"
HEADERS = f"{BOX}.SecurityHeadersMiddleware"


def deployed(*entries: Any, **settings: Any) -> set[str]:
    return {*found(check_deployment, ASGI_STACK=[*entries], **settings)}


@pytest.mark.parametrize(
    ("entries", "settings", "is_accused"),
    [
        ([], {}, True),
        ([(f"{BOX}.CORSMiddleware", {"allow_origins": ["https://a.example"]})], {}, False),
        ([], {"MIDDLEWARE": [CORS, CSRF], "CORS_ALLOWED_ORIGINS": ["https://a.example"]}, False),
    ],
)
def test_w007_accuses_no_origin_that_may_read(
    entries: list[Any], settings: dict[str, Any], is_accused: bool
) -> None:
    layers = [*entries, (PROTECTION, {"trusted_origins": ["https://a.example"]})]

    assert ("asgi_stack.W007" in deployed(*layers, **{"MIDDLEWARE": [CSRF], **settings})) is is_accused


EXEMPT = {"ROOT_URLCONF": urls(path("", page), path("hook/<uuid:code>/", hook), path("api/", hook))}


def test_w023_accuses_a_layer_over_views_that_are_csrf_exempt() -> None:
    message = found(check_deployment, ASGI_STACK=[PROTECTION], **EXEMPT)["asgi_stack.W023"]

    assert message.msg.startswith("2 of 3 views are csrf_exempt, as /api/, /hook/<uuid>/. ")
    assert message.hint.startswith("Exempt them: exempt_paths=['/api', '/hook']. ")


def excluding(**given: Any) -> Any:
    return Layer.at(PROTECTION).exclude(**given)


@pytest.mark.parametrize(
    ("entries", "settings"),
    [
        ([(PROTECTION, {"exempt_paths": ["/api", "/hook/<uuid>"]})], EXEMPT),
        ([excluding(path=["/api", "/hook"])], EXEMPT),
        ([excluding(exact_path="/api/").exclude(path="/hook")], EXEMPT),
        ([excluding(scope_type="http")], EXEMPT),
        ([PROTECTION], {"ROOT_URLCONF": urls(path("", page))}),
        ([PROTECTION], {"ROOT_URLCONF": ModuleType("no_urls")}),
        ([HEADERS], EXEMPT),
    ],
    ids=["exempt", "excluded", "exactly", "never", "none", "unreadable", "no layer"],
)
def test_w023_accuses_nobody_else(entries: list[Any], settings: dict[str, Any]) -> None:
    assert "asgi_stack.W023" not in deployed(*entries, **settings)


def test_w023_names_a_path_alone_where_others_are_below_it() -> None:
    views = urls(path("api/", hook), path("api/in/", page), re_path("far", hook))
    message = found(check_deployment, ASGI_STACK=[PROTECTION], ROOT_URLCONF=views)["asgi_stack.W023"]

    assert message.hint.startswith("Where only your own pages send there")
    views = urls(path("api/", hook), path("api/in/", page))
    message = found(check_deployment, ASGI_STACK=[PROTECTION], ROOT_URLCONF=views)["asgi_stack.W023"]
    assert message.hint.startswith("Exempt them: .exclude(exact_path=['/api/']). ")


EMBEDDED = {"ROOT_URLCONF": urls(path("", page), path("embed/", widget))}


def test_w024_accuses_a_layer_that_closes_what_may_be_embedded() -> None:
    message = found(check_deployment, ASGI_STACK=[HEADERS], **EMBEDDED)["asgi_stack.W024"]

    assert message.msg.endswith(
        "adds x-frame-options to what views leave without it by a decorator of Django's: /embed/."
    )


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ({"frame_options": None}, EMBEDDED),
        ({"paths": {"/embed/": {"frame_options": None}}}, EMBEDDED),
        ({}, {"ROOT_URLCONF": urls(path("", page))}),
    ],
    ids=["not sent", "not there", "no such view"],
)
def test_w024_accuses_nobody_else(options: dict[str, Any], settings: dict[str, Any]) -> None:
    assert "asgi_stack.W024" not in deployed((HEADERS, options), **settings)


def test_w005_does_not_say_to_take_out_what_must_stay() -> None:
    message = found(check_deployment, ASGI_STACK=[HEADERS], MIDDLEWARE=[FRAMES], **EMBEDDED)[
        "asgi_stack.W005"
    ]

    assert f"take {FRAMES} out" not in message.hint
    assert f"{FRAMES} stays: /embed/ may be embedded" in message.hint
