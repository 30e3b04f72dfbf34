"""`check_middleware`: every check on one middleware."""

import asyncio
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from asgi_stack.composing.layer import Layer
from asgi_stack.errors import OptionError
from asgi_stack.options import flag, mapping, strings
from asgi_stack.testing.contract.checks import CHECKS
from asgi_stack.testing.contract.registry import Check
from asgi_stack.testing.contract.report import Broken, NotApplicable, Outcome, Report
from asgi_stack.testing.contract.subject import Declared, Subject
from asgi_stack.types import MiddlewareFactory

__all__ = ["check_middleware"]


def check_middleware(
    factory: MiddlewareFactory[...] | Layer[...],
    /,
    *,
    replies: bool = False,
    changes_body: bool = False,
    reads_ahead: bool = False,
    handles_exceptions: bool = False,
    handles_lifespan: bool = False,
    leaves_context: bool = False,
    request: Mapping[str, Any] | None = None,
    only: Iterable[str] | None = None,
    without: Iterable[str] = (),
    **options: Any,
) -> Report:
    """Hold a middleware to the contract: some seventy checks, each on new instances.

    *factory* is what a `Layer` takes, with its *options*; or a `Layer`, whose options are its own and may
    then have the names of the arguments here. What it is meant to do is declared, and it is held to the rest:

    Arguments:
        replies: it may answer ordinary requests by itself; what it answers is checked.
        changes_body: it may change response bodies, and wait for the first part before it sends the head.
        reads_ahead: it may call ``receive`` when the inner application does not.
        handles_exceptions: it may answer exceptions of the inner application in place of raising them.
        handles_lifespan: it may put objects of its own around a lifespan scope.
        leaves_context: it may leave context variables set, for what the server logs after the call.
        request: arguments for `http_scope` and `websocket_scope`, such as ``url`` and ``headers``, that make
            a request which it lets in. ``method`` is POST unless given.
        only: ids of checks; the others are left out of the report.
        without: ids of checks that are skipped.

    Nothing here waits for time to pass, or for more than a moment where threads or sockets are used. It is
    synchronous; where an event loop is running already, it works in a thread meanwhile and blocks that loop.

    Raises:
        OptionError: for a check that does not exist, or options beside a `Layer`.
        LayerError: where the factory cannot be called with these options.
    """
    named = {
        "replies": replies,
        "changes_body": changes_body,
        "reads_ahead": reads_ahead,
        "handles_exceptions": handles_exceptions,
        "handles_lifespan": handles_lifespan,
        "leaves_context": leaves_context,
    }
    declared = Declared(**{name: flag(_OWNER, name, value) for name, value in named.items()})
    hint = "Give arguments of http_scope, as in request={'url': '/private'}."
    given = {} if request is None else dict(mapping(_OWNER, "request", request, hint=hint))
    subject = Subject(_layer(factory, options), declared, given)
    chosen = CHECKS if only is None else _known("only", only)
    left_out = _known("without", without)
    checks = [CHECKS[check_id] for check_id in CHECKS if check_id in chosen]
    outcomes = _outside_of_loops(lambda: tuple(_run(check, subject, left_out) for check in checks))
    return Report(repr(subject.layer), outcomes)


def _layer(factory: MiddlewareFactory[...] | Layer[...], options: dict[str, Any]) -> Layer[...]:
    if not isinstance(factory, Layer):
        return Layer(factory, **options)
    if options:
        raise OptionError(_OWNER, "options", options, f"Write them into the layer: {factory.name}.")
    return factory


def _known(option: str, ids: Iterable[str]) -> Collection[str]:
    given = [ids] if isinstance(ids, str) else ids
    return set(strings(_OWNER, option, given, example=["makes-no-task"], fault=_id_fault))


def _id_fault(check: str) -> str | None:
    return None if check in CHECKS else f"The checks are {', '.join(CHECKS)}."


_OWNER = "check_middleware"


def _run(check: Check, subject: Subject, left_out: Collection[str]) -> Outcome:
    if check.id in left_out:
        return Outcome(check.id, check.sentence, "skipped", "It was left out.")
    try:
        check.run(subject)
    except Broken as error:
        return Outcome(check.id, check.sentence, "failed", str(error))
    except NotApplicable as error:
        return Outcome(check.id, check.sentence, "skipped", str(error))
    except Exception as error:
        # What came through was no message at all: the check itself stumbled over it.
        where = traceback.extract_tb(error.__traceback__)[-1].name
        return Outcome(check.id, check.sentence, "failed", f"{type(error).__name__} in {where}: {error}")
    return Outcome(check.id, check.sentence, "passed")


def _outside_of_loops(work: Callable[[], tuple[Outcome, ...]]) -> tuple[Outcome, ...]:
    """Do *work* where no event loop runs, for it runs its own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(copy_context().run, work).result()
