"""The system checks, one by one, by their ids."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.apps import apps
from django.core import checks
from django.core.checks import CheckMessage, Tags
from django.test import override_settings

import asgi_stack
from asgi_stack import Layer
from asgi_stack.django.checks import check_deployment, check_stack
from tests.project import layers

ROOT = Path(__file__).parents[2]
BOX = "asgi_stack.middleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"
PROXY = (f"{BOX}.ProxyHeadersMiddleware", {"trusted": ["10.0.0.1"]})
HOST = f"{BOX}.TrustedHostMiddleware"


def found(check: Any = check_stack, **settings: Any) -> dict[str, CheckMessage]:
    with override_settings(**{"ASGI_APPLICATION": None, **settings}):
        return {str(message.id): message for message in check(None)}


def test_an_empty_stack_is_no_reason_to_speak() -> None:
    assert found() == found(check_deployment) == {}


@pytest.mark.parametrize("check", [check_stack, check_deployment])
def test_a_project_without_the_setting_is_left_alone(check: Any) -> None:
    with override_settings():
        from django.conf import settings

        del settings.ASGI_STACK
        assert check(None) == []


UNREADABLE = [
    ("a.b", r"^ASGI_STACK is 'a\.b'"),
    ([7], r"^ASGI_STACK\[0\]: 7 is not a middleware"),
]


@pytest.mark.parametrize(("value", "text"), UNREADABLE)
def test_e001_a_setting_that_cannot_be_read(value: Any, text: str) -> None:
    messages = found(ASGI_STACK=value)

    assert [*messages] == ["asgi_stack.E001"]
    assert re.search(text, messages["asgi_stack.E001"].msg)


def test_e001_a_check_never_raises() -> None:
    class Strange(list[Any]):
        def __iter__(self) -> Iterator[Any]:
            raise OSError("gone")

    assert found(ASGI_STACK=Strange())["asgi_stack.E001"].msg == "ASGI_STACK: OSError: gone"
    assert found(check_deployment, ASGI_STACK=Strange()) == {}


def test_e002_a_path_that_leads_nowhere() -> None:
    message = found(ASGI_STACK=["tests.nowhere.Layer"])["asgi_stack.E002"]

    assert "layer 1 of 1, tests.nowhere.Layer: 'tests.nowhere.Layer' cannot be imported" in message.msg


BAD_OPTIONS = [
    (f"{BOX}.TrustedHostMiddleware", {"allowed_hosts": []}),
    (f"{BOX}.TrustedHostMiddleware", {"alowed_hosts": ["a"]}),
    Layer(layers.Mark).enabled_if(lambda: {}["no"]),
]


@pytest.mark.parametrize("entry", BAD_OPTIONS, ids=["value", "name", "switch"])
def test_e003_a_layer_that_cannot_be_made(entry: Any) -> None:
    assert [*found(ASGI_STACK=[entry])] == ["asgi_stack.E003"]


def test_e003_tells_of_a_fault_that_is_none_of_ours_with_its_type() -> None:
    message = found(ASGI_STACK=[f"{layers.__name__}.FromEnvironment"])["asgi_stack.E003"]

    assert message.msg.endswith("FromEnvironment: KeyError: 'POOL_URL'")


def test_e004_an_order_that_a_layer_rules_out() -> None:
    message = found(ASGI_STACK=[(HOST, {"allowed_hosts": ["a"]}), PROXY])["asgi_stack.E004"]

    assert "Move it outside of that layer" in message.msg


def test_every_fault_is_reported_at_once() -> None:
    messages = found(ASGI_STACK=["tests.nowhere.Layer", (HOST, {"allowed_hosts": []})])

    assert [*messages] == ["asgi_stack.E002", "asgi_stack.E003"]


def compressing(path: str) -> Any:
    def layer(app: Any) -> Any:
        return layers.Mark(app)

    layer.__module__, _, layer.__qualname__ = path.rpartition(".")
    return layer


COMPRESSING = ["brotli_asgi.BrotliMiddleware", "zstd_asgi.ZstdMiddleware", "asgi_gzip.GZipMiddleware"]
GZIP = ["django.middleware.gzip.GZipMiddleware"]
CORS = ["corsheaders.middleware.CorsMiddleware"]
DUPLICATES = [
    *(("asgi_stack.W001", compressing(path), {"MIDDLEWARE": GZIP}) for path in COMPRESSING),
    (
        "asgi_stack.W002",
        (f"{BOX}.CORSMiddleware", {"allow_origins": ["https://a.example"]}),
        {"MIDDLEWARE": CORS},
    ),
    ("asgi_stack.W002", "starlette.middleware.cors.CORSMiddleware", {"MIDDLEWARE": CORS}),
    (
        "asgi_stack.W003",
        (f"{BOX}.HTTPSRedirectMiddleware", {"host": "a.example"}),
        {"MIDDLEWARE": [SECURITY], "SECURE_SSL_REDIRECT": True},
    ),
    ("asgi_stack.W004", PROXY, {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}),
]


@pytest.mark.parametrize(("id", "entry", "settings"), DUPLICATES)
def test_w001_to_w004_what_django_does_too(id: str, entry: Any, settings: dict[str, Any]) -> None:
    message = found(ASGI_STACK=[entry], **settings)[id]

    assert message.level == checks.WARNING
    assert message.hint.startswith("Keep the layer")


@pytest.mark.parametrize(("id", "entry", "settings"), DUPLICATES)
def test_w001_to_w004_one_of_the_two_is_fine(id: str, entry: Any, settings: dict[str, Any]) -> None:
    assert id not in found(ASGI_STACK=[entry])
    assert id not in found(ASGI_STACK=[], **settings)


def test_w003_wants_the_middleware_that_reads_the_setting() -> None:
    entry = (f"{BOX}.HTTPSRedirectMiddleware", {"host": "a.example"})

    assert found(ASGI_STACK=[entry], MIDDLEWARE=[], SECURE_SSL_REDIRECT=True) == {}


def test_a_layer_that_is_not_enabled_duplicates_nothing() -> None:
    entry = Layer.at("starlette.middleware.cors.CORSMiddleware").enabled_if(False)

    assert found(ASGI_STACK=[entry], MIDDLEWARE=CORS) == {}


def test_w005_security_headers_in_both_places() -> None:
    entry = f"{BOX}.SecurityHeadersMiddleware"
    message = found(check_deployment, ASGI_STACK=[entry], MIDDLEWARE=[SECURITY])["asgi_stack.W005"]

    assert message.msg.startswith("SECURE_CONTENT_TYPE_NOSNIFF, SECURE_REFERRER_POLICY")
    assert found(check_deployment, ASGI_STACK=[entry], MIDDLEWARE=[]) == {}


@pytest.mark.skipif(django.VERSION < (6,), reason="Django has policies from 6.0 on")
@pytest.mark.parametrize(("options", "is_reported"), [({}, False), ({"content_security_policy": "a"}, True)])
def test_w005_a_policy_in_both_places(options: Any, is_reported: bool) -> None:
    entry = (f"{BOX}.SecurityHeadersMiddleware", options)
    csp = {"MIDDLEWARE": [CSP], "SECURE_CSP": {"default-src": ["'self'"]}}
    messages = found(check_deployment, ASGI_STACK=[entry], **csp)

    assert [message.msg.split()[0] for message in messages.values()] == ["SECURE_CSP"] * is_reported
    assert all(f"take {CSP} out" in str(message.hint) for message in messages.values())


HOSTS = [
    (["example.com"], ["example.com"], False),
    (["a.example.com", "*.example.com"], [".example.com"], False),
    (["Example.com", "*.example.com."], [".EXAMPLE.com"], False),
    (["anything"], ["*"], False),
    (["*"], ["example.com"], True),
    (["other.org"], ["example.com"], True),
    (iter(["other.org"]), ["example.com"], False),
]


@pytest.mark.parametrize(("layer", "django", "is_reported"), HOSTS)
def test_w006_hosts_that_django_refuses(layer: Any, django: list[str], is_reported: bool) -> None:
    messages = found(check_deployment, ASGI_STACK=[(HOST, {"allowed_hosts": layer})], ALLOWED_HOSTS=django)

    assert ("asgi_stack.W006" in messages) is is_reported


@pytest.mark.parametrize("is_installed", [True, False])
def test_w013_daphne_and_contexts(monkeypatch: pytest.MonkeyPatch, is_installed: bool) -> None:
    monkeypatch.setattr(apps, "is_installed", lambda name: is_installed)
    messages = found(ASGI_STACK_LIFESPAN=["tests.project.contexts.database"])

    assert [*messages] == ["asgi_stack.W013"] * is_installed


def test_w014_two_layers_that_read_the_proxys_fields() -> None:
    uvicorns = "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware"

    assert "asgi_stack.W014" in found(ASGI_STACK=[PROXY, uvicorns])
    assert "asgi_stack.W014" not in found(ASGI_STACK=[uvicorns])


@pytest.mark.parametrize("is_there", [True, False])
def test_w015_uvicorn_reads_the_proxys_fields_itself(monkeypatch: pytest.MonkeyPatch, is_there: bool) -> None:
    spec = object() if is_there else None
    monkeypatch.setattr("asgi_stack.django.counterparts.proxy_headers.find_spec", lambda name: spec)

    assert [*found(check_deployment, ASGI_STACK=[PROXY])] == ["asgi_stack.W015"] * is_there


def test_the_checks_are_registered_each_at_its_level() -> None:
    always = checks.registry.registry.get_checks()
    deployed = checks.registry.registry.get_checks(include_deployment_checks=True)

    assert (check_stack in always, check_deployment in always) == (True, False)
    assert check_deployment in deployed


def test_the_checks_of_a_deployment_are_checks_of_security() -> None:
    tags: Any = check_deployment

    assert tags.tags == ("asgi_stack", Tags.security)


def source_of_checks() -> str:
    folder = Path(asgi_stack.__file__).parent / "django"
    return "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))


IDS = sorted(set(re.findall(r"asgi_stack\.[EW]\d{3}", source_of_checks())))


@pytest.mark.parametrize("id", IDS)
def test_every_id_stands_once_in_the_source_and_has_its_place_in_the_docs(id: str) -> None:
    page = (ROOT / "docs/checks.md").read_text(encoding="utf-8")

    assert source_of_checks().count(f'"{id}"') == 1
    assert page.count(f"## {id}") == 1
