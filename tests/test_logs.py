"""What our loggers say is written, whatever the settings say of loggers that exist already."""

import ast
import logging
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import asgi_stack
from asgi_stack.logs import late_logger

PACKAGE = Path(asgi_stack.__file__).parent
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

# As in the README: first the layers, then Django with its LOGGING, which names nobody of ours.
PROJECT = """
    import asyncio, sys
    from asgi_stack import Stack, Layer
    from asgi_stack.middleware import ErrorBoundaryMiddleware
    from asgi_stack.testing import ASGIClient, Recorder
    from django.conf import settings

    settings.configure(
        ROOT_URLCONF="none",
        LOGGING={
            "version": 1,
            "handlers": {"console": {"class": "logging.StreamHandler", "stream": sys.stdout}},
            "root": {"handlers": ["console"], "level": "INFO"},
            "loggers": {"django": {"level": "INFO"}},
        },
    )

    from django.core.asgi import get_asgi_application

    get_asgi_application()
    failing = Recorder(fail_at="call", error=RuntimeError("a fault inside"))
    stack = Stack([Layer(ErrorBoundaryMiddleware, reraise=False)])
    print(asyncio.run(ASGIClient(stack.wrap(failing)).get("/")).status)
"""


def test_an_exception_that_was_answered_is_written_without_disable_existing_loggers() -> None:
    command = [sys.executable, "-c", textwrap.dedent(PROJECT)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.endswith("500\n"), done.stdout
    assert "RuntimeError: a fault inside" in done.stdout


@pytest.mark.parametrize("file", FILES)
def test_no_module_makes_a_logger_when_it_is_imported(file: str) -> None:
    tree = ast.parse((PACKAGE / file).read_text("utf-8"))
    names = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]

    assert ("getLogger" in names) is (file == "logs.py")


def test_a_logger_exists_once_it_is_used() -> None:
    name = "asgi_stack.tests.late"
    logger = late_logger(name)
    before = name in logging.Logger.manager.loggerDict
    logger.debug("now")

    assert (before, name in logging.Logger.manager.loggerDict) == (False, True)


def test_a_record_names_the_line_that_has_written_it(caplog: pytest.LogCaptureFixture) -> None:
    late_logger("asgi_stack.tests.line").warning("here")

    assert (caplog.records[0].filename, caplog.records[0].name) == ("test_logs.py", "asgi_stack.tests.line")
