import os
from pathlib import Path
from typing import Any

import pytest

from asgi_stack import ConfigurationError, Layer, OptionError, Stack
from asgi_stack.middleware import CORSMiddleware, HealthMiddleware, MaintenanceMiddleware
from asgi_stack.testing import ManualClock, Recorder, http_scope, websocket_scope
from tests.helpers import call


async def status(app: Any, path: str = "/", **parts: Any) -> int:
    return (await call(app, http_scope(path, **parts))).status


async def test_while_the_switch_is_on_the_answer_is_503() -> None:
    inner = Recorder()
    outcome = await call(MaintenanceMiddleware(inner, switch=lambda: True, retry_after=120))

    assert (outcome.status, inner.calls) == (503, [])
    assert (outcome.headers["retry-after"], outcome.headers["cache-control"]) == ("120", "no-store")


async def test_the_switch_is_asked_for_every_request() -> None:
    answers = iter([True, False, True])
    app = MaintenanceMiddleware(Recorder(), switch=lambda: next(answers))

    assert [await status(app), await status(app), await status(app)] == [503, 200, 503]


async def test_a_request_that_passes_goes_inward_in_the_very_scope_that_came() -> None:
    inner, scope = Recorder(), http_scope()
    await call(MaintenanceMiddleware(inner, switch=lambda: False), scope)

    assert inner.scope is scope


async def test_a_file_turns_it_on_and_off_without_a_restart(tmp_path: Path) -> None:
    clock, file = ManualClock(), tmp_path / "maintenance"
    app = MaintenanceMiddleware(Recorder(), file=file, clock=clock)
    before = await status(app)
    file.touch()
    clock.advance(1)
    during = await status(app)
    file.unlink()
    clock.advance(1)

    assert (before, during, await status(app)) == (200, 503, 200)


async def test_the_file_is_looked_for_once_a_second(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clock, looked = ManualClock(), []
    monkeypatch.setattr(os.path, "exists", lambda path: bool(looked.append(path)))
    app = MaintenanceMiddleware(Recorder(), file=str(tmp_path / "x"), clock=clock)
    for _ in range(5):
        await status(app)
        clock.advance(0.5)

    assert looked == [str(tmp_path / "x")] * 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", 503), ("yes", 503), ("0", 200), ("", 200), ("False", 200), ("NO", 200), (" off ", 200)],
)
async def test_an_environment_variable_turns_it_on(
    monkeypatch: pytest.MonkeyPatch, value: str, expected: int
) -> None:
    app = MaintenanceMiddleware(Recorder(), environ="MAINTENANCE_OF_A_TEST")
    before = await status(app)
    monkeypatch.setenv("MAINTENANCE_OF_A_TEST", value)

    assert (before, await status(app)) == (200, expected)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/admin", 200),
        ("/admin/x", 200),
        ("/administrator", 503),
        ("/", 503),
        ("/x/admin", 503),
        ("/Admin", 503),
    ],
)
async def test_exempt_paths_are_served_as_ever(path: str, expected: int) -> None:
    app = MaintenanceMiddleware(Recorder(), switch=lambda: True, exempt_paths=["/admin", "/static/"])

    assert await status(app, path) == expected


async def test_a_path_is_compared_below_root_path() -> None:
    app = MaintenanceMiddleware(Recorder(), switch=lambda: True, exempt_paths=["/admin"])

    assert await status(app, "/site/admin", root_path="/site") == 200


async def test_the_page_is_what_the_options_say() -> None:
    app = MaintenanceMiddleware(
        Recorder(), switch=lambda: True, page="<p>Zurück um 9</p>", content_type="text/html; charset=utf-8"
    )
    outcome = await call(app)

    assert outcome.body.decode() == "<p>Zurück um 9</p>"
    assert outcome.headers["content-type"] == "text/html; charset=utf-8"


async def test_a_websocket_is_refused_before_it_is_accepted() -> None:
    outcome = await call(MaintenanceMiddleware(Recorder(), switch=lambda: True), websocket_scope())

    assert (outcome.types[0], outcome.status) == ("websocket.http.response.start", 503)


async def asynchronous() -> bool:
    return True


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({}, "switch=None is not usable. Give exactly one of file, environ and switch, not none"),
        (
            {"file": "/x", "environ": "X"},
            "switch=None is not usable. Give exactly one of .*, not file and environ",
        ),
        ({"switch": True}, "switch=True is not usable. Give a function without arguments"),
        (
            {"switch": asynchronous},
            "switch=.* is not usable. Give a function .*asynchronous is an async function",
        ),
        ({"file": "maintenance"}, "file='maintenance' is not usable. Give an absolute path"),
        ({"file": 7}, "file=7 is not usable. Give an absolute path"),
        ({"file": b"/x"}, "file=b'/x' is not usable. Give an absolute path"),
        ({"environ": ""}, "environ='' is not usable. Give the name of a variable"),
        ({"environ": "A=B"}, "environ='A=B' is not usable"),
        ({"environ": True}, "environ=True is not usable"),
        (
            {"environ": "X", "exempt_paths": "/admin"},
            r"exempt_paths='/admin' is not usable. Give a list of paths, as in exempt_paths=\[",
        ),
        (
            {"environ": "X", "exempt_paths": ["admin"]},
            "exempt_paths='admin' is not usable. A path begins with a slash",
        ),
        ({"environ": "X", "retry_after": -1}, "retry_after=-1 is not usable. Give whole seconds"),
        ({"environ": "X", "retry_after": 1.5}, "retry_after=1.5 is not usable"),
        ({"environ": "X", "page": None}, "page=None is not usable. Give the text itself"),
        ({"environ": "X", "content_type": "a\r\nb"}, "content_type=.* is not usable. Give a media type"),
        ({"environ": "X", "content_type": ""}, "content_type='' is not usable"),
        ({"environ": "X", "clock": 7}, "clock=7 is not usable. Give a function that returns seconds"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused(options: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        MaintenanceMiddleware(Recorder(), **options)


@pytest.mark.parametrize(
    "outer",
    [Layer(HealthMiddleware), Layer(CORSMiddleware, allow_origins=["https://a.example"])],
    ids=lambda layer: layer.name,
)
def test_a_stack_has_it_inside_of_health_and_cors(outer: Any) -> None:
    stack = Stack([Layer(MaintenanceMiddleware, environ="X"), outer])

    with pytest.raises(ConfigurationError, match=f"inside of {outer.name}"):
        stack.wrap(Recorder())
