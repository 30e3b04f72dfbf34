"""`MiddlewareContract`: the checks as tests, one for each."""

import unittest
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from asgi_stack.composing.layer import Layer
from asgi_stack.errors import OptionError
from asgi_stack.testing.contract.checks import CHECKS
from asgi_stack.testing.contract.report import ContractError
from asgi_stack.testing.contract.runner import check_middleware
from asgi_stack.types import MiddlewareFactory

__all__ = ["MiddlewareContract"]


class MiddlewareContract:
    """Base class of a test class that holds one middleware to the contract, with one test for each check.

    ``class TestMine(MiddlewareContract): factory = MyMiddleware`` is all that it takes. pytest collects it
    as it is; with `unittest.TestCase` as a second base, unittest does.
    """

    factory: ClassVar[MiddlewareFactory[...] | Layer[...] | None] = None
    """The class, the function or the `Layer`."""

    options: ClassVar[Mapping[str, Any]] = {}
    """The options that the middleware is made with."""

    declares: ClassVar[Mapping[str, Any]] = {}
    """Further arguments of `check_middleware`: what the middleware is meant to do, and ``request``."""

    @classmethod
    def run_check(cls, check_id: str) -> None:
        """Run one check.

        Raises:
            ContractError: where it fails.
            unittest.SkipTest: where it does not apply.
            OptionError: where the class names no middleware.
        """
        __tracebackhide__ = True
        if cls.factory is None:
            hint = "Give the test class a middleware, as in factory = MyMiddleware."
            raise OptionError(cls.__name__, "factory", None, hint)
        outcome = check_middleware(cls._layer(), only=[check_id], **cls.declares).outcomes[0]
        if outcome.result == "failed":
            raise ContractError(f"{outcome.sentence} {outcome.detail}")
        if outcome.result == "skipped":
            raise unittest.SkipTest(outcome.detail)

    @classmethod
    def _layer(cls) -> Layer[...]:
        factory: Any = cls.factory
        return factory if isinstance(factory, Layer) else Layer(factory, **cls.options)


def _test_of(check_id: str, sentence: str) -> Callable[[MiddlewareContract], None]:
    def test(self: MiddlewareContract) -> None:
        __tracebackhide__ = True
        self.run_check(check_id)

    test.__doc__ = sentence
    test.__name__ = f"test_{check_id.replace('-', '_')}"
    test.__qualname__ = f"MiddlewareContract.{test.__name__}"
    return test


for _check in CHECKS.values():
    _test = _test_of(_check.id, _check.sentence)
    setattr(MiddlewareContract, _test.__name__, _test)
