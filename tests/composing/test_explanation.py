"""Which layers of a stack would act on a request, and why the others would not."""

from typing import Any, ClassVar

from asgi_stack import ASGIMiddleware, HeaderMiddleware, Layer, Stack
from asgi_stack.testing import http_scope, websocket_scope


class Everywhere(HeaderMiddleware):
    """Acts on http and websockets."""

    __slots__ = ()


class HTTPOnly(ASGIMiddleware):
    """Acts on http."""

    __slots__ = ()
    scope_types: ClassVar[frozenset[str]] = frozenset({"http"})


def function(app: Any) -> Any:
    return app


STACK = Stack(
    [
        Everywhere,
        Layer(Everywhere).only(path="/api", method="POST").named("api"),
        Layer(Everywhere).exclude(path=["/api", "/live"]).named("site"),
        Layer(HTTPOnly).enabled_if(False).named("off"),
        HTTPOnly,
        Layer(function).only(scope_type="http"),
    ]
)


def test_a_request_is_explained_layer_by_layer() -> None:
    assert str(STACK.explain(http_scope("/api/x"))).splitlines() == [
        "  1  Everywhere  acts",
        "  2  api         passed by: only(method='POST')",
        "  3  site        passed by: exclude(path=['/api', '/live'])",
        "  4  off         absent: it is not enabled",
        "  5  HTTPOnly    acts",
        "  6  function    acts",
    ]


def test_a_websocket_is_passed_through_what_acts_on_http_alone() -> None:
    verdicts = STACK.explain(websocket_scope("/"))

    assert [verdict.acts for verdict in verdicts] == [True, False, True, False, False, False]
    assert [verdict.reason for verdict in verdicts[4:]] == [
        "passed through: it acts on http alone",
        "passed by: only(scope_type='http')",
    ]


def test_an_empty_stack_has_nothing_to_explain() -> None:
    assert str(Stack([]).explain(http_scope())) == ""
