"""The ASGI specification, as `Lint` knows it, on both sides of the middleware."""

from collections.abc import Sequence

from asgi_stack.testing.contract.checks.scopes import LIFESPAN
from asgi_stack.testing.contract.inner import Inner, Step
from asgi_stack.testing.contract.materials import ANSWER, CONNECT, CONVERSATION, REQUEST, text
from asgi_stack.testing.contract.registry import check
from asgi_stack.testing.contract.report import Broken
from asgi_stack.testing.contract.stage import Stage
from asgi_stack.testing.contract.subject import Subject
from asgi_stack.testing.lint import SHOULD, Lint, Violation
from asgi_stack.testing.scopes import lifespan_scope
from asgi_stack.types import ASGIApp, Message, Scope

__all__ = ["keeps_the_specification"]

# Lower-case names, true lengths, bodiless and complete responses: each has a check of its own.
IGNORED = SHOULD | {"H25", "H28", "X1", "X2"}


GROUP = "The specification"


@check("It keeps every rule of the ASGI specification that says must, towards both sides.", GROUP)
def keeps_the_specification(subject: Subject) -> None:
    """Put a `Lint` on each side of it for http, a websocket and lifespan."""
    lifespan: tuple[Message, ...] = ({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    found = [
        *_violations(subject, ANSWER, subject.http(), *REQUEST),
        *_violations(subject, CONVERSATION, subject.websocket(), CONNECT, text("a")),
        *_violations(subject, LIFESPAN, lifespan_scope(), *lifespan),
    ]
    if found:
        raise Broken(" ".join(map(str, found)))


def _violations(
    subject: Subject, script: Sequence[Step | None], scope: Scope, *messages: Message
) -> list[Violation]:
    """Run one request and return what the middleware is charged with."""
    inside: list[Violation] = []
    outside: list[Violation] = []

    def build(app: ASGIApp) -> ASGIApp:
        inner = Lint(app, mode="collect", ignore=IGNORED, violations=inside, outer=subject.layer.name)
        middleware = subject.build(inner)
        return Lint(middleware, mode="collect", ignore=IGNORED, violations=outside, name=subject.layer.name)

    with Stage(build, Inner(script)) as stage:
        stage.connect(scope, *messages)
    inward = [violation for violation in inside if violation.duty == "server"]
    return [*inward, *(violation for violation in outside if violation.duty == "application")]
