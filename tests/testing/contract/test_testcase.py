"""`MiddlewareContract`: one test for each check, for pytest and for unittest."""

import subprocess
import sys
import textwrap
import unittest
from pathlib import Path

import pytest

from asgi_stack import ASGIMiddleware, Layer
from asgi_stack.errors import OptionError
from asgi_stack.testing.contract import CHECKS, ContractError, MiddlewareContract
from tests.testing.contract.wrong_making import ReturnsTheAwaitable

# It starts pytest.
pytestmark = pytest.mark.slow


class TestPlain(MiddlewareContract):
    factory = ASGIMiddleware


class TestLayer(MiddlewareContract):
    factory = Layer.at("asgi_stack.middleware.TrustedHostMiddleware", allowed_hosts=["example.com"])
    declares = {"request": {"url": "http://example.com/"}}  # noqa: RUF012


class Wrong(MiddlewareContract):
    factory = ReturnsTheAwaitable


class WithOptions(MiddlewareContract):
    factory = TestLayer.factory.resolve()
    options = {"allowed_hosts": ["testserver"]}  # noqa: RUF012


def test_there_is_one_test_for_each_check() -> None:
    tests = [name for name in dir(MiddlewareContract) if name.startswith("test_")]

    assert tests == sorted(f"test_{check_id.replace('-', '_')}" for check_id in CHECKS)


def test_a_test_says_what_it_is_about() -> None:
    test = MiddlewareContract.test_calls_inward_once

    assert test.__doc__ == CHECKS["calls-inward-once"].sentence
    assert test.__qualname__ == "MiddlewareContract.test_calls_inward_once"


def test_a_failing_check_is_an_assertion_error_with_the_sentence_and_what_was_seen() -> None:
    with pytest.raises(ContractError, match=r"^asgiref takes what it makes .* no async function"):
        Wrong().test_is_known_as_asgi_3()


def test_a_check_that_does_not_apply_is_skipped_with_the_reason() -> None:
    with pytest.raises(unittest.SkipTest, match="does not reply by itself"):
        WithOptions().test_replies_completely()


def test_options_are_those_of_the_class() -> None:
    assert WithOptions().test_calls_inward_once() is None


def test_a_class_without_a_middleware_says_what_to_write() -> None:
    with pytest.raises(OptionError, match=r"factory=None is not usable.*factory = MyMiddleware"):
        MiddlewareContract().test_calls_inward_once()


def test_a_function_can_be_the_factory() -> None:
    case = type("Case", (MiddlewareContract,), {"factory": lambda app: app, "declares": {"replies": True}})

    assert case().test_calls_inward_once() is None


def test_unittest_runs_it_too() -> None:
    case = type("Case", (MiddlewareContract, unittest.TestCase), {"factory": ASGIMiddleware})
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)

    assert (result.testsRun, result.wasSuccessful(), len(result.skipped)) == (len(CHECKS), True, 4)


def test_importing_it_imports_no_pytest() -> None:
    code = "import sys, asgi_stack.testing.contract; print('pytest' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "False\n"


def test_pytest_shows_the_sentence_and_skips_what_does_not_apply(tmp_path: Path) -> None:
    module = tmp_path / "test_mine.py"
    module.write_text(
        textwrap.dedent("""
            from asgi_stack.testing.contract import MiddlewareContract
            from tests.testing.contract.wrong_making import ReturnsTheAwaitable

            class TestMine(MiddlewareContract):
                factory = ReturnsTheAwaitable
        """)
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        "asgi_3 or replies",
        str(module),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert "ContractError: asgiref takes what it makes for an ASGI 3 application" in done.stdout
    assert "1 failed, 2 skipped" in done.stdout
