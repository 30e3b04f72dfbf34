"""The test client: Django's own in every respect, with the stack in its middle."""

import logging
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseRedirect
from django.test import AsyncClient, SimpleTestCase, TestCase, override_settings

from asgi_stack.django import get_asgi_application
from asgi_stack.django.test import AsyncStackClient, AsyncStackTestCaseMixin
from asgi_stack.testing import Lint
from asgi_stack.testing.errors import LifespanError, ResponseError
from tests.project import layers

SESSIONS = {
    "MIDDLEWARE": ["django.contrib.sessions.middleware.SessionMiddleware"],
    "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
}


pytestmark = pytest.mark.usefixtures("client_project")


def behind(*stack: Any, **settings: Any) -> Any:
    return override_settings(ASGI_STACK=[*stack], **settings)


async def test_a_session_lasts_from_request_to_request() -> None:
    with behind(layers.Shout, **SESSIONS):
        client = AsyncStackClient()
        await client.get("/counted/")
        response = await client.get("/counted/")

    assert response.content == b"VISIT 2"


async def test_an_upload_reaches_the_view_through_the_stack() -> None:
    file = SimpleUploadedFile("a.txt", b"text")
    response = await AsyncStackClient().post("/upload/", {"name": "x", "file": file})

    assert response.json() == {"fields": {"name": "x"}, "files": {"file": "text"}}


async def test_the_templates_and_the_context_of_a_view_are_known() -> None:
    response = await AsyncStackClient().get("/templated/")

    assert response.context["name"] == "you"
    assert len(response.templates) == 1


async def test_redirects_are_followed_with_cookies() -> None:
    client = AsyncStackClient()
    response = await client.get("/redirected/", follow=True)

    assert response.redirect_chain == [("/templated/", 302)]
    assert client.cookies["seen"]["max-age"] == 60


async def test_the_response_of_a_view_is_the_very_object_that_it_made() -> None:
    response = await AsyncStackClient().get("/redirected/")

    assert isinstance(response, HttpResponseRedirect)
    assert response.resolver_match.route == "redirected/"


async def test_what_layers_do_to_a_head_is_in_the_response() -> None:
    with behind(layers.Mark):
        response = await AsyncStackClient().get("/redirected/")

    assert (response["x-mark"], response.has_header("content-length")) == ("a, b", False)
    assert [*response.cookies] == ["seen", "marked"]


async def test_what_layers_do_to_a_body_is_in_the_response() -> None:
    with behind(layers.Shout):
        response = await AsyncStackClient().get("/templated/")

    assert (response.content, response.context["name"]) == (b"HELLO YOU", "you")


async def test_a_reply_of_a_layer_is_a_response_like_any_other() -> None:
    with behind(layers.Refuse):
        client = AsyncStackClient()
        response = await client.get("/templated/")

    assert (response.status_code, response.content, response.context) == (403, b"not here", None)
    assert (client.cookies["why"].value, response.asgi_request.path) == ("no", "/templated/")


async def test_a_reply_to_a_head_request_has_no_body() -> None:
    with behind(layers.Refuse):
        response = await AsyncStackClient().head("/templated/")

    assert response.content == b""


async def test_a_layer_that_changes_the_status_makes_another_response() -> None:
    with behind(layers.Status):
        response = await AsyncStackClient().get("/redirected/")

    assert (type(response).__name__, response.status_code) == ("HttpResponse", 299)
    assert response.asgi_request.resolver_match is not None


async def test_a_response_that_may_have_no_body_keeps_its_class() -> None:
    response = await AsyncStackClient().get("/unchanged/")

    assert (type(response).__name__, response.content) == ("HttpResponseNotModified", b"")


async def test_a_layer_may_tell_django_that_the_client_has_gone() -> None:
    with behind(layers.HangUp):
        assert (await AsyncStackClient().get("/templated/")).status_code == 408


async def test_the_scope_is_that_of_a_server() -> None:
    response = await AsyncStackClient().get("/echo/é/?a=ü", headers={"x-token": "t"})

    assert response.json() == {
        "path": "/echo/é/",
        "query": "a=ü",
        "raw_path": "/echo/%C3%A9/",
        "server": ["127.0.0.1", 80],
        "cookie": None,
        "state": None,
        "token": "t",
    }


async def test_a_path_that_is_text_already_stays_as_it_is() -> None:
    response = await AsyncStackClient().request(
        path="/echo/é/", method="GET", headers=[(b"host", b"testserver")]
    )

    assert response.json()["path"] == "/echo/é/"


async def test_a_host_of_the_test_takes_the_place_of_the_usual_one() -> None:
    with behind(ALLOWED_HOSTS=["*"]):
        response = await AsyncStackClient().get("/templated/", headers={"host": "a.example"})

    assert response.asgi_request.META["HTTP_HOST"] == "a.example"


@pytest.mark.parametrize(("given", "seen"), [("203.0.113.9", "203.0.113.9"), ("::1", "::1"), (None, None)])
async def test_the_address_of_the_client_can_be_set(given: str | None, seen: str | None) -> None:
    of_one, of_all = AsyncStackClient(), AsyncStackClient(REMOTE_ADDR=given)
    responses = [await of_one.get("/templated/", REMOTE_ADDR=given), await of_all.get("/templated/")]

    assert [response.asgi_request.META.get("REMOTE_ADDR") for response in responses] == [seen] * 2


async def test_the_address_of_a_request_goes_over_that_of_the_client() -> None:
    response = await AsyncStackClient(REMOTE_ADDR="10.0.0.1").post("/upload/", REMOTE_ADDR="203.0.113.9")

    assert response.asgi_request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert (b"remote-addr" in dict(response.asgi_request.scope["headers"])) is False


@pytest.mark.parametrize("address", ["203.0.113.9", None])
async def test_what_the_application_is_given_keeps_to_the_specification(address: str | None) -> None:
    linted = Lint(get_asgi_application(), ignore={"H28"})
    client = AsyncStackClient(application=linted, REMOTE_ADDR=address)
    await client.post("/upload/?é=ü", {"name": "x"}, headers={"host": "testserver"}, secure=True)

    assert linted.violations == []


async def test_an_error_of_a_view_is_raised_in_the_test() -> None:
    with behind(ROOT_URLCONF="tests.project.urls"), pytest.raises(RuntimeError, match="the view failed"):
        await AsyncStackClient().get("/fail/")


@pytest.mark.parametrize("layer", [layers.FailBefore, layers.FailAfter])
async def test_an_error_of_a_layer_is_raised_in_the_test(layer: Any) -> None:
    with behind(layer), pytest.raises(LookupError, match="the layer failed"):
        await AsyncStackClient().get("/templated/")


STATUSES = [(layers.FailBefore, 500), (layers.FailAfter, 200), (layers.Silent, 500)]


@pytest.mark.parametrize(("layer", "status"), STATUSES)
async def test_an_error_is_kept_where_it_is_not_to_be_raised(layer: Any, status: int) -> None:
    with behind(layer):
        response = await AsyncStackClient(raise_request_exception=False).get("/templated/")

    assert response.status_code == status
    assert response.exc_info[0] in (LookupError, ResponseError)


async def test_a_stack_that_does_not_answer_is_an_error() -> None:
    with behind(layers.Silent), pytest.raises(ResponseError, match="returned without a response to GET /a/"):
        await AsyncStackClient().get("/a/")


async def test_changed_settings_take_effect_for_a_client_that_was_used() -> None:
    client = AsyncStackClient()
    await client.get("/templated/")
    with behind(layers.Refuse):
        refused = await client.get("/templated/")

    assert (refused.status_code, (await client.get("/templated/")).status_code) == (403, 200)


CONTEXTS = {"ASGI_STACK_LIFESPAN": ["tests.project.contexts.database"]}


async def test_contexts_are_entered_within_the_client_as_a_block() -> None:
    with behind(**CONTEXTS):
        async with AsyncStackClient() as client:
            with behind(layers.Refuse):
                response = await client.get("/echo/")

    assert response.json()["state"] == {"database": "open"}


async def test_settings_that_changed_within_the_block_take_effect_after_it() -> None:
    with behind(**CONTEXTS):
        async with AsyncStackClient() as client:
            pass
        with behind(layers.Refuse):
            assert (await client.get("/echo/")).status_code == 403


async def test_contexts_that_are_not_entered_are_no_reason_to_warn(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with behind(**CONTEXTS):
        await AsyncStackClient().get("/echo/")

    assert not caplog.records


async def test_a_context_that_fails_is_an_error_of_the_block() -> None:
    with behind(ASGI_STACK_LIFESPAN=["tests.project.contexts.broken"]):
        client = AsyncStackClient()
        with pytest.raises(LifespanError, match="no database"):
            await client.__aenter__()
        await client.__aexit__(None, None, None)


async def test_a_given_application_is_tested_as_it_is_with_django_anywhere_in_it() -> None:
    with behind(layers.Shout):
        served = get_asgi_application()

    async def mounted(scope: Any, receive: Any, send: Any) -> None:
        await served(scope, receive, send)

    clients = [AsyncStackClient(application=served), AsyncStackClient(application=mounted)]
    responses = [await client.get("/templated/") for client in clients]
    assert [(response.content, response.context["name"]) for response in responses] == [
        (b"HELLO YOU", "you")
    ] * 2


async def test_a_handler_that_no_test_client_calls_is_djangos_own() -> None:
    application = get_asgi_application()
    AsyncStackClient(application=application)
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    with pytest.raises(ValueError, match="Django can only handle ASGI/HTTP connections, not websocket"):
        await application.application({"type": "websocket"}, receive, sent.append)


@pytest.mark.parametrize(
    "bases", [(SimpleTestCase, AsyncStackTestCaseMixin), (TestCase, AsyncStackTestCaseMixin)]
)
def test_the_mixin_behind_djangos_class_is_an_error_when_the_class_is_made(bases: Any) -> None:
    with pytest.raises(TypeError, match=r"^PageTests: .* past the stack\. Write AsyncStackTestCaseMixin"):
        type("PageTests", bases, {})


def test_a_client_of_ones_own_is_one_of_ours() -> None:
    class OwnClient(AsyncStackClient):
        pass

    class PageTests(AsyncStackTestCaseMixin, SimpleTestCase):
        async_client_class = OwnClient

    with pytest.raises(TypeError, match="async_client_class is AsyncClient"):
        type("PageTests", (PageTests,), {"async_client_class": AsyncClient})


class TestMixin(AsyncStackTestCaseMixin, SimpleTestCase):
    """A test case as a project writes it."""

    async def test_the_client_of_a_test_case_goes_through_the_stack(self) -> None:
        with self.settings(ASGI_STACK=["tests.project.layers.Refuse"]):
            response = await self.async_client.get("/templated/")

        self.assertContains(response, "not here", status_code=403)

    async def test_a_drain_that_listens_for_sigterm_starts_without_it(self) -> None:
        drain = ("asgi_stack.middleware.DrainMiddleware", {"drain_on_sigterm": True})
        with self.settings(ASGI_STACK=[drain]), self.assertLogs("asgi_stack.drain", "WARNING") as logs:
            async with self.async_client:
                response = await self.async_client.get("/templated/")

        self.assertContains(response, "Hello")
        assert "drain_on_sigterm" in logs.output[0]
