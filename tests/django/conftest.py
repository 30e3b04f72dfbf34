"""What the tests of the test client have in common."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from django.test.utils import setup_test_environment, teardown_test_environment


@pytest.fixture
def client_project() -> Iterator[None]:
    """Let the project have the views of ``tests.project.client_urls``, and templates."""
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates"}
    setup_test_environment()
    with override_settings(ROOT_URLCONF="tests.project.client_urls", TEMPLATES=[engine]):
        yield
    teardown_test_environment()
