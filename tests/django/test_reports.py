"""Secrets of layers in Django's reports of errors: a mail, the debug page, and whoever asks the filter."""

import logging
import sys
from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.test import RequestFactory, override_settings
from django.utils.log import AdminEmailHandler
from django.views.debug import (
    ExceptionReporter,
    SafeExceptionReporterFilter,
    get_default_exception_reporter_filter,
)

from asgi_stack import ASGIMiddleware, Layer
from asgi_stack.django import get_asgi_application, get_stack
from asgi_stack.django.checks import check_stack
from asgi_stack.django.reports import mask_reports
from asgi_stack.testing import ASGIClient
from asgi_stack.types import ASGIApp

SECRET = "correct-horse"
AUTH = "asgi_stack.middleware.BasicAuthMiddleware"
HERE = "layers_made_up_for_a_test"


class Own(ASGIMiddleware):
    """Declares what is a secret of it, by a name that says nothing."""

    __slots__ = ("_code",)
    secret_options: ClassVar[frozenset[str]] = frozenset({"code"})

    def __init__(self, app: ASGIApp, *, code: Any = None, size: int = 0) -> None:
        super().__init__(app)
        self._code = code, size


def foreign(app: ASGIApp, **options: Any) -> ASGIApp:
    return app


class Careless(SafeExceptionReporterFilter):
    """Masks nothing."""

    def cleanse_setting(self, key: Any, value: Any) -> Any:
        return value


class Careful(SafeExceptionReporterFilter):
    """Of a project's own, and built upon Django's."""

    def cleanse_setting(self, key: Any, value: Any) -> Any:
        return super().cleanse_setting(key, value)


class Failing(SafeExceptionReporterFilter):
    def get_safe_settings(self) -> Any:
        raise LookupError


@pytest.fixture(autouse=True)
def layers_in_a_module_and_no_filter_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module: Any = ModuleType(HERE)
    module.Own, module.foreign = Own, foreign
    monkeypatch.setitem(sys.modules, HERE, module)
    get_default_exception_reporter_filter.cache_clear()
    yield
    get_default_exception_reporter_filter.cache_clear()


def shown(setting: Any) -> str:
    with override_settings(ASGI_STACK=setting):
        return repr(get_default_exception_reporter_filter().get_safe_settings()["ASGI_STACK"])


MAILS: dict[str, Any] = {
    "ROOT_URLCONF": "tests.project.urls",
    "ASGI_STACK": [(AUTH, {"users": {"ops": SECRET}, "realm": "staff"})],
}


@pytest.mark.parametrize("html", [False, True])
def test_a_mail_to_the_admins_shows_the_stack_and_no_password(html: bool) -> None:
    mask_reports()
    with override_settings(**MAILS):
        request = RequestFactory().get("/")
        reporter = ExceptionReporter(request, RuntimeError, RuntimeError("boom"), None, is_email=True)
        text = reporter.get_traceback_html() if html else reporter.get_traceback_text()

    assert SECRET not in text
    assert "realm" in text


class Mailer(AdminEmailHandler):
    """Keeps what would be mailed."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    def send_mail(self, subject: str, message: str, *given: Any, **options: Any) -> None:
        self.sent.append(message)


async def test_what_is_mailed_of_a_failing_view_shows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    mailer, logger = Mailer(), logging.getLogger("django.request")
    with override_settings(**MAILS):
        client = ASGIClient(get_asgi_application(), raise_errors=False)
        # Now, for making the application configures logging anew.
        monkeypatch.setattr(logger, "disabled", False)
        logger.addHandler(mailer)
        await client.get("/fail/", headers={"authorization": "Basic b3BzOmNvcnJlY3QtaG9yc2U="})
    logger.removeHandler(mailer)
    (text,) = mailer.sent

    assert "the view failed" in text
    assert (SECRET in text, "{'users': '***', 'realm': 'staff'}" in text) == (False, True)


async def test_the_debug_page_shows_no_password() -> None:
    with override_settings(**MAILS, DEBUG=True, DEBUG_PROPAGATE_EXCEPTIONS=False):
        client = ASGIClient(get_asgi_application(), raise_errors=False)
        page = await client.get("/fail/", headers={"authorization": "Basic b3BzOmNvcnJlY3QtaG9yc2U="})

    assert (page.status, SECRET in page.text, "staff" in page.text) == (500, False, True)


ENTRIES: list[tuple[Any, str]] = [
    ((AUTH, {"users": {"ops": SECRET}}), f"('{AUTH}', {{'users': '***'}})"),
    ([AUTH, {"users": {"ops": SECRET}}], f"('{AUTH}', {{'users': '***'}})"),
    (Layer.at(AUTH, users={"ops": SECRET}).only(path="/admin"), f"{AUTH}(users='***').only(path='/admin')"),
    ((f"{HERE}.Own", {"code": SECRET, "size": 1}), f"('{HERE}.Own', {{'code': '***', 'size': 1}})"),
    (Layer.at(f"{HERE}.Own", code=SECRET), f"{HERE}.Own(code='***')"),
    ((Own, {"code": [SECRET]}), "(tests.django.test_reports.Own, {'code': '***'})"),
    ((f"{HERE}.foreign", {"signing_key": SECRET}), f"('{HERE}.foreign', {{'signing_key': '***'}})"),
    (("not.there.Layer", {"api_token": SECRET}), "('not.there.Layer', {'api_token': '***'})"),
    (
        (f"{HERE}.foreign", {"url": f"redis://ops:{SECRET}@host/0"}),
        f"('{HERE}.foreign', {{'url': 'redis://***@host/0'}})",
    ),
    (
        (f"{HERE}.foreign", {"deep": {"password": SECRET}}),
        f"('{HERE}.foreign', {{'deep': {{'password': '***'}}}})",
    ),
    (partial(foreign, password=SECRET), "tests.django.test_reports.foreign"),
    (f"{HERE}.Own", f"'{HERE}.Own'"),
    (Own, "tests.django.test_reports.Own"),
    # Mistakes are shown by what they are.
    ((AUTH, {"users": {"ops": SECRET}}, "extra"), f"('{AUTH}', a dict of 1, a str)"),
    ({AUTH: {"users": {"ops": SECRET}}}, "a dict of 1"),
    ((AUTH, {7: SECRET}), f"('{AUTH}', a dict of 1)"),
]


@pytest.mark.parametrize(("entry", "text"), ENTRIES, ids=lambda value: str(value)[:40])
def test_an_entry_is_shown_without_what_is_a_secret_of_it(entry: Any, text: str) -> None:
    mask_reports()

    assert shown([entry]) == f"[{text}]"


@pytest.mark.parametrize("setting", [{"users": SECRET}, SECRET, None, 7])
def test_a_setting_that_is_no_list_is_shown_by_what_it_is(setting: Any) -> None:
    mask_reports()

    assert SECRET not in shown(setting)


def test_what_cannot_be_described_is_masked_as_a_whole() -> None:
    class Unprintable:
        def __repr__(self) -> str:
            raise LookupError

    mask_reports()

    assert shown([(f"{HERE}.foreign", {"size": Unprintable()})]) == "['***']"


def test_other_settings_are_shown_as_django_shows_them() -> None:
    mask_reports()
    with override_settings(MY_PLACES=["a", {"password": "b", "size": 1}]):
        found = get_default_exception_reporter_filter().get_safe_settings()

    assert found["MY_PLACES"] == ["a", {"password": "********************", "size": 1}]


def test_the_filter_is_replaced_once() -> None:
    mask_reports()
    before = SafeExceptionReporterFilter.cleanse_setting
    mask_reports()

    assert SafeExceptionReporterFilter.cleanse_setting is before


@pytest.mark.parametrize("begin", [get_stack, lambda: apps.get_app_config("asgi_stack").ready()])
def test_it_is_masked_without_anybodys_doing(begin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    original = SafeExceptionReporterFilter.cleanse_setting.__wrapped__  # type: ignore[attr-defined]
    monkeypatch.setattr(SafeExceptionReporterFilter, "cleanse_setting", original)
    entry = (AUTH, {"users": {"ops": SECRET}})
    before = SECRET in shown([entry])
    with override_settings(ASGI_STACK=[entry]):
        begin()

    assert (before, SECRET in shown([entry])) == (True, False)


def warnings(filter_class: str, *entries: Any) -> list[str]:
    with override_settings(
        ASGI_STACK=[*entries], DEFAULT_EXCEPTION_REPORTER_FILTER=f"{__name__}.{filter_class}"
    ):
        return [message.msg for message in check_stack(None) if message.id == "asgi_stack.W025"]


SECRETS: list[Any] = [
    (AUTH, {"users": {"ops": SECRET}}),
    (f"{HERE}.Own", {"code": [SECRET]}),
    (Own, {"code": SECRET.encode()}),
]


@pytest.mark.parametrize("entry", SECRETS)
def test_a_filter_of_ones_own_that_shows_secrets_is_reported(entry: Any) -> None:
    (text,) = warnings("Careless", entry)

    assert text == f"{__name__}.Careless shows secrets of ASGI_STACK in error mails and on the debug page."


@pytest.mark.parametrize("name", ["Careful", "Failing"])
def test_a_filter_that_masks_or_that_fails_by_itself_is_not_reported(name: str) -> None:
    mask_reports()

    assert warnings(name, SECRETS[0]) == []


def test_a_stack_without_secrets_needs_no_filter() -> None:
    assert (
        warnings("Careless", "asgi_stack.middleware.RequestIDMiddleware", (f"{HERE}.Own", {"size": 1})) == []
    )
