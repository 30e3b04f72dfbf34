"""What the tests of Django's part have in common."""

from collections.abc import Callable, Iterator
from pathlib import Path

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


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Write the modules of a package, without importing any, and return a name for it."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(**modules: str) -> str:
        name = f"site_{tmp_path.name}".replace("-", "_")
        (tmp_path / name).mkdir()
        for module, source in {"__init__": "", **modules}.items():
            (tmp_path / name / f"{module}.py").write_text(source.replace("mysite", name))
        return name

    return write
