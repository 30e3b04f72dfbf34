"""The stack that a project's settings declare."""

import json
import logging
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from asgi_stack import HeaderMiddleware, Layer, RequestHead, ResponseHead, Stack, StackError
from asgi_stack.django import get_asgi_application, get_stack
from asgi_stack.testing import http_scope
from tests.helpers import NO_STATE, Server, call
from tests.project.contexts import database


class Mark(HeaderMiddleware):
    """Adds one response header."""

    __slots__ = ("_text",)

    def __init__(self, app: Any, *, text: str = "here") -> None:
        super().__init__(app)
        self._text = text.encode()

    def on_request(self, request: RequestHead) -> Any:
        def mark(response: ResponseHead) -> None:
            response.headers.append(b"x-mark", self._text)

        return mark


def function_middleware(app: Any) -> Any:
    async def handed_on(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    return handed_on


PATH = f"{__name__}.Mark"


async def get(application: Any, path: str) -> tuple[dict[str, Any], bytes]:
    sent = await call(application, http_scope(path))
    return sent[0], sent.body


FORMS = [
    PATH,
    (PATH, {"text": "here"}),
    [PATH, {}],
    Mark,
    (Mark, {"text": "here"}),
    Layer(Mark),
    Layer.at(PATH),
]


@pytest.mark.parametrize("entry", FORMS, ids=repr)
async def test_every_form_of_an_entry_becomes_a_layer_around_django(entry: Any) -> None:
    with override_settings(ASGI_STACK=[entry]):
        start, body = await get(get_asgi_application(), "/hello/")

    assert (b"x-mark", b"here") in start["headers"]
    assert body.startswith(b"hello")


async def test_the_header_names_of_django_leave_the_stack_in_lower_case() -> None:
    start, _ = await get(get_asgi_application(), "/hello/")

    assert {name for name, _ in start["headers"]} >= {b"content-type", b"content-length"}


def test_entries_keep_their_order_and_options() -> None:
    with override_settings(ASGI_STACK=[(PATH, {"text": "a"}), function_middleware]):
        assert get_stack() == Stack([Layer.at(PATH, text="a"), function_middleware])


def test_contexts_are_given_as_paths_or_functions() -> None:
    contexts = ["tests.project.contexts.database", database]
    with override_settings(ASGI_STACK_LIFESPAN=contexts, ASGI_STACK_LIFESPAN_TIMEOUT=5):
        assert get_stack() == Stack([], lifespan=[database, database], lifespan_timeout=5)


async def test_what_a_context_gives_reaches_a_view_where_the_server_has_no_state(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    with override_settings(ASGI_STACK_LIFESPAN=[database]):
        application = get_asgi_application()
    answers: list[bytes] = []

    async def serving() -> None:
        answers.append((await get(application, "/show/"))[1])

    await Server(NO_STATE, serving=serving).run(application)

    assert json.loads(answers[0])["state"] == {"database": "open"}
    assert not caplog.records


WRONG = [
    (None, r"^ASGI_STACK is not set\. Give a list of dotted paths, as in \['asgi_stack"),
    ("a.b", r"^ASGI_STACK is 'a\.b'\. Give a list"),
    ([PATH, 7], r"^ASGI_STACK\[1\]: 7 is not a middleware"),
    (["nodots"], r"^ASGI_STACK\[0\]: Layer\.at: path='nodots' .* Give a dotted path"),
    ([(PATH,)], r"^ASGI_STACK\[0\]: .* is not a pair of a dotted path and a dictionary of options"),
    ([(PATH, "text")], r"is not a pair"),
    ([(PATH, {1: "text"})], r"is not a pair"),
    (
        [(Mark, {"txt": "a"})],
        r"^ASGI_STACK\[0\]: Mark: .*unexpected keyword argument 'txt'.*Did you mean 'text'\?",
    ),
    ([1, 2], r"^2 layers cannot be used\.\n  ASGI_STACK\[0\]: 1 is.*\n  ASGI_STACK\[1\]: 2 is"),
]


@pytest.mark.parametrize(("value", "message"), WRONG, ids=lambda value: repr(value)[:30])
def test_a_bad_setting_is_improperly_configured_and_names_the_entry(value: Any, message: str) -> None:
    with override_settings(ASGI_STACK=value), pytest.raises(ImproperlyConfigured, match=message):
        get_asgi_application()


@pytest.mark.parametrize("path", ["no_such_package.Layer", "tests.project.urls.nothing"])
def test_an_entry_that_cannot_be_imported_is_named_with_its_position(path: str) -> None:
    message = rf"^ASGI_STACK: layer 2 of 2, {path}: '{path}' cannot be imported"
    with (
        override_settings(ASGI_STACK=[PATH, path]),
        pytest.raises(ImproperlyConfigured, match=message) as caught,
    ):
        get_asgi_application()

    assert isinstance(caught.value.__cause__, StackError)


@pytest.mark.parametrize("debug", [True, False])
def test_a_switch_may_be_the_name_of_a_setting(debug: bool) -> None:
    with override_settings(DEBUG=debug, ASGI_STACK=[Layer(Mark).enabled_if("DEBUG")]):
        layers = list(get_stack())

    assert layers[0].is_enabled() is debug


def test_a_switch_that_names_a_setting_with_text_is_improperly_configured() -> None:
    message = (
        r"^ASGI_STACK\[0\]: settings: LATE='False' is not usable\. Give True or False\. Every str is true"
    )
    entries = [Layer(Mark).enabled_if("LATE")]
    with (
        override_settings(ASGI_STACK=entries, LATE="False"),
        pytest.raises(ImproperlyConfigured, match=message),
    ):
        get_stack()


def test_a_switch_that_names_no_setting_is_improperly_configured() -> None:
    message = r"^ASGI_STACK\[0\]: enabled_if\('NO_SUCH'\): there is no setting of that name"
    entries = [Layer(Mark).enabled_if("NO_SUCH")]
    with override_settings(ASGI_STACK=entries), pytest.raises(ImproperlyConfigured, match=message):
        get_stack()


BAD_CONTEXTS = [
    ({"ASGI_STACK_LIFESPAN": "a.b"}, r"^ASGI_STACK_LIFESPAN is 'a\.b'"),
    (
        {"ASGI_STACK_LIFESPAN": ["no_such.thing"]},
        r"^ASGI_STACK_LIFESPAN\[0\]: 'no_such\.thing' cannot be imported",
    ),
    (
        {"ASGI_STACK_LIFESPAN": ["tests.project.settings.USE_TZ"]},
        r"is not a function that returns an async context",
    ),
    ({"ASGI_STACK_LIFESPAN": [lambda app: app]}, r"is called without arguments"),
    ({"ASGI_STACK_LIFESPAN_TIMEOUT": 0}, r"lifespan_timeout=0 is not usable"),
    ({"ASGI_STACK_LIFESPAN_TIMEOUT": "5"}, r"lifespan_timeout='5' is not usable"),
    ({"ASGI_STACK_UNREAD_BODY_LIMIT": -1}, r"^ASGI_STACK_UNREAD_BODY_LIMIT: .*limit=-1 is not usable"),
    ({"ASGI_STACK_UNREAD_BODY_TIMEOUT": 0}, r"^ASGI_STACK_UNREAD_BODY_TIMEOUT: .*timeout=0 is not usable"),
]


@pytest.mark.parametrize(("values", "message"), BAD_CONTEXTS, ids=[text for _, text in BAD_CONTEXTS])
def test_a_bad_setting_of_the_stack_says_what_is_wrong(values: dict[str, Any], message: str) -> None:
    with override_settings(**values), pytest.raises(ImproperlyConfigured, match=message):
        get_stack()


def test_the_bounds_of_an_unread_body_are_settings() -> None:
    with override_settings(ASGI_STACK_UNREAD_BODY_LIMIT=0, ASGI_STACK_UNREAD_BODY_TIMEOUT=3):
        assert get_stack() == Stack([], unread_body_limit=0, unread_body_timeout=3)


def test_an_entry_may_need_the_apps_to_be_ready() -> None:
    code = "from asgi_stack.django import get_asgi_application\nprint(get_asgi_application().stack)"
    environment = {"DJANGO_SETTINGS_MODULE": "tests.project.late", "PATH": ""}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )

    assert run.stdout == "Stack([\n    tests.project.late_layer.NeedsModels(),\n])\n", run.stderr
