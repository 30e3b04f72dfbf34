"""One base class for all errors, which are also the built-in that each naturally is."""

import inspect
import re

import pytest

import asgi_stack
from asgi_stack import (
    ApplicationError,
    ConfigurationError,
    HeadError,
    ImportPathError,
    LayerError,
    OptionError,
    OrderError,
    ScopeTypeError,
    StackError,
    TargetError,
    errors,
)
from asgi_stack.errors import described


@pytest.mark.parametrize(
    ("error", "natural"),
    [
        (OptionError, ValueError),
        (LayerError, TypeError),
        (ApplicationError, TypeError),
        (ImportPathError, ImportError),
        (ConfigurationError, ValueError),
        (OrderError, ValueError),
        (TargetError, LookupError),
        (HeadError, ValueError),
        (ScopeTypeError, ValueError),
    ],
)
def test_every_error_is_a_stack_error_and_a_built_in(
    error: type[Exception], natural: type[Exception]
) -> None:
    assert issubclass(error, StackError)
    assert issubclass(error, natural)


def test_every_error_is_public() -> None:
    defined = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and value.__module__ == errors.__name__
    }

    assert defined == set(errors.__all__) <= set(asgi_stack.__all__)


class Layer: ...


@pytest.mark.parametrize("owner", [Layer(), "Layer"])
def test_an_option_error_says_who_what_was_given_and_what_would_work(owner: object) -> None:
    error = OptionError(owner, "size", "7", "Give a number.")

    assert str(error) == "Layer: size='7' is not usable. Give a number."
    assert error.option == "size"


def test_an_option_error_shows_the_beginning_and_the_end_of_a_long_value() -> None:
    text = str(OptionError("Layer", "size", ["x" * 1000, "end"], "Give a number."))

    assert text.startswith("Layer: size=['xxx")
    assert re.search(r"xxx\.\.\.x{80,}', 'end'\] is not usable\. Give a number\.$", text)


def test_an_option_error_survives_a_value_that_cannot_be_shown() -> None:
    class Sullen:
        def __repr__(self) -> str:
            raise RuntimeError

    assert "Sullen object at" in str(OptionError("Layer", "size", Sullen(), ""))
    assert "size=<int object at" in str(OptionError("Layer", "size", 10**5000, ""))


@pytest.mark.parametrize("option", ["password", "users", "API_KEY", "users()", "credentials"])
def test_an_option_error_shows_no_secret(option: str) -> None:
    assert str(OptionError("Layer", option, "hunter2", "")) == f"Layer: {option}=*** is not usable. "


def test_to_allow_credentials_is_no_secret() -> None:
    assert "allow_credentials='False'" in str(OptionError("Layer", "allow_credentials", "False", ""))


def test_one_fault_of_a_configuration_is_one_line() -> None:
    assert str(ConfigurationError([("layer 1", KeyError("x"))])) == "layer 1: KeyError: 'x'"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (AssertionError(), "AssertionError"),
        (KeyError("POOL_URL"), "KeyError: 'POOL_URL'"),
        (TargetError("no such layer"), "no such layer"),
    ],
)
def test_an_error_that_is_none_of_ours_is_told_with_its_type(error: Exception, text: str) -> None:
    assert described(error) == text


def test_several_faults_of_a_configuration_are_listed_and_kept() -> None:
    first, second = ValueError("a"), TypeError("b")
    error = ConfigurationError([("layer 1", first), ("layer 2", second)])

    assert str(error) == "2 layers cannot be used.\n  layer 1: ValueError: a\n  layer 2: TypeError: b"
    assert error.errors == (first, second)
