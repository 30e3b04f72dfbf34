"""What holds for every middleware in the box holds for a new one as soon as it is exported."""

import copy
import inspect
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from asgi_stack import ASGIMiddleware, HeaderMiddleware
from asgi_stack.testing import Recorder
from tests.docs.lists import class_names
from tests.helpers import call
from tests.middleware.cases import CASES, Case, Example

ROOT = Path(__file__).parents[2]

every_middleware = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
every_header_middleware = pytest.mark.parametrize(
    "case",
    [case for case in CASES.values() if issubclass(case.factory, HeaderMiddleware)],
    ids=lambda case: case.name,
)
both_kinds = pytest.mark.parametrize("kind", ["http", "websocket"])


def test_every_middleware_in_the_box_has_a_record_and_no_other_has() -> None:
    assert sorted(CASES) == sorted(class_names()), "write its record into tests/middleware/cases.py"


@every_middleware
def test_what_it_does_is_shown_by_its_record_or_by_tests_of_its_own(case: Case) -> None:
    assert case.shows or (ROOT / f"tests/middleware/test_{case.module}.py").exists()


@pytest.mark.parametrize(
    ("case", "example"),
    [
        pytest.param(case, example, id=f"{case.name} {sentence}")
        for case in CASES.values()
        for sentence, example in case.shows.items()
    ],
)
async def test_it_does_what_its_record_shows(case: Case, example: Example) -> None:
    inner = Recorder(headers=example.sends)
    outcome = await call(case.make(inner, **example.options), case.scope(**example.request))

    assert outcome.status == example.status
    assert {name: outcome.headers.get(name) for name in example.headers} == example.headers


async def receive() -> Any:
    raise NotImplementedError


async def send(message: Any) -> None:
    raise NotImplementedError


@every_middleware
@pytest.mark.parametrize("scope_type", ["lifespan", "made.up"])
async def test_a_foreign_scope_is_handed_on_untouched(case: Case, scope_type: str) -> None:
    calls: list[Any] = []

    async def inner(*given: Any) -> None:
        calls.extend(given)

    given = ({"type": scope_type}, receive, send)
    await case.make(inner)(*given)

    assert all(a is b for a, b in zip(calls, given, strict=True))


@every_middleware
@both_kinds
async def test_it_is_a_complete_application_alone(case: Case, kind: str) -> None:
    outcome = await call(case.make(Recorder(body=b"hello")), case.scope(kind))

    assert outcome.types[0] in ("http.response.start", "websocket.accept")


@every_middleware
@both_kinds
async def test_the_scope_that_it_was_given_stays_as_it_was(case: Case, kind: str) -> None:
    scope = case.scope(kind)
    before = copy.deepcopy(scope)
    await call(case.make(Recorder()), scope)

    assert scope == before


@every_middleware
async def test_the_messages_of_the_application_stay_as_they_were(case: Case) -> None:
    start = MappingProxyType({"type": "http.response.start", "status": 200, "headers": ((b"X-A", b"1"),)})
    body = MappingProxyType({"type": "http.response.body", "body": b"x"})

    # Whoever writes to a message fails: these are no dicts, and in capitals, which no rule allows.
    outcome = await call(case.make(Recorder(messages=[start, body])), case.scope(), lint=False)

    assert outcome.headers["x-a"] == "1"


@every_middleware
async def test_a_response_without_the_key_headers_is_one_without_any(case: Case) -> None:
    messages = [{"type": "http.response.start", "status": 204}, {"type": "http.response.body"}]

    assert (await call(case.make(Recorder(messages=messages)), case.scope())).status == 204


@every_middleware
def test_every_option_is_keyword_only(case: Case) -> None:
    _, app, *options = inspect.signature(case.factory.__init__).parameters.values()

    assert app.name == "app"
    assert {option.kind for option in options} <= {inspect.Parameter.KEYWORD_ONLY}


@every_middleware
def test_an_instance_takes_no_further_attributes(case: Case) -> None:
    middleware = case.make(Recorder())

    with pytest.raises(AttributeError):
        middleware.leaked = 1


@every_middleware
def test_it_is_one_of_our_base_classes(case: Case) -> None:
    assert issubclass(case.factory, ASGIMiddleware)


@every_header_middleware
def test_a_header_middleware_is_fit_to_be_fused(case: Case) -> None:
    inner = Recorder()
    middleware = case.make(inner)

    assert case.factory.__call__ is HeaderMiddleware.__call__
    assert middleware.app is inner


@every_middleware
def test_its_page_has_the_usual_headings(case: Case) -> None:
    page = (ROOT / case.page).read_text(encoding="utf-8")
    headings = [line[3:] for line in page.splitlines() if line.startswith("## ")]

    assert headings == [
        "What it does", "Use", "Options", "What it changes", "Order", "What it does not do",
    ]  # fmt: skip
