"""The usual pages, and the function that asks for more."""

from typing import Any

from corsheaders.signals import check_request_enabled

from tests.projects.common import URLS

urlpatterns = URLS


@check_request_enabled.connect
def let_in(sender: Any, request: Any, **more: Any) -> bool:
    return request.path.startswith("/api/")
