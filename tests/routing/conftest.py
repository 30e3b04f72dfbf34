"""Django with the views of these tests."""

from collections.abc import Iterator

import pytest
from django.test import override_settings


@pytest.fixture
def django_with_our_views() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="tests.routing.urls"):
        yield
