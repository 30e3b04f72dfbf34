"""What goes wrong in a lifespan: logged once, told to the server in one line, raised in the end."""

from collections.abc import Sequence
from typing import NamedTuple

from asgi_stack.errors import LifespanError, described
from asgi_stack.logs import late_logger

__all__ = ["Fault", "FaultsError", "cause_of", "report"]

logger = late_logger("asgi_stack.lifespan")


class Fault(NamedTuple):
    """The line that the server is told, and the exception behind it, where there is one."""

    text: str
    error: BaseException | None = None


class FaultsError(Exception):
    """Carries faults that are logged already out of what has found them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.text for fault in faults))
        self.faults = list(faults)


def report(name: str, error: BaseException) -> list[Fault]:
    """Log what *name* has raised with its traceback, and return the faults that it stands for."""
    if isinstance(error, FaultsError):
        return error.faults
    fault = Fault(f"{name}: {described(error)}", error)
    logger.error("%s", fault.text, exc_info=error)
    return [fault]


def cause_of(faults: Sequence[Fault]) -> Exception:
    """Return what to raise for them: the one exception behind them, a group of several, or their text."""
    text = "; ".join(fault.text for fault in faults)
    # A cancellation of an application's own would look like one of the server's task.
    errors = [fault.error for fault in faults if isinstance(fault.error, Exception)]
    if not errors:
        return LifespanError(text)
    return errors[0] if len(errors) == 1 else ExceptionGroup(text, errors)
