"""How a middleware is made."""

from inspect import iscoroutinefunction

from asgi_stack.testing.contract.inner import Inner
from asgi_stack.testing.contract.registry import check
from asgi_stack.testing.contract.report import Broken, NotApplicable
from asgi_stack.testing.contract.stage import shown
from asgi_stack.testing.contract.subject import Subject

__all__ = ["is_known_as_asgi_3", "makes_no_loop_objects", "takes_the_application"]

GROUP = "Making one"


@check("It is made from the inner application by position and its options by name.", GROUP)
def takes_the_application(subject: Subject) -> None:
    """Make one."""
    try:
        with subject.stage():
            pass
    except NotApplicable as error:
        raise Broken(str(error)) from error


@check("It can be made where no event loop runs, as when asgi.py is imported.", GROUP)
def makes_no_loop_objects(subject: Subject) -> None:
    """Make one without a loop, unless it cannot be made at all."""
    with subject.stage():
        pass
    try:
        subject.build(Inner())
    except Exception as error:
        raise Broken(f"Within a running loop it can be made, without one: {shown(error)}.") from error


@check("asgiref takes what it makes for an ASGI 3 application, not for ASGI 2.", GROUP)
def is_known_as_asgi_3(subject: Subject) -> None:
    """Look at it as asgiref's `is_double_callable` does."""
    with subject.stage() as stage:
        app = stage.app
    marked = getattr(app, "_asgi_single_callable", False)
    if not marked and not iscoroutinefunction(app) and not iscoroutinefunction(app.__call__):
        raise Broken(
            "It is no async function, its __call__ is none, and it has no _asgi_single_callable = True."
        )
