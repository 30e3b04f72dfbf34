"""Django with the views of these tests."""

from collections.abc import Iterator

import pytest


@pytest.fixture
def django_with_our_views() -> Iterator[None]:
    from django.test import override_settings  # most tests here run where there is no Django

    with override_settings(ROOT_URLCONF="tests.routing.urls"):
        yield
