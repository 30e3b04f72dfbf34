"""A lint between every two layers: each fault has one author."""

from collections.abc import Callable
from typing import Any

import pytest

from asgi_stack.testing import http_scope
from asgi_stack.testing.lint import Lint, LintError, Violation
from asgi_stack.types import ASGIApp, Message, Receive, Scope, Send
from tests.testing.lint.cases_http import body, start
from tests.testing.lint.traffic import Server, follow

UPPER = (b"X-Upper", b"1")


class Changing:
    """A layer that changes the scope on the way in and messages on the way out."""

    def __init__(
        self,
        app: ASGIApp,
        scope: Callable[[Scope], Scope] = lambda scope: scope,
        message: Callable[[Message], Message] = lambda message: message,
    ) -> None:
        self.app, self.scope, self.message = app, scope, message

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_changed(message: Message) -> None:
            await send(self.message(message))

        await self.app(self.scope(scope), receive, send_changed)


async def collected(
    application: ASGIApp, *layers: Callable[[Any], ASGIApp], scope: Any = None
) -> list[tuple[str, str]]:
    """The faults of a stack of layers, outermost first, by rule and culprit."""
    violations: list[Violation] = []
    names = ["the server", *(f"layer {index}" for index in range(len(layers))), "the application"]
    app = Lint(application, mode="collect", name=names[-1], outer=names[-2], violations=violations)
    for index, layer in reversed(list(enumerate(layers))):
        options: dict[str, Any] = {"name": names[index + 1], "outer": names[index]}
        app = Lint(layer(app), mode="collect", violations=violations, **options)
    await app(http_scope() if scope is None else scope, Server().receive, Server().send)
    return [(violation.rule.id, violation.culprit) for violation in violations]


def answering(*headers: Any) -> Any:
    return follow((start(200, *headers), body()), Server())


def adding_header(message: Message) -> Message:
    return {**message, "headers": [*message["headers"], UPPER]} if "headers" in message else message


def with_key(scope: Scope) -> Scope:
    scope["user"] = "me"
    return scope


async def test_a_fault_of_the_application_is_not_charged_to_the_layers_it_passes() -> None:
    assert await collected(answering(UPPER), Changing, Changing) == [("H28", "the application")]


async def test_a_layer_that_adds_a_fault_is_charged_with_it() -> None:
    faulty = lambda app: Changing(app, message=adding_header)  # noqa: E731

    assert await collected(answering((b"A", b"b")), Changing, faulty, Changing) == [
        ("H28", "the application"),
        ("H28", "layer 1"),
    ]


async def test_a_bad_scope_is_charged_to_the_server() -> None:
    scope = {**http_scope(), "method": "get"}

    assert await collected(answering(), Changing, scope=scope) == [("H5", "the server")]


async def test_a_layer_that_hands_a_bad_scope_inward_is_charged_with_it() -> None:
    faulty = lambda app: Changing(app, scope=lambda scope: {**scope, "method": "get"})  # noqa: E731

    assert await collected(answering(), Changing, faulty, Changing) == [("H5", "layer 1")]


async def test_a_layer_that_changes_its_callers_scope_is_charged_with_it() -> None:
    faulty = lambda app: Changing(app, scope=with_key)  # noqa: E731

    assert await collected(answering(), Changing, faulty, Changing) == [("C11", "layer 1")]


async def test_two_layers_that_each_add_a_key_are_both_charged() -> None:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        scope["mine"] = True
        await answering()(scope, receive, send)

    faulty = lambda app: Changing(app, scope=with_key)  # noqa: E731

    assert await collected(application, faulty) == [("C11", "the application"), ("C11", "layer 0")]


async def test_an_unfinished_response_is_charged_to_the_innermost() -> None:
    assert await collected(follow((start(),), Server()), Changing, Changing) == [("H25", "the application")]


async def test_a_layer_that_swallows_a_body_is_charged_with_the_missing_end() -> None:
    class Swallowing(Changing):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            async def send_start(message: Message) -> None:
                if "status" in message:
                    await send(message)

            await self.app(scope, receive, send_start)

    assert await collected(answering(), Changing, Swallowing) == [("H25", "layer 1")]


async def test_an_error_that_a_layer_swallows_comes_out_of_the_outermost_lint() -> None:
    class Swallowing(Changing):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            with pytest.raises(LintError):
                await self.app(scope, receive, send)
            await answering()(scope, receive, send)

    inner = Lint(answering(UPPER), name="the application")

    with pytest.raises(LintError, match=r"the application .*H28"):
        await Lint(Swallowing(inner))(http_scope(), Server().receive, Server().send)


async def test_a_call_inside_of_a_call_of_another_type_is_judged_alone() -> None:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await answering()(scope, receive, send)
        await Lint(follow((), Server()), mode="collect", violations=violations)(
            {"type": "made.up"}, receive, send
        )

    violations: list[Violation] = []
    await Lint(application)(http_scope(), Server().receive, Server().send)

    assert [violation.where for violation in violations] == ["made.up"]
