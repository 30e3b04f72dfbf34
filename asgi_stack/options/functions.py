"""Functions that answer at once, and those that are awaited."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from asgi_stack.applications import ASYNC_FUNCTION, accepts, kind_without_answer, name_of
from asgi_stack.errors import OptionError
from asgi_stack.options.values import flag

__all__ = ["answered", "async_function", "clock_function", "decided", "function", "predicate"]

T = TypeVar("T")
Function = TypeVar("Function", bound=Callable[..., Any])


def function(owner: object, option: str, given: Function, *args: str, hint: str) -> Function:
    """Return a function that is called with *args*, which are their names, and answers at once.

    What gives a coroutine, a generator or an asynchronous generator in place of an answer is refused: each of
    them counts as true.
    """
    _check_call(owner, option, given, args, hint)
    if kind := kind_without_answer(given):
        mend = f"{name_of(given)} is {kind}, and nothing awaits it: write a plain def."
        raise OptionError(owner, option, given, f"{hint} {mend}")
    return given


def async_function(owner: object, option: str, given: Function, *args: str, hint: str) -> Function:
    """Return a function that is called with *args* and awaited.

    A plain function may return an awaitable, as those of some clients do, and is taken; a generator is not.
    """
    _check_call(owner, option, given, args, hint)
    kind = kind_without_answer(given)
    if kind not in (None, ASYNC_FUNCTION):
        raise OptionError(
            owner, option, given, f"{hint} {name_of(given)} is {kind}, which cannot be awaited."
        )
    return given


def clock_function(owner: object, option: str, given: Callable[[], float]) -> Callable[[], float]:
    """Return a function that gives seconds and never goes back."""
    return function(owner, option, given, hint="Give a function that returns seconds, as time.monotonic.")


def predicate(owner: object, option: str, given: Function, *args: str, hint: str) -> Function:
    """Return a function that says yes or no. A class is one only where its instances can be false."""
    if _makes_what_is_true(given):
        raise OptionError(owner, option, given, f"{hint} What {name_of(given)} makes is always true.")
    return function(owner, option, given, *args, hint=hint)


def decider(
    owner: object, option: str, given: Callable[..., object], *args: str, hint: str
) -> Callable[..., bool]:
    """Return what asks a `predicate`, of one argument or none, and refuses an answer to be awaited."""
    ask = predicate(owner, option, given, *args, hint=hint)
    # Not the owner itself, which keeps what is returned.
    name = owner if isinstance(owner, str) else type(owner).__name__

    def ask_about(thing: object) -> bool:
        answer = ask(thing)
        # Told apart first: the look at anything else takes longer than most predicates do.
        return answer if answer is True or answer is False else bool(answered(name, option, answer))

    def ask_alone() -> bool:
        answer = ask()
        return answer if answer is True or answer is False else bool(answered(name, option, answer))

    return ask_about if args else ask_alone


def answered(owner: object, option: str, answer: T) -> T:
    """Return what a function answered; refuse what would have to be awaited to know the answer.

    It is for the answers of a function that nothing was seen to be wrong with, as ``lambda: coroutine()``.
    """
    if inspect.isawaitable(answer) or inspect.isasyncgen(answer) or inspect.isgenerator(answer):
        # Else Python warns of a coroutine that was never awaited, somewhere, some time later.
        end = getattr(answer, "close", None) or getattr(answer, "cancel", None)
        if callable(end):
            end()
        raise OptionError(owner, f"{option}()", answer, "Let it return its answer: nothing awaits it.")
    return answer


def decided(owner: object, option: str, answer: object) -> bool:
    """Tell what is decided once, when an application is made: not by text, for ``"False"`` is true."""
    if isinstance(answer, str):
        return flag(owner, f"{option}()", answer)
    return bool(answered(owner, option, answer))


def _makes_what_is_true(given: Any) -> bool:
    return inspect.isclass(given) and not (hasattr(given, "__bool__") or hasattr(given, "__len__"))


def _check_call(owner: object, option: str, given: Any, args: Sequence[str], hint: str) -> None:
    if not callable(given):
        raise OptionError(owner, option, given, hint)
    if not accepts(given, *args):
        called = f"with {', '.join(args)}" if args else "without arguments"
        raise OptionError(owner, option, given, f"{hint} {name_of(given)} is called {called}.")
