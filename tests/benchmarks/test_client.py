"""What is compared in the client's part of the benchmarks does the same work."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from asgi_stack.testing import ASGIClient, http_scope
from benchmarks.client import APPLICATIONS, KNOWN, PAGE, SITE, applications, drive
from benchmarks.django_project import PROJECT


@pytest.fixture
def project() -> Iterator[None]:
    with override_settings(**PROJECT):
        yield


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("name", APPLICATIONS)
async def test_the_driver_and_the_client_get_the_same_page(name: str) -> None:
    app = applications()[name]
    sent = await drive(app, http_scope(SITE + PAGE))
    response = await ASGIClient(app, base_url=SITE, ignore=KNOWN[name]).get(PAGE)

    assert (response.status, response.content) == (200, b"hello world")
    assert [message["type"] for message in sent] == [message["type"] for message in response.messages]
