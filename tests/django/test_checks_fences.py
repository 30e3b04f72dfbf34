"""The check of layers that refuse by path or host, with nothing outside that refuses what is in doubt."""

from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.test import override_settings

from asgi_stack import Layer
from asgi_stack.django.checks import check_stack
from asgi_stack.middleware import (
    BasicAuthMiddleware,
    CrossOriginProtectionMiddleware,
    HTTPSRedirectMiddleware,
    IPFilterMiddleware,
    MaintenanceMiddleware,
    RequestGuardMiddleware,
    TrustedHostMiddleware,
)

IP_FILTER = Layer(IPFilterMiddleware, allow=["10.0.0.0/8"])
GUARD = Layer(RequestGuardMiddleware)
HOSTS = Layer(TrustedHostMiddleware, allowed_hosts=["a.example"])


def found(*stack: Any) -> CheckMessage | None:
    with override_settings(ASGI_APPLICATION=None, ASGI_STACK=[*stack]):
        messages = {str(message.id): message for message in check_stack(None)}
    return messages.get("asgi_stack.W019")


@pytest.mark.parametrize(
    ("stack", "text"),
    [
        (
            [IP_FILTER.only(path="/admin")],
            "IPFilterMiddleware goes by path, and there is no RequestGuardMiddleware",
        ),
        ([IP_FILTER.only(exact_path="/admin")], "goes by exact_path, and there is no RequestGuardMiddleware"),
        ([IP_FILTER.exclude(path="/public")], "there is no RequestGuardMiddleware"),
        ([IP_FILTER.only(method="POST")], "goes by method, and there is no RequestGuardMiddleware"),
        ([GUARD, IP_FILTER.only(host="a.example")], "goes by host, and there is no TrustedHostMiddleware"),
        ([HOSTS, IP_FILTER.only(path="/admin")], "there is no RequestGuardMiddleware outside"),
        (
            [IP_FILTER.only(path="/admin", host="a.example")],
            "goes by path and host, and there is no RequestGuardMiddleware and TrustedHostMiddleware",
        ),
        (
            [Layer(BasicAuthMiddleware, users={"a": "b"}).only(path="/admin")],
            "BasicAuthMiddleware goes by path",
        ),
        ([Layer(MaintenanceMiddleware, environ="X", exempt_paths=["/a"])], "goes by exempt_paths"),
        ([Layer(CrossOriginProtectionMiddleware, exempt_paths=["/a"])], "goes by exempt_paths"),
        ([IP_FILTER.only(path="/admin"), GUARD], "outside of it"),
        ([GUARD.enabled_if(False), IP_FILTER.only(path="/admin")], "outside of it"),
        ([GUARD.only(path="/x"), IP_FILTER.only(path="/admin")], "outside of it"),
    ],
)
def test_w019_a_fence_with_nothing_outside_that_refuses_what_is_in_doubt(stack: Any, text: str) -> None:
    message = found(*stack)

    assert message is not None
    assert text in message.msg


@pytest.mark.parametrize(
    "stack",
    [
        [GUARD, IP_FILTER.only(path="/admin")],
        [GUARD, IP_FILTER.exclude(path="/public", method="POST")],
        [HOSTS, IP_FILTER.only(host="a.example")],
        [GUARD, HOSTS, IP_FILTER.only(path="/admin", host="a.example")],
        [IP_FILTER],
        [IP_FILTER.only(scope_type="http")],
        [IP_FILTER.only(path="/admin").enabled_if(False)],
        [Layer(MaintenanceMiddleware, environ="X")],
        [Layer(HTTPSRedirectMiddleware, host="a.example", exempt_paths=["/livez"])],
        [GUARD, Layer(MaintenanceMiddleware, environ="X", exempt_paths=["/a"])],
    ],
    ids=str,
)
def test_w019_is_silent_where_nothing_in_doubt_comes_to_the_layer(stack: Any) -> None:
    assert found(*stack) is None


def test_w019_says_where_to_put_what_is_missing() -> None:
    message = found(IP_FILTER.only(path="/admin"))

    assert message is not None
    assert "Put RequestGuardMiddleware outside of it." in str(message.hint)
